import { Inject, Injectable } from '@nestjs/common';
import { type Instant, type OpeningId, type PatientId, type PersonId, type PracticeId, type ReferralId, type TimeRange, contains, instantOfDate, overlaps, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { type Visitor, decideSharing, unknownVisitor } from '../../agreements/domain/share-rule';
import { RestrictionRepository } from '../../disclosures/persistence/restriction.repository';
import { type KnownPatient, PolicyFacts } from '../../policies/policy-facts';
import { shareRequest, SharingFacts } from '../sharing-facts';
import type { HowToBook, Offer } from '../domain/opening';
import { type PartOfDay, isInPartOfDay, kilometresBetween, meetsPartOfDay, placeFor } from '../domain/place-and-time';
import { type Rankable, type Ranking, rank } from '../domain/ranking';
import { type Candidate, type CandidatesInOrder, type OfferSearch, OPENING_SOURCES, type OpeningSource } from '../opening-source';
import { needsIn } from '../persistence/care.repository';

export interface OpeningSearch extends OfferSearch {
  readonly range: TimeRange;
  readonly patient?: PatientId;
  /** The referral of a visit that is to be moved: its authorisation has to cover the new day. */
  readonly referral?: ReferralId | null;
  /** Times of visits of the patient that the reader must not know of: what stands in their way is not left out. */
  readonly unsaid?: readonly TimeRange[];
  /** Times that the reader is not shown any more, whoever could give them. */
  readonly withheld?: readonly TimeRange[];
  /** What has to be sure when it is booked: times at providers who answer partners first are left out. */
  readonly atOnce?: true;
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
  readonly seatsLeft: number | null;
  /** What the agreement asks of who comes, where the search does not say. */
  readonly conditions: readonly string[];
  /** Until when its host would answer, should it be booked now; null: it would be booked at once. */
  readonly approveBy: Instant | null;
}
/** An order that is not by time has to look at all of the range; this many are compared at most, the soonest. */
const MOST_COMPARED = 2_000;
export interface OpeningsFound {
  readonly openings: readonly FoundOpening[];
  readonly more: boolean;
  /** Why times that are open were left out: code, sentence and how often, so that nobody wonders. */
  readonly leftOut: readonly { readonly code: string; readonly reason: string; readonly count: number }[];
}

/** Own, partner and published openings in one search. May be stale the moment it is answered; hold and booking never are (P5). */
@Injectable()
export class FindOpenings {
  constructor(@Inject(OPENING_SOURCES) private readonly sources: readonly OpeningSource[], private readonly sharing: SharingFacts, private readonly policies: PolicyFacts, private readonly restrictions: RestrictionRepository) {}

  async execute(sql: Sql, guest: PracticeId, search: OpeningSearch, now: Instant): Promise<OpeningsFound> {
    const range = { start: Math.max(search.range.start, search.after?.start ?? search.range.start) as Instant, end: search.range.end };
    if (range.start >= range.end) return NOTHING;
    const patient = search.patient ? await this.policies.record(sql, search.patient) : null;
    const leftOut = new Map<string, { readonly code: string; count: number }>();
    const leave = (code: string, reason: string): null => {
      const same = leftOut.get(reason);
      if (same) same.count += 1;
      else leftOut.set(reason, { code, count: 1 });
      return null;
    };
    const asked: OfferSearch = { ...search, ...(search.near ? { near: { ...search.near, by: guest } } : {}), needs: search.needs ?? (patient ? needsIn(patient) : null), leave: (reason) => leave('needs-not-met', reason) };
    const { ranking = 'soonest', skip = 0, limit } = search;
    const wanted = ranking === 'soonest' ? limit + 1 : MOST_COMPARED;
    const sources = await inTurn(this.sources, (source) => source.open(sql, asked, { range, wanted, now })).then((opened) => opened.filter((candidates) => candidates !== null));
    if (sources.length === 0) return { ...NOTHING, leftOut: shown(leftOut) };
    const busyPerson = patient ? (await this.personBusy(sql, patient.person_id, range)).filter((busy) => !search.unsaid?.some(({ start, end }) => start === busy.start && end === busy.end)) : [];
    const known = patient ? await this.policies.of(sql, patient, null, { followed: search.referral ?? null }) : null;
    const restricted = patient ? await this.restrictions.restrictedTo(sql, patient.id) : null;

    let shared: Awaited<ReturnType<SharingFacts['load']>> | null = null;
    const decide = (candidate: Candidate): FoundOpening | null => {
      const { id, start, end, offer, how, isOneVisit, seatsLeft } = candidate;
      if (search.after && (start < search.after.start || (start === search.after.start && id <= search.after.id))) return null;
      if (search.partOfDay && !(isOneVisit ? isInPartOfDay(start, offer.zone, search.partOfDay) : meetsPartOfDay(candidate, offer.zone, search.partOfDay))) return null;
      const decision = shared === null ? OWN : decideSharing(shareRequest(guest, offer, start, offer.practice === guest ? unknownVisitor : visitorOf(known, offer, start, search)), shared.agreements, shared.facts);
      if (!decision.allowed) return leave(decision.reason.code, decision.reason.message);
      if (search.atOnce && decision.approveBy !== null) return leave('approval-needed', 'the provider answers partners first');
      // What another system publishes is booked there by the patient, and nothing goes there from here.
      if (restricted && how.bookable === 'hold' && offer.practice !== guest && restricted(offer.practice)) return leave('patient-restricts', 'at a partner to whom nothing about the patient may go');
      if (busyPerson.some((busy) => (isOneVisit ? overlaps(busy, candidate) : contains(busy, candidate)))) return leave('another-visit-then', 'the patient has another visit then');
      if (search.withheld?.some((time) => overlaps(time, candidate))) return null;
      const policy = known && offer.visitType !== null ? known.decide(offer, start) : null;
      if (policy?.allowed === false) return leave(policy.code, policy.message.replace(/\.$/, ''));
      return { id, start, end, offer, how, seatsLeft, conditions: decision.conditions, approveBy: decision.approveBy, zone: offer.zone, kilometres: search.near ? kilometresBetween(search.near, placeFor(offer, guest)) : null, fit: candidate.fit() };
    };

    const earliest: FoundOpening[] = [];
    for await (const candidates of merged(sources)) {
      for (const candidate of candidates) {
        // Why not before: most searches find enough in the own calendar, and nobody shares that with itself.
        if (shared === null && candidate.offer.practice !== guest) shared = await this.sharing.load(sql, guest, range.start, range.end, now);
        if (shared?.pressure.asks(candidate.offer) && candidate.offer.practice !== guest) await shared.pressure.learn(candidate.offer);
        const opening = decide(candidate);
        if (opening && earliest.push(opening) >= wanted) break;
      }
      if (earliest.length >= wanted) break;
    }
    const found = ranking === 'soonest' ? earliest : rank(earliest, ranking).slice(skip, skip + limit + 1);
    return { openings: found.slice(0, limit), more: found.length > limit, leftOut: shown(leftOut) };
  }

  private async personBusy(sql: Sql, person: PersonId, range: TimeRange): Promise<TimeRange[]> {
    const rows = await sql.query<{ starts_at: Date; ends_at: Date }>(`SELECT starts_at, ends_at FROM person_busy($1, $2, $3)`, [person, toDate(range.start), toDate(range.end)]);
    return rows.map((busy) => ({ start: instantOfDate(busy.starts_at), end: instantOfDate(busy.ends_at) }));
  }
}

const OWN = { allowed: true, conditions: [], approveBy: null } as const;

function visitorOf(known: KnownPatient | null, offer: Offer, start: Instant, search: OpeningSearch): Visitor {
  const payer = search.payer ?? null;
  if (known === null) return payer === null ? unknownVisitor : { ...unknownVisitor, payer };
  const facts = known.factsFor(offer.practice, offer.service);
  return { newPatient: facts.establishedUntil === null || facts.establishedUntil < start, referral: facts.referral !== null, payer: facts.payer ?? payer };
}

const NOTHING: OpeningsFound = { openings: [], more: false, leftOut: [] };
const shown = (leftOut: ReadonlyMap<string, { readonly code: string; readonly count: number }>): OpeningsFound['leftOut'] => [...leftOut].map(([reason, { code, count }]) => ({ code, reason, count }));
/** One connection serves one statement at a time. */
async function inTurn<T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (const item of items) answers.push(await ask(item));
  return answers;
}

