import type { PracticeId, ProviderId, SiteId } from '@slotmesh/kernel';
import type { Offering } from '../../openings/domain/opening';
import type { OfferSearch } from '../../openings/opening-source';
import type { Wanted } from './searches';

export interface Lists {
  readonly providers?: readonly ProviderId[] | undefined;
  readonly sites?: readonly SiteId[] | undefined;
  readonly practices?: readonly PracticeId[] | undefined;
  readonly types?: readonly Wanted[] | undefined;
}

/** FHIR asks by lists, the search by one of each: one goes into its statement, of more each may be given. */
export function offersOf({ providers, sites, practices, types }: Lists): OfferSearch {
  const [provider, site, practice, type] = [only(providers), only(sites), only(practices), only(types)];
  return {
    ...(provider ? { provider } : {}), ...(site ? { site } : {}), ...(practice ? { practice } : {}), ...(type ?? {}),
    accepts: (offering) => has(providers, offering.provider) && has(sites, offering.site) && has(practices, offering.practice) && (!types || types.some((one) => isOf(one, offering))),
  };
}

const only = <T>(list: readonly T[] | undefined): T | null => (list?.length === 1 ? (list[0] ?? null) : null);
const has = <T>(list: readonly T[] | undefined, item: T): boolean => !list || list.includes(item);
const isOf = (wanted: Wanted, offering: Offering): boolean => ('service' in wanted ? offering.service === wanted.service : offering.visitType === wanted.visitType);
