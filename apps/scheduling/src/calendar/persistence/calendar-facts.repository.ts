import { Injectable } from '@nestjs/common';
import { appointmentId, appointmentStatus, holdId, instantText, localDate, localTime, patientId, practiceId, providerId, serviceCode, siteId, visitTypeId, zone } from '@slotmesh/contracts';
import { type Instant, type LocalDate, type PracticeId, type ProviderId, type SiteId, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { z } from 'zod';

const place = { provider: providerId, site: siteId };
const time = { start: instantText, end: instantText };
const rule = { releaseHours: z.number().nullable() };
const keptFor = z.object({ visitTypes: z.array(visitTypeId), services: z.array(serviceCode), ...rule }).nullable();
const limits = z.array(z.object({ visitType: visitTypeId, most: z.number(), ...rule }));
const sealed = z.object({ key: z.string(), given_name: z.string(), family_name: z.string() });
const facts = z.object({
  practice_key: z.string().nullable(),
  places: z.array(z.object({ ...place, provider_name: z.string(), site_name: z.string(), zone })),
  hours: z.array(z.object({
    id: z.uuid(), ...place, weekday: z.number(), from: localTime, to: localTime, valid_from: localDate, valid_to: localDate.nullable(), every_weeks: z.number(),
    kept_for: keptFor, limits,
  })),
  exceptions: z.array(z.object({ id: z.uuid(), ...place, date: localDate, ranges: z.array(z.object({ from: localTime, to: localTime, keptFor, limits })) })),
  closures: z.array(z.object({ id: z.uuid(), site: siteId.nullable(), provider: providerId.nullable(), from_date: localDate.nullable(), to_date: localDate.nullable(), from_at: instantText.nullable(), to_at: instantText.nullable(), reason: z.string() })),
  holds: z.array(z.object({ id: holdId, ...place, ...time, visit_type: visitTypeId, holder: practiceId, holder_name: z.string(), expires: instantText, of_round: z.boolean() })),
  visits: z.array(z.object({
    id: appointmentId, ...place, ...time, status: appointmentStatus, participation: z.string(), visit_type: visitTypeId, service: z.string(), modality: z.string(), confidential: z.boolean(),
    booking: practiceId, booking_name: z.string(), patient: patientId, lane: z.number().nullable(), sealed: sealed.nullable(),
  })),
  sessions: z.array(z.object({ id: z.uuid(), ...place, ...time, visit_type: visitTypeId, seats: z.number().nullable(), booked: z.number(), held: z.number(), ahead: z.boolean() })),
  taken: z.array(z.object({ provider: providerId, ...time })),
});
export type CalendarFacts = z.output<typeof facts>;

export interface CalendarQuestion {
  readonly practice: PracticeId;
  readonly site: SiteId | null;
  readonly provider: ProviderId | null;
  readonly first: LocalDate;
  readonly last: LocalDate;
  /** Wide enough for the days in every zone. */
  readonly reach: { readonly start: Instant; readonly end: Instant };
  readonly now: Instant;
  readonly limit: number;
}

@Injectable()
export class CalendarFactsRepository {
  /** Whether the site and the provider are the practice's. Row-level security would show those of partners, too. */
  async own(sql: Sql, asked: Pick<CalendarQuestion, 'practice' | 'site' | 'provider'>): Promise<boolean> {
    const [row] = await sql.query<{ own: boolean }>(
      `SELECT ($2::uuid IS NULL OR EXISTS (SELECT 1 FROM site WHERE id = $2 AND practice_id = $1)) AND ($3::uuid IS NULL OR EXISTS (SELECT 1 FROM provider WHERE id = $3 AND practice_id = $1)) AS own`,
      [asked.practice, asked.site, asked.provider]);
    return row?.own ?? false;
  }

  /** Everything that lies in the calendar of some days. At most `limit` visits. */
  async load(sql: Sql, asked: CalendarQuestion): Promise<CalendarFacts> {
    // Why one statement: it has one snapshot, so that a hold that becomes a visit meanwhile is seen as one of the two, never as both or neither.
    const [row] = await sql.query<{ facts: unknown }>(
      `WITH visit AS MATERIALIZED (
         SELECT a.* FROM appointment a WHERE a.host_id = $1 AND a.starts_at < $7 AND a.starts_at > $6::timestamptz - interval '1 day' AND a.ends_at > $6 AND a.status NOT IN ('cancelled', 'entered-in-error')
           AND ($2::uuid IS NULL OR a.site_id = $2) AND ($3::uuid IS NULL OR a.provider_id = $3) ORDER BY a.starts_at, a.id LIMIT $9
       ), held AS MATERIALIZED (
         SELECT h.* FROM hold h WHERE h.host_id = $1 AND h.state = 'active' AND h.expires_at > $8 AND h.starts_at < $7 AND h.ends_at > $6
           AND ($2::uuid IS NULL OR h.site_id = $2) AND ($3::uuid IS NULL OR h.provider_id = $3)
       ), hours AS MATERIALIZED (
         SELECT * FROM availability v WHERE v.practice_id = $1 AND v.valid_from <= $5::date AND (v.valid_to IS NULL OR v.valid_to >= $4::date - 2)
           AND ($2::uuid IS NULL OR v.site_id = $2) AND ($3::uuid IS NULL OR v.provider_id = $3)
       ), other AS MATERIALIZED (
         SELECT * FROM availability_exception e WHERE e.practice_id = $1 AND e.date BETWEEN $4::date - 2 AND $5::date AND ($2::uuid IS NULL OR e.site_id = $2) AND ($3::uuid IS NULL OR e.provider_id = $3)
       ), place AS MATERIALIZED (
         SELECT provider_id, site_id FROM visit UNION SELECT provider_id, site_id FROM held UNION SELECT provider_id, site_id FROM hours UNION SELECT provider_id, site_id FROM other
       )
       SELECT jsonb_build_object(
         'practice_key', (SELECT k.wrapped_key FROM practice_key k WHERE k.practice_id = $1),
         'places', coalesce((SELECT jsonb_agg(jsonb_build_object('provider', p.id, 'provider_name', p.name, 'site', s.id, 'site_name', s.name, 'zone', s.zone) ORDER BY p.name, p.id, s.name, s.id)
           FROM place x JOIN provider p ON p.id = x.provider_id JOIN site s ON s.id = x.site_id), '[]'),
         'hours', coalesce((SELECT jsonb_agg(jsonb_build_object('id', id, 'provider', provider_id, 'site', site_id, 'weekday', weekday, 'from', from_time, 'to', to_time, 'valid_from', valid_from, 'valid_to', valid_to, 'every_weeks', every_weeks,
             'kept_for', kept_for, 'limits', limits)) FROM hours), '[]'),
         'exceptions', coalesce((SELECT jsonb_agg(jsonb_build_object('id', id, 'provider', provider_id, 'site', site_id, 'date', date, 'ranges', ranges)) FROM other), '[]'),
         'closures', coalesce((SELECT jsonb_agg(jsonb_build_object('id', c.id, 'site', c.site_id, 'provider', c.provider_id, 'from_date', c.from_date, 'to_date', c.to_date, 'from_at', c.from_at, 'to_at', c.to_at, 'reason', c.reason) ORDER BY c.id)
           FROM closure c WHERE c.practice_id = $1 AND ($2::uuid IS NULL OR c.site_id IS NULL OR c.site_id = $2) AND ($3::uuid IS NULL OR c.provider_id IS NULL OR c.provider_id = $3)
             AND ((c.from_date <= $5::date AND c.to_date >= $4::date) OR (c.from_at < $7 AND c.to_at > $6))), '[]'),
         'holds', coalesce((SELECT jsonb_agg(jsonb_build_object('id', h.id, 'provider', h.provider_id, 'site', h.site_id, 'start', h.starts_at, 'end', h.ends_at, 'visit_type', h.visit_type_id, 'holder', h.holder_id,
             'holder_name', b.name, 'expires', h.expires_at, 'of_round', EXISTS (SELECT 1 FROM offer_round r WHERE r.host_id = $1 AND r.ended_at IS NULL AND r.hold_id = h.id)) ORDER BY h.starts_at, h.id) FROM held h JOIN practice b ON b.id = h.holder_id), '[]'),
         'visits', coalesce((SELECT jsonb_agg(jsonb_build_object('id', a.id, 'provider', a.provider_id, 'site', a.site_id, 'start', a.starts_at, 'end', a.ends_at, 'status', a.status, 'participation', a.participation, 'visit_type', a.visit_type_id,
             'service', a.service_code, 'modality', a.modality, 'confidential', a.confidential, 'booking', a.booking_id, 'booking_name', b.name, 'patient', a.patient_id,
             'lane', (SELECT o.lane FROM occupancy o JOIN resource r ON r.id = o.resource_id AND r.provider_id = a.provider_id WHERE o.appointment_id = a.id AND o.active LIMIT 1),
             'sealed', CASE WHEN p.wrapped_key IS NOT NULL THEN jsonb_build_object('key', p.wrapped_key, 'given_name', p.given_name, 'family_name', p.family_name) END) ORDER BY a.starts_at, a.id)
           FROM visit a JOIN practice b ON b.id = a.booking_id LEFT JOIN patient p ON p.id = a.patient_id AND p.practice_id = $1), '[]'),
         'sessions', coalesce((SELECT jsonb_agg(jsonb_build_object('id', g.id, 'provider', g.provider_id, 'site', g.site_id, 'start', g.starts_at, 'end', g.ends_at, 'visit_type', g.visit_type_id, 'seats', v.seats, 'ahead', g.opened_ahead,
             'booked', (SELECT count(*) FROM occupancy o WHERE o.group_session_id = g.id AND o.active AND o.appointment_id IS NOT NULL),
             'held', (SELECT count(*) FROM occupancy o JOIN hold h ON h.id = o.hold_id WHERE o.group_session_id = g.id AND o.active AND o.appointment_id IS NULL AND h.state = 'active' AND h.expires_at > $8)) ORDER BY g.starts_at, g.id)
           FROM group_session g JOIN visit_type v ON v.id = g.visit_type_id WHERE g.open AND g.host_id = $1 AND g.starts_at < $7 AND g.starts_at > $6::timestamptz - interval '1 day' AND g.ends_at > $6 AND ($2::uuid IS NULL OR g.site_id = $2) AND ($3::uuid IS NULL OR g.provider_id = $3)), '[]'),
         'taken', coalesce((SELECT jsonb_agg(jsonb_build_object('provider', r.provider_id, 'start', lower(o.during), 'end', upper(o.during)) ORDER BY lower(o.during))
           FROM resource r JOIN occupancy o ON o.resource_id = r.id AND o.active AND o.during && tstzrange($6, $7) LEFT JOIN hold h ON h.id = o.hold_id
           WHERE r.provider_id IN (SELECT provider_id FROM place) AND (o.appointment_id IS NOT NULL OR (h.state = 'active' AND h.expires_at > $8))), '[]')
       ) AS facts`,
      [asked.practice, asked.site, asked.provider, asked.first, asked.last, toDate(asked.reach.start), toDate(asked.reach.end), toDate(asked.now), asked.limit]);
    return facts.parse(row?.facts);
  }
}
