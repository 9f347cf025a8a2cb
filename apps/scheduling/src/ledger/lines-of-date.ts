import { createHash } from 'node:crypto';
import { type Instant, type LocalDate, type PracticeId, type ResourceId, type TimeRange, DAY, plusMinutes, plusMs } from '@slotmesh/kernel';
import type { QuotaClaim } from '../agreements/domain/share-limits';
import { type Agreement, type Refusal, type ShareFacts, decideSharing } from '../agreements/domain/share-rule';
import { type OpenRange, openRanges, rangeOfDays } from '../availability/domain/working-hours';
import { shareRequest } from '../openings/sharing-facts';
import { bookableWindow, findStarts } from '../openings/domain/find-starts';
import { gridMinutes } from '../openings/domain/grid';
import type { Offering } from '../openings/domain/opening';
import { SessionRules } from '../openings/domain/session-rules';
import type { Calendars } from '../openings/persistence/calendar.repository';
import type { OpenVisit, PackedLine } from './domain/packing';
import type { Occupied, SharedCalendar } from './persistence/shared-day.repository';

/** An offering and the partners to whom a rule speaks of it. */
export interface SharedOffering {
  readonly offering: Offering;
  readonly guests: readonly PracticeId[];
}
export interface Host extends SharedCalendar {
  readonly versions: readonly Agreement[];
  readonly facts: ShareFacts;
  readonly offerings: readonly Offering[];
  readonly shared: readonly SharedOffering[];
  readonly horizons: readonly number[];
  readonly returns: number;
}

/** What refuses one start of a date refuses every later one under the same versions, for a date is filled from its first start on and quotas only fill up. */
const ALL_DATE: ReadonlySet<Refusal> = new Set<Refusal>(['no-agreement', 'not-in-force', 'papers-missing', 'data-not-shared', 'not-covered', 'blackout', 'not-yet-open', 'own-patients-first', 'lender-guard', 'quota-used']);
/** `givens`: what its functions decide by. */
export interface Line extends PackedLine {
  readonly givens: readonly unknown[];
}
/** What a host's offerings are on a date to the partners that an agreement lets in, from a moment on. */
export function linesOf(host: Host, date: LocalDate, from: Instant, { now, calendars, taken, stood = [] }: { readonly now: Instant; readonly calendars: Calendars; readonly taken: readonly Occupied[]; readonly stood?: readonly OpenVisit[] }): Line[] {
  const { ownWaiting, firstOwnStart, visitsThatFit } = host.facts;
  const rules = host.versions.flatMap((version) => version.rules).filter((rule) => rule.host === host.host);
  const shares = rules.filter(({ dailySharePercent }) => typeof dailySharePercent === 'number');
  const guards = rules.filter(({ guardDays }) => typeof guardDays === 'number');
  const busy = (id: ResourceId): TimeRange[] => taken.filter(({ resource }) => resource === id);
  const standing = new Set(stood.map(placeOf));
  const places = new Map<string, { readonly open: readonly OpenRange[]; readonly blocks: SessionRules | null; readonly sessions: unknown }>();
  return host.shared.flatMap(({ offering, guests }): Line[] => {
    const day = rangeOfDays(date, date, offering.zone);
    const window = bookableWindow(now, { ...offering, minimumNoticeMinutes: 0 }, { start: Math.max(day.start, from) as Instant, end: day.end }, offering.zone);
    const oneVersion = !host.versions.some(({ from: begins, until }) => [begins, until].some((at) => at !== null && at > day.start && at < day.end));
    let left = guests;
    const share: PackedLine['share'] = (start, used) => {
      for (const guest of left) {
        // Why as if nobody were asked first: what may be asked for is offered, too, until it returns.
        const decision = decideSharing({ ...shareRequest(guest, offering, start), asksFirst: null }, host.versions, { ...host.facts, now, used: (use) => used(keyOf(use)) });
        if (decision.allowed) return decision.quotas.map(keyOf);
        if (oneVersion && ALL_DATE.has(decision.reason.code)) left = left.filter((other) => other !== guest);
      }
      return null;
    };
    if (window.start >= window.end) return [];
    const key = `${offering.provider}/${offering.site}`;
    let place = places.get(key);
    if (!place) {
      const schedule = calendars.schedule(offering);
      // Why a day more: a visit may run on over midnight.
      places.set(key, (place = { open: openRanges(schedule, { start: day.start, end: plusMs(day.end, DAY) }, offering.zone), blocks: SessionRules.of(schedule, offering.zone), sessions: [schedule.hours, schedule.exceptions] }));
    }
    const { open, blocks, sessions } = place;
    const needs = calendars.candidates(offering).map((need) => ({ ...need, resources: need.resources.map((id) => ({ id, busy: busy(id) })) }));
    // Why those that stood open, too: that the notice of a visit has run out is nobody's withdrawal; its time is unused until the date is over.
    const noticed = plusMinutes(now, offering.minimumNoticeMinutes);
    const starts = findStarts({ ...offering, open, busy: busy(offering.providerResource), oneOf: needs, stepMinutes: gridMinutes(offering), window })
      .filter((start) => start >= noticed || standing.has(placeOf({ ...offering, start, end: plusMinutes(start, offering.durationMinutes) })));
    const { visitType, service } = offering;
    const givens = [guests, blocks && sessions, ownWaiting(host.host, service), ...(visitType === null ? [] : [...guards.map(({ guardDays }) => firstOwnStart(host.host, visitType, guardDays ?? 0)), ...shares.map((rule) => visitsThatFit(rule, visitType, date))])];
    return starts.length === 0 ? [] : [{ givens, offering, starts, needs, share, session: (during) => blocks?.decide({ ...during, visitType: offering.visitType, service: offering.service }, now) ?? { allowed: true, limit: null } }];
  });
}

/** What a date is filled from, in short: from the same it is filled the same, until time turns it. */
export const madeOf = ({ terms }: Host, lines: readonly Line[], kept: readonly OpenVisit[], beside: ReadonlyMap<string, number>): string =>
  createHash('sha256').update(JSON.stringify([terms, lines, kept, [...beside].sort()])).digest('base64url');

/** One count of visits: of a rule on a date, or in a week. */
const keyOf = ({ rule, period, date }: Pick<QuotaClaim, 'rule' | 'period' | 'date'>): string => `${period} ${date} ${rule}`;
const placeOf = ({ provider, site, start, end }: Pick<OpenVisit, 'provider' | 'site' | 'start' | 'end'>): string => `${provider}/${site}/${start}/${end}`;
