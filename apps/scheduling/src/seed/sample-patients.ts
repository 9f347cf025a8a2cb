import type { Language, Need } from '@slotmesh/contracts';
import { type LocalDate, type PatientId, type PersonId, type PracticeId, parseLocalDate } from '@slotmesh/kernel';
import type { PatientRegistration } from '../patients/commands/register-patient';
import type { PatientFacts } from '../patients/patient-vault';
import { englishFamily, englishGiven, spanishFamily, spanishGiven } from './invented-names';
import { randomFrom } from './random';
import { practices } from './sample-network';
import type { SamplePractice } from './sample-practice';
import { seedId } from './seed-id';

export interface SamplePatient extends PatientRegistration {
  readonly id: PatientId;
  readonly practice: PracticeId;
  readonly person: PersonId;
  readonly zone: string;
}

/** Patients that examples and the demo name. */
const known: readonly { practice: string; facts: PatientFacts; language: Language }[] = [
  { practice: 'harbor', language: 'es', facts: { givenName: 'Maria', familyName: 'Alvarez', birthDate: parseLocalDate('1984-06-17'), phone: '+16175550142', email: 'maria.alvarez@example.com', recordNumber: 'H-10001' } },
  { practice: 'harbor', language: 'en', facts: { givenName: 'John', familyName: 'Whitfield', birthDate: parseLocalDate('1957-02-03'), phone: '+16175550143', email: 'john.whitfield@example.com', recordNumber: 'H-10002' } },
];
const PATIENT_LINES = 90;
/** The last of each partner's patients are harbor's too: the same person, known to both. */
const SHARED_PERSONS = 4;

/** 300 invented people, the same in every run: two known ones, twins who share a phone, and a few who are patients of two practices. */
export function samplePatients(): SamplePatient[] {
  const random = randomFrom(20_261_123);
  const names = new Set(known.map(({ facts }) => `${facts.givenName} ${facts.familyName}`));
  const all: SamplePatient[] = [];
  for (const practice of practices) {
    const fixed = known.filter((patient) => patient.practice === practice.id);
    const lines = phoneLines(practice, new Set(known.flatMap(({ facts }) => facts.phone ?? [])));
    for (let n = 0; n < practice.patients; n += 1) {
      const also = alsoOfHarbor(practice, n, all);
      const facts = fixed[n] ?? also ?? invented(random, names, lines, n);
      const twin = practice.id === 'harbor' && n === 31 ? all[30] : undefined;
      all.push(patientOf(practice, n, twin ? twinOf(twin, facts.facts) : facts.facts, facts.language, also?.person ?? null, random));
    }
  }
  return all;
}

function alsoOfHarbor(practice: SamplePractice, n: number, all: readonly SamplePatient[]): SamplePatient | undefined {
  const last = n - (practice.patients - SHARED_PERSONS);
  if (!practice.partner || practice.id === 'harbor' || last < 0) return undefined;
  return all[(practice.id === 'summit' ? 10 : 20) + last];
}

function phoneLines(practice: SamplePractice, taken: ReadonlySet<string>): string[] {
  return practice.areaCodes.flatMap((code) => Array.from({ length: PATIENT_LINES }, (_, line) => `+1${code}55501${String(line).padStart(2, '0')}`)).filter((phone) => !taken.has(phone));
}

function invented(random: () => number, names: Set<string>, lines: readonly string[], n: number): { facts: PatientFacts; language: Language } {
  const spanish = random() < 0.35;
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  let givenName: string;
  let familyName: string;
  do {
    givenName = pick(spanish ? spanishGiven : englishGiven);
    familyName = pick(spanish ? spanishFamily : englishFamily);
  } while (names.has(`${givenName} ${familyName}`));
  names.add(`${givenName} ${familyName}`);
  const phone = random() < 0.97 ? lines[n]! : null;
  const email = phone === null || random() < 0.9 ? `${ascii(givenName)}.${ascii(familyName)}@example.${pick(['com', 'org', 'net'])}` : null;
  return { facts: { givenName, familyName, birthDate: birthDate(random), phone, email, recordNumber: null }, language: spanish && random() < 0.8 ? 'es' : 'en' };
}

function patientOf(practice: SamplePractice, n: number, facts: PatientFacts, language: Language, person: PersonId | null, random: () => number): SamplePatient {
  const name = `${practice.id}/patient/${n}`;
  return {
    id: seedId<PatientId>(name), practice: practice.id as PracticeId, person: person ?? seedId<PersonId>(`${name}/person`), language, zone: practice.zone, needs: needs(random, language),
    facts: { ...facts, recordNumber: `${practice.id[0]!.toUpperCase()}-${10_001 + n}` },
    // Why drawn for the known too: the numbers that follow must not depend on them.
    textConsent: random() < 0.9 || n < 2, emailConsent: random() < 0.92 || n < 2,
  };
}

const twinOf = (first: SamplePatient, second: PatientFacts): PatientFacts => ({ ...second, familyName: first.facts.familyName, birthDate: first.facts.birthDate, phone: first.facts.phone, email: null });

function needs(random: () => number, language: Language): Need[] {
  const chance = random();
  if (chance < 0.04) return ['wheelchair'];
  if (chance < 0.06) return ['longer-visit'];
  if (chance < 0.07) return ['sign-language', 'text-only'];
  return chance < 0.2 && language === 'es' ? ['interpreter'] : [];
}

function birthDate(random: () => number): LocalDate {
  const first = Date.UTC(1936, 0, 1);
  return parseLocalDate(new Date(first + Math.floor(random() * (Date.UTC(2023, 0, 1) - first))).toISOString().slice(0, 10));
}

const ascii = (name: string): string => name.normalize('NFKD').replace(/[^A-Za-z]/g, '').toLowerCase();
