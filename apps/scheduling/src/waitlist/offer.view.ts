import { formatInstant } from '@slotmesh/kernel';
import type { Offer } from './persistence/offer.repository';

/** As the patient's practice sees it. */
export const viewOfOffer = (offer: Offer) => ({
  id: offer.id, entry: offer.entry, patient: offer.patient, host: offer.host, service: offer.service, visitType: offer.visitType, provider: offer.provider, site: offer.site, start: formatInstant(offer.start), end: formatInstant(offer.end),
  zone: offer.zone, state: offer.state, channels: offer.channels, offeredAt: formatInstant(offer.offeredAt), expiresAt: formatInstant(offer.expiresAt), endedAt: offer.endedAt === null ? null : formatInstant(offer.endedAt),
  /** The later visit that a yes gives up now. */
  replaces: offer.replaces && { appointment: offer.replaces.appointment, start: formatInstant(offer.replaces.start), zone: offer.replaces.zone },
});
