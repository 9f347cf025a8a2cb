import { Injectable } from '@nestjs/common';
import { type LocalDate, type LocalTime, type PracticeId, type TimeRange, type Zone, addDays, newId, subtract, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { type WallHours, openRanges, rangeOfDays } from './domain/working-hours';

export interface PlaceAndDate {
  readonly provider: string;
  readonly site: string;
  readonly date: LocalDate;
}
interface HoursRow { weekday: number; from_time: LocalTime; to_time: LocalTime; valid_from: LocalDate; valid_to: LocalDate | null; every_weeks: number }

/** Hours that an exception adds are offered to who waits, as those of a lifted closure are. */
@Injectable()
export class AddedHours {
  /** Makes a change to the hours of single dates, which are at `places`, and notes what was not open before. */
  async note<T>(tx: Tx, practice: PracticeId, places: () => Promise<readonly PlaceAndDate[]>, change: () => Promise<T>): Promise<T> {
    const known = await places();
    const before = new Map<string, TimeRange[]>();
    for (const place of known) before.set(keyOf(place), await this.openAround(tx, practice, place));
    const changed = await change();
    for (const place of known) {
      for (const { start, end } of subtract(await this.openAround(tx, practice, place), before.get(keyOf(place)) ?? [])) {
        if (end <= tx.now) continue;
        await tx.execute(`INSERT INTO reopened_time (id, practice_id, site_id, provider_id, from_at, to_at, reopened_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
          [newId(), practice, place.site, place.provider, toDate(start), toDate(end), toDate(tx.now)]);
      }
    }
    return changed;
  }

  /** What an exception of the practice is about now. */
  async placeOf(tx: Tx, practice: PracticeId, exception: string): Promise<readonly PlaceAndDate[]> {
    return tx.query<PlaceAndDate>(`SELECT provider_id AS provider, site_id AS site, date::text FROM availability_exception WHERE id = $1 AND practice_id = $2`, [exception, practice]);
  }

  /** Of hours alone: what is closed or taken is looked at when the time is offered. */
  private async openAround(tx: Tx, practice: PracticeId, { provider, site, date }: PlaceAndDate): Promise<TimeRange[]> {
    const [place] = await tx.query<{ zone: Zone }>(`SELECT zone FROM site WHERE id = $1 AND practice_id = $2`, [site, practice]);
    if (!place) return [];
    const hours = await tx.query<HoursRow>(`SELECT weekday, from_time, to_time, valid_from::text, valid_to::text, every_weeks FROM availability WHERE provider_id = $1 AND site_id = $2`, [provider, site]);
    const exceptions = await tx.query<{ date: LocalDate; ranges: WallHours[] }>(`SELECT date::text, ranges FROM availability_exception WHERE provider_id = $1 AND site_id = $2 AND date BETWEEN $3::date - 3 AND $3::date + 3`, [provider, site, date]);
    const schedule = {
      hours: hours.map((row) => ({ weekday: row.weekday, from: row.from_time, to: row.to_time, validFrom: row.valid_from, validTo: row.valid_to, everyWeeks: row.every_weeks })),
      exceptions: exceptions.map((row) => ({ date: row.date, mode: 'instead' as const, hours: row.ranges })), closures: [],
    };
    // Why the next day, too: a night runs on over midnight.
    return openRanges(schedule, rangeOfDays(date, addDays(date, 1), place.zone), place.zone);
  }
}

const keyOf = ({ provider, site, date }: PlaceAndDate): string => `${provider} ${site} ${date}`;
