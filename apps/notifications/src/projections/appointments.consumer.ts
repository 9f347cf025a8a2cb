import { Controller } from '@nestjs/common';
import { AppointmentAnswerRefused, AppointmentBooked, AppointmentCancelled, AppointmentConfirmed, AppointmentRescheduled, AppointmentStatusChanged } from '@slotmesh/contracts';
import { OnEvent, type Received, type ReceivedOneOf } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { acknowledgeAnswer } from '../replies/commands/acknowledge-answer';
import { takeOver } from './appointment-rows';
import { countStale } from './stale-messages';

/** Each appointment's revision and what a message says about it; and the true end of a patient's answer. */
@Controller()
export class AppointmentsConsumer {
  @OnEvent(AppointmentBooked, AppointmentRescheduled, AppointmentStatusChanged)
  async changed({ data, time }: ReceivedOneOf<typeof AppointmentBooked | typeof AppointmentRescheduled | typeof AppointmentStatusChanged>, tx: Tx): Promise<void> {
    await takeOver(tx, [data.appointment]);
    await countStale(tx, data.appointment, time);
  }

  @OnEvent(AppointmentConfirmed)
  async confirmed({ data }: Received<typeof AppointmentConfirmed>, tx: Tx): Promise<void> {
    await takeOver(tx, [data.appointment]);
    if (data.answer) await acknowledgeAnswer(tx, { answer: data.answer, template: 'answer-confirmed', appointment: data.appointment });
  }

  @OnEvent(AppointmentCancelled)
  async cancelled({ data, time }: Received<typeof AppointmentCancelled>, tx: Tx): Promise<void> {
    await takeOver(tx, [data.appointment]);
    await countStale(tx, data.appointment, time);
    if (data.answer) await acknowledgeAnswer(tx, { answer: data.answer, template: 'answer-cancelled', appointment: data.appointment });
  }

  @OnEvent(AppointmentAnswerRefused)
  async refused({ data }: Received<typeof AppointmentAnswerRefused>, tx: Tx): Promise<void> {
    await takeOver(tx, [data.appointment]);
    await acknowledgeAnswer(tx, { answer: data.answer, template: 'answer-current-time', appointment: data.appointment });
  }
}
