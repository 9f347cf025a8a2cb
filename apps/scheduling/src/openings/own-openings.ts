import { Injectable } from '@nestjs/common';
import { DAY, HOUR, type Instant, MINUTE, type OpeningId, type ResourceId, type TimeRange, plusMinutes } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { type PatientNeeds, tailored } from './domain/care';
import { bookableWindow, isStart, starts } from './domain/find-starts';
import { gridMinutes } from './domain/grid';
import { openingIdOf } from './domain/opening-id';
import type { HowToBook, Offering } from './domain/opening';
import type { OpenWeeks } from './domain/open-weeks';
import { isWithinReach, placeFor } from './domain/place-and-time';
import { type SessionLimit, countsIn } from './domain/session-rules';
import { type Fit, fitOf } from './domain/ranking';
import type { Candidate, CandidatesInOrder, OfferSearch, OpeningSource, SearchedTime } from './opening-source';
import { type BegunVisit, type Busy, CalendarRepository, type Candidates, type OpenSession } from './persistence/calendar.repository';
import { CareRepository } from './persistence/care.repository';
import { type Offered, OpeningDirectory } from './persistence/opening-directory';

const HELD_HERE: HowToBook = { bookable: 'hold' };
/** Beyond a working day most of the time is night. */
const WORKING_DAY = 8 * HOUR;
const LEAST_AT_ONCE = 64;
const MOST_AT_ONCE = 16_384;

/** The free starts of the calendars that the partnership's practices keep here. */
@Injectable()
export class OwnOpenings implements OpeningSource {
  constructor(private readonly directory: OpeningDirectory, private readonly calendars: CalendarRepository, private readonly care: CareRepository) {}

  async open(sql: Sql, search: OfferSearch, { range, wanted, now }: SearchedTime): Promise<CandidatesInOrder | null> {
    const all = await this.directory.matching(sql, search, range.start);
    const isNear = reachOf(search.near);
    const found = search.near?.radiusKm || search.accepts ? all.filter(({ offering }) => isNear(offering) && (search.accepts?.(offering) ?? true)) : all;
    const offered = search.needs && found.length > 0 ? await this.forPatient(sql, found, search.needs, search.leave) : found;
    if (offered.length === 0) return null;
    const reads: Reads = {
      busy: (resources, during) => this.calendars.busy(sql, resources, during),
      begun: (providers, visitTypes, during) => this.calendars.begun(sql, providers, visitTypes, during),
      sessions: (visitTypes, during) => this.calendars.sessions(sql, visitTypes, during) };
    return inOrder(linesOf(offered, range, now), wanted, now, reads);
  }

  private async forPatient(sql: Sql, offered: readonly Offered[], needs: PatientNeeds, leave: OfferSearch['leave']): Promise<Offered[]> {
    const resources = await this.care.helpful(sql, offered.map(({ offering }) => offering.practice));
    return offered.flatMap((one) => {
      const answer = tailored(one.offering, needs, resources);
      if ('offering' in answer) return [{ ...one, offering: answer.offering }];
      leave?.(answer.leftOut);
      return [];
    });
  }
}

/** Many offerings share a site: how far it is is computed once. */
function reachOf(near: OfferSearch['near']): (offering: Offering) => boolean {
  const sites = new Map<string, boolean>();
  return (offering) => {
    let isNear = sites.get(offering.site);
    if (isNear === undefined) sites.set(offering.site, (isNear = isWithinReach(placeFor(offering, near?.by), near)));
    return isNear;
  };
}

/** What a search asks of the tables as it goes on. */
export interface Reads {
  busy(resources: readonly string[], during: TimeRange): Promise<Busy>;
  begun(providers: readonly string[], visitTypes: readonly string[], during: TimeRange): Promise<readonly BegunVisit[]>;
  sessions(visitTypes: readonly string[], during: TimeRange): Promise<readonly OpenSession[]>;
}

