import {
  type AgreementId, type AppointmentId, type DecisionId, type DisputeId, type EmergencyAccessId, type HoldId, type MessageId, type MessageRequestId, type OfferId, type OfferRoundId, type OpeningId, type PartnershipId, type PatientId, type PersonId,
  type PracticeId, type ProviderId, type RecallId, type RecommendationId, type ReferralId, type ResourceId, type SeriesId, type ServiceCode, type SiteId, type TimerId, type VisitChainId, type VisitTypeId, type WaitlistEntryId, type Instant, type LocalDate, type LocalTime, type Zone,
  parseInstant, parseLocalDate, parseLocalTime, parseZone,
} from '@slotmesh/kernel';
import { z } from 'zod';

/** In lower case, as the database writes it (RFC 9562, section 4): ids are compared as text. */
const uuid = <T extends string>() => z.uuid().transform((text) => text.toLowerCase() as T);
const code = <T extends string>() => z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'must be lower-case letters, digits and hyphens, 63 at most').transform((text) => text as T);
const parsed = <T>(parse: (text: string) => T, what: string, format?: string) =>
  z.string().meta({ description: what, ...(format ? { format } : {}) }).transform((text, context) => {
    try {
      return parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: `must be ${what}` });
      return z.NEVER;
    }
  });

export const practiceId = code<PracticeId>();
export const serviceCode = code<ServiceCode>();
export const partnershipId = uuid<PartnershipId>();
export const agreementId = uuid<AgreementId>();
export const decisionId = uuid<DecisionId>();
export const disputeId = uuid<DisputeId>();
export const emergencyAccessId = uuid<EmergencyAccessId>();
export const siteId = uuid<SiteId>();
export const providerId = uuid<ProviderId>();
export const resourceId = uuid<ResourceId>();
export const visitTypeId = uuid<VisitTypeId>();
export const patientId = uuid<PatientId>();
export const personId = uuid<PersonId>();
export const holdId = uuid<HoldId>();
export const appointmentId = uuid<AppointmentId>();
export const referralId = uuid<ReferralId>();
export const seriesId = uuid<SeriesId>();
export const visitChainId = uuid<VisitChainId>();
export const waitlistEntryId = uuid<WaitlistEntryId>();
export const offerRoundId = uuid<OfferRoundId>();
export const offerId = uuid<OfferId>();
export const messageId = uuid<MessageId>();
export const messageRequestId = uuid<MessageRequestId>();
export const recallId = uuid<RecallId>();
export const recommendationId = uuid<RecommendationId>();
export const timerId = uuid<TimerId>();
export const openingId = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/, 'must be the id of an opening, as a search answers it').transform((text) => text as OpeningId);

/** Lists of a practice that named staff of a partner may work by agreement. */
export const workDesk = z.enum(['inbox', 'call-list', 'wait-list']);
export type WorkDesk = z.output<typeof workDesk>;

/** RFC 3339 with an offset in JSON, an Instant in code. */
export const instantText = parsed<Instant>(parseInstant, 'an RFC 3339 instant with an offset, such as 2026-11-23T14:00:00Z', 'date-time');
export const localDate = parsed<LocalDate>(parseLocalDate, 'a date, such as 2026-11-23', 'date');
export const localTime = parsed<LocalTime>(parseLocalTime, 'a time of day, such as 09:30');
export const zone = parsed<Zone>(parseZone, 'an IANA time zone, such as America/New_York');
export const language = z.enum(['en', 'es']);
export type Language = z.output<typeof language>;
/** An event as it stands in the outbox and in Kafka holds instants as text; consumers read them with these schemas. */
export type Wire<T extends z.ZodType> = z.input<T>;
