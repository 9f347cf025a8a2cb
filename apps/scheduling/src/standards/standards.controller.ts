import { Controller, Get, UseInterceptors } from '@nestjs/common';
import { agreementId, instantText } from '@slotmesh/contracts';
import { type AgreementId, formatInstant } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, RefusedAttempts, type StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { MeasureStandards } from './queries/measure-standards';

const query = z.object({ at: instantText.optional() });

@Controller('api/scheduling/v1/agreements')
@UseInterceptors(RefusedAttempts)
export class StandardsController {
  constructor(private readonly work: UnitOfWork, private readonly measure: MeasureStandards) {}

  /**
   * How each party keeps the service standards of the version in force `at` that instant (now), over `periodDays` up to the beginning of its month in UTC (`asOf`): what is measured are months that are over. `referral-answered-hours`: within how many hours the
   * practice answered nine of ten referrals of other parties; one that still waits counts with its waiting. `bump-rate-percent`: of the visits that others booked there, how many it moved or called off itself. `late-withdrawal-percent`: of the minutes that
   * it offered, how many it withdrew. `poor-feedback-percent`: of the visits that others booked there and whose patients answered the one question afterwards, how many they gave 1 or 2 of 5; `cases` says how many answered, the last answer counts. `texts-answered-hours`: within how many hours its desk read or answered nine of ten texts that somebody had to read, about visits that others booked there; a text belongs to the visit still to come
   * or under way that the phone was last written to about, one without such a visit is left out, and one that still waits counts with its waiting. A standard is kept up to its `limit`. `too-few`: fewer than `leastCases` (11 at least) cases; then neither value nor their number is told. A breach has no consequence by itself: whoever it concerns may open a dispute.
   * 404: one's practice is no party of what was in force then.
   */
  @Get(':id/standards')
  @Permits('agreements:read')
  list(@CurrentStaff() caller: StaffCaller, @ZodParam('id', agreementId) id: AgreementId, @ZodQuery(query) asked: z.output<typeof query>) {
    // Why as a worker: a measure counts visits and referrals of all parties; it is looked at first whether the reader is one.
    return this.work.run({ ...caller.actor, kind: 'worker' }, async (tx) => {
      const at = asked.at ?? tx.now;
      return { at: formatInstant(at), items: await this.measure.execute(tx, caller.practice, id, at), nextCursor: null };
    });
  }
}
