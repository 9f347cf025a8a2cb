import { Injectable } from '@nestjs/common';
import { MessageRequested } from '@slotmesh/contracts';
import { type MessageRequestId, type Zone, formatInstant, instant, newId } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';
import type { KnownAppointment } from '../../appointments/persistence/appointment.repository';
import { CallListRepository } from '../../call-list/persistence/call-list.repository';
import type { Decision } from '../domain/due-step';
import { intoMessages } from '../domain/one-message';
import { type StepOutcome, StepOutcomeRepository } from '../persistence/step-outcome.repository';
import { type Timer, TimerRepository } from '../persistence/timer.repository';

export interface Settled<D extends Decision = Decision> {
  readonly timer: Timer;
  readonly visit: KnownAppointment;
  /** Of the patient. */
  readonly zone: Zone;
  readonly decision: D;
}
type Request = Settled<Extract<Decision, { kind: 'request' }>>;

const isRequest = (settled: Settled): settled is Request => settled.decision.kind === 'request';

/** Writes what was decided: the step's record and the request go into one transaction, so a step is requested once or not at all (P13, P14). */
@Injectable()
export class SettleSteps {
  constructor(private readonly outcomes: StepOutcomeRepository, private readonly timers: TimerRepository, private readonly calls: CallListRepository) {}

  async execute(tx: Tx, settled: readonly Settled[]): Promise<void> {
    const outcomes: StepOutcome[] = [];
    const deferred: Timer[] = [];
    for (const { timer, visit, decision } of settled) {
      switch (decision.kind) {
        case 'defer':
          deferred.push({ ...timer, fireAt: decision.until });
          break;
        case 'skip':
          outcomes.push(outcomeOf(timer, visit, 'skipped', decision.reason));
          break;
        case 'call':
          outcomes.push(outcomeOf(timer, visit, 'call-list', decision.reason));
          await this.calls.open(tx, { host: visit.host, patient: visit.patient, appointment: visit.id, revision: timer.revision, reason: decision.reason, urgent: decision.urgent, visitStart: visit.start, zone: visit.zone });
          break;
        case 'request':
      }
    }
    for (const message of intoMessages(settled.filter(isRequest))) outcomes.push(...this.request(tx, message));
    await this.outcomes.record(tx, outcomes);
    await this.timers.set(tx, deferred);
  }

  /** One message about one visit, or about several of one patient on one day; each step has its own record with the request that they share. */
  private request(tx: Tx, message: readonly Request[]): StepOutcome[] {
    const [first] = message;
    if (!first) return [];
    const { visit, decision } = first;
    const id = newId<MessageRequestId>();
    const earliest = (times: readonly number[]): string => formatInstant(instant(Math.min(...times)));
    tx.outbox.add(eventOf(MessageRequested, { key: id, host: visit.host, booking: visit.booking }, {
      id, host: visit.host, booking: visit.booking, patient: visit.patient,
      subjects: message.map(({ timer }) => ({ kind: 'appointment' as const, id: timer.appointment, revision: timer.revision, step: timer.step })),
      class: decision.class, template: decision.step.template, channels: [...decision.channels],
      expiresAt: earliest(message.map(({ timer }) => timer.expiresAt)), visitStart: earliest(message.map(({ timer }) => timer.visitStart)), dueAt: earliest(message.map(({ timer }) => timer.fireAt)), mustReach: decision.mustReach,
    }));
    return message.map((one) => outcomeOf(one.timer, one.visit, 'requested', null, id));
  }
}

const outcomeOf = (timer: Timer, visit: KnownAppointment, state: StepOutcome['state'], reason: string | null, request: MessageRequestId | null = null): StepOutcome => ({
  appointment: timer.appointment, revision: timer.revision, step: timer.step, plan: timer.plan, host: timer.host, patient: visit.patient, state, reason, idealAt: timer.idealAt, dueAt: timer.fireAt, request,
});
