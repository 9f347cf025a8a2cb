import type { Instant } from '@slotmesh/kernel';
import type { VisitStatus } from '../../messages/domain/fence';

/** The newest message about one visit that went to this phone from this practice, beside the visit as it stands now. */
export interface AnswerableVisit {
  readonly message: string;
  readonly appointment: string;
  readonly patient: string;
  /** What the message spoke of. */
  readonly revision: number;
  /** Order of sending. */
  readonly sentAt: Instant;
  readonly current: { readonly revision: number; readonly status: VisitStatus; readonly start: Instant };
}

export type AnswerTarget =
  | { readonly kind: 'visit'; readonly visit: AnswerableVisit }
  /** The visit has changed since the message: nothing is done, the patient gets the present state. */
  | { readonly kind: 'superseded'; readonly visit: AnswerableVisit }
  | { readonly kind: 'which'; readonly visits: readonly AnswerableVisit[] }
  | { readonly kind: 'none' };

const OPEN: ReadonlySet<VisitStatus> = new Set(['pending', 'booked']);
/** A text lists three visits at most. */
const MOST = 3;

/** To which visit a bare "C" or "X" belongs. Where more than one is possible it is never guessed: the patient is asked. */
export function visitOfAnswer(visits: readonly AnswerableVisit[], now: Instant): AnswerTarget {
  // What is over, or what the patient has been told is cancelled, asks for no answer.
  const possible = visits.filter(({ current, revision }) => current.start > now && (OPEN.has(current.status) || revision < current.revision)).sort((a, b) => b.sentAt - a.sentAt);
  const [newest] = possible;
  if (!newest) return { kind: 'none' };
  if (newest.revision < newest.current.revision) return { kind: 'superseded', visit: newest };
  const open = possible.filter(({ current }) => OPEN.has(current.status));
  if (open.length === 1 && possible.length === 1) return { kind: 'visit', visit: newest };
  return { kind: 'which', visits: open.sort((a, b) => a.current.start - b.current.start || (a.appointment < b.appointment ? -1 : 1)).slice(0, MOST) };
}
