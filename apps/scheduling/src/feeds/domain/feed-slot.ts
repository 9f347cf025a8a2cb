import type { Instant, Zone } from '@slotmesh/kernel';
import { z } from 'zod';
import type { Phone } from '../../patients/domain/phone';
import { PHONE_LEFT_OUT, readPhone } from './feed-location';
import { LineRefused, type Reading, extension, extensionsNamed, readLine, referenceTo } from './reading';
import { minutesBetween, readSlotTime } from './slot-time';

/** Published time. Its key is schedule and start: `Slot.id` is not unique in the wild. */
export interface FeedSlot {
  readonly schedule: string;
  readonly start: Instant;
  readonly end: Instant;
  /** Taken and remembered, but not offered, where it is busy. */
  readonly free: boolean;
  /** How many visits are left, where the feed says so. */
  readonly capacity: number | null;
  /** Where it is booked; at least one of the two. Always https. */
  readonly link: string | null;
  readonly phone: Phone | null;
}
/** What a slot needs to know of its schedule's place. */
export interface SlotPlace {
  readonly zone: Zone;
  readonly phone: Phone | null;
}

const slot = z.object({
  resourceType: z.literal('Slot'),
  schedule: referenceTo('Schedule'),
  status: z.enum(['free', 'busy', 'busy-unavailable', 'busy-tentative']),
  start: z.string(),
  end: z.string(),
  extension: z.array(extension).nullish(),
});
const LONGEST_DAYS = 31;

/** A Slot of SMART Scheduling Links. `placeOf` gives the place of a schedule, null where the feed has none of that id. */
export const readSlot = (line: string | null, placeOf: (schedule: string) => SlotPlace | null): Reading<FeedSlot> => readLine(line, slot, (found, mend) => {
  const place = placeOf(found.schedule);
  if (!place) throw new LineRefused('schedule: not in the feed, or refused');
  const [start, end] = [readSlotTime(found.start, place.zone, mend), readSlotTime(found.end, place.zone, mend)];
  if (end <= start) throw new LineRefused('end: not after start');
  if (start < 0 || minutesBetween(start, end) > LONGEST_DAYS * 1_440) throw new LineRefused(`end: more than ${LONGEST_DAYS} days after start`);
  const extensions = found.extension ?? [];
  const capacity = capacityOf(extensionsNamed(extensions, 'slot-capacity').at(0)?.valueInteger ?? null);
  if (found.status === 'free' && capacity === 0) mend('status: free with capacity 0 is busy');
  const link = linkOf(extensionsNamed(extensions, 'booking-deep-link').map((one) => one.valueUrl ?? one.valueString ?? ''), mend);
  const phone = phoneOf(extensionsNamed(extensions, 'booking-phone').map((one) => one.valueString ?? ''), mend) ?? place.phone;
  if (link === null && phone === null) throw new LineRefused('extension: neither an https booking link nor a phone that can exist');
  return { schedule: found.schedule, start, end, free: found.status === 'free' && capacity !== 0, capacity, link, phone };
});

function capacityOf(value: number | null): number | null {
  if (value !== null && (!Number.isInteger(value) || value < 0 || value > 1_000_000)) throw new LineRefused('slot-capacity: must be a whole number, 0 or more');
  return value;
}

function linkOf(given: readonly string[], mend: (rule: string) => void): string | null {
  const [text = ''] = given;
  if (text === '') return null;
  if (isSafeLink(text)) return `https://${text.slice(8)}`;
  mend('booking link left out: not an https address');
  return null;
}

/** Only https, without a user in it: a desk clicks it with a patient beside it. */
export function isSafeLink(text: string): boolean {
  if (text.length > 2_000 || !/^https:\/\/[^\s]+$/i.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}

function phoneOf(given: readonly string[], mend: (rule: string) => void): Phone | null {
  const [text = ''] = given;
  if (text.trim() === '') return null;
  const phone = readPhone(text);
  if (phone === null) mend(PHONE_LEFT_OUT);
  return phone;
}
