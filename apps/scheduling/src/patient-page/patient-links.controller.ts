import { Controller, HttpCode, Post } from '@nestjs/common';
import { appointmentId } from '@slotmesh/contracts';
import type { AppointmentId } from '@slotmesh/kernel';
import { ZodBody, ZodParam } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import { z } from 'zod';
import { IssuePatientLink, type IssuedLink } from './commands/issue-patient-link';

const linkRequest = z.strictObject({
  /** Left out: the patient's own link. */
  representative: z.uuid().nullable().default(null),
});

@Controller('api/scheduling/v1/appointments/:id/patient-links')
export class PatientLinksController {
  constructor(private readonly issue: IssuePatientLink) {}

  /**
   * A link to the patient's own page of this visit, for the patient or for one `representative`; it ends a day after the visit. Asking again gives the same one, so no
   * Idempotency-Key is needed. 403: only the host sends links; 404: no such representative; 422: confidential, or the representative may not see visits now.
   */
  @Post()
  @HttpCode(201)
  @Permits('patient-links:write')
  make(@CurrentCaller() caller: Caller, @ZodParam('id', appointmentId) id: AppointmentId, @ZodBody(linkRequest) body: z.output<typeof linkRequest>): Promise<IssuedLink> {
    return this.issue.execute(caller.actor, id, body.representative);
  }
}
