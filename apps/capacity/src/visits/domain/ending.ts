import { type AppointmentSnapshot, isPatientsReason, isPracticesReason } from '@slotmesh/contracts';
import { HOUR, type Instant } from '@slotmesh/kernel';

/** How a visit was called off: for whose reason (null: neither's, such as a death), and whether too late for the time to be used again. */
export interface Ending {
  readonly by: 'patient' | 'practice' | null;
  readonly late: boolean;
}

/** Where a host names no last free moment. */
const USUAL_NOTICE = 24 * HOUR;

/** Null where another visit takes its place in the same moment: that is a move. Who was given a time within the notice had no moment to change their mind in time, so nothing binds them. */
export function endingOf({ cancelFreeUntil, start, bookedAt }: Pick<AppointmentSnapshot, 'cancelFreeUntil' | 'start' | 'bookedAt'>, { reason, goesOn = false }: { readonly reason: string; readonly goesOn?: boolean | undefined }, at: Instant): Ending | null {
  if (goesOn) return null;
  const by = isPracticesReason(reason) ? 'practice' : isPatientsReason(reason) ? 'patient' : null;
  const usual = start - USUAL_NOTICE;
  return { by, late: cancelFreeUntil === undefined ? bookedAt <= usual && at > usual : at > cancelFreeUntil };
}
