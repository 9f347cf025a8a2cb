import { Controller } from '@nestjs/common';
import { AppointmentBooked, AppointmentCancelled, AppointmentConfirmed, AppointmentRescheduled, AppointmentStatusChanged } from '@slotmesh/contracts';
import { OnEvent, type ReceivedOneOf } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { endingOf } from './domain/ending';
import { VisitRepository } from './persistence/visit.repository';

type AppointmentEvent = ReceivedOneOf<typeof AppointmentBooked | typeof AppointmentRescheduled | typeof AppointmentCancelled | typeof AppointmentConfirmed | typeof AppointmentStatusChanged>;

@Controller()
export class VisitConsumer {
  constructor(private readonly visits: VisitRepository) {}

  @OnEvent(AppointmentBooked, AppointmentRescheduled, AppointmentCancelled, AppointmentConfirmed, AppointmentStatusChanged)
  async handle(event: AppointmentEvent, tx: Tx): Promise<void> {
    const ending = 'reason' in event.data ? endingOf(event.data.appointment, event.data, event.time) : null;
    await this.visits.save(tx, event.data.appointment, event.time, ending, 'goesOn' in event.data && event.data.goesOn === true);
    if (event.type === AppointmentConfirmed.type) await this.visits.confirmed(tx, event.data.appointment, event.time);
  }
}
