import { mean } from './distribution';
import { outcomeOf } from './session';
import type { ShowRate } from './show-rate';

/** How many visits of a coarse band lie in each slot. For checking a session that is booked; nothing is advised from it (P20). */
export interface BandOfBookings<Band extends string> {
  readonly band: Band;
  readonly rate: ShowRate;
  readonly bookingsPerSlot: readonly number[];
}
export interface WaitOfBand<Band extends string> {
  readonly band: Band;
  readonly bookings: number;
  /** Slots that one who comes waits; null where none is booked. */
  readonly waitPerSeen: number | null;
}
export interface WaitsByBand<Band extends string> {
  readonly bands: readonly WaitOfBand<Band>[];
  readonly gap: boolean;
}

/** The gap is told when the band that waits longest waits a quarter longer than the one that waits least, and at least a tenth of a slot. */
const WORTH_TELLING = { ratio: 1.25, slots: 0.1 };

/**
 * The wait of each band in one session, exactly: who comes waits for all who came earlier and, in the mean, for half of the others of the same slot.
 * Schedulers that minimise cost alone put people at risk into doubled slots, where they wait longer (Samorani and others, 2022).
 */
export function waitsByBand<Band extends string>(slots: number, bookings: readonly BandOfBookings<Band>[]): WaitsByBand<Band> {
  const at = Array.from({ length: slots }, (_, slot) => bookings.flatMap(({ rate, bookingsPerSlot }) => new Array<ShowRate>(bookingsPerSlot[slot] ?? 0).fill(rate)));
  const { waiting } = outcomeOf(at);
  const expectedAt = at.map((rates) => rates.reduce<number>((sum, rate) => sum + rate, 0));
  const bands = bookings.map(({ band, rate, bookingsPerSlot }) => {
    const inSession = bookingsPerSlot.slice(0, slots);
    const booked = inSession.reduce((sum, count) => sum + count, 0);
    const wait = inSession.reduce((sum, count, slot) => sum + count * (mean(waiting[slot] ?? []) + ((expectedAt[slot] ?? 0) - rate) / 2), 0);
    return { band, bookings: booked, waitPerSeen: booked === 0 ? null : wait / booked };
  });
  const waits = bands.flatMap(({ waitPerSeen }) => (waitPerSeen === null ? [] : [waitPerSeen]));
  const [least, most] = [Math.min(...waits), Math.max(...waits)];
  return { bands, gap: waits.length > 1 && most > least * WORTH_TELLING.ratio && most - least >= WORTH_TELLING.slots };
}
