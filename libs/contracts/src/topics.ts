/** One topic per aggregate type; the key is the aggregate's id. Domain topics keep everything (a rebuild is a promise). */
export const topics = {
  practice: 'scheduling.practice.v1',
  site: 'scheduling.site.v1',
  provider: 'scheduling.provider.v1',
  service: 'scheduling.service.v1',
  visitType: 'scheduling.visit-type.v1',
  agreement: 'scheduling.agreement.v1',
  patient: 'scheduling.patient.v1',
  hold: 'scheduling.hold.v1',
  appointment: 'scheduling.appointment.v1',
  waitlistEntry: 'scheduling.waitlist-entry.v1',
  offer: 'scheduling.offer.v1',
  offerRound: 'scheduling.offer-round.v1',
  referral: 'scheduling.referral.v1',
  webhookSubscription: 'scheduling.webhook-subscription.v1',
  messageRequest: 'reminders.message-request.v1',
  callListEntry: 'reminders.call-list-entry.v1',
  message: 'notifications.message.v1',
  answer: 'notifications.answer.v1',
  contactPoint: 'notifications.contact-point.v1',
} as const;
export type Topic = (typeof topics)[keyof typeof topics];
