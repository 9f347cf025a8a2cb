import { Injectable } from '@nestjs/common';
import { agreementId, appointmentId, instantText, localDate, practiceId, providerId, siteId, zone } from '@slotmesh/contracts';
import { type AgreementId, type Instant, type LocalDate, type PracticeId, type ProviderId, type ResourceId, type TimeRange, type Zone, formatInstant, instantOfDate, instantOrNull, localDateOf, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { z } from 'zod';
import { AGREED_TERMS } from '../../agreements/persistence/agreed-terms';
import { appointmentStatuses } from '../../appointments/domain/transitions';
import type { OpenVisit } from '../domain/packing';
import type { PartnerVisit, SharedDay } from '../domain/shared-day';
import { slotMinutes } from '../domain/slot-minutes';
import { endOfDay } from '../domain/visit-postings';

/** A host's calendar under one agreement. `state` is another one whenever hours, closures, visit types or rules have changed. */
export interface SharedCalendar {
  readonly agreement: AgreementId;
  readonly host: PracticeId;
  readonly state: string;
  /** The part of `state` that the agreement makes. */
  readonly terms: string;
  readonly zone: Zone;
  readonly isDue: boolean;
  readonly next: Instant | null;
}
export interface StoredDay extends SharedDay {
  readonly id: string;
  readonly date: LocalDate;
  /** What it was filled from. */
  readonly made: string | null;
  readonly nextAt: Instant;
}
/** Time that visits take of a provider, a room or a device. */
export interface Occupied extends TimeRange {
  readonly resource: ResourceId;
  readonly takenAt: Instant;
}

const storedVisits = z.array(z.object({ provider: providerId, site: siteId, start: instantText, end: instantText, quotas: z.array(z.string()) }));
const partnerVisit = z.object({ id: appointmentId, provider_id: providerId, booking_id: practiceId, status: z.enum(appointmentStatuses), cancel_reason: z.string().nullable(), zone });
@Injectable()
export class SharedDayRepository {
  /** All calendars that an agreement shares or has shared, and whether one has to be looked at. */
  async calendars(sql: Sql, now: Instant): Promise<SharedCalendar[]> {
    const rows = await sql.query<{ agreement: string; host: string; state: string; terms: string; zone: string; due: boolean; next_at: Date | null }>(
      `WITH ${AGREED_TERMS},
       calendar AS (SELECT t.agreement, p.id AS host, p.zone, t.state AS terms, coalesce(v.changed_by::text, '0') || ' ' || t.state AS state, c.next_at FROM (SELECT DISTINCT agreement, unnest(practices) AS host FROM agreed) h
         JOIN terms t USING (agreement) JOIN practice p ON p.id = h.host LEFT JOIN calendar_version v ON v.practice_id = p.id LEFT JOIN shared_calendar c ON c.agreement_id = t.agreement AND c.practice_id = p.id)
       SELECT k.agreement, k.host, k.state, k.terms, k.zone, k.next_at IS NULL OR k.next_at <= $1 OR coalesce(d.changed OR d.next_at <= $1, false) AS due, least(k.next_at, d.next_at) AS next_at FROM calendar k
       CROSS JOIN LATERAL (SELECT bool_or(s.seen IS DISTINCT FROM k.state) AS changed, min(s.next_at) AS next_at FROM shared_day s WHERE NOT s.ended AND s.agreement_id = k.agreement AND s.practice_id = k.host) d
       ORDER BY k.agreement, k.host`, [toDate(now)]);
    return rows.map((row) => ({ agreement: agreementId.parse(row.agreement), host: practiceId.parse(row.host), state: row.state, terms: row.terms, zone: zone.parse(row.zone), isDue: row.due, next: instantOrNull(row.next_at) }));
  }

  /** Whether its next date is due; null: another process looks at it. */
  async lock(sql: Sql, { agreement, host }: SharedCalendar, now: Instant): Promise<{ readonly isFirst: boolean; readonly growsNow: boolean } | null> {
    await sql.execute('INSERT INTO shared_calendar (agreement_id, practice_id) VALUES ($1, $2) ON CONFLICT DO NOTHING', [agreement, host]);
    const [row] = await sql.query<{ next_at: Date | null }>('SELECT next_at FROM shared_calendar WHERE agreement_id = $1 AND practice_id = $2 FOR NO KEY UPDATE SKIP LOCKED', [agreement, host]);
    if (!row) return null;
    return { isFirst: row.next_at === null, growsNow: row.next_at === null || instantOfDate(row.next_at) <= now };
  }

  /** Adds the dates of a range, and those on which partners have visits since `since`, as dates with nothing open that have to be looked at. */
  async grow(sql: Sql, { agreement, host }: SharedCalendar, dates: readonly { readonly id: string; readonly date: LocalDate }[], now: Instant, nextAt: Instant): Promise<void> {
    await sql.execute(
      `INSERT INTO shared_day (id, agreement_id, practice_id, day, next_at) SELECT d.id, $1, $2, d.day, $5 FROM unnest($3::uuid[], $4::date[]) AS d(id, day) ON CONFLICT (agreement_id, practice_id, day) DO NOTHING`,
      [agreement, host, dates.map(({ id }) => id), dates.map(({ date }) => date), toDate(now)]);
    await sql.execute('UPDATE shared_calendar SET next_at = $3 WHERE agreement_id = $1 AND practice_id = $2', [agreement, host, toDate(nextAt)]);
  }

  /** Dates, on the wall of their sites, of the visits that partners have under the agreement from a moment on. */
  async datesOfVisits(sql: Sql, { agreement, host }: SharedCalendar, since: Instant): Promise<LocalDate[]> {
    const rows = await sql.query<{ starts_at: Date; zone: string }>('SELECT starts_at, zone FROM appointment WHERE host_id = $1 AND agreement_id = $2 AND booking_id <> $1 AND starts_at >= $3', [host, agreement, toDate(since)]);
    return [...new Set(rows.map((row) => localDateOf(instantOfDate(row.starts_at), zone.parse(row.zone))))];
  }

  async due(sql: Sql, { agreement, host, state }: SharedCalendar, now: Instant, limit: number): Promise<StoredDay[]> {
    const rows = await sql.query<{ id: string; day: string; standing: number; visits: unknown; made: string | null; next_at: Date }>(
      'SELECT id, day::text, standing, visits, made, next_at FROM shared_day WHERE NOT ended AND agreement_id = $1 AND practice_id = $2 AND (next_at <= $3 OR seen IS DISTINCT FROM $4) ORDER BY day LIMIT $5', [agreement, host, toDate(now), state, limit]);
    return rows.map((row) => ({ id: row.id, date: localDate.parse(row.day), standing: slotMinutes(row.standing), visits: storedVisits.parse(row.visits), made: row.made, nextAt: instantOfDate(row.next_at) }));
  }

  /** How many visits of other dates count in quotas whose name begins so. */
  async quotasBeside(sql: Sql, { agreement, host }: SharedCalendar, id: string, dates: { readonly first: LocalDate; readonly last: LocalDate }, prefix: string): Promise<Map<string, number>> {
    const rows = await sql.query<{ quota: string; n: number }>(
      `SELECT q.quota, count(*)::int AS n FROM shared_day d, jsonb_array_elements(d.visits) AS v, jsonb_array_elements_text(v->'quotas') AS q(quota)
       WHERE d.agreement_id = $1 AND d.practice_id = $2 AND d.id <> $3 AND d.day BETWEEN $4::date AND $5::date AND starts_with(q.quota, $6) GROUP BY q.quota`, [agreement, host, id, dates.first, dates.last, prefix]);
    return new Map(rows.map(({ quota, n }) => [quota, n]));
  }

  async save(sql: Sql, id: string, { visits, standing, made }: SharedDay & Pick<StoredDay, 'made'>, seen: string, next: Instant | 'ended', now: Instant): Promise<void> {
    await sql.execute('UPDATE shared_day SET visits = $2::jsonb, standing = $3, seen = $4, next_at = $5, ended = $6, made = $7 WHERE id = $1',
      [id, JSON.stringify(visits.map(viewOfVisit)), standing, seen, toDate(next === 'ended' ? now : next), next === 'ended', made]);
  }

  /** Time that visits, not holds, take of the resources, other than those that partners booked under the agreement. */
  async ownTime(sql: Sql, agreement: AgreementId, resources: readonly ResourceId[], range: TimeRange): Promise<Occupied[]> {
    const rows = await sql.query<{ resource_id: ResourceId; starts_at: Date; ends_at: Date; taken_at: Date }>(
      `SELECT resource_id, starts_at, ends_at, taken_at FROM occupancy WHERE active AND lane = 0 AND resource_id = ANY ($1::uuid[]) AND starts_at < $3 AND ends_at > $2 AND agreement_id IS DISTINCT FROM $4 AND num_nonnulls(appointment_id, group_session_id) > 0
       ORDER BY starts_at`, [resources, toDate(range.start), toDate(range.end), agreement]);
    return rows.map((row) => ({ resource: row.resource_id, start: instantOfDate(row.starts_at), end: instantOfDate(row.ends_at), takenAt: instantOfDate(row.taken_at) }));
  }

  /** Visits of partners under the agreement on a date, however they ended; a request that never became one gave its time back and is nobody's waste. `returnsHours`: when time returns to its owner. */
  async partnerVisits(sql: Sql, { agreement, host }: SharedCalendar, date: LocalDate, range: TimeRange, returnsMs: number): Promise<(PartnerVisit & { readonly provider: ProviderId })[]> {
    const rows = await sql.query<{ starts_at: Date; ends_at: Date; changed_at: Date; cancel_free_until: Date | null; taken: number }>(
      `SELECT a.id, a.provider_id, a.booking_id, a.status, a.cancel_reason, a.zone, a.starts_at, a.ends_at, a.changed_at, a.cancel_free_until,
         (SELECT coalesce(round(extract(epoch FROM sum(upper(x.piece) - lower(x.piece))) / 60), 0)::int FROM (SELECT unnest(range_agg(o.during * tstzrange(a.starts_at, a.ends_at))) AS piece FROM occupancy o JOIN resource r ON r.id = o.resource_id
           WHERE r.provider_id = a.provider_id AND o.active AND o.during && tstzrange(a.starts_at, a.ends_at) AND o.appointment_id IS DISTINCT FROM a.id) x) AS taken
       FROM appointment a WHERE a.host_id = $1 AND a.agreement_id = $2 AND a.booking_id <> $1 AND a.starts_at >= $3 AND a.starts_at < $4
         AND (a.approval IS NULL OR a.approval IN ('waiting', 'approved')) ORDER BY a.id`, [host, agreement, toDate(range.start), toDate(range.end)]);
    return rows.map((row) => {
      const visit = partnerVisit.parse(row);
      const start = instantOfDate(row.starts_at);
      return {
        id: visit.id, provider: visit.provider_id, booking: visit.booking_id, status: visit.status, cancelReason: visit.cancel_reason, start, end: instantOfDate(row.ends_at), changedAt: instantOfDate(row.changed_at),
        dayEnds: endOfDay(localDateOf(start, visit.zone), visit.zone), inTimeUntil: instantOrNull(row.cancel_free_until) ?? ((start - returnsMs) as Instant), takenByOthers: slotMinutes(row.taken), zone: visit.zone,
      };
    }).filter((visit) => localDateOf(visit.start, visit.zone) === date);
  }

  async find(sql: Sql, id: string): Promise<(Pick<StoredDay, 'id' | 'date' | 'standing' | 'visits'> & { readonly ended: boolean }) | null> {
    const [row] = await sql.query<{ id: string; day: string; standing: number; visits: unknown; ended: boolean }>('SELECT id, day::text, standing, visits, ended FROM shared_day WHERE id = $1', [id]);
    return row ? { id: row.id, date: localDate.parse(row.day), standing: slotMinutes(row.standing), visits: storedVisits.parse(row.visits), ended: row.ended } : null;
  }
}

const viewOfVisit = ({ start, end, ...visit }: OpenVisit) => ({ ...visit, start: formatInstant(start), end: formatInstant(end) });
