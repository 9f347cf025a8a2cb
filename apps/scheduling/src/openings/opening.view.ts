import { type Instant, type OpeningId, formatInstant } from '@slotmesh/kernel';
import { type AskedQuestion, asked } from '../policies/domain/questions';
import { offerShown } from '../practices/shown-names';
import type { HowToBook, Offer } from './domain/opening';
import { kilometresShown, reasons } from './domain/ranking';
import type { FoundOpening } from './queries/find-openings';

/** An opening as HTTP shows it: instants in UTC with the site's zone beside them. */
export interface OpeningView {
  readonly id: OpeningId;
  readonly service: string;
  /** Null, like the provider, where another system publishes the time: it does not say. */
  readonly visitType: { readonly id: string; readonly name: string; readonly durationMinutes: number; readonly modality: string; /** What the host asks before it takes a booking; the answers go with POST /appointments. */ readonly questions: readonly AskedQuestion[] } | null;
  readonly practice: string;
  readonly site: { readonly id: string; readonly name: string };
  readonly provider: { readonly id: string; readonly name: string; readonly languages: readonly string[] } | null;
  readonly start: string;
  readonly end: string;
  readonly zone: string;
  readonly bookable: HowToBook['bookable'];
  /** With `bookable` link or phone: where the practice itself takes the booking. */
  readonly link?: string;
  readonly phone?: string;
  /** Of a group session, for its host only: partners see that it can be had. */
  readonly seats?: { readonly left: number; readonly of: number };
  /** Left out where a booking is sure at once, as in the own calendar always. Else it is a request: the host's desk says yes or no `withinHours` at most, and at the latest at `by` (UTC), if it were booked now. */
  readonly approval?: ApprovalView;
  readonly distanceKm: number | null;
  readonly why: string;
}

export interface ApprovalView {
  readonly withinHours: number;
  readonly by: string;
}
export const viewOfApproval = (offer: Offer, approveBy: Instant | null): { readonly approval?: ApprovalView } =>
  (approveBy === null || offer.visitType === null || offer.partnerApprovalHours === null ? {} : { approval: { withinHours: offer.partnerApprovalHours, by: formatInstant(approveBy) } });

/** In the order given; `why` says what speaks for each. */
export function viewOfOpenings(found: readonly FoundOpening[], guest: string, isFirstPage = true): OpeningView[] {
  const why = reasons(found, isFirstPage);
  return found.map((opening, index) => {
    const { how } = opening;
    const offer = offerShown(opening.offer, guest);
    return {
      id: opening.id,
      service: offer.service,
      visitType: offer.visitType === null ? null : { id: offer.visitType, name: offer.visitTypeName, durationMinutes: offer.durationMinutes - offer.extraMinutes, modality: offer.modality, questions: (offer.policy?.questions ?? []).map(asked) },
      practice: offer.practice,
      site: { id: offer.site, name: offer.siteName },
      provider: offer.visitType === null ? null : { id: offer.provider, name: offer.providerName, languages: offer.languages },
      start: formatInstant(opening.start), end: formatInstant(opening.end), zone: offer.zone,
      ...placeToBook(how), ...(offer.practice === guest && opening.seatsLeft !== null && offer.visitType !== null && offer.seats !== null ? { seats: { left: opening.seatsLeft, of: offer.seats } } : {}), ...viewOfApproval(offer, opening.approveBy), distanceKm: opening.kilometres === null ? null : kilometresShown(opening.kilometres),
      why: [origin(offer, guest, how), ...onApproval(offer, opening.approveBy), ...opening.conditions, why[index] ?? ''].join('; '),
    };
  });
}

const onApproval = (offer: Offer, approveBy: Instant | null): string[] => (approveBy === null || offer.visitType === null ? [] : [`on approval within ${offer.partnerApprovalHours} h`]);

function placeToBook(how: HowToBook): Pick<OpeningView, 'bookable' | 'link' | 'phone'> {
  if (how.bookable === 'hold') return { bookable: 'hold' };
  return { bookable: how.bookable, ...(how.bookable === 'link' ? { link: how.link } : {}), ...(how.phone === null ? {} : { phone: how.phone }) };
}

function origin(offer: Offer, guest: string, how: HowToBook): string {
  if (how.bookable !== 'hold') return `published by ${offer.practice}, booked ${how.bookable === 'link' ? 'on its own page' : 'by phone'}`;
  return offer.practice === guest ? 'own calendar' : `shared by ${offer.practice}`;
}
