import { ClosureDefined, ClosureRemoved, instantText, localDate, providerId, siteId } from '@slotmesh/contracts';
import { type LocalDate, type PracticeId, formatInstant, instantOfDate } from '@slotmesh/kernel';
import { eventOf } from '@slotmesh/persistence';
import { z } from 'zod';
import { ReferenceTable } from '../practices/persistence/reference-table';
import type { ReferenceKind } from '../practices/reference';
import { requireOwnPlace } from './hours';

const days = z.object({ firstDay: localDate, lastDay: localDate }).refine(({ firstDay, lastDay }) => lastDay >= firstDay, { path: ['lastDay'], message: 'must not lie before firstDay' });
const time = z.object({ start: instantText, end: instantText }).refine(({ start, end }) => end > start, { path: ['end'], message: 'must lie after start' });
export const closureBody = z.object({
  site: siteId.nullable().default(null),
  provider: providerId.nullable().default(null),
  /** Whole days of the site's calendar, both inclusive. */
  days: days.nullable().default(null),
  /** Or an exact time. */
  time: time.nullable().default(null),
  reason: z.string().trim().min(1).max(200),
}).refine((closure) => (closure.days === null) !== (closure.time === null), { path: ['days'], message: 'give either days or time' });
type ClosureBody = z.output<typeof closureBody>;

interface ClosureRow {
  id: string; practice_id: PracticeId; version: number; site_id: string | null; provider_id: string | null;
  from_date: LocalDate | null; to_date: LocalDate | null; from_at: Date | string | null; to_at: Date | string | null; reason: string;
}
const instantOf = (at: Date | string): string => formatInstant(instantOfDate(new Date(at)));
const facts = (row: ClosureRow) => ({
  id: row.id, practice: row.practice_id, site: row.site_id, provider: row.provider_id, days: row.from_date && row.to_date ? { firstDay: row.from_date, lastDay: row.to_date } : null,
  time: row.from_at && row.to_at ? { start: instantOf(row.from_at), end: instantOf(row.to_at) } : null,
});
// Why: why somebody is away is no operator's business.
const view = (row: ClosureRow, viewer: PracticeId | null) => ({ ...facts(row), reason: viewer === row.practice_id ? row.reason : null, version: row.version });

/** Time in which nothing is open, whatever the hours say: of all the practice, a site or a provider. */
export const closure: ReferenceKind<ClosureRow, ClosureBody, ReturnType<typeof view>> = {
  noun: 'closure',
  ownOnly: true,
  table: new ReferenceTable<ClosureRow>('closure', ['id', 'practice_id', 'version', 'site_id', 'provider_id', 'from_date', 'to_date', 'from_at', 'to_at', 'reason'], ['from_date', 'to_date']),
  rowOf: (body, identity) => ({
    ...identity, site_id: body.site, provider_id: body.provider, from_date: body.days?.firstDay ?? null, to_date: body.days?.lastDay ?? null,
    from_at: body.time && formatInstant(body.time.start), to_at: body.time && formatInstant(body.time.end), reason: body.reason,
  }),
  viewOf: view,
  event: (row) => eventOf(ClosureDefined, { key: row.id, host: row.practice_id }, facts(row)),
  removal: ClosureRemoved,
  check: requireOwnPlace,
};
