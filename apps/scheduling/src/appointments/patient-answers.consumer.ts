import { Controller } from '@nestjs/common';
import { PatientAnswered, appointmentId } from '@slotmesh/contracts';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { ApplyPatientAnswer } from './commands/apply-patient-answer';

@Controller()
export class PatientAnswersConsumer {
  constructor(private readonly apply: ApplyPatientAnswer) {}

  @OnEvent(PatientAnswered)
  async handle(event: Received<typeof PatientAnswered>, tx: Tx): Promise<void> {
    const { id, subject, answer } = event.data;
    if (subject.kind !== 'appointment') return;
    await this.apply.execute(tx, { id, appointment: appointmentId.parse(subject.id), revision: subject.revision, answer });
  }
}
