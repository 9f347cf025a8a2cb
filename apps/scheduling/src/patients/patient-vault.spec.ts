import { randomBytes } from 'node:crypto';
import { type PatientId, type PracticeId, newId, parseLocalDate } from '@slotmesh/kernel';
import { type PatientFacts, PatientVault } from './patient-vault';

const practice = 'harbor' as PracticeId;
const facts: PatientFacts = { givenName: 'José', familyName: "O'Brien-Núñez", birthDate: parseLocalDate('2000-02-29'), phone: '+16175550100', email: null, recordNumber: 'A 1' };

describe('the patient vault', () => {
  const vault = new PatientVault(randomBytes(32), randomBytes(32));
  const practiceKey = vault.newPracticeKey(practice);
  const patient = newId<PatientId>();
  const { key, wrapped } = vault.newPatientKey(practice, practiceKey, patient);
  const sealed = vault.seal(key, patient, facts);

  it('P24: opens what it sealed, by the wrapped key, and keeps what is absent absent', () => {
    expect(vault.open(vault.patientKey(practice, practiceKey, patient, wrapped), patient, sealed)).toEqual(facts);
    expect(sealed.email).toBeNull();
  });

  it('P24: a field that was moved to another field or another patient does not open', () => {
    expect(() => vault.open(key, patient, { ...sealed, givenName: sealed.familyName })).toThrow();
    expect(() => vault.open(key, newId<PatientId>(), sealed)).toThrow();
  });

  it('P24: a wrapped key opens neither for another practice nor for another patient nor under another master key', () => {
    expect(() => vault.patientKey('summit' as PracticeId, practiceKey, patient, wrapped)).toThrow();
    expect(() => vault.patientKey(practice, practiceKey, newId<PatientId>(), wrapped)).toThrow();
    expect(() => new PatientVault(randomBytes(32), randomBytes(32)).patientKey(practice, practiceKey, patient, wrapped)).toThrow();
  });

  it('P24: sealing twice gives two texts, indexing twice one, and a blind index differs by field and by key', () => {
    expect(vault.seal(key, patient, facts).givenName).not.toBe(sealed.givenName);
    expect(vault.indexOf('name', "JOSE  o'brien nunez")).toBe(vault.indexesOf(facts).name);
    expect(vault.indexOf('email', ' Ana@Mail.Example ')).toBe(vault.indexOf('email', 'ana@mail.example'));
    expect(vault.indexOf('recordNumber', 'a 1')).toBe(vault.indexesOf(facts).recordNumber);
    expect(vault.indexOf('recordNumber', '+16175550100')).not.toBe(vault.indexesOf(facts).phone);
    expect(new PatientVault(randomBytes(32), randomBytes(32)).indexesOf(facts).phone).not.toBe(vault.indexesOf(facts).phone);
  });
});
