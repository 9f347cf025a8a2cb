import { type LocalDate, type PracticeId, addDays, weekdayOf } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { closure, closureBody } from '../availability/closure';
import { federalHolidays } from '../availability/domain/federal-holidays';
import { exception, exceptionBody } from '../availability/exception';
import { hours, hoursBody } from '../availability/hours';
import type { ReferenceRow } from '../practices/persistence/reference-table';
import type { ReferenceKind } from '../practices/reference';
import type { SamplePractice } from './sample-practice';
import { seedId } from './seed-id';
import { addMissing } from './seed-writer';

/** Hours count from here; they recur without end, so that a moved clock always finds a calendar. */
const SINCE = '2026-01-05';
const YEAR = 365;

/** Hours, exceptions and closures of a practice. `first` is the date of the first seeding: what lies at a date counts from it. */
export async function sowCalendar(tx: Tx, practice: SamplePractice, host: PracticeId, first: LocalDate): Promise<void> {
  const site = (code: string) => seedId(`${practice.id}/site/${code}`);
  const provider = (code: string) => seedId(`${practice.id}/provider/${code}`);
  const own = (path: string) => ({ id: seedId(`${practice.id}/${path}`), practice_id: host, version: 1 });
  await sow(tx, 'availability', hours, practice.providers.flatMap(({ code, hours: work }) => work.flatMap((worked) => worked.weekdays.flatMap((weekday) => worked.blocks.map(([from, to]) =>
    hours.rowOf(hoursBody.parse({ provider: provider(code), site: site(worked.site), weekday, from, to, validFrom: SINCE, everyWeeks: worked.everyWeeks ?? 1 }), own(`availability/${code}/${worked.site}/${weekday}/${from}`)))))));
  await sow(tx, 'availability_exception', exception, practice.providers.flatMap(({ code, exceptions = [] }) => exceptions.map((other) => {
    const date = dateIn(first, other.weeks, other.weekday);
    return exception.rowOf(exceptionBody.parse({ provider: provider(code), site: site(other.site), date, ranges: other.ranges }), own(`exception/${code}/${other.site}/${date}`));
  })));
  await sow(tx, 'closure', closure, closuresOf(practice, first).map(({ date, reason }) => closure.rowOf(closureBody.parse({ days: { firstDay: date, lastDay: date }, reason }), own(`closure/${date}`))));
}

async function sow<Row extends ReferenceRow, Body, View>(tx: Tx, table: string, kind: ReferenceKind<Row, Body, View>, rows: readonly Row[]): Promise<void> {
  const added = await addMissing(tx, table, 'id', rows);
  for (const row of rows) if (kind.event && added.has(row.id)) tx.outbox.add(kind.event(row));
}

function closuresOf(practice: SamplePractice, first: LocalDate) {
  const { weeks, weekday, reason } = practice.ownClosure;
  const days = [...federalHolidays(first, addDays(first, YEAR)).map(({ date, name }) => ({ date, reason: name })), { date: dateIn(first, weeks, weekday), reason }];
  return [...new Map(days.map((day) => [day.date, day])).values()];
}

/** The given weekday of the week that lies so many weeks after a date's own. */
const dateIn = (first: LocalDate, weeks: number, weekday: number): LocalDate => addDays(first, weeks * 7 + weekday - weekdayOf(first));
