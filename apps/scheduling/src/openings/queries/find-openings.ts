import { Inject, Injectable } from '@nestjs/common';
import { DAY, type Instant, type OpeningId, type PatientId, type PersonId, type PracticeId, type TimeRange, contains, instantOfDate, overlaps, plusMs, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { decideSharing } from '../../agreements/domain/share-rule';
import { shareRequest, SharingFacts } from '../bookability';
import type { PatientNeeds } from '../domain/care';
import type { HowToBook, Offer } from '../domain/opening';
import { type PartOfDay, isInPartOfDay, kilometresBetween, meetsPartOfDay } from '../domain/place-and-time';
import { type Rankable, type Ranking, rank } from '../domain/ranking';
import { type Candidate, type OfferSearch, OPENING_SOURCES, type OpeningSource } from '../opening-source';
import { needsIn } from '../persistence/care.repository';

export interface OpeningSearch extends OfferSearch {
  readonly range: TimeRange;
  readonly patient?: PatientId;
  readonly partOfDay?: PartOfDay;
  readonly limit: number;
  /** How the openings are ordered; default soonest. */
  readonly ranking?: Ranking;
  /** Soonest first: the last item of the page before. */
  readonly after?: { readonly start: Instant; readonly id: string };
  /** Other orders: how many were on the pages before. */
  readonly skip?: number;
}
export interface FoundOpening extends Rankable {
  readonly id: OpeningId;
  readonly end: Instant;
  readonly offer: Offer;
  readonly how: HowToBook;
}
/** An order that is not by time has to look at all of the range; this many are compared at most, the soonest. */
const MOST_COMPARED = 2_000;
export interface OpeningsFound {
  readonly openings: readonly FoundOpening[];
  readonly more: boolean;
  /** Why times that are open were left out: a sentence and how often, so that nobody wonders. */
  readonly leftOut: readonly { readonly reason: string; readonly count: number }[];
}

/** Own, partner and published openings in one search. May be stale the moment it is answered; hold and booking never are (P5). */
@Injectable()
export class FindOpenings {
  constructor(@Inject(OPENING_SOURCES) private readonly sources: readonly OpeningSource[], private readonly sharing: SharingFacts) {}

  async execute(sql: Sql, guest: PracticeId, search: OpeningSearch, now: Instant): Promise<OpeningsFound> {
    const range = { start: Math.max(search.range.start, search.after?.start ?? search.range.start) as Instant, end: search.range.end };
    if (range.start >= range.end) return NOTHING;
    const patient = search.patient ? await this.patientOf(sql, search.patient) : null;
    const leftOut = new Map<string, number>();
    const leave = (reason: string): null => {
      leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
      return null;
    };
    const asked: OfferSearch = { ...search, needs: search.needs ?? patient?.needs ?? null, leave };
    const readers = await inTurn(this.sources, (source) => source.open(sql, asked, range.start, now)).then((opened) => opened.filter((reader) => reader !== null));
    if (readers.length === 0) return { ...NOTHING, leftOut: shown(leftOut) };
    const { agreements, facts } = await this.sharing.load(sql, guest, range.start, range.end, now);
    const busyPerson = patient ? await this.personBusy(sql, patient.person, range) : [];

    const decide = (candidate: Candidate): FoundOpening | null => {
      const { id, start, end, offer, how, isOneVisit } = candidate;
      if (search.after && (start < search.after.start || (start === search.after.start && id <= search.after.id))) return null;
      if (search.partOfDay && !(isOneVisit ? isInPartOfDay(start, offer.zone, search.partOfDay) : meetsPartOfDay(candidate, offer.zone, search.partOfDay))) return null;
      const decision = decideSharing(shareRequest(guest, offer, start), agreements, facts);
      if (!decision.allowed) return leave(decision.reason.message);
      if (busyPerson.some((busy) => (isOneVisit ? overlaps(busy, candidate) : contains(busy, candidate)))) return leave('the patient has another visit then');
      return { id, start, end, offer, how, zone: offer.zone, kilometres: search.near ? kilometresBetween(search.near, offer) : null, fit: candidate.fit() };
    };

    const { ranking = 'soonest', skip = 0, limit } = search;
    const wanted = ranking === 'soonest' ? limit + 1 : MOST_COMPARED;
    const earliest: FoundOpening[] = [];
    // Why slices that grow: a page is mostly full after a few days, and the calendars of the weeks after need not be read for it.
    for (let start = range.start, days = FIRST_SLICE_DAYS; start < range.end && earliest.length < wanted; days *= 2) {
      const slice = { start, end: Math.min(plusMs(start, days * DAY), range.end) as Instant };
      const parts = await inTurn(readers, (read) => read(slice));
      start = Math.min(...parts.map(({ until }) => until)) as Instant;
      takeEarliest(earliest, parts.flatMap(({ streams }) => streams), { wanted, until: start }, decide);
    }
    const found = ranking === 'soonest' ? earliest : rank(earliest, ranking).slice(skip, skip + limit + 1);
    return { openings: found.slice(0, limit), more: found.length > limit, leftOut: shown(leftOut) };
  }

  private async patientOf(sql: Sql, patient: PatientId): Promise<{ readonly person: PersonId; readonly needs: PatientNeeds | null } | null> {
    const [row] = await sql.query<{ person_id: PersonId; needs: string[]; language: string }>(`SELECT person_id, needs, language FROM patient WHERE id = $1`, [patient]);
    return row ? { person: row.person_id, needs: needsIn(row) } : null;
  }

  private async personBusy(sql: Sql, person: PersonId, range: TimeRange): Promise<TimeRange[]> {
    const rows = await sql.query<{ starts_at: Date; ends_at: Date }>(`SELECT starts_at, ends_at FROM person_busy($1, $2, $3)`, [person, toDate(range.start), toDate(range.end)]);
    return rows.map((busy) => ({ start: instantOfDate(busy.starts_at), end: instantOfDate(busy.ends_at) }));
  }
}

const NOTHING: OpeningsFound = { openings: [], more: false, leftOut: [] };
const shown = (leftOut: ReadonlyMap<string, number>): OpeningsFound['leftOut'] => [...leftOut].map(([reason, count]) => ({ reason, count }));
const FIRST_SLICE_DAYS = 4;

/** One connection serves one statement at a time. */
async function inTurn<T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (const item of items) answers.push(await ask(item));
  return answers;
}

