import { Controller } from '@nestjs/common';
import { AppointmentAnswerRefused, AppointmentBooked, AppointmentCancelled, AppointmentConfirmed, AppointmentRescheduled, AppointmentStatusChanged } from '@slotmesh/contracts';
import { OnEvent, type Received, type ReceivedOneOf } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { acknowledgeAnswer } from '../replies/commands/acknowledge-answer';
import { countStale } from './stale-messages';
import { stateOfAppointment, takeOver } from './visit-rows';

/** Each appointment's revision and what a message says about it; and the true end of a patient's answer. */
@Controller()
export class AppointmentsConsumer {
  @OnEvent(AppointmentBooked, AppointmentRescheduled, AppointmentStatusChanged)
  async changed({ data, time }: ReceivedOneOf<typeof AppointmentBooked | typeof AppointmentRescheduled | typeof AppointmentStatusChanged>, tx: Tx): Promise<void> {
    await takeOver(tx, [stateOfAppointment(data.appointment)]);
    await countStale(tx, data.appointment, time);
  }

  @OnEvent(AppointmentConfirmed)
  async confirmed({ data }: Received<typeof AppointmentConfirmed>, tx: Tx): Promise<void> {
    await takeOver(tx, [stateOfAppointment(data.appointment)]);
    if (data.answer) await acknowledgeAnswer(tx, { answer: data.answer, template: 'answer-confirmed', about: { kind: 'appointment', ...data.appointment } });
  }

  @OnEvent(AppointmentCancelled)
  async cancelled({ data, time }: Received<typeof AppointmentCancelled>, tx: Tx): Promise<void> {
    await takeOver(tx, [stateOfAppointment(data.appointment)]);
    await countStale(tx, data.appointment, time);
    if (data.answer) await acknowledgeAnswer(tx, { answer: data.answer, template: 'answer-cancelled', about: { kind: 'appointment', ...data.appointment } });
  }

  @OnEvent(AppointmentAnswerRefused)
  async refused({ data }: Received<typeof AppointmentAnswerRefused>, tx: Tx): Promise<void> {
    await takeOver(tx, [stateOfAppointment(data.appointment)]);
    await acknowledgeAnswer(tx, { answer: data.answer, template: data.why === 'desk-decides' ? 'answer-desk-decides' : 'answer-current-time', about: { kind: 'appointment', ...data.appointment } });
  }
}
