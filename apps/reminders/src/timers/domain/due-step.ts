import type { AppointmentSnapshot } from '@slotmesh/contracts';
import { type Instant, isQuiet, nextPermitted } from '@slotmesh/kernel';
import { type Channel, channelsOf } from '../../plans/domain/plan-steps';
import type { PlanStep } from '../../plans/domain/plan';
import type { Reach } from '../../patients/domain/reach';

export interface VisitState {
  readonly revision: number;
  readonly status: AppointmentSnapshot['status'];
  readonly confirmed: boolean;
}
export interface DueStep {
  readonly step: PlanStep;
  readonly revision: number;
  readonly expiresAt: Instant;
  readonly answersPatient: boolean;
}

/** Every due step ends in one of these (P14); `defer` keeps it as a timer. */
export type Decision =
  | { readonly kind: 'request'; readonly channels: readonly Channel[]; readonly class: PlanStep['class']; readonly mustReach: boolean }
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'call'; readonly reason: string; readonly urgent: boolean }
  | { readonly kind: 'defer'; readonly until: Instant };

/** What becomes of a step whose time has come. */
export function decideDue(due: DueStep, steps: readonly PlanStep[], visit: VisitState | null, reach: Reach, now: Instant): Decision {
  const { step, answersPatient } = due;
  const skip = (reason: string): Decision => ({ kind: 'skip', reason });
  if (visit === null || visit.revision !== due.revision) return skip('superseded');
  const announcesEnd = step.when.kind === 'at-once' && step.when.on === 'cancelled';
  if (!announcesEnd && visit.status !== 'booked') return skip(`visit-${visit.status}`);
  if (reach.gone !== null) return skip(reach.gone);
  const mustReach = step.mustReach && !answersPatient;
  const call = (reason: string): Decision => ({ kind: 'call', reason, urgent: mustReach });
  if (now >= due.expiresAt) return mustReach ? call('expired') : skip('expired');
  if (visit.confirmed && step.whenConfirmed === 'skip') return skip('already-confirmed');
  if (reach.voiceOnly) return mustReach || step.unreachable === 'call' ? call('voice-only') : skip('voice-only');
  const main = step.companionOf === null ? step : (steps.find((other) => other.id === step.companionOf) ?? step);
  // Why: where a STOP forbids the text of a notice that must reach the patient, a person calls (P15); the e-mail beside it goes all the same.
  const textBarred = main.mustReach && !answersPatient && main.channels.includes('sms') && reach.barred.includes('sms');
  const choice = channelsOf(step, steps, textBarred ? ['sms', ...reach.channels] : reach.channels);
  if (textBarred && step === main) return call('text-not-permitted');
  if ('why' in choice) return choice.why === 'no-channel' && (mustReach || step.unreachable === 'call') ? call(choice.why) : skip(choice.why);
  if (!answersPatient && !mustReach && isQuiet(now, reach.quiet, reach.zone)) {
    const until = nextPermitted(now, reach.quiet, reach.zone);
    return until < due.expiresAt ? { kind: 'defer', until } : skip('quiet-hours');
  }
  return { kind: 'request', channels: choice.channels, class: answersPatient ? 'answer' : step.class, mustReach };
}
