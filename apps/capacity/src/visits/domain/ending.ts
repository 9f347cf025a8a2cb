import type { AppointmentSnapshot } from '@slotmesh/contracts';
import { HOUR, type Instant } from '@slotmesh/kernel';

/** How a visit was called off: for whose reason, and whether too late for the time to be used again. */
export interface Ending {
  readonly by: 'patient' | 'practice';
  readonly late: boolean;
}

/** Where a host names no last free moment. */
const USUAL_NOTICE = 24 * HOUR;
/** Reasons of the practice: FHIR appointment-cancellation-reason, `prov` and `maint` with what is under them. */
const OF_PRACTICE = /^(prov|maint)/;

/** Null where another visit takes its place in the same moment: that is a move. */
export function endingOf({ cancelFreeUntil, start }: Pick<AppointmentSnapshot, 'cancelFreeUntil' | 'start'>, { reason, goesOn = false }: { readonly reason: string; readonly goesOn?: boolean | undefined }, at: Instant): Ending | null {
  if (goesOn) return null;
  return { by: OF_PRACTICE.test(reason) ? 'practice' : 'patient', late: at > (cancelFreeUntil ?? start - USUAL_NOTICE) };
}
