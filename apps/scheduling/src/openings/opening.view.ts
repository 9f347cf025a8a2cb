import { type OpeningId, formatInstant } from '@slotmesh/kernel';
import type { FoundOpening } from './queries/find-openings';

/** An opening as HTTP shows it: instants in UTC with the site's zone beside them. */
export interface OpeningView {
  readonly id: OpeningId;
  readonly service: string;
  readonly visitType: { readonly id: string; readonly name: string; readonly durationMinutes: number; readonly modality: string };
  readonly practice: string;
  readonly site: { readonly id: string; readonly name: string };
  readonly provider: { readonly id: string; readonly name: string; readonly languages: readonly string[] };
  readonly start: string;
  readonly end: string;
  readonly zone: string;
  readonly bookable: 'hold' | 'link' | 'phone';
  readonly distanceKm: number | null;
  readonly why: string;
}

export function viewOfOpening(found: FoundOpening, guest: string): OpeningView {
  const { offering } = found;
  const kilometres = found.kilometres === null ? null : Math.round(found.kilometres * 10) / 10;
  const reasons = [
    offering.practice === guest ? 'own calendar' : `shared by ${offering.practice}`,
    ...(kilometres === null ? [] : [`${kilometres} km away`]),
    ...(found.snug ? ['leaves no gap in the day'] : []),
  ];
  return {
    id: found.id,
    service: offering.service,
    visitType: { id: offering.visitType, name: offering.visitTypeName, durationMinutes: offering.durationMinutes, modality: offering.modality },
    practice: offering.practice,
    site: { id: offering.site, name: offering.siteName },
    provider: { id: offering.provider, name: offering.providerName, languages: offering.languages },
    start: formatInstant(found.start), end: formatInstant(found.end), zone: offering.zone,
    bookable: 'hold', distanceKm: kilometres, why: reasons.join('; '),
  };
}