/** One order of several: by start, then by id, because pages are cut by both. */
async function* merged(sources: readonly CandidatesInOrder[]): CandidatesInOrder {
  const [only] = sources;
  if (only && sources.length === 1) return yield* only;
  const heads = await inTurn(sources, (source) => headOf(source));
  for (;;) {
    const first = heads.reduce<Head | null>((least, head) => (head.next !== null && (least === null || least.next === null || isBefore(head.next, least.next)) ? head : least), null);
    if (first === null || first.next === null) return;
    yield [first.next];
    await advance(first);
  }
}

interface Head { readonly source: CandidatesInOrder; read: readonly Candidate[]; at: number; next: Candidate | null }
async function headOf(source: CandidatesInOrder): Promise<Head> {
  const head: Head = { source, read: [], at: -1, next: null };
  await advance(head);
  return head;
}

async function advance(head: Head): Promise<void> {
  head.at += 1;
  while (head.at >= head.read.length) {
    const { value, done } = await head.source.next();
    if (done || !value) {
      head.next = null;
      return;
    }
    [head.read, head.at] = [value, 0];
  }
  head.next = head.read[head.at] ?? null;
}

const isBefore = (a: Candidate, b: Candidate): boolean => a.start < b.start || (a.start === b.start && a.id < b.id);
