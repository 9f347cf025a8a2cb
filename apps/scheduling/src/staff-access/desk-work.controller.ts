import { Controller, HttpCode, Post } from '@nestjs/common';
import type { WorkDesk } from '@slotmesh/contracts';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { ZodBody } from '@slotmesh/platform';
import { type DeputyAnswer, DeputyDirectory, type Permission, Permits, deputyQuestion, deskReadings, type shownReadings } from '@slotmesh/security';
import type { z } from 'zod';
import { DecideDeskWork } from './decide-desk-work';
import { DeskDisclosures, type ListedKind } from './desk-disclosures';

/** What a list shows, and the permission that it takes to read it. */
const LISTS: Readonly<Record<WorkDesk, { readonly kind: ListedKind; readonly permission: Permission }>> = {
  'wait-list': { kind: 'waitlist-entry', permission: 'appointments:read' }, 'call-list': { kind: 'call', permission: 'call-list:work' }, inbox: { kind: 'reply', permission: 'messages:read' },
};

@Controller('api/scheduling/v1/desk-work')
export class DeskWorkController {
  constructor(private readonly work: UnitOfWork, private readonly directory: DeputyDirectory, private readonly decide: DecideDeskWork, private readonly disclosures: DeskDisclosures) {}

  /** Whether a person of one practice may do what takes this permission on a list of another, by an agreement in force that names the person (`staffAccess`), now; asked by the other services at every such request. */
  @Post('questions')
  @HttpCode(200)
  @Permits('service')
  question(@ZodBody(deputyQuestion) question: z.output<typeof deputyQuestion>): Promise<DeputyAnswer> {
    return this.directory.find(question);
  }

  /** Which entries of a list another service may show to a person who works it by agreement; each is logged as a disclosure of the practice before it is shown. Asked again whether the person may; left out are patients who restrict it, and patients who are not the practice's. */
  @Post('readings')
  @HttpCode(200)
  @Permits('service')
  async readings(@ZodBody(deskReadings) { subject, from, practice, desk, readings }: z.output<typeof deskReadings>): Promise<z.output<typeof shownReadings>> {
    const { kind, permission } = LISTS[desk];
    const person: Actor = { kind: 'worker', subject, practice };
    const answer = await this.work.run(person, (tx) => this.decide.execute(tx, { subject, from, practice, desk, permission }));
    if (!answer.allowed) return { ids: [] };
    return this.work.run({ ...person, deputy: { from, agreement: answer.agreement } }, async (tx) => ({ ids: (await this.disclosures.shown(tx, kind, readings)).map(({ id }) => id) }));
  }
}
