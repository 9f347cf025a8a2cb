import { Controller } from '@nestjs/common';
import { AppointmentAnswerRefused, AppointmentBooked, AppointmentCallAsked, AppointmentCallWithdrawn, AppointmentCancelled, AppointmentConfirmed, AppointmentRescheduled, AppointmentStatusChanged } from '@slotmesh/contracts';
import { OnEvent, type Received, type ReceivedOneOf, isEvent } from '@slotmesh/messaging';
import { formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { CallListRepository } from '../call-list/persistence/call-list.repository';
import { AskToMove } from '../timers/commands/ask-to-move';
import { PlanVisit } from '../timers/commands/plan-visit';
import { type Fact, changeOf } from './domain/visit-change';

type AppointmentEvent = ReceivedOneOf<typeof AppointmentBooked | typeof AppointmentRescheduled | typeof AppointmentCancelled | typeof AppointmentConfirmed | typeof AppointmentStatusChanged>;

@Controller()
export class AppointmentConsumer {
  constructor(private readonly planVisit: PlanVisit, private readonly calls: CallListRepository, private readonly askToMove: AskToMove) {}

  @OnEvent(AppointmentBooked, AppointmentRescheduled, AppointmentCancelled, AppointmentConfirmed, AppointmentStatusChanged)
  async handle(event: AppointmentEvent, tx: Tx): Promise<void> {
    const { appointment, by } = event.data;
    const previous = 'previous' in event.data ? event.data.previous : null;
    const change = isEvent(event, AppointmentConfirmed) ? null : changeOf(factOf(event), appointment, previous, by, event.time, ('goesOn' in event.data && event.data.goesOn === true) || ('replaces' in event.data && event.data.replaces !== undefined));
    const answered = 'answer' in event.data && event.data.answer !== null;
    await this.planVisit.execute(tx, appointment, change && { ...change, thankedByText: answered }, event.time);
  }

  /** Urgent, because the days are closed. The patient is written to as well, where that may be. It leaves the list as every call about a visit does, when the visit moves, ends or begins, and when the days are open again. */
  @OnEvent(AppointmentCallAsked)
  async callAsked({ data: { appointment, reason, proposals } }: Received<typeof AppointmentCallAsked>, tx: Tx): Promise<void> {
    const { id, host, patient, revision, start, zone } = appointment;
    await this.askToMove.execute(tx, appointment);
    await this.calls.open(tx, { appointment: id, host, patient, revision, reason, urgent: true, visitStart: start, zone, proposals: proposals.map((each) => ({ ...each, start: formatInstant(each.start) })) });
  }

  /** The patient wants to call off a visit that a text must not end: somebody phones first. */
  @OnEvent(AppointmentAnswerRefused)
  async answerRefused({ data: { appointment, why } }: Received<typeof AppointmentAnswerRefused>, tx: Tx): Promise<void> {
    if (why !== 'desk-decides') return;
    const { id, host, patient, revision, start, zone } = appointment;
    await this.calls.open(tx, { appointment: id, host, patient, revision, reason: 'asked-to-cancel', urgent: true, visitStart: start, zone });
  }

  /** A call about the same visit for another reason stays. */
  @OnEvent(AppointmentCallWithdrawn)
  async callWithdrawn({ data: { appointment, reason } }: Received<typeof AppointmentCallWithdrawn>, tx: Tx): Promise<void> {
    await this.calls.withdraw(tx, appointment.id, reason);
  }
}

function factOf(event: AppointmentEvent): Fact {
  if (isEvent(event, AppointmentBooked)) return 'booked';
  if (isEvent(event, AppointmentRescheduled)) return 'rescheduled';
  return isEvent(event, AppointmentCancelled) ? 'cancelled' : 'went-on';
}
