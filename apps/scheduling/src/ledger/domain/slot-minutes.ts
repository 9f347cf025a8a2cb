import type { Brand } from '@slotmesh/kernel';

/** Minutes of appointment time. A kind of its own, so that no function that takes money takes them: hours are never paid for, and never owed in cents. */
export type SlotMinutes = Brand<number, 'SlotMinutes'>;

export const slotMinutes = (minutes: number): SlotMinutes => {
  if (!Number.isInteger(minutes)) throw new RangeError(`slot time is whole minutes: ${minutes}`);
  return minutes as SlotMinutes;
};
export const NO_MINUTES = 0 as SlotMinutes;
export const plus = (...minutes: readonly SlotMinutes[]): SlotMinutes => slotMinutes(minutes.reduce((sum, one) => sum + one, 0));
export const minus = (a: SlotMinutes, b: SlotMinutes): SlotMinutes => slotMinutes(a - b);
/** As people read it: hours with two decimals. */
export const hoursOf = (minutes: SlotMinutes): number => Math.round((minutes / 60) * 100) / 100;
