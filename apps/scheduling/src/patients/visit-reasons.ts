import { Injectable } from '@nestjs/common';
import { type AgreementId, type AppointmentId, DomainError, type PracticeId, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { PatientVault } from './patient-vault';
import { PatientRepository } from './persistence/patient.repository';

/** Why the patient comes, in the desk's words, and what was answered to the host's questions: sealed for the host, who runs the visit, and shown to nobody else. Never in an event or a message. */
@Injectable()
export class VisitReasons {
  constructor(private readonly vault: PatientVault, private readonly patients: PatientRepository) {}

  async seal(tx: Tx, host: { readonly practice: PracticeId; readonly agreement: AgreementId | null }, appointment: AppointmentId, text: string, field: VisitText = 'reason'): Promise<string> {
    return this.vault.sealForPractice(host.practice, await this.keyOf(tx, host), place(appointment, field), text);
  }

  /** For the host's own desk. */
  async open(tx: Tx, host: PracticeId, appointment: AppointmentId, sealed: string, field: VisitText = 'reason'): Promise<string> {
    return this.vault.openForPractice(host, await this.patients.practiceKey(tx, host), place(appointment, field), sealed);
  }

  /** Many of them, with one look for the key; in the order given, null where there is none. */
  async openAll(tx: Tx, host: PracticeId, texts: readonly { readonly appointment: AppointmentId; readonly sealed: string | null }[], field: VisitText): Promise<(string | null)[]> {
    const some = texts.some(({ sealed }) => sealed !== null);
    const key = some ? await this.patients.practiceKey(tx, host) : '';
    return texts.map(({ appointment, sealed }) => (sealed === null ? null : this.vault.openForPractice(host, key, place(appointment, field), sealed)));
  }

  private async keyOf(tx: Tx, host: { readonly practice: PracticeId; readonly agreement: AgreementId | null }): Promise<string> {
    if (host.practice === tx.actor.practice || host.agreement === null) return this.patients.practiceKey(tx, host.practice);
    const [key] = await tx.query<{ wrapped: string | null }>(`SELECT host_key($1, $2, $3, 'booking') AS wrapped`, [host.practice, host.agreement, formatInstant(tx.now)]);
    if (!key?.wrapped) throw new DomainError('forbidden', 'agreement-not-in-force', 'No agreement between your practice and the host is in force. Search again.');
    return key.wrapped;
  }
}

type VisitText = 'reason' | 'answers' | `excuse:${string}` | `absence:${string}`;
const place = (appointment: AppointmentId, field: VisitText): string => `${appointment}:${field}`;
