import { type AppointmentId, type HoldId, type OpeningId, type PatientId, type PersonId, type PracticeId, type ProviderId, type ResourceId, type ServiceCode, type SiteId, type VisitTypeId, type Zone, formatInstant, parseInstant } from '@slotmesh/kernel';
import * as fc from 'fast-check';
import type { Appointment } from '../../appointments/domain/appointment';
import { appointmentStatuses } from '../../appointments/domain/transitions';
import type { Hold } from '../../holds/domain/hold';
import type { Offering } from '../../openings/domain/opening';
import { appointmentOf, cancelledHoldOf, heldOf, proposedOf } from './appointment';
import { searchsetOf } from './bundle';
import { cancelReasonOf, cancelReasons, reasonOfCode } from './cancel-reason';
import { locationOf } from './location';
import { type Refused, outcomeOf } from './operation-outcome';
import { organizationOf } from './organization';
import { parseScheduleId, scheduleIdOf, scheduleOf } from './schedule';
import { requestStatusOf, requestStatuses, standsAs } from './service-request';
import { referralStatuses } from '../../referrals/domain/transitions';

const start = parseInstant('2026-12-01T15:00:00Z');
const end = parseInstant('2026-12-01T15:30:00Z');
const visit: Appointment = {
  id: 'a1' as AppointmentId, revision: 1, version: 3, status: 'booked', participation: 'accepted', host: 'summit' as PracticeId, booking: 'harbor' as PracticeId, patient: 'p1' as PatientId, bookingPatient: 'p2' as PatientId, person: 'n1' as PersonId,
  agreement: null, quotas: [], site: 's1' as SiteId, provider: 'd1' as ProviderId, visitType: 'v1' as VisitTypeId, service: 'echo' as ServiceCode, modality: 'in-person', zone: 'America/Denver' as Zone, start, end, bookedAt: start, askedAt: null, bookedBy: 'x',
  cancelReason: 'pat', cancelFreeUntil: null, sealedReason: null, sealedAnswers: null, referral: null, confidential: false, care: null, series: null, chain: null, origin: null, approval: null,
};
const offering: Offering = {
  practice: visit.host, visitType: visit.visitType, visitTypeRef: 7, visitTypeName: 'Echo', visitTypeSensitive: false, service: visit.service, durationMinutes: 30, extraMinutes: 0, longerVisitMinutes: 0, seats: null, bufferBeforeMinutes: 0, bufferAfterMinutes: 0, minimumNoticeMinutes: 0, horizonDays: 84, modality: 'in-person', needs: [], policy: null,
  provider: visit.provider, providerRef: 8, providerName: 'Dr. Ruiz', providerResource: 'r1' as ResourceId, partnerVisitsPerDay: null, partnerApprovalHours: null, languages: ['en'], payers: [], site: visit.site, siteRef: 9, siteName: 'Denver', siteSensitive: false, siteCity: 'Denver', zone: visit.zone, latitude: null, longitude: null,
};
const hold: Hold = {
  id: 'h1' as HoldId, opening: 'o1' as OpeningId, host: visit.host, holder: visit.booking, holderSubject: 'x', agreement: null, quotas: [], visitType: visit.visitType, provider: visit.provider, site: visit.site, start, end, placedAt: start,
  expiresAt: parseInstant('2026-11-26T10:05:00Z'), state: 'active', care: null, overbook: false,
};

describe('Appointment', () => {
  it.each(appointmentStatuses)('app-4: with status %s a cancelationReason stands only where it may', (status) => {
    expect('cancelationReason' in appointmentOf({ ...visit, status }, 'p2')).toBe(status === 'cancelled' || status === 'noshow');
    expect(appointmentOf({ ...visit, status }, 'p2').status).toBe(status);
  });
  it('P7: names the record that it is given and no other', () => {
    const shown = JSON.stringify(appointmentOf(visit, 'p2'));
    expect(shown).toContain('Patient/p2');
    expect(shown).not.toMatch(/p1|n1/);
  });
  it('tells times, version, and who takes part', () => expect(appointmentOf(visit, 'p2', 'A mole')).toMatchObject({
    meta: { versionId: '3' }, start: '2026-12-01T15:00:00.000Z', end: '2026-12-01T15:30:00.000Z', minutesDuration: 30, reasonCode: [{ text: 'A mole' }],
    participant: [{ actor: { reference: 'Patient/p2' }, status: 'accepted' }, { actor: { reference: 'Practitioner/d1' } }, { actor: { reference: 'Location/s1' } }, { actor: { reference: 'HealthcareService/v1' } }],
  }));
  it('is proposed for an opening, pending for a hold with its end, and cancelled for a hold given back', () => {
    expect(proposedOf({ id: 'o1', start, end, offer: offering })).toMatchObject({ id: 'o1', status: 'proposed', slot: [{ reference: 'Slot/o1' }] });
    expect(heldOf(hold)).toMatchObject({ id: 'h1', status: 'pending', extension: [{ valueInstant: '2026-11-26T10:05:00.000Z' }], slot: [{ reference: 'Slot/o1' }] });
    expect(cancelledHoldOf(hold)).toMatchObject({ id: 'h1', status: 'cancelled' });
    expect(cancelledHoldOf(hold)).not.toHaveProperty('extension');
  });
  it('gives every cancellation reason of FHIR back as it came, and says others in words', () => {
    for (const code of cancelReasons) expect(cancelReasonOf(reasonOfCode(code)).coding?.[0]?.code).toBe(code);
    expect(cancelReasonOf('declined-by-host')).toEqual({ text: 'declined-by-host' });
  });
});

