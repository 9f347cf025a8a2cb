import { Injectable } from '@nestjs/common';
import type { Language } from '@slotmesh/contracts';
import { type Instant, type OfferId, type PatientId, type PracticeId, type Zone, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { Modality } from '../../openings/domain/opening';
import type { OfferState } from '../../waitlist/persistence/offer.repository';

/** A time that came free and that the patient may have, as the page tells it. */
export interface PageOffer {
  readonly id: OfferId;
  readonly state: OfferState;
  readonly service: Readonly<Record<Language, string>>;
  readonly modality: Modality;
  readonly host: PracticeId;
  readonly practice: string;
  readonly site: string;
  readonly address: { readonly line: string; readonly city: string; readonly state: string; readonly postalCode: string };
  readonly provider: string;
  readonly start: Instant;
  readonly zone: Zone;
  readonly expiresAt: Instant;
  /** The later visit that a yes gives up. */
  readonly replaces: { readonly start: Instant; readonly zone: Zone; readonly revision: number } | null;
  /** Whether the patient still stands on the wait list. */
  readonly waits: boolean;
}
interface Row extends Omit<PageOffer, 'start' | 'expiresAt' | 'replaces'> { starts_at: Date; expires_at: Date; replaces_at: Date | null; replaces_zone: Zone | null; replaces_revision: number | null }

/** Of one patient of one practice, and never what a representative may not know of. */
const OFFERS = `
  SELECT o.id, o.state, c.name AS service, t.modality, o.host_id AS host, h.name AS practice, s.name AS site, s.address, p.name AS provider, t.starts_at, t.zone, o.expires_at, g.starts_at AS replaces_at, g.zone AS replaces_zone, g.revision AS replaces_revision, e.status = 'waiting' AS waits
  FROM offer o CROSS JOIN LATERAL offered_time(o.id) t JOIN waitlist_entry e ON e.id = o.entry_id JOIN practice h ON h.id = o.host_id JOIN site s ON s.id = t.site_id JOIN provider p ON p.id = t.provider_id JOIN service c ON c.code = t.service_code
    LEFT JOIN appointment r ON r.id = e.replaces_id LEFT JOIN appointment g ON g.id = r.id AND g.status IN ('pending', 'booked') AND g.starts_at > t.starts_at
  WHERE o.practice_id = $1 AND o.patient_id = $2 AND NOT ($3 AND (e.confidential OR coalesce(r.confidential, false)))`;

export interface Reader {
  readonly practice: PracticeId;
  readonly patient: PatientId;
  readonly representative: string | null;
}

@Injectable()
export class PageOffersRepository {
  /** Those that wait for an answer, the earliest first. */
  async open(sql: Sql, reader: Reader, now: Instant): Promise<PageOffer[]> {
    return (await sql.query<Row>(`${OFFERS} AND o.state = 'open' AND o.expires_at > $4 ORDER BY t.starts_at, o.id`, [...keyOf(reader), toDate(now)])).map(toOffer);
  }

  /** One, however it stands; null: not for this reader. */
  async find(sql: Sql, reader: Reader, id: OfferId): Promise<PageOffer | null> {
    const [row] = await sql.query<Row>(`${OFFERS} AND o.id = $4`, [...keyOf(reader), id]);
    return row ? toOffer(row) : null;
  }
}

const keyOf = ({ practice, patient, representative }: Reader): [PracticeId, PatientId, boolean] => [practice, patient, representative !== null];
const toOffer = ({ starts_at, expires_at, replaces_at, replaces_zone, replaces_revision, ...row }: Row): PageOffer => ({
  ...row, start: instantOfDate(starts_at), expiresAt: instantOfDate(expires_at), replaces: replaces_at && replaces_zone && replaces_revision !== null ? { start: instantOfDate(replaces_at), zone: replaces_zone, revision: replaces_revision } : null,
});
