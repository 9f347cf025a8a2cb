import { NEUTRAL_VISIT, nameFor, neutralSite, staffReading } from '@slotmesh/kernel';
import type { Offer } from '../openings/domain/opening';

interface Sited {
  readonly practice: string; readonly name: string; readonly sensitive: boolean;
  readonly address: { readonly line: string; readonly city: string; readonly state: string; readonly postalCode: string };
  readonly latitude: number | null; readonly longitude: number | null;
}
/** Whether it is sensitive is for its own practice alone. */
type Shown<Kind> = Omit<Kind, 'sensitive'> & { readonly sensitive?: boolean };

/** A site as staff of a practice may read it: of another practice's sensitive one the town, no name and no street. */
export function siteShown<Site extends Sited>(site: Site, viewer: string | null): Shown<Site> {
  const reader = staffReading(site.practice, viewer);
  const { sensitive, ...rest } = site;
  if (reader === 'own-staff') return { ...rest, sensitive };
  const name = nameFor(reader, site, neutralSite(site.address.city));
  return sensitive ? { ...rest, name, address: { ...site.address, line: '' }, latitude: null, longitude: null } : { ...rest, name };
}

/** A visit type as staff of a practice may read it: how to prepare and what is asked may tell as much as the name. */
export function visitTypeShown<Type extends { readonly practice: string; readonly name: string; readonly sensitive: boolean }>(type: Type, viewer: string | null): Shown<Type> {
  const reader = staffReading(type.practice, viewer);
  const { sensitive, ...rest } = type;
  if (reader === 'own-staff') return { ...rest, sensitive };
  const name = nameFor(reader, type, NEUTRAL_VISIT.en);
  return sensitive ? { ...rest, name, preparation: null, policy: null } : { ...rest, name };
}

/** The names in an opening as staff of a practice may read them: a desk chooses by the code of the service, by time and by town. */
export function offerShown<Shown extends Offer>(offer: Shown, viewer: string): Shown {
  const reader = staffReading(offer.practice, viewer);
  const siteName = nameFor(reader, { name: offer.siteName, sensitive: offer.siteSensitive }, neutralSite(offer.siteCity));
  if (offer.visitType === null) return { ...offer, siteName };
  return { ...offer, siteName, visitTypeName: nameFor(reader, { name: offer.visitTypeName, sensitive: offer.visitTypeSensitive }, NEUTRAL_VISIT.en) };
}
