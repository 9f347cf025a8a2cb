import { type OpeningId, formatInstant } from '@slotmesh/kernel';
import { kilometresShown, reasons } from './domain/ranking';
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

/** In the order given; `why` says what speaks for each. */
export function viewOfOpenings(found: readonly FoundOpening[], guest: string, isFirstPage = true): OpeningView[] {
  const why = reasons(found, isFirstPage);
  return found.map((opening, index) => {
    const { offering } = opening;
    return {
      id: opening.id,
      service: offering.service,
      visitType: { id: offering.visitType, name: offering.visitTypeName, durationMinutes: offering.durationMinutes, modality: offering.modality },
      practice: offering.practice,
      site: { id: offering.site, name: offering.siteName },
      provider: { id: offering.provider, name: offering.providerName, languages: offering.languages },
      start: formatInstant(opening.start), end: formatInstant(opening.end), zone: offering.zone,
      bookable: 'hold', distanceKm: opening.kilometres === null ? null : kilometresShown(opening.kilometres),
      why: `${offering.practice === guest ? 'own calendar' : `shared by ${offering.practice}`}; ${why[index] ?? ''}`,
    };
  });
}
