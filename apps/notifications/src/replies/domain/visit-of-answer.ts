import type { Instant } from '@slotmesh/kernel';
import type { VisitStatus } from '../../messages/domain/fence';

/** The newest message about one visit that went to this phone from this practice, beside the visit as it stands now. */
export interface AnswerableVisit {
  readonly kind: 'appointment' | 'offer';
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
const isOpen = ({ kind, current }: AnswerableVisit): boolean => (kind === 'offer' ? current.status === 'proposed' : OPEN.has(current.status));
/** A text lists three visits at most. */
const MOST = 3;

/** To which visit a bare "C" or "X" belongs. Where more than one is possible it is never guessed: the patient is asked. */
export function visitOfAnswer(visits: readonly AnswerableVisit[], now: Instant): AnswerTarget {
  const coming = visits.filter(({ current }) => current.start > now).sort((a, b) => b.sentAt - a.sentAt);
  // What is over, or what the patient has been told is cancelled, asks for no answer; nor does an offer that ended, once something newer was said.
  const possible = coming.filter((visit, index) => isOpen(visit) || (visit.revision < visit.current.revision && (visit.kind === 'appointment' || index === 0)));
  const [newest] = possible;
  // Who answers once more to an offer that is over is told again how it ended.
  if (!newest) return coming[0]?.kind === 'offer' ? { kind: 'superseded', visit: coming[0] } : { kind: 'none' };
  // Why without asking: the offer has just put this very question, and minutes count.
  if (newest.kind === 'offer' && isOpen(newest) && newest === coming[0]) return { kind: 'visit', visit: newest };
  if (newest.revision < newest.current.revision) return { kind: 'superseded', visit: newest };
  const open = possible.filter(isOpen);
  if (open.length === 1 && possible.length === 1) return { kind: 'visit', visit: newest };
  return { kind: 'which', visits: open.sort((a, b) => a.current.start - b.current.start || (a.appointment < b.appointment ? -1 : 1)).slice(0, MOST) };
}
