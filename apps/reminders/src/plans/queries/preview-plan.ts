import { Injectable } from '@nestjs/common';
import { type Instant, type PracticeId, type Zone, formatInstant, type QuietHours } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { shownTime } from '../domain/explain';
import { type Channel, channelsOf, fixStepTimes } from '../domain/plan-steps';
import { PlanRepository } from '../persistence/plan.repository';

export interface SampleVisit {
  readonly start: Instant;
  readonly bookedAt: Instant | null;
  readonly zone: Zone;
  readonly quiet: QuietHours;
  readonly channels: readonly Channel[];
}

/** When each step of the plan in force would go out for a sample visit, and the reason for every shift and skip. Writes nothing. */
@Injectable()
export class PreviewPlan {
  constructor(private readonly work: UnitOfWork, private readonly plans: PlanRepository) {}

  execute(actor: Actor, practice: PracticeId, sample: SampleVisit) {
    return this.work.run(actor, async (tx) => {
      const plan = await this.plans.inForce(tx, practice);
      const bookedAt = sample.bookedAt ?? tx.now;
      const items = fixStepTimes(plan.steps, sample.start, sample, { trigger: 'booked', answersPatient: true, at: bookedAt }).map(({ step, time }) => {
        const choice = channelsOf(step, plan.steps, sample.channels);
        const shown = shownTime(time, sample.quiet, sample.zone);
        if (time.kind === 'planned' && 'why' in choice) {
          return { step: step.id, template: step.template, channels: [], ...shown, result: 'skipped' as const, reason: choice.why, why: choice.why === 'covered' ? 'another step sends the same by this channel' : 'the patient has no such channel', dueAt: null, wallTime: null, expiresAt: null, shift: null };
        }
        return { step: step.id, template: step.template, channels: choice.channels, ...shown };
      });
      return { plan: { id: plan.id, version: plan.version }, bookedAt: formatInstant(bookedAt), start: formatInstant(sample.start), zone: sample.zone, items };
    });
  }
}
