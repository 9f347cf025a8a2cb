import { type LocalDate, addDays, weekdayOf } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { federalHolidays } from '../availability/domain/federal-holidays';
import type { SamplePractice } from './sample-practice';
import { seedId } from './seed-id';
import { addMissing } from './seed-writer';

/** Hours count from here; they recur without end, so that a moved clock always finds a calendar. */
const SINCE = '2026-01-05';
const YEAR = 365;
const NO_RULES = { overbook: null, walkIns: 0, keptFor: null, limits: [] };

/** Hours, exceptions and closures of a practice. `first` is the date of the first seeding: what lies at a date counts from it. */
export async function sowCalendar(tx: Tx, practice: SamplePractice, first: LocalDate): Promise<void> {
  const site = (code: string) => seedId(`${practice.id}/site/${code}`);
  const provider = (code: string) => seedId(`${practice.id}/provider/${code}`);
  await addMissing(tx, 'availability', 'id', practice.providers.flatMap(({ code, hours }) => hours.flatMap((worked) => worked.weekdays.flatMap((weekday) => worked.blocks.map(([from, to]) => ({
    id: seedId(`${practice.id}/availability/${code}/${worked.site}/${weekday}/${from}`), practice_id: practice.id, provider_id: provider(code), site_id: site(worked.site), weekday,
    from_time: from, to_time: to, valid_from: SINCE, every_weeks: worked.everyWeeks ?? 1, version: 1,
  }))))));
  await addMissing(tx, 'availability_exception', 'id', practice.providers.flatMap(({ code, exceptions = [] }) => exceptions.map((exception) => {
    const date = dateIn(first, exception.weeks, exception.weekday);
    return { id: seedId(`${practice.id}/exception/${code}/${exception.site}/${date}`), practice_id: practice.id, provider_id: provider(code), site_id: site(exception.site), date, ranges: exception.ranges.map((range) => ({ ...range, ...NO_RULES })), version: 1 };
  })));
  await addMissing(tx, 'closure', 'id', closuresOf(practice, first));
}

function closuresOf(practice: SamplePractice, first: LocalDate) {
  const { weeks, weekday, reason } = practice.ownClosure;
  const days = [...federalHolidays(first, addDays(first, YEAR)).map(({ date, name }) => ({ date, reason: name })), { date: dateIn(first, weeks, weekday), reason }];
  const unique = new Map(days.map((day) => [day.date, day]));
  return [...unique.values()].map(({ date, reason: why }) => ({ id: seedId(`${practice.id}/closure/${date}`), practice_id: practice.id, from_date: date, to_date: date, reason: why, version: 1 }));
}

/** The given weekday of the week that lies so many weeks after a date's own. */
const dateIn = (first: LocalDate, weeks: number, weekday: number): LocalDate => addDays(first, weeks * 7 + weekday - weekdayOf(first));
