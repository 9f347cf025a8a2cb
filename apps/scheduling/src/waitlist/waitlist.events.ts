import { OfferAnswerRefused, OfferEnded, OfferMade, OfferRoundEnded, type offerSnapshot, WaitlistEntryAdded, WaitlistEntryEnded, WaitlistEntryExpired } from '@slotmesh/contracts';
import { type AppointmentId, type Instant, type ServiceCode, type Zone, formatInstant } from '@slotmesh/kernel';
import { type OutgoingEvent, type Tx, eventOf } from '@slotmesh/persistence';
import type { z } from 'zod';
import type { Offer } from './persistence/offer.repository';
import type { OfferRound, RoundEnd } from './persistence/offer-round.repository';
import type { EndReason, EntryStatus, WaitlistEntry } from './waitlist-entry';

export type OfferJson = z.input<typeof offerSnapshot>;
/** The offer as events and the question before sending show it; names no person. */
export const snapshotOfOffer = (o: Offer): OfferJson => ({
  id: o.id, revision: o.revision, state: o.state, round: o.round, entry: o.entry, practice: o.practice, host: o.host, patient: o.patient, service: o.service, visitType: o.visitType, site: o.site, provider: o.provider,
  modality: o.modality, start: formatInstant(o.start), end: formatInstant(o.end), zone: o.zone, channels: [...o.channels], expiresAt: formatInstant(o.expiresAt),
  ...(o.replaces === null ? {} : { replaces: { ...o.replaces, start: formatInstant(o.replaces.start) } }),
  ...(o.confidential ? { confidential: true } : {}),
});

// Why the patient's practice and not the host as tenant: it sends and is answered; the host must not learn who is asked.
const place = (o: Offer) => ({ key: o.id, host: o.practice });
export function tellMade(tx: Tx, offer: Offer): void {
  tx.outbox.add(eventOf(OfferMade, place(offer), { offer: snapshotOfOffer(offer) }));
  audit(tx, offer, 'made');
}
export function tellEnded(tx: Tx, offer: Offer, how: { readonly answer?: string | null; readonly appointment?: AppointmentId | null } = {}): void {
  tx.outbox.add(eventOf(OfferEnded, place(offer), { offer: snapshotOfOffer(offer), answer: how.answer ?? null, appointment: how.appointment ?? null }));
  audit(tx, offer, offer.state);
}
/** Why not always the patient: the row belongs to the practice that acts, and a host must not learn who waits at a partner's. */
const audit = (tx: Tx, offer: Offer, what: string): void => tx.audit.record({ action: `offer.${what}`, entity: 'offer', entityId: offer.id, patient: offer.practice === tx.actor.practice ? offer.patient : null, details: { round: offer.round } });

export const offerAnswerRefused = (o: Offer, answer: string): OutgoingEvent => eventOf(OfferAnswerRefused, place(o), { offer: snapshotOfOffer(o), answer });

export const entryAdded = (e: WaitlistEntry): OutgoingEvent =>
  eventOf(WaitlistEntryAdded, { key: e.id, host: e.practice }, { id: e.id, practice: e.practice, patient: e.patient, service: e.wish.service, urgency: e.urgency, at: formatInstant(e.addedAt) });
export const entryEnded = (e: WaitlistEntry, outcome: Exclude<EntryStatus, 'waiting' | 'expired'>, appointment: AppointmentId | null, at: Instant, reason: EndReason | null = null): OutgoingEvent =>
  eventOf(WaitlistEntryEnded, { key: e.id, host: e.practice }, { id: e.id, practice: e.practice, outcome, appointment, at: formatInstant(at), ...(reason === null ? {} : { reason }) });
export const entryExpired = (e: WaitlistEntry, at: Instant): OutgoingEvent => eventOf(WaitlistEntryExpired, { key: e.id, host: e.practice }, { id: e.id, practice: e.practice, at: formatInstant(at) });

export const roundEnded = (r: OfferRound, place: { readonly service: ServiceCode; readonly zone: Zone }, outcome: RoundEnd, appointment: AppointmentId | null, at: Instant): OutgoingEvent =>
  eventOf(OfferRoundEnded, { key: r.id, host: r.host }, {
    id: r.id, host: r.host, ...place, visitType: r.visitType, provider: r.provider, site: r.site, start: formatInstant(r.start), end: formatInstant(r.end),
    freedBy: r.freedBy, freedAt: formatInstant(r.freedAt), outcome, offers: r.made, appointment, at: formatInstant(at),
  });
