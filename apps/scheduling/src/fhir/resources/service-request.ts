import { type ReferralStatus, referralStatuses } from '../../referrals/domain/transitions';
import type { ReferralView } from '../../referrals/referral.view';
import { type CodeableConcept, type Identifier, type Reference, type Resource, coded, metaOf, referenceTo, some, systems } from './r4';

/** Of https://hl7.org/fhir/R4/valueset-request-status.html, what a referral can be. */
export const requestStatuses = ['active', 'completed', 'revoked'] as const;
export type RequestStatus = (typeof requestStatuses)[number];

/** The referral as far as its FHIR status depends on it. */
export interface Followed { readonly status: ReferralStatus; readonly declineCode: string | null }

/**
 * `active` until the sender has closed the loop, also once the patient was seen: R4 leaves it to who asked to say when a request is completed. `revoked` where nobody acts on it any more:
 * called off, declined, or closed after it was declined. The exact step stands in the extension.
 */
export function requestStatusOf({ status, declineCode }: Followed): RequestStatus {
  switch (status) {
    case 'sent': case 'received': case 'accepted': case 'authorised': case 'scheduled': case 'seen': case 'note-returned': return 'active';
    case 'closed': return declineCode === null ? 'completed' : 'revoked';
    case 'declined': case 'cancelled': return 'revoked';
  }
}

/** What a search for these statuses finds: the other direction of the same mapping. */
export const standsAs = (asked: readonly RequestStatus[]): { readonly status: ReferralStatus; readonly declined: boolean }[] =>
  referralStatuses.flatMap((status) => [false, true].map((declined) => ({ status, declined }))).filter(({ status, declined }) => asked.includes(requestStatusOf({ status, declineCode: declined ? 'other' : null })));

export const REFERRAL_STATUS = 'urn:slotmesh:referral-status';
interface Said { readonly display: string }

export interface ServiceRequest extends Resource<'ServiceRequest'> {
  readonly extension: readonly [{ readonly url: typeof REFERRAL_STATUS; readonly valueCode: ReferralStatus }];
  readonly identifier: readonly Identifier[];
  readonly status: RequestStatus;
  readonly intent: 'order';
  readonly category: readonly [CodeableConcept];
  readonly priority: ReferralView['urgency'];
  readonly code: CodeableConcept;
  readonly subject: Reference<'Patient'>;
  readonly occurrenceDateTime?: string;
  readonly authoredOn: string;
  readonly requester: Reference<'Organization'>;
  readonly performer: readonly [Reference<'Organization'> | Said];
  readonly reasonCode?: readonly CodeableConcept[];
  readonly supportingInfo?: readonly Said[];
}

/** What was written to the receiver; empty where it is not shown, as in lists. */
export interface Written { readonly reason: string | null; readonly attachments: readonly { readonly title: string }[] }
const NOTHING: Written = { reason: null, attachments: [] };

/** A referral for the eyes of one of its two practices, whose own record the patient is. Intent is `order` from the first day on: R4 lets it never change, and an authorisation that is still needed is the payer's. Attachments by their titles, never their content. */
export function serviceRequestOf(referral: ReferralView, { reason, attachments }: Written = NOTHING): ServiceRequest {
  const { id, patient, receiver, outside, visitAt } = referral;
  if (patient === null) throw new Error('each side of a referral has its record of the patient');
  return {
    resourceType: 'ServiceRequest', id, meta: metaOf(referral.version), extension: [{ url: REFERRAL_STATUS, valueCode: referral.status }], identifier: [{ system: systems.referral, value: id }],
    status: requestStatusOf(referral), intent: 'order', category: [{ text: 'Referral' }], priority: referral.urgency, code: coded(systems.service, referral.service), subject: referenceTo('Patient', patient),
    ...(visitAt === null ? {} : { occurrenceDateTime: visitAt }), authoredOn: referral.sentAt, requester: referenceTo('Organization', referral.sender),
    performer: [receiver === null ? { display: outside?.name ?? 'Outside the network' } : referenceTo('Organization', receiver)],
    ...some('reasonCode', reason === null ? [] : [{ text: reason }]), ...some('supportingInfo', attachments.map(({ title }) => ({ display: title }))),
  };
}
