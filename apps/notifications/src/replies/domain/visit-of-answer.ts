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
  /** The last that it was written about asks to choose another time, and no yes or no. */
  readonly mustMove?: boolean;
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

/**
 * To which visit an answer belongs. Where more than one is possible it is never guessed: the patient is asked. `yesOrNo`: the words answer a question that was put
 * ("YES"), and an offer puts one; words about a visit ("C", "X", "cancel my appointment") mean an offer only where there is no visit to mean.
 */
export function visitOfAnswer(visits: readonly AnswerableVisit[], now: Instant, { yesOrNo }: { readonly yesOrNo: boolean }): AnswerTarget {
  const coming = visits.filter(({ current }) => current.start > now).sort((a, b) => b.sentAt - a.sentAt);
  // What is over, or what the patient has been told is cancelled, asks for no answer; nor does an offer that ended, once something newer was said.
  const asked = coming.filter((visit, index) => isOpen(visit) || (visit.revision < visit.current.revision && (visit.kind === 'appointment' || index === 0)));
  const offers = asked.filter((visit) => visit.kind === 'offer' && isOpen(visit));
  // Why without asking: the offer has just put this very question, and minutes count. Two of them, as to two children, put it twice.
  if (yesOrNo && coming[0] && offers.includes(coming[0])) return offers.length === 1 ? { kind: 'visit', visit: coming[0] } : { kind: 'which', visits: listed(offers) };
  const visitsOnly = asked.filter(({ kind }) => kind === 'appointment');
  const possible = !yesOrNo && visitsOnly.length > 0 ? visitsOnly : asked;
  const [newest] = possible;
  // Who answers once more to an offer that is over is told again how it ended.
  if (!newest) return coming[0]?.kind === 'offer' ? { kind: 'superseded', visit: coming[0] } : { kind: 'none' };
  if (newest.revision < newest.current.revision) return { kind: 'superseded', visit: newest };
  const open = possible.filter(isOpen);
  if (open.length === 1 && possible.length === 1) return { kind: 'visit', visit: newest };
  return { kind: 'which', visits: listed(open) };
}

const listed = (visits: readonly AnswerableVisit[]): readonly AnswerableVisit[] => [...visits].sort((a, b) => a.current.start - b.current.start || (a.appointment < b.appointment ? -1 : 1)).slice(0, MOST);
