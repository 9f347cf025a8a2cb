import { AppointmentBooked, AppointmentCancelled, AppointmentConfirmed, AppointmentRescheduled, AppointmentStatusChanged, OfferEnded, OfferMade, ReferralSent, ReferralStatusChanged } from '@slotmesh/contracts';

/** Events that a practice can have sent: those that are about its own visits, offers and referrals. */
export const webhookEventTypes: readonly string[] = [AppointmentBooked, AppointmentRescheduled, AppointmentCancelled, AppointmentConfirmed, AppointmentStatusChanged, OfferMade, OfferEnded, ReferralSent, ReferralStatusChanged].map(({ type }) => type);
