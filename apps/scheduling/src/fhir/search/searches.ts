import { appointmentId, appointmentStatus, localDate, patientId, practiceId, providerId, referralId, referralUrgency, serviceCode, siteId, visitTypeId } from '@slotmesh/contracts';
import type { ServiceCode, VisitTypeId } from '@slotmesh/kernel';
import { z } from 'zod';
import { parseEmail } from '../../patients/domain/email';
import { parsePhone } from '../../patients/domain/phone';
import { systems } from '../resources/r4';
import { parseScheduleId } from '../resources/schedule';
import { requestStatuses } from '../resources/service-request';
import { dates, many, reference, stated, token, typedReference, words, yesOrNo } from './values';

/** Every list takes these; https://hl7.org/fhir/R4/http.html#parameters. What a search does not know is refused by name (strict handling). */
export const paging = {
  _count: z.coerce.number('must be a number').int().min(1).max(200).default(50).meta({ description: 'How many matches a page holds, 200 at most.' }),
  _cursor: z.string().regex(/^[A-Za-z0-9_-]{1,200}$/, 'must come from a next link').optional().meta({ description: 'Stands in the next link.' }),
  _format: z.enum(['json', 'application/json', 'application/fhir+json'], 'must be json: nothing else is written').optional().meta({ description: 'json only.' }),
};

/** A service of the catalogue, or one practice's own visit type by its id. */
export type Wanted = { readonly service: ServiceCode } | { readonly visitType: VisitTypeId };
export const serviceOrVisitType = z.string('give one value').transform((given, context): Wanted => {
  const [code, system] = given.split('|').reverse();
  const visitType = visitTypeId.safeParse(code);
  if (visitType.success && (!system || system === systems.visitType)) return { visitType: visitType.data };
  const service = serviceCode.safeParse(code);
  if (service.success && (!system || system === systems.service)) return { service: service.data };
  context.addIssue({ code: 'custom', message: `must be a code of ${systems.service} or the id of a HealthcareService` });
  return z.NEVER;
});
const schedule = words.transform((given, context) => {
  const ref = parseScheduleId(given.replace(/^(?:.*\/)?Schedule\//, ''));
  if (ref) return ref;
  context.addIssue({ code: 'custom', message: 'must be a reference to a Schedule' });
  return z.NEVER;
});

const id = <T>(type: string, schema: z.ZodType<T, string>) => reference(type, schema).optional().meta(stated('token', 'The id.'));
const organization = reference('Organization', practiceId).optional().meta(stated('reference', 'Of this practice.'));
const name = words.optional().meta(stated('string', 'How the name begins; case does not matter.'));
const active = yesOrNo.optional().meta(stated('token', 'Whether it is in use.'));
const service = token(systems.service, serviceCode).optional().meta(stated('token', 'A code of the catalogue of services.'));

/** A person's data must not stand in a URL, which ends in logs and histories. */
const personal = z.never('says who a patient is and must not be in a URL: POST it as a form to Patient/_search').optional();

export const searches = {
  Organization: z.strictObject({ _id: id('Organization', practiceId), identifier: token(systems.practice, practiceId).optional().meta(stated('token', "The practice's code.")), name, active, ...paging }),
  Location: z.strictObject({ _id: id('Location', siteId), organization, name, ...paging }),
  Practitioner: z.strictObject({ _id: id('Practitioner', providerId), name, active, ...paging }),
  PractitionerRole: z.strictObject({
    _id: id('PractitionerRole', providerId), organization, practitioner: reference('Practitioner', providerId).optional().meta(stated('reference', 'Of this provider.')),
    location: reference('Location', siteId).optional().meta(stated('reference', 'With hours there.')), service: reference('HealthcareService', visitTypeId).optional().meta(stated('reference', 'Who gives this visit type.')), active, ...paging,
  }),
  HealthcareService: z.strictObject({ _id: id('HealthcareService', visitTypeId), organization, 'service-type': service, name, active, ...paging }),
  Schedule: z.strictObject({
    actor: typedReference('Practitioner', 'Location', 'HealthcareService').optional().meta(stated('reference', 'Practitioner, Location or HealthcareService.')), date: dates.optional().meta(stated('date', 'Bookable then.')),
    'service-type': serviceOrVisitType.optional().meta(stated('token', 'A service or a visit type.')), ...paging,
  }),
  Slot: z.strictObject({
    start: dates.optional().meta(stated('date', 'Default from now, for 14 days; 120 days at most.')), schedule: schedule.optional().meta(stated('reference', 'In this schedule.')),
    status: z.literal('free', 'must be free: what is taken is not listed').optional().meta(stated('token', 'free only.')), 'service-type': many(serviceOrVisitType).optional().meta(stated('token', 'Services or visit types.')), ...paging,
  }),
  Appointment: z.strictObject({
    _id: id('Appointment', appointmentId), identifier: token(systems.appointment, appointmentId).optional().meta(stated('token', 'The same as the id.')), date: dates.optional().meta(stated('date', 'When it begins.')),
    patient: reference('Patient', patientId).optional().meta(stated('reference', "Of this patient of one's own practice.")), practitioner: reference('Practitioner', providerId).optional().meta(stated('reference', 'By this provider.')),
    location: reference('Location', siteId).optional().meta(stated('reference', 'At this site.')), actor: typedReference('Patient', 'Practitioner', 'Location').optional().meta(stated('reference', 'Patient, Practitioner or Location.')),
    status: appointmentStatus.optional().meta(stated('token', 'In this status.')), 'service-type': service,
    'based-on': reference('ServiceRequest', referralId).optional().meta(stated('reference', 'Booked from this referral.')), ...paging,
  }),
  Encounter: z.strictObject({
    _id: id('Encounter', appointmentId), identifier: token(systems.appointment, appointmentId).optional().meta(stated('token', 'The same as the id.')), date: dates.optional().meta(stated('date', 'When it began.')),
    patient: reference('Patient', patientId).optional().meta(stated('reference', "Of this patient of one's own practice.")), practitioner: reference('Practitioner', providerId).optional().meta(stated('reference', 'By this provider.')),
    location: reference('Location', siteId).optional().meta(stated('reference', 'At this site.')), appointment: reference('Appointment', appointmentId).optional().meta(stated('reference', 'Of this appointment.')),
    status: z.literal('finished', 'must be finished: others are not here').optional().meta(stated('token', 'finished only.')), ...paging,
  }),
  ServiceRequest: z.strictObject({
    _id: id('ServiceRequest', referralId), identifier: token(systems.referral, referralId).optional().meta(stated('token', 'The same as the id.')), patient: reference('Patient', patientId).optional().meta(stated('reference', "Of this patient of one's own practice.")),
    status: many(z.enum(requestStatuses)).optional().meta(stated('token', 'active, completed or revoked; several with commas.')), authored: dates.optional().meta(stated('date', 'When it was sent.')),
    requester: reference('Organization', practiceId).optional().meta(stated('reference', 'Sent by this practice.')), performer: reference('Organization', practiceId).optional().meta(stated('reference', 'Sent to this practice.')),
    code: service, priority: referralUrgency.optional().meta(stated('token', 'routine, urgent or stat.')), ...paging,
  }),
  Patient: z.strictObject({ identifier: personal, family: personal, given: personal, name: personal, birthdate: personal, telecom: personal, phone: personal, email: personal, ...paging }),
} as const;
export type SearchedType = keyof typeof searches;

const read = <T>(parse: (text: string) => T) => words.transform((given, context) => {
  try {
    return parse(given);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'cannot be read' });
    return z.NEVER;
  }
});
const telecom = read((given) => {
  const [, system, value = ''] = /^(phone|email)\|(.+)$/.exec(given) ?? [];
  if (system === 'phone') return { phone: parsePhone(value) };
  if (system === 'email') return { email: parseEmail(value) };
  throw new RangeError('must be phone|number or email|address');
});

