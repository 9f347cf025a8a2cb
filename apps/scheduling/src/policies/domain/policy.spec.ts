import { HOUR, type Instant, parseInstant, parseLocalDate, parseZone, plusMs } from '@slotmesh/kernel';
import fc from 'fast-check';
import { visitTypePolicy } from '../policy.schema';
import { type AskedVisit, type PatientFacts, type Policy, ageOn, decidePolicy } from './policy';

const zone = parseZone('America/Denver');
const start = parseInstant('2027-03-01T16:00:00Z');
const policyOf = (some: Partial<Policy>): Policy => ({ ...visitTypePolicy.parse({}), ...some });
const patient: PatientFacts = { birthDate: parseLocalDate('1980-05-05'), language: 'en', payer: null, establishedUntil: null, referral: null };
const visit: AskedVisit = { start, zone, modality: 'in-person', languages: ['en'], payers: [] };
const codeOf = (policy: Partial<Policy>, who: Partial<PatientFacts> = {}, what: Partial<AskedVisit> = {}): string => {
  const decision = decidePolicy(policyOf(policy), { ...patient, ...who }, { ...visit, ...what });
  return decision.allowed ? 'allowed' : decision.code;
};

const instants = fc.integer({ min: 0, max: 40_000 }).map((hours): Instant => plusMs(parseInstant('2024-01-01T00:00:00Z'), hours * HOUR));
const dates = fc.date({ min: new Date('1930-01-01'), max: new Date('2026-01-01'), noInvalidDate: true }).map((date) => parseLocalDate(date.toISOString().slice(0, 10)));
const payers = fc.constantFrom('medicare', 'medicaid', 'commercial', 'self-pay');
const facts = fc.record<PatientFacts>({
  // Why before any authorisation ends: a refusal may name that day, and must not seem to name the birthday.
  birthDate: dates.filter((date) => date < '2024'), language: fc.constantFrom('en', 'es'), payer: fc.option(payers), establishedUntil: fc.option(instants),
  referral: fc.option(fc.record({ authorisationExpires: fc.option(dates.map((date) => parseLocalDate(`${Number(date.slice(0, 4)) % 4 + 2024}${date.slice(4).replace('-02-29', '-02-28')}`))), follows: fc.boolean() })),
});
const visits = fc.record<AskedVisit>({ start: instants, zone: fc.constant(zone), modality: fc.constantFrom('in-person', 'video', 'phone'), languages: fc.subarray(['en', 'es']), payers: fc.subarray(['medicare', 'medicaid', 'commercial']) });
/** One thing more that is asked; a list grows shorter, a bound nearer. */
const stricter: readonly ((policy: Policy) => Policy)[] = [
  (policy) => ({ ...policy, referralRequired: true }), (policy) => ({ ...policy, authorisationRequired: true }), (policy) => ({ ...policy, providerSpeaksLanguage: true }),
  (policy) => (policy.patients === 'any' ? { ...policy, patients: 'established' } : policy), (policy) => (policy.patients === 'any' ? { ...policy, patients: 'new' } : policy),
  (policy) => ({ ...policy, payers: policy.payers === null ? ['medicare', 'commercial'] : policy.payers.slice(1) }), (policy) => ({ ...policy, minAgeYears: (policy.minAgeYears ?? 0) + 10 }),
  (policy) => ({ ...policy, maxAgeYears: (policy.maxAgeYears ?? 130) - 10 }), (policy) => ({ ...policy, newPatientModalities: policy.newPatientModalities === null ? ['in-person', 'video'] : policy.newPatientModalities.slice(1) }),
];

