import { timingSafeEqual } from 'node:crypto';

/** An invented person who can sign in at the sandbox. The subject of their tokens is the e-mail address; what they may do is known to scheduling only. */
export interface Person {
  readonly email: string;
  readonly name: string;
}

const ROLES: ReadonlyMap<string, string> = new Map([['frontdesk', 'Front desk'], ['manager', 'Manager'], ['owner', 'Owner'], ['clinician', 'Clinician'], ['auditor', 'Auditor']]);
const PRACTICES: ReadonlyMap<string, string> = new Map([['harbor', 'Harbor Family Medicine'], ['summit', 'Summit Dermatology'], ['desert', 'Desert Heart Clinic'], ['lakeside', 'Lakeside']]);

export const people: readonly Person[] = [
  ...[...PRACTICES].flatMap(([code, practice]) => [...ROLES].map(([mailbox, role]) => ({ email: `${mailbox}@${code}.example`, name: `${role}, ${practice}` }))),
  { email: 'operator@network.example', name: 'Network operator' },
];

const byEmail: ReadonlyMap<string, Person> = new Map(people.map((person) => [person.email, person]));
const PASSWORD = Buffer.from('slotmesh');

export const findPerson = (email: string): Person | null => byEmail.get(email.trim().toLowerCase()) ?? null;

/** The person, where the one password of the sandbox is right. */
export function signIn(email: string, password: string): Person | null {
  const given = Buffer.from(password);
  return given.length === PASSWORD.length && timingSafeEqual(given, PASSWORD) ? findPerson(email) : null;
}
