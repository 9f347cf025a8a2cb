import { Controller } from '@nestjs/common';
import { PatientErased, PatientRecorded } from '@slotmesh/contracts';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { ChangeReach } from './commands/change-reach';
import { PatientRepository } from './persistence/patient.repository';

@Controller()
export class PatientConsumer {
  constructor(private readonly patients: PatientRepository, private readonly change: ChangeReach) {}

  @OnEvent(PatientRecorded)
  async handleRecorded(event: Received<typeof PatientRecorded>, tx: Tx): Promise<void> {
    const { id, practice, zone, language, contactPoints, needs, deceased } = event.data;
    const channels = [...new Set(contactPoints.filter((point) => point.consented).map((point) => point.channel))];
    await this.change.execute(tx, id, () => this.patients.record(tx, id, practice, { zone, language, channels, voiceOnly: needs.includes('voice-only'), textOnly: needs.includes('text-only'), deceased, changedAt: event.time }));
  }

  @OnEvent(PatientErased)
  async handleErased(event: Received<typeof PatientErased>, tx: Tx): Promise<void> {
    const { id } = event.data;
    await this.change.execute(tx, id, () => this.patients.erase(tx, id, event.time));
  }
}
