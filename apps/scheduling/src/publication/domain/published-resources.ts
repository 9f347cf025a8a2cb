import { type Instant, MINUTE, type ServiceCode, type SiteId, type Zone, instant, offsetAt } from '@slotmesh/kernel';
import { systems } from '../../fhir/resources/r4';
import type { Offering } from '../../openings/domain/opening';

/** What SMART Scheduling Links publishes: places, what is given there, and when. https://github.com/smart-on-fhir/smart-scheduling-links */
export type PublishedKind = 'Location' | 'Schedule' | 'Slot';
export interface PublishedResource {
  readonly kind: PublishedKind;
  readonly id: string;
  readonly practice: string;
  readonly schedule: string | null;
  readonly location: string | null;
  readonly start: Instant | null;
  readonly body: object;
}
export interface PublishedSite {
  readonly id: SiteId; readonly practice: string; readonly name: string; readonly phone: string;
  readonly address: { readonly line: string; readonly city: string; readonly state: string; readonly postalCode: string };
  readonly latitude: number | null; readonly longitude: number | null;
}
type Place = Pick<Offering, 'visitTypeRef' | 'siteRef'>;

const EXTENSION = 'http://fhir-registry.smarthealthit.org/StructureDefinition/';
/** HL7's service type of immunization, which pharmacies' readers look for. */
const IMMUNIZATION = { system: 'http://terminology.hl7.org/CodeSystem/service-type', code: '57', display: 'Immunization' };
const SLOT_ID = /^(\d{1,10}-\d{1,10})-(\d{1,15})$/;

/** By visit type and site, never by provider: whose hours are full is nobody's business outside. */
export const scheduleIdOf = ({ visitTypeRef, siteRef }: Place): string => `${visitTypeRef}-${siteRef}`;
export const slotIdOf = (place: Place, start: Instant): string => `${scheduleIdOf(place)}-${start}`;
export const isSlotId = (text: string): boolean => SLOT_ID.test(text);

export const locationOf = (site: PublishedSite): PublishedResource => ({
  kind: 'Location', id: site.id, practice: site.practice, schedule: null, location: null, start: null,
  body: {
    resourceType: 'Location', id: site.id, name: site.name, telecom: [{ system: 'phone', value: site.phone }], identifier: [{ system: systems.practice, value: site.practice }],
    address: { line: [site.address.line], city: site.address.city, state: site.address.state, postalCode: site.address.postalCode },
    ...(site.latitude === null || site.longitude === null ? {} : { position: { latitude: site.latitude, longitude: site.longitude } }),
  },
});

export const scheduleOf = (offering: Offering, serviceName: string): PublishedResource => {
  const id = scheduleIdOf(offering);
  const coding = [{ system: systems.service, code: offering.service, display: serviceName }, ...(isVaccination(offering.service) ? [IMMUNIZATION] : [])];
  return {
    kind: 'Schedule', id, practice: offering.practice, schedule: null, location: offering.site, start: null,
    body: { resourceType: 'Schedule', id, actor: [{ reference: `Location/${offering.site}` }], serviceType: [{ coding }] },
  };
};
const isVaccination = (service: ServiceCode): boolean => service === 'vaccination';

/** `publicUrl` is where the network's addresses begin. Times bear the offset that clocks at the site show then. */
export const slotOf = (offering: Offering, start: Instant, end: Instant, phone: string, publicUrl: string): PublishedResource => {
  const id = slotIdOf(offering, start);
  return {
    kind: 'Slot', id, practice: offering.practice, schedule: scheduleIdOf(offering), location: offering.site, start,
    body: {
      resourceType: 'Slot', id, schedule: { reference: `Schedule/${scheduleIdOf(offering)}` }, status: 'free', start: onTheWall(start, offering.zone), end: onTheWall(end, offering.zone),
      extension: [{ url: `${EXTENSION}booking-deep-link`, valueUrl: deepLink(publicUrl, id) }, { url: `${EXTENSION}booking-phone`, valueString: phone }],
    },
  };
};

/** Readers add `source` and `booking-referral` to it, as to any URL. */
export const deepLink = (publicUrl: string, slot: string): string => new URL(`/smart-scheduling/book/${slot}`, publicUrl).href;

/** RFC 3339 with the offset of the zone: `2026-07-02T09:00:00-04:00`. */
export function onTheWall(at: Instant, zone: Zone): string {
  const offset = offsetAt(at, zone);
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((n) => String(n).padStart(2, '0'));
  return `${new Date(at + offset * MINUTE).toISOString().slice(0, 19)}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}

/** A version of the publication in a file's address: digits, milliseconds. */
export const versionText = (at: Instant): string => String(at);
export const versionOf = (text: string): Instant => instant(Number(text));
