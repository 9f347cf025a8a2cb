import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { z } from 'zod';
import { dateIn } from '../src/planning/stretch';

const stackFile = z.object({ databaseUrl: z.url() });
const WEEKS = 14;

/** Writes what the capacity service knows of the weeks that are over, as if it had read it: a stack that has just begun has none behind it. `now` is the domain's; `perDay` says how many visits a week has on each of its five days; one of them is missed. */
export async function countWeeks(practice: string, service: string, now: string, perDay: (weeksAgo: number) => number): Promise<void> {
  const url = new URL(stackFile.parse(JSON.parse(readFileSync(process.env['SLOTMESH_STACK'] ?? '', 'utf8'))).databaseUrl);
  url.pathname = '/capacity';
  const database = new Client({ connectionString: url.href });
  await database.connect();
  const [provider, site, visitType] = [randomUUID(), randomUUID(), randomUUID()];
  try {
    // From then on its hours are known, as after the first date that was stated.
    await database.query('INSERT INTO supply_since AS s (host, since) VALUES ($1, $2) ON CONFLICT (host) DO UPDATE SET since = least(s.since, excluded.since)', [practice, dayOf(now, WEEKS, 0)]);
    for (let ago = WEEKS; ago >= 1; ago -= 1) {
      for (let day = 0; day < 5; day += 1) {
        const supply = randomUUID();
        const date = dayOf(now, ago, day);
        await database.query('INSERT INTO supply_day (id, host, provider, day, minutes, shared, changed_at) VALUES ($1, $2, $3, $4, 480, 0, now())', [supply, practice, provider, date]);
        await database.query('INSERT INTO supply_part (supply, host, provider, day, service, minutes) VALUES ($1, $2, $3, $4, $5, 480)', [supply, practice, provider, date, service]);
        await database.query(
          `INSERT INTO visit (id, revision, status, host, booking, site, provider, visit_type, service, modality, start_at, end_at, zone, day, request_day, booked_at, changed_at, took_time)
           SELECT gen_random_uuid(), 1, CASE WHEN n = 1 THEN 'noshow' ELSE 'fulfilled' END, $1, $1, $2, $3, $4, $5, 'in-person', $6::date + time '16:00', $6::date + time '16:30', 'America/New_York', $6, $6::date - 7, $6::date - 7, now(), true FROM generate_series(1, $7::int) AS n`,
          [practice, site, provider, visitType, service, date, perDay(ago)]);
      }
    }
  } finally {
    await database.end();
  }
}

/** A day of a week before this one, from Monday, where Harbor is. */
function dayOf(now: string, weeksAgo: number, day: number): string {
  const today = new Date(dateIn(Date.parse(now), 'America/New_York'));
  return new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() - ((today.getUTCDay() + 6) % 7) - 7 * weeksAgo + day)).toISOString().slice(0, 10);
}
