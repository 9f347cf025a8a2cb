import { Controller, Get } from '@nestjs/common';
import { DomainError } from '@slotmesh/kernel';
import { ZodParam } from '@slotmesh/platform';
import { Permits, SubjectDirectory, type subjectAnswer } from '@slotmesh/security';
import { z } from 'zod';

const subjectText = z.string().min(1).max(255);

@Controller('api/scheduling/v1/subjects')
export class SubjectsController {
  constructor(private readonly directory: SubjectDirectory) {}

  /** Which practice and roles a signed-in subject has; asked by the other services. 404: nobody knows the subject. */
  @Get(':subject')
  @Permits('service')
  async find(@ZodParam('subject', subjectText) subject: string): Promise<z.output<typeof subjectAnswer>> {
    const facts = await this.directory.find(subject);
    if (!facts) throw new DomainError('not-found', 'subject-unknown', 'No practice knows this subject.');
    return { subject, practice: facts.practice, roles: [...facts.roles] };
  }
}