/** One offering in a search: where in time it has got. */
interface Line extends Offered {
  readonly window: TimeRange;
  readonly stepMinutes: number;
  /** The first start that hours and grid would let be, at or after where the search has got. */
  next: number;
}

export function linesOf(offered: readonly Offered[], range: TimeRange, now: Instant): Line[] {
  const windows = new Map<string, TimeRange>();
  return offered.map((one) => {
    const { offering, weeks, rules } = one;
    const key = `${offering.zone} ${offering.minimumNoticeMinutes} ${offering.horizonDays}`;
    let window = windows.get(key);
    if (!window) windows.set(key, (window = bookableWindow(now, offering, range, offering.zone)));
    const stepMinutes = gridMinutes(offering);
    return { offering, weeks, rules, candidates: one.candidates, window, stepMinutes, next: weeks.firstOnGrid(window.start, window.end, stepMinutes) };
  });
}

/**
 * The free starts of all lines by start and id. Hours alone say where the next could be; taken time is read for as little as a page is likely to need: where many calendars open at one minute, for
 * that minute and some of them, where few do, for some days. What is read at once doubles, so that calendars that are full cost few statements.
 */
export async function* inOrder(lines: readonly Line[], wanted: number, now: Instant, reads: Reads): CandidatesInOrder {
  for (let most = Math.max(LEAST_AT_ONCE, 2 * wanted); ; most = Math.min(2 * most, MOST_AT_ONCE)) {
    const from = lines.reduce((least, line) => Math.min(least, line.next), Number.POSITIVE_INFINITY);
    if (from === Number.POSITIVE_INFINITY) return;
    const working = (most / lines.length) * lines[0]!.stepMinutes * MINUTE;
    let until = from + Math.ceil(working <= WORKING_DAY ? working : (working / WORKING_DAY) * DAY);
    let due = lines.filter((line) => line.next < until);
    if (due.length > most) {
      until = from + 1;
      due = lines.filter((line) => line.next < until);
    }
    const slice = { start: from as Instant, end: until as Instant };
    for (let i = 0; i < due.length; i += most) {
      const some = due.slice(i, i + most);
      const found = await freeOf(some, slice, now, reads);
      // Lines come in the order of their ids, and sorting keeps it.
      if (found.length > 0) yield found.sort((a, b) => a.start - b.start);
    }
    for (const line of due) line.next = line.weeks.firstOnGrid(until, line.window.end, line.stepMinutes);
  }
}

async function freeOf(lines: readonly Line[], slice: TimeRange, now: Instant, reads: Reads): Promise<OwnOpening[]> {
  const resources = new Set<string>();
  let [before, after] = [0, 0];
  const asked = lines.map((line) => {
    const { offering } = line;
    const needs = offering.needs.length === 0 ? NONE : line.candidates(offering);
    resources.add(offering.providerResource);
    for (const need of needs) for (const id of need.resources) resources.add(id);
    for (const { bufferBeforeMinutes, bufferAfterMinutes } of [offering, ...needs]) {
      before = Math.max(before, bufferBeforeMinutes);
      after = Math.max(after, offering.durationMinutes + bufferAfterMinutes);
    }
    return { line, needs };
  });
  // Why a minute more: what ends or begins just there says how well a start fits.
  const busy = await reads.busy([...resources], { start: plusMinutes(slice.start, -before - 1), end: plusMinutes(slice.end, after + 1) });
  const groups = lines.flatMap(({ offering }) => (offering.seats === null ? [] : [offering.visitType]));
  const sessions = groups.length === 0 ? [] : await reads.sessions([...new Set(groups)], slice);
  const found = asked.flatMap(({ line, needs }) => {
    const { offering, weeks, stepMinutes } = line;
    const window = { start: Math.max(slice.start, line.window.start) as Instant, end: Math.min(slice.end, line.window.end) as Instant };
    const taken = busy.of(offering.providerResource);
    const query = {
      durationMinutes: offering.durationMinutes, bufferBeforeMinutes: offering.bufferBeforeMinutes, bufferAfterMinutes: offering.bufferAfterMinutes, stepMinutes, window, busy: taken,
      // Why so far: a visit may run on into the next piece.
      open: weeks.open({ start: window.start, end: plusMinutes(window.end, offering.durationMinutes) }),
      oneOf: needs.map((need) => ({ ...need, resources: need.resources.map((id) => ({ id, busy: busy.of(id) })) })),
    };
    const fresh = Array.from(starts(query), (start) => ({ line, opening: new OwnOpening(offering, weeks, taken, start, offering.seats) }));
    if (offering.seats === null) return fresh;
    // Why whatever is taken: it is the session itself that takes it.
    const begun = sessions.filter((session) => session.visitType === offering.visitType && session.provider === offering.provider && session.site === offering.site && session.seatsTaken < (offering.seats ?? 0) && isStart({ ...query, busy: [], oneOf: [], window }, session.start) && session.start >= window.start && session.start < window.end
      // Why: it may have been opened when the visit type was shorter.
      && session.taken.start <= plusMinutes(session.start, -offering.bufferBeforeMinutes) && session.taken.end >= plusMinutes(session.start, offering.durationMinutes + offering.bufferAfterMinutes));
    return [...fresh, ...begun.map(({ start, seatsTaken }) => ({ line, opening: new OwnOpening(offering, weeks, taken, start, (offering.seats ?? 0) - seatsTaken, true) }))];
  });
  return asked.some(({ line }) => line.rules !== null) ? withinRules(found, now, reads) : found.map(({ opening }) => opening);
}

