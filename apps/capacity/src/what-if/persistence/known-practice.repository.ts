import { Injectable } from '@nestjs/common';
import { type PartnershipId, type PracticeId, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { type KnownPractice, WEEKS } from '../domain/known-practices';

const number = z.coerce.number();
const row = z.object({ id: z.string(), weeks: number, days: number, minutes: number, shared_minutes: number, visit_minutes: number.nullable(), requests: number, visits: number, called_off: number, missed: number, fulfilled: number, lead_days: number });

@Injectable()
export class KnownPracticeRepository {
  /**
   * What was counted of each practice of a practice's partnership, or of one that an operator names, over the last whole weeks. Needs the worker role: partners' rows are read, and only sums leave.
   * Demand is that of the measure without searches that found nothing, because one patient may make many.
   */
  async partnership(tx: Tx, of: { readonly practice: PracticeId } | { readonly partnership: PartnershipId }): Promise<KnownPractice[]> {
    const rows = await tx.query(
      `WITH span AS (SELECT date_trunc('week', $2::timestamptz AT TIME ZONE 'UTC')::date - $3::int AS first, date_trunc('week', $2::timestamptz AT TIME ZONE 'UTC')::date - 1 AS last),
       member AS (SELECT id FROM practice WHERE id = $1 OR partnership = coalesce($4::uuid, (SELECT partnership FROM practice WHERE id = $1)))
       SELECT m.id, s.weeks, s.days, s.minutes, o.shared_minutes, l.visit_minutes, d.requests, v.visits, v.called_off, v.missed, v.fulfilled, v.lead_days
       FROM member m CROSS JOIN span p
       CROSS JOIN LATERAL (SELECT count(DISTINCT date_trunc('week', day)) AS weeks, count(DISTINCT day) AS days, coalesce(sum(numerator), 0) AS minutes FROM measure_cell WHERE measure = 'supply' AND grain = 'total' AND practice = m.id AND day BETWEEN p.first AND p.last AND numerator > 0) s
       -- Without what was withdrawn or taken back: the same time, opened again, would count twice.
       CROSS JOIN LATERAL (SELECT coalesce(sum(greatest(0, offered - withdrawn - taken_back)), 0) AS shared_minutes FROM shared_day WHERE host = m.id AND day BETWEEN p.first AND p.last) o
       CROSS JOIN LATERAL (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM end_at - start_at) / 60) AS visit_minutes FROM visit WHERE host = m.id AND took_time AND status <> 'entered-in-error' AND day BETWEEN p.first AND p.last) l
       CROSS JOIN LATERAL (SELECT coalesce(sum(CASE measure WHEN 'demand' THEN numerator ELSE -numerator END), 0) AS requests FROM measure_cell WHERE measure IN ('demand', 'empty-searches') AND practice = m.id AND day BETWEEN p.first AND p.last) d
       -- A visit from which another goes on is no request of its own, and was not called off.
       CROSS JOIN LATERAL (SELECT count(*) AS moved FROM visit WHERE host = m.id AND goes_on AND took_time AND day BETWEEN p.first AND p.last) g
       CROSS JOIN LATERAL (SELECT coalesce(sum(under_way + fulfilled + no_show + cancelled), 0) - g.moved AS visits, coalesce(sum(cancelled - bumped), 0) - g.moved AS called_off, coalesce(sum(no_show), 0) AS missed, coalesce(sum(fulfilled), 0) AS fulfilled,
         coalesce(sum(lead_days)::float8 / nullif(sum(requests), 0), 0) AS lead_days FROM visit_fact WHERE host = m.id AND day BETWEEN p.first AND p.last) v
       ORDER BY m.id`, ['practice' in of ? of.practice : null, formatInstant(tx.now), WEEKS * 7, 'partnership' in of ? of.partnership : null]);
    return rows.map((one) => {
      const { shared_minutes, visit_minutes, called_off, lead_days, ...rest } = row.parse(one);
      return { ...rest, sharedMinutes: shared_minutes, visitMinutes: visit_minutes, calledOff: called_off, leadDays: lead_days };
    });
  }
}
