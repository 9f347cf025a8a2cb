import { AvailabilityDefined, AvailabilityRemoved, localDate, localTime, providerId, siteId } from '@slotmesh/contracts';
import type { LocalDate, LocalTime, PracticeId } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';
import { z } from 'zod';
import { ReferenceTable } from '../practices/persistence/reference-table';
import { type ReferenceKind, requireOwn } from '../practices/reference';
import { blockRules, requireOwnTypes } from './block-rules';
import { checkHours } from './domain/working-hours';

export const hoursBody = z.object({
  provider: providerId,
  site: siteId,
  /** ISO weekday on which the block begins: 1 is Monday. */
  weekday: z.int().min(1).max(7),
  /** Wall time of the site; `to` at or before `from` means the next day. */
  from: localTime,
  to: localTime,
  validFrom: localDate,
  validTo: localDate.nullable().default(null),
  /** 2: every other week, counted from the week of `validFrom`. */
  everyWeeks: z.int().min(1).max(52).default(1),
  ...blockRules,
}).refine((hours) => hours.validTo === null || hours.validTo >= hours.validFrom, { path: ['validTo'], message: 'must not lie before validFrom' });
type HoursBody = z.output<typeof hoursBody>;

interface HoursRow {
  id: string; practice_id: PracticeId; version: number; provider_id: string; site_id: string; weekday: number; from_time: LocalTime; to_time: LocalTime;
  valid_from: LocalDate; valid_to: LocalDate | null; every_weeks: number; overbook: HoursBody['overbook']; kept_for: HoursBody['keptFor'];
  limits: HoursBody['limits']; walk_ins: number;
}
const facts = (row: HoursRow) => ({
  id: row.id, practice: row.practice_id, provider: row.provider_id, site: row.site_id, weekday: row.weekday, from: row.from_time, to: row.to_time, validFrom: row.valid_from, validTo: row.valid_to,
  everyWeeks: row.every_weeks, overbook: row.overbook, keptFor: row.kept_for, limits: row.limits, walkIns: row.walk_ins,
});

/** Hours that recur in the site's wall time. */
export const hours: ReferenceKind<HoursRow, HoursBody, ReturnType<typeof facts> & { version: number }> = {
  noun: 'availability',
  ownOnly: true,
  table: new ReferenceTable<HoursRow>('availability', ['id', 'practice_id', 'version', 'provider_id', 'site_id', 'weekday', 'from_time', 'to_time', 'valid_from', 'valid_to', 'every_weeks', 'overbook', 'kept_for', 'limits', 'walk_ins'], ['valid_from', 'valid_to']),
  rowOf(body, identity) {
    checkHours(body);
    return { ...identity, provider_id: body.provider, site_id: body.site, weekday: body.weekday, from_time: body.from, to_time: body.to, valid_from: body.validFrom, valid_to: body.validTo, every_weeks: body.everyWeeks, overbook: body.overbook, kept_for: body.keptFor, limits: body.limits, walk_ins: body.walkIns };
  },
  viewOf: (row) => ({ ...facts(row), version: row.version }),
  event: (row) => eventOf(AvailabilityDefined, { key: row.id, host: row.practice_id }, facts(row)),
  removal: AvailabilityRemoved,
  async check(tx, row, body) {
    await requireOwnPlace(tx, row);
    await requireOwnTypes(tx, row.practice_id, [body]);
  },
};

/** Hours lie with a provider at a site, both of the practice. */
export async function requireOwnPlace(tx: Tx, row: { practice_id: PracticeId; provider_id: string | null; site_id: string | null }): Promise<void> {
  if (row.provider_id !== null) await requireOwn(tx, 'provider', row.practice_id, [row.provider_id], 'provider');
  if (row.site_id !== null) await requireOwn(tx, 'site', row.practice_id, [row.site_id], 'site');
}