/** What the rules of the hours let be, and in sessions with a limit only as long as it is not used up. */
async function withinRules(found: readonly { readonly line: Line; readonly opening: OwnOpening }[], now: Instant, reads: Reads): Promise<OwnOpening[]> {
  const limits = new Map<OwnOpening, SessionLimit>();
  const allowed = found.filter(({ line: { offering, rules }, opening }) => {
    const decision = rules?.decide({ start: opening.start, end: opening.end, visitType: offering.visitType, service: offering.service }, now);
    if (decision?.allowed && decision.limit && !opening.isOfSession) limits.set(opening, decision.limit);
    return decision?.allowed ?? true;
  });
  if (limits.size === 0) return allowed.map(({ opening }) => opening);
  const limited = [...limits.entries()];
  const sessions = limited.map(([, limit]) => limit);
  const begun = await reads.begun([...new Set(limited.map(([{ offer }]) => offer.providerResource))], [...new Set(sessions.map(({ visitType }) => visitType))], {
    start: Math.min(...sessions.map(({ start }) => start)) as Instant, end: Math.max(...sessions.map(({ end }) => end)) as Instant,
  });
  const full = new Map<string, boolean>();
  const isFull = (limit: SessionLimit, provider: ResourceId): boolean => {
    const key = `${limit.key} ${provider}`;
    const known = full.get(key) ?? begun.filter((visit) => visit.provider === provider && visit.visitType === limit.visitType && countsIn(limit, visit.start)).length >= limit.most;
    full.set(key, known);
    return known;
  };
  return allowed.flatMap(({ opening }) => {
    const limit = limits.get(opening);
    return limit && isFull(limit, opening.offer.providerResource) ? [] : [opening];
  });
}
const NONE: readonly Candidates[] = [];

class OwnOpening implements Candidate {
  readonly end: Instant;
  readonly how = HELD_HERE;
  readonly isOneVisit = true;
  private made: OpeningId | undefined;

  constructor(readonly offer: Offering, private readonly weeks: OpenWeeks, private readonly busy: readonly TimeRange[], readonly start: Instant, readonly seatsLeft: number | null, readonly isOfSession = false) {
    this.end = plusMinutes(start, offer.durationMinutes);
  }

  get id(): OpeningId {
    return (this.made ??= openingIdOf(this.offer, this.start));
  }

  fit(): Fit {
    return fitOf(this.offer, this.start, this.weeks.open(this), this.busy);
  }
}
