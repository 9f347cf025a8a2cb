import { Controller, Delete, Get, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { patientId, practiceId } from '@slotmesh/contracts';
import type { PatientId } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Idempotency } from '../http/idempotency';
import { sendAnswer } from '../http/send';
import { PatientVault } from '../patients/patient-vault';
import { EndRestriction } from './commands/end-restriction';
import { RestrictSharing } from './commands/restrict-sharing';
import { ReadRestrictions } from './queries/read-restrictions';

const restrictionId = z.uuid();
const body = z.strictObject({
  /** The partner that nothing goes to; null: all partners, also those that join later. */
  practice: practiceId.nullable(),
  /** In the patient's words, for the own practice's eyes only. */
  reason: z.string().trim().min(1).max(500).nullable().default(null),
});

@Controller('api/scheduling/v1/patients/:patient/restrictions')
export class RestrictionsController {
  constructor(
    private readonly work: UnitOfWork, private readonly idempotency: Idempotency, private readonly vault: PatientVault, private readonly restrict: RestrictSharing, private readonly endRestriction: EndRestriction, private readonly read: ReadRestrictions,
  ) {}

  /** What a patient of one's own practice asked not to be shared with partners, also what has ended. A patient has few: one page holds all. */
  @Get()
  @Permits('patients:read')
  async list(@CurrentStaff() caller: StaffCaller, @ZodParam('patient', patientId) patient: PatientId) {
    return { items: await this.work.run(caller.actor, (tx) => this.read.execute(tx, caller.practice, patient)), nextCursor: null };
  }

  /**
   * The patient asked that nothing about them goes to a partner (45 CFR 164.522(a)). From then on searches with this patient leave its times out (`patient-restricts`), holds, bookings, moves, referrals and yeses to its offers are refused (422),
   * changes of the record no longer reach it, offers of its times that are open end, and requests that it has not answered are withdrawn. Visits that are booked stay; cancel those that the patient does not want. 409: restricted already; 422: no partner. The answer holds the id only.
   */
  @Post()
  @HttpCode(201)
  @Permits('patients:write')
  async add(@CurrentStaff() caller: StaffCaller, @ZodParam('patient', patientId) patient: PatientId, @ZodBody(body) asked: z.output<typeof body>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    // Why as a worker: open offers are of other hosts' rounds; the use-case looks at whose patient it is.
    const actor = { ...caller.actor, kind: 'worker' as const };
    sendAnswer(reply, await this.idempotency.answer(actor, key, ['restriction', patient, this.vault.fingerprintOf(asked)], 201, async (tx) => ({ id: (await this.restrict.execute(tx, caller.practice, patient, asked)).id })));
  }

  /** The patient has changed their mind: sharing goes on from now, and the restriction stays on record as ended. 404: none with this id holds. */
  @Delete(':id')
  @HttpCode(204)
  @Permits('patients:write')
  async end(@CurrentStaff() caller: StaffCaller, @ZodParam('patient', patientId) patient: PatientId, @ZodParam('id', restrictionId) id: string): Promise<void> {
    await this.work.run(caller.actor, (tx) => this.endRestriction.execute(tx, caller.practice, patient, id));
  }
}
