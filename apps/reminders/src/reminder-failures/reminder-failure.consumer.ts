import { Controller } from '@nestjs/common';
import { AppointmentStatusChanged, MessageOutcomeRecorded, appointmentId } from '@slotmesh/contracts';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { JudgeReminders } from './commands/judge-reminders';

/** Comes behind the timers' own consumers (app.module.ts), which keep what these events say. */
@Controller()
export class ReminderFailureConsumer {
  constructor(private readonly judge: JudgeReminders) {}

  @OnEvent(AppointmentStatusChanged)
  async stepped({ data: { appointment, previous } }: Received<typeof AppointmentStatusChanged>, tx: Tx): Promise<void> {
    if (appointment.status === 'noshow' || previous === 'noshow') await this.judge.execute(tx, appointment.id);
  }

  /** A report may come after the visit. */
  @OnEvent(MessageOutcomeRecorded)
  async reported({ data: { subject } }: Received<typeof MessageOutcomeRecorded>, tx: Tx): Promise<void> {
    if (subject.kind === 'appointment') await this.judge.execute(tx, appointmentId.parse(subject.id));
  }
}
