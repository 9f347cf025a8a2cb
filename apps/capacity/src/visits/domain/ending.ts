import type { AppointmentSnapshot } from '@slotmesh/contracts';
import { HOUR, type Instant } from '@slotmesh/kernel';

/** How a visit was called off: for whose reason (null: neither's, such as a death), and whether too late for the time to be used again. */
export interface Ending {
  readonly by: 'patient' | 'practice' | null;
  readonly late: boolean;
}

/** Where a host names no last free moment. */
const USUAL_NOTICE = 24 * HOUR;
/** Reasons of FHIR's appointment-cancellation-reason: those of the practice (`prov`, `maint` and what is under them), and those that are the patient's own decision, whoever writes them down. */
const OF_PRACTICE = /^(prov|maint)/;
const OF_PATIENT: ReadonlySet<string> = new Set(['pat', 'pat-crs', 'pat-cpp', 'pat-fb', 'pat-lt', 'pat-mv', 'pat-ucp']);

/** Null where another visit takes its place in the same moment: that is a move. Who was given a time within the notice had no moment to change their mind in time, so nothing binds them. */
export function endingOf({ cancelFreeUntil, start, bookedAt }: Pick<AppointmentSnapshot, 'cancelFreeUntil' | 'start' | 'bookedAt'>, { reason, goesOn = false }: { readonly reason: string; readonly goesOn?: boolean | undefined }, at: Instant): Ending | null {
  if (goesOn) return null;
  const by = OF_PRACTICE.test(reason) ? 'practice' : OF_PATIENT.has(reason) ? 'patient' : null;
  const usual = start - USUAL_NOTICE;
  return { by, late: cancelFreeUntil === undefined ? bookedAt <= usual && at > usual : at > cancelFreeUntil };
}
