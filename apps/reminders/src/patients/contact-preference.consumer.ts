import { Controller } from '@nestjs/common';
import { ContactPreferencesChanged, localTime } from '@slotmesh/contracts';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { ChangeReach } from './commands/change-reach';
import { PatientRepository } from './persistence/patient.repository';

@Controller()
export class ContactPreferenceConsumer {
  constructor(private readonly patients: PatientRepository, private readonly change: ChangeReach) {}

  @OnEvent(ContactPreferencesChanged)
  async handle(event: Received<typeof ContactPreferencesChanged>, tx: Tx): Promise<void> {
    const { patient, practice, zone, language, quietFrom, quietUntil, channels } = event.data;
    const quiet = { from: localTime.parse(quietFrom), until: localTime.parse(quietUntil) };
    await this.change.execute(tx, patient, () => this.patients.prefer(tx, patient, practice, { zone, language, quiet, channels: [...new Set(channels)], changedAt: event.time }));
  }
}
