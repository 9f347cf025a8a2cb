import type { AppointmentSnapshot } from '@slotmesh/contracts';
import { type Instant, isQuiet, nextPermitted } from '@slotmesh/kernel';
import { type Channel, channelsOf, mainOf } from '../../plans/domain/plan-steps';
import { type MessageStep, type PlanStep, isBefore, outcomeOf } from '../../plans/domain/plan';
import type { Risk } from '../../plans/domain/risk';
import type { Reach } from '../../patients/domain/reach';

export interface VisitState {
  readonly revision: number;
  readonly status: AppointmentSnapshot['status'];
  readonly confirmed: boolean;
  readonly start: Instant;
  /** When its present time was fixed. */
  readonly revisedAt: Instant;
}
export interface DueStep {
  readonly step: PlanStep;
  readonly revision: number;
  readonly idealAt: Instant;
  readonly expiresAt: Instant;
  readonly answersPatient: boolean;
}
/** What a step may ask for when its time comes. */
export interface Circumstances {
  readonly risk: Risk;
  /** The last message about the visit has arrived somewhere. */
  readonly reached: boolean;
}

/** Every due step ends in one of these (P14); `defer` keeps it as a timer. */
export type Decision =
  | { readonly kind: 'request'; readonly step: MessageStep; readonly channels: readonly Channel[]; readonly class: MessageStep['class']; readonly mustReach: boolean }
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'call'; readonly reason: string; readonly urgent: boolean }
  | { readonly kind: 'defer'; readonly until: Instant };

const skip = (reason: string): Decision => ({ kind: 'skip', reason });

/** What becomes of a step whose time has come. */
export function decideDue(due: DueStep, steps: readonly PlanStep[], visit: VisitState | null, reach: Reach, circumstances: Circumstances, now: Instant): Decision {
  const { step } = due;
  if (visit === null || visit.revision !== due.revision) return skip('superseded');
  const announcesEnd = step.when.kind === 'at-once' && step.when.on === 'cancelled';
  if (!announcesEnd && visit.status !== (outcomeOf(step.when) ?? 'booked')) return skip(`visit-${visit.status}`);
  if (reach.gone !== null) return skip(reach.gone);
  const mustReach = step.action === 'message' && step.mustReach && !due.answersPatient;
  if (now >= due.expiresAt) {
    if (mustReach) return { kind: 'call', reason: 'expired', urgent: true };
    return step.action === 'message' && step.whenLate === 'call' && now < visit.start ? called(step, 'expired', visit, circumstances) : skip('expired');
  }
  const isLate = isBefore(step.when) && due.idealAt < visit.revisedAt;
  if (step.action === 'call') {
    // Why: the plan's messages are on their way to them; somebody looks after them where none arrives.
    if (reach.textOnly && step.reached === 'any' && reach.channels.length > 0) return whyNotWanted(step, visit, circumstances) ?? skip('text-only');
    return called(step, step.risk === 'high' ? 'high-risk' : 'unconfirmed', visit, circumstances);
  }
  if (isLate && step.whenLate === 'call') return called(step, 'too-late-for-message', visit, circumstances);
  return whyNotWanted(step, visit, circumstances) ?? message(step, due, steps, reach, mustReach, now);
}

/** A call is opened where the message that it stands for, or it itself, is wanted. */
function called(step: PlanStep, reason: string, visit: VisitState, circumstances: Circumstances): Decision {
  return whyNotWanted(step, visit, circumstances) ?? { kind: 'call', reason, urgent: false };
}

function whyNotWanted(step: PlanStep, visit: VisitState, { risk, reached }: Circumstances): Decision | null {
  if (visit.confirmed && step.whenConfirmed === 'skip') return skip('already-confirmed');
  if (step.risk === 'high' && risk !== 'high') return skip('not-high-risk');
  return step.action === 'call' && step.reached === 'nobody' && reached ? skip('reached') : null;
}

function message(step: MessageStep, { answersPatient, expiresAt }: DueStep, steps: readonly PlanStep[], reach: Reach, mustReach: boolean, now: Instant): Decision {
  const call = (reason: string): Decision => ({ kind: 'call', reason, urgent: mustReach });
  if (reach.voiceOnly) return mustReach || step.unreachable === 'call' ? call('voice-only') : skip('voice-only');
  const main = mainOf(step, steps);
  // Why: where a STOP forbids the text of a notice that must reach the patient, a person calls (P15); the e-mail beside it goes all the same.
  const textBarred = main.mustReach && !answersPatient && main.channels.includes('sms') && reach.barred.includes('sms');
  const choice = channelsOf(step, steps, textBarred ? ['sms', ...reach.channels] : reach.channels);
  if (textBarred && step === main) return call('text-not-permitted');
  if ('why' in choice) return choice.why === 'no-channel' && (mustReach || step.unreachable === 'call') ? call(choice.why) : skip(choice.why);
  if (!answersPatient && !mustReach && isQuiet(now, reach.quiet, reach.zone)) {
    const until = nextPermitted(now, reach.quiet, reach.zone);
    return until < expiresAt ? { kind: 'defer', until } : skip('quiet-hours');
  }
  return { kind: 'request', step, channels: choice.channels, class: answersPatient ? 'answer' : step.class, mustReach };
}
