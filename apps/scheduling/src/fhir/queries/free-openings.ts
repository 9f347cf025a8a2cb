import { Injectable } from '@nestjs/common';
import { DAY, DomainError, FIRST_INSTANT, type Instant, LAST_INSTANT, type PatientId, type PracticeId, type TimeRange, type Zone, plusMinutes, plusMs } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { Bookability } from '../../openings/bookability';
import { SharingFacts } from '../../openings/sharing-facts';
import { KeptForOthers, NotShared, OpeningNeverBookable } from '../../openings/domain/opening.errors';
import { parseOpeningId } from '../../openings/domain/opening-id';
import type { OfferSearch } from '../../openings/opening-source';
import { OwnOpenings } from '../../openings/own-openings';
import { OfferingRepository } from '../../openings/persistence/offering.repository';
import { FindOpenings, type FoundOpening } from '../../openings/queries/find-openings';
import { RestrictionRepository } from '../../disclosures/persistence/restriction.repository';
import { PolicyFacts } from '../../policies/policy-facts';
import { offerShown } from '../../practices/shown-names';
import type { OpeningFacts, SlotStatus } from '../resources/slot';
import { cursorOf, keyOf } from '../search/cursor';
import { openingId, instantText } from '@slotmesh/contracts';
import { z } from 'zod';

export interface FreeSearch {
  readonly offers: OfferSearch;
  readonly range: TimeRange;
  readonly patient?: PatientId | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
}
export interface FreePage {
  readonly openings: readonly OpeningFacts[];
  readonly next: string | null;
  readonly leftOut: readonly { readonly code: string; readonly reason: string; readonly count: number }[];
}
const MOST_DAYS = 120;
const place = z.tuple([instantText, openingId]);

/** The real search, over the calendars that are kept here. What other systems publish has no schedule that could be held; it is read where it is published. */
@Injectable()
export class FreeOpenings {
  private readonly find: FindOpenings;

  constructor(own: OwnOpenings, sharing: SharingFacts, policies: PolicyFacts, restrictions: RestrictionRepository, private readonly bookability: Bookability, private readonly offerings: OfferingRepository) {
    this.find = new FindOpenings([own], sharing, policies, restrictions);
  }

  async page(sql: Sql, guest: PracticeId, { offers, range, patient, limit, cursor }: FreeSearch, now: Instant): Promise<FreePage> {
    const after = keyOf(cursor, place);
    const found = await this.find.execute(sql, guest, { ...offers, range, limit, ...(patient ? { patient } : {}), ...(after ? { after: { start: after[0], id: after[1] } } : {}) }, now);
    const last = found.openings.at(-1);
    return { openings: found.openings.flatMap((opening) => keptHere(opening, guest)), next: found.more && last ? cursorOf(new Date(last.start).toISOString(), last.id) : null, leftOut: found.leftOut };
  }

  /** One opening as it stands now. Throws OpeningUnknown, OpeningNeverBookable: also where it is not shared with this practice. */
  async one(sql: Sql, guest: PracticeId, id: string, now: Instant): Promise<{ readonly opening: OpeningFacts; readonly status: SlotStatus }> {
    const ref = parseOpeningId(id);
    const known = ref.kind === 'own' ? await this.offerings.byRefs(sql, ref) : null;
    if (!known) throw new OpeningNeverBookable();
    const offer = offerShown(known, guest);
    const { openings: [free] } = await this.page(sql, guest, { offers: { practice: offer.practice, provider: offer.provider, site: offer.site, visitType: offer.visitType }, range: { start: ref.start, end: plusMs(ref.start, 1) }, limit: 1, cursor: undefined }, now);
    if (free) return { opening: free, status: 'free' };
    try {
      const time = await this.bookability.decide(sql, guest, openingId.parse(id), now);
      const end = 'lost' in time ? plusMinutes(ref.start, offer.durationMinutes) : time.end;
      return { opening: { id, start: ref.start, end, offer }, status: 'lost' in time ? 'busy-unavailable' : 'busy' };
    } catch (error) {
      if (error instanceof KeptForOthers) return { opening: { id, start: ref.start, end: plusMinutes(ref.start, offer.durationMinutes), offer }, status: 'busy-unavailable' };
      if (error instanceof NotShared) throw new OpeningNeverBookable();
      throw error;
    }
  }
}

const keptHere = ({ id, start, end, offer }: FoundOpening, guest: PracticeId): OpeningFacts[] => (offer.visitType === null ? [] : [{ id, start, end, offer: offerShown(offer, guest) }]);

/** From now where nothing is said, for 14 days; a search of a year would help nobody. */
export function searchedRange({ from, to }: { readonly from: Instant | null; readonly to: Instant | null }, now: Instant, field: string): TimeRange {
  const start = from ?? now;
  const end = to ?? plusMs(start, 14 * DAY);
  const rule = end <= start || end - start > MOST_DAYS * DAY ? `must span some time, at most ${MOST_DAYS} days` : start < FIRST_INSTANT || end > LAST_INSTANT ? 'must lie between 1850 and 2199' : null;
  if (rule !== null) throw new DomainError('invalid', 'invalid-request', `${field} ${rule}.`, { errors: [{ pointer: `/${field}`, detail: rule }] });
  return { start, end };
}

/** The zone in which a date without a time is meant: the caller's. */
export async function zoneOf(sql: Sql, practice: PracticeId): Promise<Zone> {
  const [row] = await sql.query<{ zone: Zone }>('SELECT zone FROM practice WHERE id = $1', [practice]);
  if (!row) throw new Error('the practice is not there');
  return row.zone;
}
