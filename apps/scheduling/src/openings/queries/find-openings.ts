import { Injectable } from '@nestjs/common';
import { type Instant, type OpeningId, type PatientId, type PracticeId, type TimeRange, overlaps, plusMinutes, toDate, instantOfDate, type PersonId } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { decideSharing } from '../../agreements/domain/share-rule';
import { openRanges } from '../../availability/domain/working-hours';
import { openingIdOf, shareRequest, SharingFacts } from '../bookability';
import { bookableWindow, starts } from '../domain/find-starts';
import { gridMinutes } from '../domain/grid';
import type { BookableTime, Offering } from '../domain/opening';
import { CalendarRepository, type Calendars } from '../persistence/calendar.repository';
import { type OfferingFilter, OfferingRepository } from '../persistence/offering.repository';
import { type Fit, type Rankable, type Ranking, fitOf, rank } from '../domain/ranking';
import { type DistanceFrom, type PartOfDay, isInPartOfDay, kilometresBetween } from '../domain/place-and-time';

export interface OpeningSearch extends OfferingFilter {
  readonly range: TimeRange;
  readonly patient?: PatientId;
  readonly near?: DistanceFrom;
  readonly partOfDay?: PartOfDay;
  readonly limit: number;
  /** How the openings are ordered; default soonest. */
  readonly ranking?: Ranking;
  /** Soonest first: the last item of the page before. */
  readonly after?: { readonly start: Instant; readonly id: string };
  /** Other orders: how many were on the pages before. */
  readonly skip?: number;
}
export interface FoundOpening extends BookableTime, Rankable {
  readonly id: OpeningId;
  readonly start: Instant;
}
/** An order that is not by time has to look at all of the range; this many are compared at most, the soonest. */
const MOST_COMPARED = 2_000;
export interface OpeningsFound {
  readonly openings: readonly FoundOpening[];
  readonly more: boolean;
  /** Why times that are open were left out: a sentence and how often, so that nobody wonders. */
  readonly leftOut: readonly { readonly reason: string; readonly count: number }[];
}

/** Own and partner openings in one search. May be stale the moment it is answered; hold and booking never are (P5). */
@Injectable()
export class FindOpenings {
  constructor(private readonly offerings: OfferingRepository, private readonly calendars: CalendarRepository, private readonly sharing: SharingFacts) {}

  async execute(sql: Sql, guest: PracticeId, search: OpeningSearch, now: Instant): Promise<OpeningsFound> {
    const range = { start: Math.max(search.range.start, search.after?.start ?? search.range.start, now) as Instant, end: search.range.end };
    const offerings = (await this.offerings.find(sql, search, range.start)).filter((offering) => withinReach(offering, search.near));
    if (offerings.length === 0 || range.start >= range.end) return { openings: [], more: false, leftOut: [] };
    const calendars = await this.calendars.load(sql, offerings, range);
    const { agreements, facts } = await this.sharing.load(sql, guest, range.start, range.end, now);
    const busyPerson = search.patient ? await this.personBusy(sql, search.patient, range) : [];
    const leftOut = new Map<string, number>();
    const leave = (reason: string): null => {
      leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
      return null;
    };

    const decide = (offering: Offering, start: Instant): FoundOpening | null => {
      const id = openingIdOf(offering, start);
      if (search.after && (start < search.after.start || (start === search.after.start && id <= search.after.id))) return null;
      if (search.partOfDay && !isInPartOfDay(start, offering.zone, search.partOfDay)) return null;
      const end = plusMinutes(start, offering.durationMinutes);
      const decision = decideSharing(shareRequest(guest, offering, start), agreements, facts);
      if (!decision.allowed) return leave(decision.reason.message);
      if (busyPerson.some((busy) => overlaps(busy, { start, end }))) return leave('the patient has another visit then');
      return { offering, id, start, end, agreement: decision.agreement?.id ?? null, quotas: decision.quotas, zone: offering.zone, kilometres: search.near ? kilometresBetween(search.near, offering) : null, fit: fitIn(calendars, offering, start, end) };
    };

    const { ranking = 'soonest', skip = 0, limit } = search;
    const streams = offerings.map((offering) => this.startsOf(offering, calendars, range, now));
    const found = ranking === 'soonest' ? earliest(streams, limit + 1, decide) : rank(earliest(streams, MOST_COMPARED, decide), ranking).slice(skip, skip + limit + 1);
    return { openings: found.slice(0, limit), more: found.length > limit, leftOut: [...leftOut].map(([reason, count]) => ({ reason, count })) };
  }

  private *startsOf(offering: Offering, calendars: Calendars, range: TimeRange, now: Instant): Generator<{ offering: Offering; start: Instant }> {
    const window = bookableWindow(now, offering, range, offering.zone);
    if (window.start >= window.end) return;
    const oneOf = calendars.candidates(offering).map((need) => need.resources.map((resource) => calendars.busy(resource)));
    const open = openRanges(calendars.schedule(offering), window, offering.zone);
    for (const start of starts({ ...offering, open, busy: calendars.busy(offering.providerResource), oneOf, stepMinutes: gridMinutes(offering), window })) yield { offering, start };
  }

  private async personBusy(sql: Sql, patient: PatientId, range: TimeRange): Promise<TimeRange[]> {
    const [row] = await sql.query<{ person_id: PersonId }>(`SELECT person_id FROM patient WHERE id = $1`, [patient]);
    if (!row) return [];
    const rows = await sql.query<{ starts_at: Date; ends_at: Date }>(`SELECT starts_at, ends_at FROM person_busy($1, $2, $3)`, [row.person_id, toDate(range.start), toDate(range.end)]);
    return rows.map((busy) => ({ start: instantOfDate(busy.starts_at), end: instantOfDate(busy.ends_at) }));
  }
}

const withinReach = (offering: Offering, near: DistanceFrom | undefined): boolean => {
  if (!near?.radiusKm) return true;
  const kilometres = kilometresBetween(near, offering);
  return kilometres !== null && kilometres <= near.radiusKm;
};

/** Merges ordered streams by start and takes the first that `decide` lets pass; only as much of each stream is computed as is needed. */
function earliest(streams: readonly Iterator<{ offering: Offering; start: Instant }>[], limit: number, decide: (offering: Offering, start: Instant) => FoundOpening | null): FoundOpening[] {
  const heads = streams.map((stream) => ({ stream, next: stream.next() })).filter((head) => !head.next.done);
  const found: FoundOpening[] = [];
  while (heads.length > 0) {
    const now = heads.reduce((least, head) => Math.min(least, head.next.value.start), Number.POSITIVE_INFINITY);
    const atOnce: FoundOpening[] = [];
    for (let i = heads.length - 1; i >= 0; i -= 1) {
      const head = heads[i]!;
      while (!head.next.done && head.next.value.start === now) {
        const opening = decide(head.next.value.offering, head.next.value.start);
        if (opening) atOnce.push(opening);
        head.next = head.stream.next();
      }
      if (head.next.done) heads.splice(i, 1);
    }
    // Why by id: pages are cut by start and id, so the order within one start must be the same in every search.
    found.push(...atOnce.sort((a, b) => (a.id < b.id ? -1 : 1)));
    if (found.length >= limit) break;
  }
  return found;
}

const fitIn = (calendars: Calendars, offering: Offering, start: Instant, end: Instant): Fit =>
  fitOf(offering, start, openRanges(calendars.schedule(offering), { start, end }, offering.zone), calendars.busy(offering.providerResource));
