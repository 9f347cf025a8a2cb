import { Injectable } from '@nestjs/common';
import { MessageRequested } from '@slotmesh/contracts';
import { type MessageRequestId, formatInstant, newId } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';
import type { KnownAppointment } from '../../appointments/persistence/appointment.repository';
import { CallListRepository } from '../../call-list/persistence/call-list.repository';
import type { PlanStep } from '../../plans/domain/plan';
import type { Decision } from '../domain/due-step';
import { type StepOutcome, StepOutcomeRepository } from '../persistence/step-outcome.repository';
import { type Timer, TimerRepository } from '../persistence/timer.repository';

export interface Settled {
  readonly timer: Timer;
  readonly step: PlanStep;
  readonly visit: KnownAppointment;
  readonly decision: Decision;
}

/** Writes what was decided: the step's record and the request go into one transaction, so a step is requested once or not at all (P13, P14). */
@Injectable()
export class SettleSteps {
  constructor(private readonly outcomes: StepOutcomeRepository, private readonly timers: TimerRepository, private readonly calls: CallListRepository) {}

  async execute(tx: Tx, settled: readonly Settled[]): Promise<void> {
    const outcomes: StepOutcome[] = [];
    const deferred: Timer[] = [];
    for (const { timer, step, visit, decision } of settled) {
      const outcome = (state: StepOutcome['state'], reason: string | null, request: MessageRequestId | null = null): void => {
        outcomes.push({ appointment: timer.appointment, revision: timer.revision, step: timer.step, plan: timer.plan, host: timer.host, patient: visit.patient, state, reason, idealAt: timer.idealAt, dueAt: timer.fireAt, request });
      };
      switch (decision.kind) {
        case 'defer':
          deferred.push({ ...timer, fireAt: decision.until });
          break;
        case 'skip':
          outcome('skipped', decision.reason);
          break;
        case 'call':
          outcome('call-list', decision.reason);
          await this.calls.open(tx, { host: visit.host, patient: visit.patient, appointment: visit.id, revision: timer.revision, reason: decision.reason, urgent: decision.urgent, visitStart: visit.start, zone: visit.zone });
          break;
        case 'request': {
          const id = newId<MessageRequestId>();
          outcome('requested', null, id);
          tx.outbox.add(eventOf(MessageRequested, { key: id, host: visit.host, booking: visit.booking }, {
            id, host: visit.host, booking: visit.booking, patient: visit.patient,
            subjects: [{ kind: 'appointment', id: visit.id, revision: timer.revision, step: timer.step }],
            class: decision.class, template: step.template, channels: [...decision.channels],
            expiresAt: formatInstant(timer.expiresAt), visitStart: formatInstant(visit.start), mustReach: decision.mustReach,
          }));
        }
      }
    }
    await this.outcomes.record(tx, outcomes);
    await this.timers.set(tx, deferred);
  }
}
