import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { patientId } from '@slotmesh/contracts';
import type { PatientId } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { pageOf, pageQuery, startOf } from '../shared/page';
import { writtenReason } from '../shared/written-reason';
import { ExcuseMark } from './commands/excuse-mark';
import { ReadMarks, viewOfMark } from './queries/read-marks';

const markId = z.uuid();
const excuseBody = z.strictObject({ reason: writtenReason });

@Controller('api/scheduling/v1/patients/:id/marks')
export class MarksController {
  constructor(private readonly work: UnitOfWork, private readonly read: ReadMarks, private readonly excuseMark: ExcuseMark) {}

  /**
   * Marks that a patient has at the caller's practice, as host, the newest first: `late-cancel` and `late-move` (the patient's own decision, later than `cancelFreeUntil` of the visit) and `no-show` (set by a
   * person). `counts` is false once it is excused, undone by reopening the visit, or lifted because none of our reminders of that visit reached the patient (`liftedBecause`: `not-sent`, `expired`, `undelivered`, `unknown`, `not-called`). `start` is the visit's, in `zone`. Marks of other practices are shown to nobody else. 404: no patient of one's own practice.
   */
  @Get()
  @Permits('patients:read')
  async list(@CurrentStaff() caller: StaffCaller, @ZodParam('id', patientId) id: PatientId, @ZodQuery(pageQuery) by: z.output<typeof pageQuery>) {
    const after = startOf(by, markId);
    const found = await this.work.run(caller.actor, (tx) => this.read.execute(tx, caller.practice, id, { after, limit: by.limit + 1 }));
    return pageOf(found, by.limit, ({ mark }) => mark.id, ({ mark, excuse }) => ({ ...viewOfMark(mark), excuse }));
  }

  /** The mark counts no more; says why. 404: no such mark of this patient here; 409: it is excused, undone or lifted already. */
  @Post(':mark/excuse')
  @HttpCode(200)
  @Permits('patients:write')
  async excuse(@CurrentStaff() caller: StaffCaller, @ZodParam('id', patientId) id: PatientId, @ZodParam('mark', markId) mark: string, @ZodBody(excuseBody) { reason }: z.output<typeof excuseBody>) {
    return this.work.run(caller.actor, async (tx) => ({ ...viewOfMark(await this.excuseMark.execute(tx, caller.practice, id, mark, reason)), excuse: reason }));
  }
}
