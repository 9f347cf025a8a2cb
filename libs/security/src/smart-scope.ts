import { DomainError } from '@slotmesh/kernel';

export const SMART_SCOPE = 'slotmesh:smart-scope';
/** Create, read, update, delete, search: the letters of SMART's scopes, in the one order in which they may be written. */
const LETTERS = 'cruds';

/** What a FHIR route demands of a system client's token: these interactions with this type. */
export interface SmartScope {
  readonly type: string;
  readonly interactions: 'r' | 's' | 'c' | 'u' | 'cu';
}
export const scopeText = ({ type, interactions }: SmartScope): string => `system/${type}.${interactions}`;

const FORM = /^system\/(\*|[A-Z][A-Za-z]+)\.(c?r?u?d?s?|read|write|\*)$/;
const V1: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': LETTERS };

/**
 * The interactions that a scope grants, by version 2 (`system/Appointment.rs`) or 1 (`.read`, `.write`, `.*`) of SMART App Launch (https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html).
 * Null: no scope of a system. One that is narrowed by a query (`?category=..`) is none either: taken without the query it would grant more than was asked for.
 */
export function readScope(scope: string): { readonly type: string; readonly letters: ReadonlySet<string> } | null {
  const [, type, asked] = FORM.exec(scope) ?? [];
  return type && asked ? { type, letters: new Set(V1[asked] ?? asked) } : null;
}

/** Whether all of them together grant what is needed. */
export function grants(held: readonly string[], { type, interactions }: SmartScope): boolean {
  const read = held.flatMap((scope) => readScope(scope) ?? []).filter((scope) => scope.type === '*' || scope.type === type);
  return [...interactions].every((letter) => read.some(({ letters }) => letters.has(letter)));
}

/** The interactions with a type as one scope: `system/Appointment.cruds`. */
export const joinedScope = (type: string, scopes: readonly SmartScope[]): string => `system/${type}.${[...LETTERS].filter((letter) => scopes.some(({ interactions }) => interactions.includes(letter))).join('')}`;

export class ScopeMissing extends DomainError {
  constructor(needed: SmartScope) {
    super('forbidden', 'scope-missing', `The token does not hold the scope ${scopeText(needed)}. Ask the sign-in provider for a token with it.`, { scope: scopeText(needed) });
  }
}
export class OnlyFhirForClients extends DomainError {
  constructor() {
    super('forbidden', 'fhir-only', 'A system client is let in below /fhir/R4 only. Use the FHIR routes, or sign in as a person.');
  }
}
export class ClientUnknown extends DomainError {
  constructor() {
    super('forbidden', 'client-unknown', 'The token is good, but no practice knows this client. Ask the network to add it to the practice for which it acts.');
  }
}
