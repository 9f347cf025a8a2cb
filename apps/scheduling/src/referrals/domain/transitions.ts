import type { ReferralSnapshot } from '@slotmesh/contracts';
import { DomainError } from '@slotmesh/kernel';

export type ReferralStatus = ReferralSnapshot['status'];
export const referralStatuses = ['sent', 'received', 'accepted', 'authorised', 'scheduled', 'seen', 'note-returned', 'closed', 'declined', 'cancelled'] as const satisfies readonly ReferralStatus[];

export const referralSteps = ['receive', 'accept', 'decline', 'authorise', 'schedule', 'move', 'see', 'miss', 'return-note', 'close', 'cancel'] as const;
export type ReferralStep = (typeof referralSteps)[number];

export type Side = 'sender' | 'receiver';
/** `visit`: the appointment that was booked from the referral takes the step, no desk does. */
export type Doer = Side | 'visit';

interface Rule {
  readonly from: readonly ReferralStatus[];
  /** `ready`: as it was before it was scheduled. */
  readonly to: ReferralStatus | 'ready';
  readonly by: Doer;
  /** Outside the network the sender takes every step, because nobody else can; where they begin elsewhere than inside. */
  readonly fromOutside?: readonly ReferralStatus[];
  /** Taken here, the step leaves the status as it is. */
  readonly staysIn?: ReferralStatus;
}

/** From where each step may be taken, by whom, and where it leads. */
const TABLE: Readonly<Record<ReferralStep, Rule>> = {
  receive: { from: ['sent'], to: 'received', by: 'receiver', fromOutside: [] },
  accept: { from: ['received'], to: 'accepted', by: 'receiver', fromOutside: ['sent'] },
  // Why also once it was accepted: the payer may still say no.
  decline: { from: ['received', 'accepted', 'authorised'], to: 'declined', by: 'receiver', fromOutside: ['sent', 'accepted', 'authorised'] },
  // Why also where none was asked for, and again: a payer may want one late, and one that ran out is replaced; with a visit booked, so that it can be moved.
  authorise: { from: ['accepted', 'authorised', 'scheduled'], to: 'authorised', by: 'receiver', staysIn: 'scheduled' },
  schedule: { from: ['accepted', 'authorised'], to: 'scheduled', by: 'visit' },
  move: { from: ['scheduled'], to: 'scheduled', by: 'visit' },
  see: { from: ['scheduled'], to: 'seen', by: 'visit' },
  miss: { from: ['scheduled'], to: 'ready', by: 'visit' },
  'return-note': { from: ['seen'], to: 'note-returned', by: 'receiver' },
  // Why a declined one too: it stays open, with a due time, until the sender has found another way for the patient. Why a seen one: a receiver that erased its record can return no note.
  close: { from: ['seen', 'note-returned', 'declined'], to: 'closed', by: 'sender' },
  // Why not with a visit booked inside: that is other people's work, too, and is called off where it stands, not behind its back.
  cancel: { from: ['sent', 'received', 'accepted', 'authorised'], to: 'cancelled', by: 'sender', fromOutside: ['sent', 'accepted', 'authorised', 'scheduled'] },
};

/** The referral as far as a step needs it. */
export interface Steppable {
  readonly status: ReferralStatus;
  /** Null: outside the network. */
  readonly receiver: string | null;
  readonly needsAuthorisation: boolean;
  readonly authorised: boolean;
}

/** The step is not one that the present status allows; `details.allowed` names those that the asking side may take now. */
export class ReferralStepNotAllowed extends DomainError {
  constructor(step: ReferralStep, referral: Steppable, doer: Doer) {
    const allowed = allowedSteps(referral, doer);
    const next = allowed.length > 0 ? `Allowed now: ${allowed.join(', ')}.` : 'Your side has no step to take now.';
    super('conflict', 'referral-step-not-allowed', `${why(step, referral, doer)} ${next}`, { step, status: referral.status, allowed });
  }
}
export class OtherSideDecides extends DomainError {
  constructor(by: Side) {
    super('forbidden', `${by}-decides`, by === 'sender' ? 'Only the practice that sent the referral can do this. Ask the sender.' : 'Only the practice that the patient was referred to can do this. Ask the receiver.');
  }
}

/** The status after a step. Throws ReferralStepNotAllowed, OtherSideDecides. */
export function statusAfter(step: ReferralStep, referral: Steppable, doer: Doer): ReferralStatus {
  const by = doerOf(step, referral);
  if (by !== doer && by !== 'visit' && doer !== 'visit') throw new OtherSideDecides(by);
  if (!allowedSteps(referral, doer).includes(step)) throw new ReferralStepNotAllowed(step, referral, doer);
  const { to, staysIn } = TABLE[step];
  if (referral.status === staysIn) return staysIn;
  return to === 'ready' ? (referral.authorised ? 'authorised' : 'accepted') : to;
}

/** The steps that a side may take now. */
export const allowedSteps = (referral: Steppable, doer: Doer): ReferralStep[] => referralSteps.filter((step) => doerOf(step, referral) === doer && fromOf(step, referral).includes(referral.status) && !waitsForAuthorisation(step, referral));

const isOutside = (referral: Steppable): boolean => referral.receiver === null;
const doerOf = (step: ReferralStep, referral: Steppable): Doer => (isOutside(referral) ? 'sender' : TABLE[step].by);
const fromOf = (step: ReferralStep, referral: Steppable): readonly ReferralStatus[] => (isOutside(referral) && TABLE[step].fromOutside) || TABLE[step].from;
const waitsForAuthorisation = (step: ReferralStep, referral: Steppable): boolean => step === 'schedule' && referral.needsAuthorisation && !referral.authorised;

function why(step: ReferralStep, referral: Steppable, doer: Doer): string {
  if (doerOf(step, referral) === 'visit' && doer !== 'visit') return 'Inside the network the visit takes this step: book, move, cancel or complete the appointment.';
  if (step === 'cancel' && referral.status === 'scheduled') return 'A visit is booked from this referral: cancel the visit first, or have the practice that booked it do so.';
  if (waitsForAuthorisation(step, referral) && referral.status === 'accepted') return "This referral needs the payer's authorisation before a visit is booked from it.";
  return `A referral that is ${referral.status} cannot take the step ${step}.`;
}
