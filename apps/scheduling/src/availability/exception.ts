import { AvailabilityExceptionDefined, AvailabilityExceptionRemoved, localDate, localTime, providerId, siteId } from '@slotmesh/contracts';
import { DomainError, type LocalDate, type PracticeId } from '@slotmesh/kernel';
import { eventOf } from '@slotmesh/persistence';
import { z } from 'zod';
import { ReferenceTable } from '../practices/persistence/reference-table';
import type { ReferenceKind } from '../practices/reference';
import { blockRules, requireOwnTypes } from './block-rules';
import { checkHours } from './domain/working-hours';
import { requireOwnPlace } from './hours';

export const exceptionBody = z.object({
  provider: providerId,
  site: siteId,
  date: localDate,
  /** The hours of that date instead of the usual ones, with rules of their own; none: does not work. */
  ranges: z.array(z.object({ from: localTime, to: localTime, ...blockRules })).max(24).refine((ranges) => new Set(ranges.map(({ from, to }) => `${from}-${to}`)).size === ranges.length, 'name each range once'),
});
type ExceptionBody = z.output<typeof exceptionBody>;

interface ExceptionRow { id: string; practice_id: PracticeId; version: number; provider_id: string; site_id: string; date: LocalDate; ranges: ExceptionBody['ranges'] }
const facts = (row: ExceptionRow) => ({ id: row.id, practice: row.practice_id, provider: row.provider_id, site: row.site_id, date: row.date, ranges: row.ranges });

/** One date on which a provider works other hours at a site, or none. */
export const exception: ReferenceKind<ExceptionRow, ExceptionBody, ReturnType<typeof facts> & { version: number }> = {
  noun: 'availability-exception',
  ownOnly: true,
  table: new ReferenceTable<ExceptionRow>('availability_exception', ['id', 'practice_id', 'version', 'provider_id', 'site_id', 'date', 'ranges'], ['date']),
  rowOf(body, identity) {
    for (const range of body.ranges) checkHours(range);
    return { ...identity, provider_id: body.provider, site_id: body.site, date: body.date, ranges: body.ranges };
  },
  viewOf: (row) => ({ ...facts(row), version: row.version }),
  event: (row) => eventOf(AvailabilityExceptionDefined, { key: row.id, host: row.practice_id }, facts(row)),
  removal: AvailabilityExceptionRemoved,
  async check(tx, row, body) {
    await requireOwnPlace(tx, row);
    await requireOwnTypes(tx, row.practice_id, body.ranges);
    // Why locked: two that write the same date at once wait for each other, and the second is told of the first.
    await tx.query('SELECT 1 FROM provider WHERE id = $1 FOR NO KEY UPDATE', [row.provider_id]);
    const [other] = await tx.query<{ id: string }>('SELECT id FROM availability_exception WHERE provider_id = $1 AND site_id = $2 AND date = $3 AND id <> $4', [row.provider_id, row.site_id, row.date, row.id]);
    if (other) throw new DomainError('conflict', 'exception-exists', 'This provider already has other hours at this site on that date. Change or remove those.', { exception: other.id });
  },
};
