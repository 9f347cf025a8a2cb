import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type Instant, type LocalDate, type LocalTime, type PracticeId, type SiteId, type Zone, Clock, DAY, FIRST_INSTANT, addDays, instantOf, localDateOf, plusMs } from '@slotmesh/kernel';
import { type Sql, type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';
import type { Agreement } from '../../agreements/domain/share-rule';
import { AgreementRepository } from '../../agreements/persistence/agreement.repository';
import type { Offering } from '../../openings/domain/opening';
import { SessionRules } from '../../openings/domain/session-rules';
import { type Calendars, CalendarRepository } from '../../openings/persistence/calendar.repository';
import { OpeningDirectory } from '../../openings/persistence/opening-directory';
import { shareRequest } from '../../openings/sharing-facts';
import { lentStarts, papersEnd, withPapersOf } from '../domain/lent-starts';
import { type GivenVisit, type PlaceOfWork, supplyOf } from '../domain/supply-of-date';
import { eachByItself } from '../../shared/each-by-itself';
import { type SuppliedProvider, type SupplyCalendar, SupplyRepository } from '../persistence/supply.repository';
import { supplyStated } from '../supply.events';

/** Providers of one practice in one transaction: few, so that nobody waits long behind them. */
const PROVIDERS_AT_ONCE = 4;
/** Farther ahead nobody plans by it. */
const MOST_DAYS = 90;
const NAME = 'supply';

/**
 * States what each provider's dates hold, from today to the last that can be booked, and states a date again only when that has changed: bookings do not touch it, and dates that are over stay as they were stated.
 * Whether anything of a practice may have changed is one comparison; then each of its providers is looked at, and dates are computed anew only where what they come from is another.
 */
@Injectable()
export class StateSupply {
  constructor(
    private readonly work: UnitOfWork, private readonly clock: Clock, private readonly supply: SupplyRepository, private readonly directory: OpeningDirectory, private readonly calendars: CalendarRepository, private readonly agreements: AgreementRepository,
  ) {}

  /** One look at every practice of which something is due; returns how many providers were looked at. */
  async execute(): Promise<number> {
    const all = await this.work.run(workerFor(NAME, null), (tx) => this.supply.calendars(tx));
    const now = this.clock.now();
    let looked = 0;
    await eachByItself(all.filter((calendar) => isDue(calendar, now)), async (calendar) => { looked += await this.work.run(workerFor(NAME, calendar.host), (tx) => this.one(tx, calendar)); });
    return looked;
  }

  async nextDue(sql: Sql): Promise<Instant | null> {
    const times = (await this.supply.calendars(sql)).map((calendar) => (calendar.hasChanged ? FIRST_INSTANT : calendar.next)).filter((at) => at !== null);
    return times.length === 0 ? null : (Math.min(...times) as Instant);
  }

  private async one(tx: Tx, calendar: SupplyCalendar): Promise<number> {
    if (!(await this.supply.lock(tx, calendar))) return 0;
    const offerings = (await this.directory.matching(tx, { practice: calendar.host }, tx.now)).map(({ offering }) => offering);
    const changed = calendar.hasChanged && (await this.supply.noteChange(tx, calendar, [...new Set(offerings.map(({ provider }) => provider))], tx.now));
    const due = await this.supply.due(tx, calendar.host, tx.now, PROVIDERS_AT_ONCE);
    if (due.length > 0) await this.look(tx, calendar, due, offerings);
    return due.length + (changed ? 1 : 0);
  }

  private async look(tx: Tx, calendar: SupplyCalendar, due: readonly SuppliedProvider[], offerings: readonly Offering[]): Promise<void> {
    const providers = new Set(due.map(({ provider }) => provider));
    const given = offerings.filter(({ provider }) => providers.has(provider));
    const range = { start: plusMs(tx.now, -2 * DAY), end: plusMs(tx.now, (MOST_DAYS + 2) * DAY) };
    const calendars = await this.calendars.load(tx, given, range, { busy: false });
    const known = await this.agreements.of(tx, calendar.host);
    const terms = withPapersOf(known, tx.now);
    for (const one of due) {
      // Why: to fill the dates of a provider is work of the processor, and bookings are answered by the same thread.
      await setImmediate();
      const own = given.filter(({ provider }) => provider === one.provider);
      const zones = own.length === 0 ? [calendar.zone] : [...new Set(own.map(({ zone }) => zone))];
      const places = placesOf(own, calendars, terms);
      // Why the offerings too: what of them may be lent is a function in `places`, which leaves no trace in a digest.
      const made = digestOf([places, terms, own]);
      const stated = this.state(tx, calendar.host, one, { reach: reachOf(own, zones, tx.now), isNew: made !== one.made, places });
      if (own.length === 0 && stated.size === 0) await this.supply.forget(tx, one.provider);
      else await this.supply.save(tx, { provider: one.provider, made, stated }, Math.min(...zones.map((zone) => instantOf(addDays(localDateOf(tx.now, zone), 1), '00:00' as LocalTime, zone)), ...papersEnd(known, tx.now)) as Instant);
    }
  }

  /** What is stated of each date from now on; dates that were stated, and lie beyond reach now, are looked at as well. */
  private state(tx: Tx, host: PracticeId, { provider, stated }: SuppliedProvider, { reach, isNew, places }: { readonly reach: Reach; readonly isNew: boolean; readonly places: readonly PlaceOfWork[] }): Map<LocalDate, string> {
    const dates = [...new Set([...reach.dates, ...[...stated.keys()].filter((date) => date >= reach.today)])].sort();
    return new Map(dates.map((date) => {
      const before = stated.get(date);
      if (before !== undefined && !isNew) return [date, before];
      const supply = supplyOf(date, places);
      const digest = digestOf(supply);
      if (digest !== before) tx.outbox.add(supplyStated({ host, provider, date }, supply, tx.now));
      return [date, digest];
    }));
  }
}

interface Reach {
  /** Where it is earliest. */
  readonly today: LocalDate;
  readonly dates: readonly LocalDate[];
}
function reachOf(offerings: readonly Offering[], zones: readonly Zone[], now: Instant): Reach {
  const [today] = zones.map((zone) => localDateOf(now, zone)).sort();
  if (today === undefined) throw new TypeError('a provider works in a zone');
  const ahead = Math.min(MOST_DAYS, ...[Math.max(-1, ...offerings.map(({ horizonDays }) => horizonDays))]);
  return { today, dates: Array.from({ length: ahead + 1 }, (_, days) => addDays(today, days)) };
}

/** The sites of one provider. A visit that needs what its site does not have is given to nobody there. */
function placesOf(offerings: readonly Offering[], calendars: Calendars, terms: readonly Agreement[]): PlaceOfWork[] {
  const guests = [...new Set(terms.flatMap(({ practices }) => practices))];
  const bySite = new Map<SiteId, Offering[]>();
  for (const offering of offerings) bySite.set(offering.site, [...(bySite.get(offering.site) ?? []), offering]);
  return [...bySite.values()].flatMap((here): PlaceOfWork[] => {
    const [first] = here;
    if (!first) return [];
    const schedule = calendars.schedule(first);
    const visits = here.filter((offering) => calendars.candidates(offering).every(({ resources }) => resources.length > 0));
    return [{ site: first.site, zone: first.zone, schedule, rules: SessionRules.of(schedule, first.zone), visits: visits.map((offering) => givenVisit(offering, guests, terms)) }];
  });
}

const givenVisit = (offering: Offering, guests: readonly PracticeId[], terms: readonly Agreement[]): GivenVisit => {
  const { visitType, service, durationMinutes, extraMinutes, practice } = offering;
  const { booking: _booking, start: _start, ...request } = shareRequest(practice, offering, FIRST_INSTANT);
  return { visitType, service, durationMinutes, extraMinutes, isLent: lentStarts(request, guests.filter((guest) => guest !== practice), terms) };
};

const isDue = ({ hasChanged, next }: SupplyCalendar, now: Instant): boolean => hasChanged || (next !== null && next <= now);
const digestOf = (of: unknown): string => createHash('sha256').update(JSON.stringify(of)).digest('base64url').slice(0, 16);
