import { Injectable } from '@nestjs/common';
import type { PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { PatientVault } from '../patients/patient-vault';
import { PatientRepository } from '../patients/persistence/patient.repository';

/** Secrets of webhooks at rest: sealed by the practice's key and bound to their subscription. */
@Injectable()
export class WebhookSecrets {
  constructor(private readonly vault: PatientVault, private readonly patients: PatientRepository) {}

  async seal(tx: Tx, practice: PracticeId, subscription: string, secret: string): Promise<string> {
    return this.vault.sealForPractice(practice, await this.patients.practiceKey(tx, practice), place(subscription), secret);
  }

  async open(tx: Tx, practice: PracticeId, subscription: string, sealed: string): Promise<string> {
    return this.vault.openForPractice(practice, await this.patients.practiceKey(tx, practice), place(subscription), sealed);
  }
}

const place = (subscription: string): string => `webhook:${subscription}`;
