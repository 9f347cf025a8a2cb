import { z } from 'zod';
import { instantText, language, localDate, practiceId, providerId, serviceCode, siteId, visitTypeId, zone, agreementId, partnershipId } from '../primitives';
import { topics } from '../topics';
import { defineEvent } from './define-event';

const postalAddress = z.object({ line: z.string(), city: z.string(), state: z.string(), postalCode: z.string() });

/** Reference data is published as the whole present state, so that a late reader needs only the last record of a key. */
export const PracticeDefined = defineEvent(topics.practice, 'defined', 'A practice exists, or its public facts changed.', z.object({
  id: practiceId, name: z.string(), zone, phone: z.string(), email: z.string(), senderNumber: z.string(), partnership: partnershipId.nullable(), staffed: z.boolean(),
}));
export const SiteDefined = defineEvent(topics.site, 'defined', 'A site exists, or its facts changed.', z.object({
  id: siteId, practice: practiceId, name: z.string(), zone, phone: z.string(), address: postalAddress, latitude: z.number().nullable(), longitude: z.number().nullable(),
  /** Its name alone may tell why somebody comes; absent: false. */
  sensitive: z.boolean().optional(),
}));
export const ProviderDefined = defineEvent(topics.provider, 'defined', 'A provider exists, or the facts changed.', z.object({
  id: providerId, practice: practiceId, name: z.string(), languages: z.array(z.string()),
}));
export const ServiceDefined = defineEvent(topics.service, 'defined', "An entry of the partnership's catalogue.", z.object({
  code: serviceCode, name: z.record(language, z.string()),
  /** Its name alone may tell why somebody comes, in every practice; absent: false. */
  sensitive: z.boolean().optional(),
}));
export const VisitTypeDefined = defineEvent(topics.visitType, 'defined', 'A visit type exists, or its facts changed.', z.object({
  id: visitTypeId, practice: practiceId, service: serviceCode, name: z.string(), durationMinutes: z.int().positive(), modality: z.enum(['in-person', 'video', 'phone']),
  /** Its name, or that of its service, may tell why somebody comes; absent: false. */
  sensitive: z.boolean().optional(),
}));
export const AgreementChanged = defineEvent(topics.agreement, 'changed', 'An agreement version came to exist or changed its state.', z.object({
  id: agreementId, partnership: partnershipId, version: z.int().positive(), status: z.enum(['draft', 'proposed', 'approved', 'in-force', 'superseded', 'terminated']),
  practices: z.array(practiceId), effectiveFrom: instantText, effectiveTo: instantText.nullable(), blackoutDates: z.array(localDate).default([]),
  /** SHA-256 of the canonical terms (RFC 8785); absent for what was agreed before terms were hashed. */
  name: z.string().optional(), hash: z.string().optional(),
}));
