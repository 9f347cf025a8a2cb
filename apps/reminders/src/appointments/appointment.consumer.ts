import { Controller } from '@nestjs/common';
import { AppointmentBooked, AppointmentCancelled, AppointmentConfirmed, AppointmentRescheduled, AppointmentStatusChanged } from '@slotmesh/contracts';
import { OnEvent, type ReceivedOneOf, isEvent } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { PlanVisit } from '../timers/commands/plan-visit';
import { type Fact, changeOf } from './domain/visit-change';

type AppointmentEvent = ReceivedOneOf<typeof AppointmentBooked | typeof AppointmentRescheduled | typeof AppointmentCancelled | typeof AppointmentConfirmed | typeof AppointmentStatusChanged>;

@Controller()
export class AppointmentConsumer {
  constructor(private readonly planVisit: PlanVisit) {}

  @OnEvent(AppointmentBooked, AppointmentRescheduled, AppointmentCancelled, AppointmentConfirmed, AppointmentStatusChanged)
  async handle(event: AppointmentEvent, tx: Tx): Promise<void> {
    const { appointment, by } = event.data;
    const previous = 'previous' in event.data ? event.data.previous : null;
    const change = isEvent(event, AppointmentConfirmed) ? null : changeOf(factOf(event), appointment, previous, by, event.time, ('goesOn' in event.data && event.data.goesOn === true) || ('replaces' in event.data && event.data.replaces !== undefined));
    const answered = 'answer' in event.data && event.data.answer !== null;
    await this.planVisit.execute(tx, appointment, change && { ...change, thankedByText: answered }, event.time);
  }
}

function factOf(event: AppointmentEvent): Fact {
  if (isEvent(event, AppointmentBooked)) return 'booked';
  if (isEvent(event, AppointmentRescheduled)) return 'rescheduled';
  return isEvent(event, AppointmentCancelled) ? 'cancelled' : 'went-on';
}