/** Merges ordered streams by start and takes the first that `decide` lets pass, until `wanted` are found or the next begins at `until`; only as much of each stream is computed as is needed. */
function takeEarliest(found: FoundOpening[], streams: readonly Iterable<Candidate>[], limits: { readonly wanted: number; readonly until: Instant }, decide: (candidate: Candidate) => FoundOpening | null): void {
  const heads = streams.map((stream) => {
    const iterator = stream[Symbol.iterator]();
    return { iterator, next: iterator.next() };
  }).filter((head) => !head.next.done);
  while (heads.length > 0) {
    const now = heads.reduce((least, head) => (head.next.done ? least : Math.min(least, head.next.value.start)), Number.POSITIVE_INFINITY);
    if (now >= limits.until) return;
    const atOnce: FoundOpening[] = [];
    for (let i = heads.length - 1; i >= 0; i -= 1) {
      const head = heads[i]!;
      while (!head.next.done && head.next.value.start === now) {
        const opening = decide(head.next.value);
        if (opening) atOnce.push(opening);
        head.next = head.iterator.next();
      }
      if (head.next.done) heads.splice(i, 1);
    }
    // Why by id: pages are cut by start and id, so the order within one start must be the same in every search.
    found.push(...atOnce.sort((a, b) => (a.id < b.id ? -1 : 1)));
    if (found.length >= limits.wanted) return;
  }
}
