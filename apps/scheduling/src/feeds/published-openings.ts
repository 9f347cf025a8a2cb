import { Injectable } from '@nestjs/common';
import { HOUR, type Instant, type OpeningId, type PracticeId, type ServiceCode, type SiteId, type TimeRange, type Zone, instantOfDate, plusMs, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { HowToBook, PublishedOffer } from '../openings/domain/opening';
import { type OpeningRef, openingId } from '../openings/domain/opening-id';
import { isWithinReach, placeFor } from '../openings/domain/place-and-time';
import type { Fit } from '../openings/domain/ranking';
import type { Candidate, CandidatesInOrder, OfferSearch, OpeningSource, SearchedTime } from '../openings/opening-source';

interface OfferRow { id: string; schedule_ref: number; source_ref: number; practice_id: PracticeId; service_code: ServiceCode; site_id: SiteId; site_name: string; site_sensitive: boolean; site_city: string; zone: Zone; latitude: number | null; longitude: number | null }
interface SlotRow { schedule_id: string; starts_at: Date; ends_at: Date; link: string | null; phone: string | null }

const OFFERS = `
  SELECT c.id, c.ref AS schedule_ref, f.ref AS source_ref, c.practice_id, c.service_code, s.id AS site_id, s.name AS site_name, s.sensitive AS site_sensitive, coalesce(s.address->>'city', '') AS site_city, s.zone, s.latitude, s.longitude
  FROM feed_schedule c JOIN feed_source f ON f.id = c.source_id JOIN site s ON s.id = c.site_id`;
/** What takes longer is no visit but a stretch in which one is arranged. */
const LONGEST_VISIT = 2 * HOUR;
/** A national chain has tens of thousands of times in a few days, and a page shows twenty. */
const FIRST_ROWS = 500;

/** What feeds publish as free, as far as the tenant may see it (row-level security). Read-only: it is booked where it comes from. */
@Injectable()
export class PublishedOpenings implements OpeningSource {
  async open(sql: Sql, search: OfferSearch, { range }: SearchedTime): Promise<CandidatesInOrder | null> {
    // A publication names no visit type, no provider and no language, and is given in person.
    if (!search.service || search.visitType || search.provider || search.language || (search.modality ?? 'in-person') !== 'in-person') return null;
    const rows = await sql.query<OfferRow>(
      `${OFFERS} WHERE c.service_code = $1 AND ($2::text IS NULL OR c.practice_id = $2) AND ($3::uuid IS NULL OR c.site_id = $3)`, [search.service, search.practice ?? null, search.site ?? null]);
    const offers = new Map(rows.map((row) => [row.id, offerOf(row)] as const).filter(([, { offer }]) => isWithinReach(placeFor(offer, search.near?.by), search.near)));
    return offers.size === 0 ? null : this.inOrder(sql, offers, range);
  }

  private async *inOrder(sql: Sql, offers: ReadonlyMap<string, Published>, range: TimeRange): CandidatesInOrder {
    const schedules = [...offers.keys()];
    for (let start = range.start, most = FIRST_ROWS; start < range.end; most *= 2) {
      // Why with ties: what begins at one time is ordered by id, so all of it must be there.
      const slots = await sql.query<SlotRow>(
        `SELECT schedule_id, starts_at, ends_at, link, phone FROM feed_slot WHERE free AND schedule_id = ANY ($1::uuid[]) AND starts_at >= $2 AND starts_at < $3 ORDER BY starts_at FETCH FIRST ($4::int) ROWS WITH TIES`,
        [schedules, toDate(start), toDate(range.end), most]);
      yield [...candidatesOf(slots, offers)].sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
      const last = slots.length < most ? undefined : slots.at(-1);
      start = last ? plusMs(instantOfDate(last.starts_at), 1) : range.end;
    }
  }

  /** The published opening that an id names; null where there is none or the tenant may not see it. */
  async find(sql: Sql, ref: Extract<OpeningRef, { kind: 'feed' }>): Promise<Candidate | null> {
    const [row] = await sql.query<OfferRow>(`${OFFERS} WHERE c.ref = $1 AND f.ref = $2`, [ref.schedule, ref.source]);
    const [slot] = row ? await sql.query<SlotRow>('SELECT schedule_id, starts_at, ends_at, link, phone FROM feed_slot WHERE schedule_id = $1 AND starts_at = $2', [row.id, toDate(ref.start)]) : [];
    return row && slot ? publishedAt(offerOf(row), slot) : null;
  }
}

/** What a schedule offers, and by which integers an opening id names it. */
interface Published {
  readonly offer: PublishedOffer;
  readonly refs: { readonly source: number; readonly schedule: number };
}
const offerOf = (row: OfferRow): Published => ({
  offer: {
    practice: row.practice_id, service: row.service_code, modality: 'in-person', site: row.site_id, siteName: row.site_name, siteSensitive: row.site_sensitive, siteCity: row.site_city, zone: row.zone, latitude: row.latitude, longitude: row.longitude, visitType: null, provider: null,
  },
  refs: { source: row.source_ref, schedule: row.schedule_ref },
});

function* candidatesOf(slots: readonly SlotRow[], offers: ReadonlyMap<string, Published>): Generator<Candidate, void, void> {
  for (const slot of slots) {
    const published = offers.get(slot.schedule_id);
    const candidate = published && publishedAt(published, slot);
    if (candidate) yield candidate;
  }
}

function publishedAt({ offer, refs }: Published, slot: SlotRow): Candidate | null {
  const how = howToBook(slot);
  return how && new PublishedOpening(offer, how, refs, instantOfDate(slot.starts_at), instantOfDate(slot.ends_at));
}

function howToBook({ link, phone }: SlotRow): HowToBook | null {
  if (link !== null) return { bookable: 'link', link, phone };
  return phone === null ? null : { bookable: 'phone', phone };
}

class PublishedOpening implements Candidate {
  readonly id: OpeningId;
  readonly isOneVisit: boolean;
  readonly seatsLeft = null;

  constructor(readonly offer: PublishedOffer, readonly how: HowToBook, refs: Published['refs'], readonly start: Instant, readonly end: Instant) {
    this.id = openingId({ kind: 'feed', ...refs, start });
    this.isOneVisit = end - start <= LONGEST_VISIT;
  }

  /** What lies around it is not known. */
  fit(): Fit {
    return 'alone';
  }
}