/** As a form. Exact: a patient's data lies sealed, and only equal values can be found. What is given must all agree. */
export const patientSearch = z.strictObject({
  identifier: words.transform((given) => ({ system: given.slice(0, Math.max(given.lastIndexOf('|'), 0)), value: given.slice(given.lastIndexOf('|') + 1) })).optional().meta(stated('token', "The practice's record number.")),
  family: words.optional().meta(stated('string', 'The whole family name; together with given.')), given: words.optional().meta(stated('string', 'The whole given name; together with family.')),
  birthdate: localDate.optional().meta(stated('date', 'The day of birth.')), telecom: telecom.optional().meta(stated('token', 'phone|number or email|address.')),
  phone: read(parsePhone).optional().meta(stated('token', 'A phone number.')), email: read(parseEmail).optional().meta(stated('token', 'An e-mail address.')), _count: paging._count.unwrap().max(100).default(50), _format: paging._format,
}).refine(({ family, given }) => (family === undefined) === (given === undefined), { path: ['family'], message: 'and given are searched together only: a name lies sealed as a whole' })
  .refine(({ identifier, family, birthdate, telecom: reach, phone, email }) => [identifier, family, birthdate, reach, phone, email].some((one) => one !== undefined), { path: ['identifier'], message: 'or family with given, birthdate, phone, email or telecom is needed' });
