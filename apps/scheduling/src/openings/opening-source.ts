import type { Instant, OpeningId, TimeRange } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { PatientNeeds } from './domain/care';
import type { HowToBook, Offer, Offering } from './domain/opening';
import type { DistanceFrom } from './domain/place-and-time';
import type { Fit } from './domain/ranking';
import type { OfferingFilter } from './persistence/offering.repository';

/** A time that may be offered, before sharing and the patient's own visits are looked at. */
export interface Candidate extends TimeRange {
  readonly id: OpeningId;
  readonly offer: Offer;
  readonly how: HowToBook;
  /** False: a stretch, such as a whole opening day, somewhere in which a visit is arranged. */
  readonly isOneVisit: boolean;
  /** Of a group session; null: a visit is by itself. */
  readonly seatsLeft: number | null;
  fit(): Fit;
}

export interface OfferSearch extends OfferingFilter {
  readonly near?: DistanceFrom;
  /** What the patient needs: offerings are looked at as this patient has to have them. Published times say nothing of it and stay. */
  readonly needs?: PatientNeeds | null;
  /** Hears why an offering was left out. */
  readonly leave?: (reason: string) => void;
  /** Where one of each is not enough, such as three providers: only offerings that it accepts. Calendars that are kept here ask it. */
  readonly accepts?: (offering: Offering) => boolean;
}

/** Free starts by start and, within one start, by id, some at a time; only as many are computed as are taken. */
export type CandidatesInOrder = AsyncGenerator<readonly Candidate[], void, void>;

export interface SearchedTime {
  readonly range: TimeRange;
  /** About how many the search will take. */
  readonly wanted: number;
  readonly now: Instant;
}

/** Where openings come from: the calendars that are kept here, and what other systems publish. */
export interface OpeningSource {
  /** Null where nothing fits the search. */
  open(sql: Sql, search: OfferSearch, time: SearchedTime): Promise<CandidatesInOrder | null>;
}
export const OPENING_SOURCES = Symbol('OPENING_SOURCES');
