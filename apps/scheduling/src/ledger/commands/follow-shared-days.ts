import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type AgreementId, Clock, FIRST_INSTANT, type Instant, type LocalDate, type LocalTime, type PracticeId, type ResourceId, DAY, MINUTE, addDays, instantOf, localDateOf, plusMs, stableId } from '@slotmesh/kernel';
import { type Sql, type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';
import { isCovered } from '../../agreements/domain/share-rule';
import { SharingFacts, shareRequest } from '../../openings/sharing-facts';
import { type Calendars, CalendarRepository } from '../../openings/persistence/calendar.repository';
import { OfferingRepository } from '../../openings/persistence/offering.repository';
import { daysAhead, nextTurn, returnsMs } from '../domain/day-turns';
import { pack } from '../domain/packing';
import { type OwnTime, endDay, lookAgain } from '../domain/shared-day';
import { dayChanged, dayEnded } from '../shared-time.events';
import { type Host, type SharedOffering, linesOf, madeOf } from '../lines-of-date';
import { type Occupied, type SharedCalendar, SharedDayRepository, type StoredDay } from '../persistence/shared-day.repository';

/** Dates of one host in one transaction: few, so that nobody waits long behind them. */
const DATES_AT_ONCE = 8;
const WEEK = 7 * DAY;
const NAME = 'shared-days';

/**
 * Watches what partners could book of each date, from when it opens to them until it is over, and tells what changed as events of the date. What can be booked is found by the functions of search and booking.
 * Time returns to its owner by the longest `returnsHoursBefore` of the host's rules, and is told as returned in one sum at the end of the date.
 */
@Injectable()
export class FollowSharedDays {
  constructor(
    private readonly work: UnitOfWork, private readonly clock: Clock, private readonly days: SharedDayRepository, private readonly sharing: SharingFacts, private readonly offerings: OfferingRepository,
    private readonly calendars: CalendarRepository,
  ) {}

  /** One look at every calendar that is due; returns how many dates were looked at. */
  async execute(): Promise<number> {
    const due = (await this.work.run(workerFor(NAME, null), (tx) => this.days.calendars(tx, tx.now))).filter(({ isDue }) => isDue);
    let looked = 0;
    for (const calendar of due) looked += await this.work.run(workerFor(NAME, calendar.host), (tx) => this.one(tx, calendar));
    return looked;
  }

  async nextDue(sql: Sql): Promise<Instant | null> {
    const found = await this.days.calendars(sql, this.clock.now());
    const times = found.map(({ isDue, next }) => (isDue ? FIRST_INSTANT : next)).filter((at) => at !== null);
    return times.length === 0 ? null : (Math.min(...times) as Instant);
  }

  private async one(tx: Tx, calendar: SharedCalendar): Promise<number> {
    const lock = await this.days.lock(tx, calendar, tx.now);
    if (!lock) return 0;
    const { agreements, facts, pressure } = await this.sharing.load(tx, calendar.host, tx.now, tx.now, tx.now);
    const versions = agreements.filter(({ id }) => id === calendar.agreement);
    const offerings = await this.offerings.find(tx, { practice: calendar.host }, plusMs(tx.now, -2 * DAY));
    const guests = [...new Set(versions.flatMap(({ practices }) => practices))].filter((practice) => practice !== calendar.host).sort();
    const shared = offerings.flatMap((offering): SharedOffering[] => {
      const covered = guests.filter((guest) => isCovered(shareRequest(guest, offering, tx.now), versions));
      return covered.length === 0 ? [] : [{ offering, guests: covered }];
    });
    const host: Host = { ...calendar, versions, facts, offerings, shared, horizons: [...new Set(offerings.map(({ horizonDays }) => horizonDays))], returns: returnsMs(versions, calendar.host) };
    for (const { offering } of shared) if (pressure.asks(offering)) await pressure.learn(offering);
    if (lock.growsNow) await this.grow(tx, host, lock.isFirst);
    const due = await this.days.due(tx, calendar, tx.now, DATES_AT_ONCE);
    for (const run of runsOf(due)) await this.look(tx, host, run);
    return due.length + (lock.growsNow ? 1 : 0);
  }

  private async grow(tx: Tx, host: Host, isFirst: boolean): Promise<void> {
    const today = localDateOf(tx.now, host.zone);
    const dates = Array.from({ length: daysAhead(host.versions, host.host, host.horizons, tx.now) + 1 }, (_, ahead) => addDays(today, ahead));
    const visits = await this.days.datesOfVisits(tx, host, isFirst ? FIRST_INSTANT : plusMs(tx.now, -WEEK));
    const all = [...new Set([...dates, ...visits])].map((date) => ({ id: dayId(host.agreement, host.host, date), date }));
    await this.days.grow(tx, host, all, tx.now, instantOf(addDays(today, 1), '00:00' as LocalTime, host.zone));
  }

  private async look(tx: Tx, host: Host, run: readonly StoredDay[]): Promise<void> {
    const range = { start: plusMs(startOf(run[0]!.date, host), -DAY), end: plusMs(startOf(run.at(-1)!.date, host), 3 * DAY) };
    const calendars = await this.calendars.load(tx, host.shared.map(({ offering }) => offering), range, { busy: false });
    const resources = new Set<ResourceId>([...host.offerings.map(({ providerResource }) => providerResource), ...host.shared.flatMap(({ offering }) => calendars.candidates(offering).flatMap((need) => need.resources))]);
    const taken = await this.days.ownTime(tx, host.agreement, [...resources], range);
    for (const day of run) {
      // Why: to fill a date is work of the processor, and bookings are answered by the same thread.
      await setImmediate();
      const ends = Math.max(...zonesOf(host).map((zone) => instantOf(day.date, '24:00' as LocalTime, zone))) as Instant;
      if (ends <= tx.now) await this.end(tx, host, day, ends, { calendars, taken });
      else await this.lookAt(tx, host, day, ends, { calendars, taken });
    }
  }

  private async lookAt(tx: Tx, host: Host, day: StoredDay, ends: Instant, { calendars, taken }: { readonly calendars: Calendars; readonly taken: readonly Occupied[] }): Promise<void> {
    const returned = plusMs(tx.now, host.returns);
    const kept = day.visits.filter(({ start }) => start < returned);
    const lines = linesOf(host, day.date, returned, { now: tx.now, calendars, taken, stood: day.visits });
    const beside = await this.inSameWeek(tx, host, day);
    const next = nextTurn(day.date, ends, zonesOf(host), { agreements: host.versions, host: host.host, horizons: host.horizons, now: tx.now });
    const made = madeOf(host, lines, kept, beside);
    // Why: a change of the calendar is looked for on every date, and most of them it does not touch.
    if (made === day.made && day.nextAt > tx.now) return this.days.save(tx, day.id, { ...day, made }, host.state, next, tx.now);
    const fresh = pack(lines, kept, beside);
    const change = lookAgain(day, { kept, fresh, own: ownTimeOf(host, taken) });
    tx.outbox.add(...dayChanged({ ...host, ...day }, change, tx.now));
    await this.days.save(tx, day.id, { ...change.day, made }, host.state, next, tx.now);
  }

  /** What the other dates of a week have of its quotas, so that a week's quota is offered once. */
  private async inSameWeek(tx: Tx, host: Host, day: StoredDay): Promise<ReadonlyMap<string, number>> {
    const hasWeeks = host.versions.some(({ rules }) => rules.some((rule) => rule.host === host.host && (rule.weeklyQuota ?? null) !== null));
    return hasWeeks ? this.days.quotasBeside(tx, host, day.id, { first: addDays(day.date, -6), last: addDays(day.date, 6) }, 'week ') : new Map();
  }

  private async end(tx: Tx, host: Host, day: StoredDay, ends: Instant, { calendars, taken }: { readonly calendars: Calendars; readonly taken: readonly Occupied[] }): Promise<void> {
    const visits = await this.days.partnerVisits(tx, host, day.date, { start: plusMs(ends, -2 * DAY), end: ends }, host.returns);
    const own = taken.filter(({ start, takenAt }) => takenAt < start - host.returns);
    // Why as of then: nothing of the date had returned yet, and no visit type's notice had run out.
    const before = plusMs(startOf(day.date, host), -host.returns - Math.max(0, ...host.offerings.map(({ minimumNoticeMinutes }) => minimumNoticeMinutes)) * MINUTE);
    const beside = day.standing === 0 ? [] : pack(linesOf(host, day.date, before, { now: before, calendars, taken: own }), [], await this.inSameWeek(tx, host, day));
    tx.outbox.add(...dayEnded({ ...host, ...day }, endDay(day, { own: ownTimeOf(host, own), beside }, visits), tx.now));
    await this.days.save(tx, day.id, day, host.state, 'ended', tx.now);
  }
}

/** The same for the same date. */
export const dayId = (agreement: AgreementId, host: PracticeId, date: LocalDate): string => stableId(`shared-day/${agreement}/${host}/${date}`);
const startOf = (date: LocalDate, { zone }: Host): Instant => instantOf(date, '00:00' as LocalTime, zone);
const zonesOf = ({ offerings, zone }: Host) => [...new Set([zone, ...offerings.map((offering) => offering.zone)])];
function ownTimeOf({ offerings }: Host, taken: readonly Occupied[]): OwnTime[] {
  const providers = new Map(offerings.map(({ providerResource, provider }) => [providerResource, provider]));
  return taken.flatMap(({ resource, ...time }) => {
    const provider = providers.get(resource);
    return provider === undefined ? [] : [{ ...time, provider }];
  });
}

/** Dates that follow one another are read together. */
function runsOf(days: readonly StoredDay[]): StoredDay[][] {
  const runs: StoredDay[][] = [];
  for (const day of days) {
    const last = runs.at(-1);
    if (last && addDays(last.at(-1)!.date, 1) === day.date) last.push(day);
    else runs.push([day]);
  }
  return runs;
}