describe('the policy of a visit type', () => {
  it('P7: a stricter policy only narrows: what it lets pass, the milder one lets pass, too', () => {
    fc.assert(fc.property(facts, visits, fc.array(fc.nat({ max: stricter.length - 1 }), { maxLength: 6 }), fc.nat({ max: stricter.length - 1 }), (who, what, before, more) => {
      const mild = before.reduce((policy, index) => stricter[index]!(policy), policyOf({}));
      const strict = stricter[more]!(mild);
      if (decidePolicy(strict, who, what).allowed) expect(decidePolicy(mild, who, what).allowed).toBe(true);
      if (decidePolicy(mild, who, what).allowed) expect(decidePolicy(null, who, what).allowed).toBe(true);
    }));
  });

  it('refuses with a code that names one policy and a sentence that ends, and never says who', () => {
    fc.assert(fc.property(facts, visits, fc.array(fc.nat({ max: stricter.length - 1 }), { maxLength: 6 }), (who, what, steps) => {
      const decision = decidePolicy(steps.reduce((policy, index) => stricter[index]!(policy), policyOf({})), who, what);
      if (decision.allowed) return;
      expect(decision.code).toMatch(/^policy-[a-z-]+$/);
      expect(decision.message).toMatch(/^[A-Z].*[a-z0-9)}`]\.$/);
      expect(decision.message).not.toContain(who.birthDate);
    }));
  });

  it('knows an established patient up to the last moment of three years', () => {
    expect(codeOf({ patients: 'established' }, { establishedUntil: start })).toBe('allowed');
    expect(codeOf({ patients: 'established' }, { establishedUntil: plusMs(start, -1) })).toBe('policy-established-patients');
    expect(codeOf({ patients: 'new' }, { establishedUntil: start })).toBe('policy-new-patients');
    expect(codeOf({ patients: 'new' })).toBe('allowed');
    expect(codeOf({ newPatientModalities: ['in-person'] }, {}, { modality: 'video' })).toBe('policy-modality');
    expect(codeOf({ newPatientModalities: ['in-person'] }, { establishedUntil: start }, { modality: 'video' })).toBe('allowed');
  });

  it('looks at the authorisation by the calendar of the place, and at one that was given even where none is asked for', () => {
    const until = (last: string, follows = false) => ({ referral: { authorisationExpires: parseLocalDate(last), follows } });
    expect(codeOf({ referralRequired: true })).toBe('policy-referral-required');
    expect(codeOf({ authorisationRequired: true }, { referral: { authorisationExpires: null, follows: true } })).toBe('policy-authorisation-required');
    expect(codeOf({ authorisationRequired: true }, until('2027-03-01'))).toBe('allowed');
    expect(codeOf({ authorisationRequired: true }, until('2027-03-01'), { start: parseInstant('2027-03-02T06:59:00Z') })).toBe('allowed');
    expect(codeOf({ authorisationRequired: true }, until('2027-03-01'), { start: parseInstant('2027-03-02T07:00:00Z') })).toBe('policy-authorisation-expired');
    expect(codeOf({}, until('2027-02-28', true))).toBe('policy-authorisation-expired');
    expect(codeOf({}, until('2027-02-28'))).toBe('allowed');
  });

  it("takes the payer that provider and visit type take, in any case of letters, and asks for it only where the visit type does", () => {
    expect(codeOf({}, { payer: 'medicaid' }, { payers: ['medicare'] })).toBe('policy-payer');
    expect(codeOf({}, {}, { payers: ['medicare'] })).toBe('allowed');
    expect(codeOf({ payers: ['Medicare'] })).toBe('policy-payer-unknown');
    expect(codeOf({ payers: ['Medicare'] }, { payer: 'medicare' })).toBe('allowed');
    expect(codeOf({ providerSpeaksLanguage: true }, { language: 'es' })).toBe('policy-language');
  });

  it('counts whole years on the day of the visit', () => {
    expect(ageOn(parseLocalDate('2009-03-01'), parseLocalDate('2027-03-01'))).toBe(18);
    expect(ageOn(parseLocalDate('2009-03-02'), parseLocalDate('2027-03-01'))).toBe(17);
    expect(ageOn(parseLocalDate('2008-02-29'), parseLocalDate('2027-02-28'))).toBe(18);
    expect(ageOn(parseLocalDate('2008-02-29'), parseLocalDate('2027-03-01'))).toBe(19);
    expect(codeOf({ minAgeYears: 18 }, { birthDate: parseLocalDate('2009-03-02') })).toBe('policy-age');
    expect(codeOf({ maxAgeYears: 17 }, { birthDate: parseLocalDate('2009-03-02') })).toBe('allowed');
  });
});
