import { type Instant, type Zone, localDateOf } from '@slotmesh/kernel';
import type { Decision } from './due-step';

/** More than so many visits make no text that people read. */
const MOST_VISITS = 5;

export interface VisitToTell {
  readonly id: string;
  readonly patient: string;
  readonly host: string;
  readonly booking: string;
  readonly start: Instant;
  readonly confidential: boolean;
}
export interface Requested {
  readonly visit: VisitToTell;
  /** Of the patient. */
  readonly zone: Zone;
  readonly decision: Extract<Decision, { kind: 'request' }>;
}

/**
 * Puts together what one patient hears once: the same template by the same channels about visits of one host on one date of the patient. A confidential visit
 * stands alone, because its message may go where the others' may not.
 */
export function intoMessages<R extends Requested>(requested: readonly R[]): R[][] {
  const open = new Map<string, R[]>();
  const messages: R[][] = [];
  for (const one of requested) {
    const key = keyOf(one);
    const found = key === null ? undefined : open.get(key);
    // Why each visit once: two steps about it are two things to say.
    if (found && found.length < MOST_VISITS && !found.some(({ visit }) => visit.id === one.visit.id)) found.push(one);
    else {
      const message = [one];
      messages.push(message);
      if (key !== null) open.set(key, message);
    }
  }
  return messages;
}

function keyOf({ visit, zone, decision }: Requested): string | null {
  if (visit.confidential) return null;
  return [visit.patient, visit.host, visit.booking, localDateOf(visit.start, zone), decision.step.template, decision.class, decision.mustReach, ...decision.channels].join(' ');
}
