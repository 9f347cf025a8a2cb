import type { AgreementId, Instant, OpeningId, PracticeId, ProviderId, ResourceId, ServiceCode, SiteId, VisitTypeId, Zone } from '@slotmesh/kernel';
import type { Policy } from '../../policies/domain/policy';
import type { QuotaClaim } from '../../agreements/domain/share-limits';
import type { Care } from './care';
import type { ResourceNeed } from './resource-need';
import type { SessionLimit } from './session-rules';

export type Modality = 'in-person' | 'video' | 'phone';

/** One way to give a visit: a visit type by a provider at a site, with all that search and booking must know of it. */
export interface Offering {
  readonly practice: PracticeId;
  readonly visitType: VisitTypeId;
  readonly visitTypeRef: number;
  readonly visitTypeName: string;
  /** Named to its own practice alone. */
  readonly visitTypeSensitive: boolean;
  readonly service: ServiceCode;
  /** Of this visit, `extraMinutes` for the needs of its patient among them. */
  readonly durationMinutes: number;
  readonly extraMinutes: number;
  /** How many more a patient gets who needs a longer visit. */
  readonly longerVisitMinutes: number;
  /** Of a group session; null: a visit is by itself. */
  readonly seats: number | null;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
  readonly minimumNoticeMinutes: number;
  readonly horizonDays: number;
  readonly modality: Modality;
  /** What must be free beside the provider. */
  readonly needs: readonly ResourceNeed[];
  /** What the host asks of the patient; null: nothing. */
  readonly policy: Policy | null;
  readonly provider: ProviderId;
  readonly providerRef: number;
  readonly providerName: string;
  readonly providerResource: ResourceId;
  /** How many visits of partners the provider takes on a date of the site; null: as many as agreements let in. */
  readonly partnerVisitsPerDay: number | null;
  /** Within how many hours the provider's desk says yes or no to a visit that a partner asks for; null: it is booked at once. */
  readonly partnerApprovalHours: number | null;
  readonly languages: readonly string[];
  readonly payers: readonly string[];
  readonly site: SiteId;
  readonly siteRef: number;
  readonly siteName: string;
  readonly siteSensitive: boolean;
  readonly siteCity: string;
  readonly zone: Zone;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

/** A start that may be taken now by the asking practice, and under which agreement. */
export interface BookableTime {
  readonly offering: Offering;
  readonly id: OpeningId;
  readonly start: Instant;
  readonly end: Instant;
  readonly agreement: AgreementId | null;
  readonly quotas: readonly QuotaClaim[];
  /** What the agreement asks of a visitor who is not known yet. */
  readonly conditions: readonly string[];
  /** Until when its host says yes or no to it, should it be booked now; null: it is booked at once. */
  readonly approveBy: Instant | null;
  readonly care: Care | null;
  /** Where the hours let only so many visits of the type in. */
  readonly limit: SessionLimit | null;
}

/** Time that another system publishes: it says where and for which service, not by whom, and is booked there. */
export interface PublishedOffer extends Pick<Offering, 'practice' | 'service' | 'modality' | 'site' | 'siteName' | 'siteSensitive' | 'siteCity' | 'zone' | 'latitude' | 'longitude'> {
  readonly visitType: null;
  readonly provider: null;
}
export type Offer = Offering | PublishedOffer;

/** Held here, or booked at the host's own page or by calling it. A link may come with a phone. */
export type HowToBook = { readonly bookable: 'hold' } | { readonly bookable: 'link'; readonly link: string; readonly phone: string | null } | { readonly bookable: 'phone'; readonly phone: string };
