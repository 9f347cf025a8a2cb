import { Injectable } from '@nestjs/common';
import { HOUR, type Instant, type PracticeId, type QuietHours, type VisitTypeId, type Zone, formatInstant, plusMs } from '@slotmesh/kernel';
import { type Actor, type Tx, UnitOfWork } from '@slotmesh/persistence';
import { leadDaysOf } from '../domain/choose-plan';
import { explainConditions, explainWhen, shownTime } from '../domain/explain';
import type { PlanStep, VisitOutcome } from '../domain/plan';
import { PlanUnknown } from '../domain/plan.errors';
import { type Channel, type PlannedStep, channelsOf, fixStepTimes } from '../domain/plan-steps';
import type { Risk } from '../domain/risk';
import { PlanRepository } from '../persistence/plan.repository';

export interface SampleVisit {
  readonly start: Instant;
  /** Null: half an hour after the start. */
  readonly end: Instant | null;
  /** Null: now. */
  readonly bookedAt: Instant | null;
  readonly zone: Zone;
  readonly quiet: QuietHours;
  readonly channels: readonly Channel[];
  readonly visitType: VisitTypeId | null;
  readonly language: string;
  readonly confirmed: boolean;
  readonly risk: Risk;
  /** What follows is shown for it; recorded at `outcomeAt`, null: at the end. */
  readonly outcome: VisitOutcome | null;
  readonly outcomeAt: Instant | null;
}
/** Which plan: a stored one, steps that nobody saved yet, or, with neither, the one that would be chosen. */
export interface PreviewedPlan {
  readonly plan: string | null;
  readonly steps: readonly PlanStep[] | null;
}

/** When each step of a plan would go out for a sample visit, and the reason for every shift and skip. Writes nothing. */
@Injectable()
export class PreviewPlan {
  constructor(private readonly work: UnitOfWork, private readonly plans: PlanRepository) {}

  /** Throws PlanUnknown. */
  execute(actor: Actor, practice: PracticeId, sample: SampleVisit, which: PreviewedPlan = { plan: null, steps: null }) {
    return this.work.run(actor, async (tx) => {
      const bookedAt = sample.bookedAt ?? tx.now;
      const { steps, ...plan } = await this.planOf(tx, practice, { ...sample, bookedAt }, which);
      const visit = { start: sample.start, end: sample.end ?? plusMs(sample.start, HOUR / 2) };
      const planned = fixStepTimes(steps, visit, sample, { trigger: 'booked', answersPatient: true, at: bookedAt });
      const following = sample.outcome === null ? [] : fixStepTimes(steps, visit, sample, { trigger: sample.outcome, answersPatient: false, at: sample.outcomeAt ?? visit.end });
      return { plan, bookedAt: formatInstant(bookedAt), start: formatInstant(sample.start), zone: sample.zone, items: [...planned, ...following].map((one) => shownStep(one, steps, sample)) };
    });
  }

  private async planOf(tx: Tx, practice: PracticeId, { start, bookedAt, zone, visitType, language }: SampleVisit & { readonly bookedAt: Instant }, which: PreviewedPlan) {
    if (which.steps !== null) return { id: null, version: null, steps: which.steps };
    const found = which.plan === null ? await this.plans.chosen(tx, { host: practice, visitType, language, leadDays: leadDaysOf(bookedAt, start, zone) }) : (await this.plans.versions(tx, which.plan)).find((version) => version.practice === null || version.practice === practice);
    if (!found) throw new PlanUnknown();
    return { id: found.plan, version: found.version, steps: (await this.plans.byId(tx, found.id)).steps };
  }
}

function shownStep({ step, time }: PlannedStep, steps: readonly PlanStep[], sample: SampleVisit) {
  const isCall = step.action === 'call' || (time.kind === 'planned' && time.late && step.whenLate === 'call');
  const shown = { step: step.id, action: isCall ? ('call' as const) : ('message' as const), template: step.action === 'message' ? step.template : null, says: explainWhen(step.when), conditions: explainConditions(step), channels: [], ...shownTime(time, sample.quiet, sample.zone, isCall) };
  if (time.kind === 'skipped') return shown;
  const left = whyLeftOut(step, sample);
  const skipped = (reason: string, why: string) => ({ ...shown, result: 'skipped' as const, reason, why, dueAt: null, wallTime: null, expiresAt: null, shift: null });
  if (left) return skipped(...left);
  if (step.action === 'call' || isCall) return shown;
  const choice = channelsOf(step, steps, sample.channels);
  if (!('why' in choice)) return { ...shown, channels: choice.channels };
  if (choice.why === 'no-channel' && (step.mustReach || step.unreachable === 'call')) return { ...shown, action: 'call' as const, why: `${shown.why}; the patient has no such channel, so somebody phones` };
  return skipped(choice.why, choice.why === 'covered' ? 'another step sends the same by this channel' : 'the patient has no such channel');
}

function whyLeftOut(step: PlanStep, { confirmed, risk }: SampleVisit): [string, string] | null {
  if (confirmed && step.whenConfirmed === 'skip') return ['already-confirmed', 'the patient has confirmed'];
  return step.risk === 'high' && risk !== 'high' ? ['not-high-risk', "the patient's risk to miss the visit is not high"] : null;
}
