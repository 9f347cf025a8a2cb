import type { Instant } from '@slotmesh/kernel';
import type { RunningCapacity } from './running-capacity';

/** Weekdays of 600 minutes, all of them for skin checks, from so many weeks before this one to nine weeks after it; and on each of them that is over so many half hours that were asked for and took place. */
export async function weeksOfVisits(capacity: RunningCapacity, practice: string, requests: number, { weeks = 13, at = capacity.now }: { readonly weeks?: number; readonly at?: Instant } = {}): Promise<void> {
  const monday = `date_trunc('week', $2::timestamptz AT TIME ZONE 'UTC')`;
  await capacity.admin.query(
    `WITH day AS (INSERT INTO supply_day (id, host, provider, day, minutes, shared, changed_at) SELECT gen_random_uuid(), $1, md5($1)::uuid, d, 600, 0, now() FROM generate_series(${monday} - $3::int * interval '7 days', ${monday} + interval '62 days', '1 day') d WHERE extract(isodow FROM d) < 6 RETURNING id, host, provider, day, minutes)
     INSERT INTO supply_part (supply, host, provider, day, service, minutes) SELECT id, host, provider, day, 'skin-check', minutes FROM day`, [practice, new Date(at), weeks]);
  await capacity.admin.query(
    `INSERT INTO visit (id, revision, status, host, booking, site, provider, visit_type, service, modality, start_at, end_at, zone, day, request_day, booked_at, took_time, changed_at)
     SELECT gen_random_uuid(), 1, 'fulfilled', $1, $1, md5('site')::uuid, s.provider, md5('type')::uuid, 'skin-check', 'in-person', s.day + interval '16 hours', s.day + interval '16 hours 30 minutes', 'UTC', s.day, s.day, s.day, true, now()
     FROM supply_day s CROSS JOIN generate_series(1, $3) WHERE s.host = $1 AND s.day < ($2::timestamptz AT TIME ZONE 'UTC')::date`, [practice, new Date(at), requests]);
}
