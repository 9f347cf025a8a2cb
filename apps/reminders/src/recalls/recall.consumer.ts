import { Controller } from '@nestjs/common';
import { AppointmentBooked, AppointmentCancelled, AppointmentRescheduled, AppointmentStatusChanged, MessageOutcomeRecorded, PatientErased, PatientRecorded } from '@slotmesh/contracts';
import { OnEvent, type Received, type ReceivedOneOf } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { FollowPatient } from './commands/follow-patient';
import { FollowVisit } from './commands/follow-visit';
import { ReportRecallOutcome } from './commands/report-recall-outcome';

@Controller()
export class RecallConsumer {
  constructor(private readonly followVisit: FollowVisit, private readonly followPatient: FollowPatient, private readonly report: ReportRecallOutcome) {}

  @OnEvent(AppointmentBooked, AppointmentRescheduled, AppointmentCancelled, AppointmentStatusChanged)
  async visit({ data }: ReceivedOneOf<typeof AppointmentBooked | typeof AppointmentRescheduled | typeof AppointmentCancelled | typeof AppointmentStatusChanged>, tx: Tx): Promise<void> {
    await this.followVisit.execute(tx, data.appointment);
  }

  @OnEvent(PatientRecorded)
  async recorded({ data }: Received<typeof PatientRecorded>, tx: Tx): Promise<void> {
    if (data.deceased) await this.followPatient.execute(tx, data.practice, data.id, 'patient-deceased');
  }

  @OnEvent(PatientErased)
  async erased({ data }: Received<typeof PatientErased>, tx: Tx): Promise<void> {
    await this.followPatient.execute(tx, data.practice, data.id, 'patient-erased');
  }

  @OnEvent(MessageOutcomeRecorded)
  async outcome({ data }: Received<typeof MessageOutcomeRecorded>, tx: Tx): Promise<void> {
    if (data.subject.kind === 'recall') await this.report.execute(tx, data);
  }
}
