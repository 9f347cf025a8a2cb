import { createHash, randomBytes } from 'node:crypto';
import type { Brand } from './brand';

/** A practice is known by its code (`harbor`), the same in tokens, rows, events and URLs. */
export type PracticeId = Brand<string, 'PracticeId'>;
export type PartnershipId = Brand<string, 'PartnershipId'>;
export type AgreementId = Brand<string, 'AgreementId'>;
export type DecisionId = Brand<string, 'DecisionId'>;
export type DisputeId = Brand<string, 'DisputeId'>;
export type EmergencyAccessId = Brand<string, 'EmergencyAccessId'>;
export type SiteId = Brand<string, 'SiteId'>;
export type ProviderId = Brand<string, 'ProviderId'>;
export type ResourceId = Brand<string, 'ResourceId'>;
export type VisitTypeId = Brand<string, 'VisitTypeId'>;
/** The partnership's catalogue code, such as `dermatology-consult`. */
export type ServiceCode = Brand<string, 'ServiceCode'>;
export type PatientId = Brand<string, 'PatientId'>;
export type PersonId = Brand<string, 'PersonId'>;
export type OpeningId = Brand<string, 'OpeningId'>;
export type HoldId = Brand<string, 'HoldId'>;
export type AppointmentId = Brand<string, 'AppointmentId'>;
export type WaitlistEntryId = Brand<string, 'WaitlistEntryId'>;
export type OfferRoundId = Brand<string, 'OfferRoundId'>;
export type OfferId = Brand<string, 'OfferId'>;
/** Visits that a rule repeats. */
export type SeriesId = Brand<string, 'SeriesId'>;
/** Visits of unlike types that follow one another. */
export type VisitChainId = Brand<string, 'VisitChainId'>;
export type ReferralId = Brand<string, 'ReferralId'>;
export type MessageId = Brand<string, 'MessageId'>;
export type MessageRequestId = Brand<string, 'MessageRequestId'>;
export type RecallId = Brand<string, 'RecallId'>;
export type RecommendationId = Brand<string, 'RecommendationId'>;
export type TimerId = Brand<string, 'TimerId'>;

/** A new UUID version 7 (RFC 9562): ordered by creation, so that indexes grow at one end. */
export function newId<T extends string = string>(at: number = Date.now()): T {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(at, 0, 6);
  return uuidOf(bytes, 0x70) as T;
}

/** The same UUID version 8 (RFC 9562) for the same name: what is made of it once is not made again, and the events of one thing stay in one order. */
export const stableId = (name: string): string => uuidOf(createHash('sha256').update(name).digest().subarray(0, 16), 0x80);

function uuidOf(bytes: Buffer, version: number): string {
  bytes[6] = (bytes[6]! & 0x0f) | version;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
