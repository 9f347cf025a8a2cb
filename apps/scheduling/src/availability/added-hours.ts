import { Injectable } from '@nestjs/common';
import { type LocalDate, type LocalTime, type PracticeId, type TimeRange, type Zone, addDays, formatInstant, localDateOf, newId, subtract, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { type WallHours, openRanges, rangeOfDays } from './domain/working-hours';

/** Where hours change, and on which dates that is looked at, both inclusive. */
export interface ChangedHours {
  readonly provider: string;
  readonly site: string;
  readonly first: LocalDate;
  readonly last: LocalDate;
}
interface HoursRow { weekday: number; from_time: LocalTime; to_time: LocalTime; valid_from: LocalDate; valid_to: LocalDate | null; every_weeks: number }
/** Hours that recur do so for ever; of them the next weeks are offered. */
const OFFERED_DAYS = 56;

/** Hours that are added, every week or on a date, are offered to who waits, as those of a lifted closure are. */
@Injectable()
export class AddedHours {
  /** Makes a change to hours, which are at `places`, and notes what was not open before: once for each place, so that who waits gets one time of it all. */
  async note<T>(tx: Tx, practice: PracticeId, places: () => Promise<readonly ChangedHours[]>, change: () => Promise<T>): Promise<T> {
    const known = new Map((await places()).map((place) => [keyOf(place), place]));
    const before = new Map<string, TimeRange[]>();
    for (const [key, place] of known) before.set(key, await this.openIn(tx, practice, place));
    const changed = await change();
    for (const [key, place] of known) {
      const pieces = subtract(await this.openIn(tx, practice, place), before.get(key) ?? []).filter(({ end }) => end > tx.now);
      const [first, last] = [pieces[0], pieces.at(-1)];
      if (!first || !last) continue;
      await tx.execute(`INSERT INTO reopened_time (id, practice_id, site_id, provider_id, from_at, to_at, pieces, reopened_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [newId(), practice, place.site, place.provider, toDate(first.start), toDate(last.end), JSON.stringify(pieces.map(({ start, end }) => ({ start: formatInstant(start), end: formatInstant(end) }))), toDate(tx.now)]);
    }
    return changed;
  }

  /** Hours of one date; why the next day, too: a night runs on over midnight. */
  onDate({ provider, site, date }: { readonly provider: string; readonly site: string; readonly date: LocalDate }): ChangedHours {
    return { provider, site, first: date, last: addDays(date, 1) };
  }

  /** Hours that recur. */
  fromNow(tx: Tx, { provider, site }: { readonly provider: string; readonly site: string }): ChangedHours {
    // Why a day before: there the date may still be yesterday's.
    const today = localDateOf(tx.now, 'UTC' as Zone);
    return { provider, site, first: addDays(today, -1), last: addDays(today, OFFERED_DAYS) };
  }

  /** What an exception of the practice is about now. */
  async ofException(tx: Tx, practice: PracticeId, exception: string): Promise<readonly ChangedHours[]> {
    return (await tx.query<{ provider: string; site: string; date: LocalDate }>(`SELECT provider_id AS provider, site_id AS site, date::text FROM availability_exception WHERE id = $1 AND practice_id = $2`, [exception, practice])).map((row) => this.onDate(row));
  }

  /** What recurring hours of the practice are about now. */
  async ofHours(tx: Tx, practice: PracticeId, hours: string): Promise<readonly ChangedHours[]> {
    return (await tx.query<{ provider: string; site: string }>(`SELECT provider_id AS provider, site_id AS site FROM availability WHERE id = $1 AND practice_id = $2`, [hours, practice])).map((row) => this.fromNow(tx, row));
  }

  /** By hours alone: what is closed or taken is looked at when the time is offered. */
  private async openIn(tx: Tx, practice: PracticeId, { provider, site, first, last }: ChangedHours): Promise<TimeRange[]> {
    const [place] = await tx.query<{ zone: Zone }>(`SELECT zone FROM site WHERE id = $1 AND practice_id = $2`, [site, practice]);
    if (!place) return [];
    const hours = await tx.query<HoursRow>(`SELECT weekday, from_time, to_time, valid_from::text, valid_to::text, every_weeks FROM availability WHERE provider_id = $1 AND site_id = $2`, [provider, site]);
    const exceptions = await tx.query<{ date: LocalDate; ranges: WallHours[] }>(`SELECT date::text, ranges FROM availability_exception WHERE provider_id = $1 AND site_id = $2 AND date BETWEEN $3::date - 3 AND $4::date + 2`, [provider, site, first, last]);
    const schedule = {
      hours: hours.map((row) => ({ weekday: row.weekday, from: row.from_time, to: row.to_time, validFrom: row.valid_from, validTo: row.valid_to, everyWeeks: row.every_weeks })),
      exceptions: exceptions.map((row) => ({ date: row.date, mode: 'instead' as const, hours: row.ranges })), closures: [],
    };
    return openRanges(schedule, rangeOfDays(first, last, place.zone), place.zone);
  }
}

const keyOf = ({ provider, site, first, last }: ChangedHours): string => `${provider} ${site} ${first} ${last}`;
