import type { Zone } from '@slotmesh/kernel';
import { z } from 'zod';
import { type Phone, parsePhone } from '../../patients/domain/phone';
import { readPostalCode } from './postal-code';
import { LineRefused, type Reading, readLine, resourceId } from './reading';
import { zoneOfPlace } from './state-zone';

/** A place as the partnership knows it. */
export interface FeedLocation {
  readonly externalId: string;
  readonly name: string;
  /** Null where the feed has none that can exist. */
  readonly phone: Phone | null;
  readonly address: { readonly line: string; readonly city: string; readonly state: string; readonly postalCode: string };
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly zone: Zone;
}

const location = z.object({
  resourceType: z.literal('Location'),
  id: resourceId,
  name: z.string().trim().min(1).max(200),
  telecom: z.array(z.object({ system: z.string().nullish(), value: z.string().nullish() })).nullish(),
  address: z.object({ line: z.array(z.string().nullish()).nullish(), city: z.string().trim().min(1).max(100), state: z.string().trim().toUpperCase().regex(/^[A-Z]{2}$/, 'must be two letters'), postalCode: z.union([z.string(), z.number()]).nullish() }),
  position: z.object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) }).nullish(),
});
type Location = z.output<typeof location>;

/** A Location of SMART Scheduling Links (a FHIR Location with name, telecom, address). */
export const readLocation = (line: string | null): Reading<FeedLocation> => readLine(line, location, (found, mend) => {
  const { city, state } = found.address;
  const street = (found.address.line ?? []).map((part) => part?.trim()).filter(Boolean).join(', ').slice(0, 200);
  const place = zoneOfPlace(state, found.position ?? null);
  if (!place) throw new LineRefused(`address.state: ${found.position ? 'no state whose time zone is known' : 'a state with two time zones, and no position'}`);
  if (place.guessed) mend('zone: told by the position, the state has two');
  return {
    externalId: found.id, name: nameOf(found.name, street, city), phone: phoneOf(found, mend), address: { line: street, city, state, postalCode: postalCodeOf(found, mend) },
    latitude: found.position?.latitude ?? null, longitude: found.position?.longitude ?? null, zone: place.zone,
  };
});

/** Chains give every place one name; a desk that reads it out must know which place is meant. */
const nameOf = (name: string, street: string, city: string): string => [name, ...[street, city].filter((part) => part !== '' && !name.includes(part))].join(', ').slice(0, 200);

function postalCodeOf({ address }: Location, mend: (rule: string) => void): string {
  const given = String(address.postalCode ?? '');
  if (given === '') return '';
  const read = readPostalCode(given, address.state);
  if (read === null) mend('postal code left out: not one of the state');
  else if (read.mended) mend('postal code: lost zeros given back');
  return read?.postalCode ?? '';
}

function phoneOf({ telecom }: Location, mend: (rule: string) => void): Phone | null {
  const given = (telecom ?? []).filter(({ system, value }) => system === 'phone' && value);
  const possible = given.map(({ value }) => readPhone(value ?? '')).find((phone) => phone !== null) ?? null;
  if (given.length > 0 && possible === null) mend(PHONE_LEFT_OUT);
  return possible;
}

export const PHONE_LEFT_OUT = 'phone left out: no such number can exist';
/** Null where no such number can have been given out. */
export function readPhone(text: string): Phone | null {
  try {
    return parsePhone(text);
  } catch {
    return null;
  }
}