describe('Schedule', () => {
  it('has one id for the same visit type, provider and site, and no other text is one', () => {
    const ref = fc.integer({ min: 1, max: 0x7fff_ffff });
    fc.assert(fc.property(ref, ref, ref, (visitType, provider, site) => expect(parseScheduleId(scheduleIdOf({ visitType, provider, site }))).toEqual({ visitType, provider, site })));
    for (const text of ['', '1-2', '1-2-0', '01-2-3', '1-2-3-4', '2147483648-1-1', 'a-1-1']) expect(parseScheduleId(text)).toBeNull();
  });
  it("P6: plans from the site's own today", () => expect(scheduleOf(offering, parseInstant('2026-12-01T05:00:00Z')).planningHorizon).toEqual({ start: '2026-11-30', end: '2027-02-22' }));
});

describe('what publications leave out', () => {
  it('is left out here, too: FHIR has no empty texts', () => {
    const location = locationOf({ id: 's1', practice: 'summit', name: 'Denver', zone: 'America/Denver', phone: '', version: 1, address: { line: '', city: 'Denver', state: 'CO', postalCode: '' }, latitude: 39.7, longitude: null });
    expect(location).toMatchObject({ address: { city: 'Denver', state: 'CO' } });
    expect(JSON.stringify(location)).not.toMatch(/""|telecom|line|postalCode|position/);
    expect(organizationOf({ id: 'x', name: 'X', phone: '', email: '', version: 1 })).not.toHaveProperty('telecom');
  });
});

describe('Bundle', () => {
  const page = { resources: [], self: 'http://x/fhir/R4/Slot', next: null };
  it('has no empty list of entries, and a total only where this is all', () => {
    expect(searchsetOf('http://x/fhir/R4', { ...page, isAll: true })).toEqual({ resourceType: 'Bundle', type: 'searchset', total: 0, link: [{ relation: 'self', url: page.self }] });
    expect(searchsetOf('http://x/fhir/R4', { ...page, next: 'n', isAll: false })).not.toHaveProperty('total');
  });
});

describe('OperationOutcome', () => {
  const refused: Refused = { status: 400, code: 'invalid-request', detail: 'Please correct it', errors: [{ pointer: '/parameter/0/valueId', detail: 'is not known here' }, { pointer: '/start', detail: 'must be a date' }] };

  it('names each fault where it stands, in a body by its path and in a URL or form by its parameter', () => {
    expect(outcomeOf(refused, 'invalid', false).issue.map(({ expression }) => expression)).toEqual([['parameter[0].valueId'], ['start']]);
    expect(outcomeOf(refused, 'invalid', true).issue.map(({ location }) => location)).toEqual([['http.parameter'], ['http.start']]);
  });
  it('P5: a time that is gone is fatal and not-found (ITI-116), with what is free instead', () => {
    const { issue } = outcomeOf({ status: 409, code: 'opening-taken', detail: 'gone', alternatives: [{ id: 'f1', start: formatInstant(start), practice: 'clinic', bookable: 'link' }, { id: 'o2', start: formatInstant(start), practice: 'summit', bookable: 'hold' }] }, 'conflict', false);
    expect(issue).toHaveLength(2);
    expect(issue).toMatchObject([{ severity: 'fatal', code: 'not-found' }, { severity: 'information', details: { coding: [{ code: 'o2' }] } }]);
  });
  it('knows what went wrong on our side, and narrower words for some codes', () => {
    expect(outcomeOf({ status: 500, code: 'internal', detail: 'x' }, null, false).issue).toMatchObject([{ severity: 'fatal', code: 'exception' }]);
    expect(outcomeOf({ status: 401, code: 'token-expired', detail: 'x' }, 'unauthenticated', false).issue).toMatchObject([{ code: 'expired' }]);
  });
});

describe('ServiceRequest', () => {
  it('a search by status finds exactly the referrals that are shown with it, each in one status', () => {
    fc.assert(fc.property(fc.constantFrom(...referralStatuses), fc.boolean(), fc.subarray([...requestStatuses]), (status, declined, asked) => {
      const shown = requestStatusOf({ status, declineCode: declined ? 'no-capacity' : null });
      expect(standsAs(asked).some((one) => one.status === status && one.declined === declined)).toBe(asked.includes(shown));
    }));
  });
  it.each([['sent', null, 'active'], ['seen', null, 'active'], ['note-returned', null, 'active'], ['closed', null, 'completed'], ['closed', 'other', 'revoked'], ['declined', 'other', 'revoked'], ['cancelled', null, 'revoked']] as const)('%s (declined: %s) is %s', (status, declineCode, expected) => {
    expect(requestStatusOf({ status, declineCode })).toBe(expected);
  });
});
