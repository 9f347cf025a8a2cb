import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type LocalDate, type PatientId, type PracticeId, type Zone, addDays, localDateOf } from '@slotmesh/kernel';
import { type Actor, type Tx, UnitOfWork, seal } from '@slotmesh/persistence';
import { PatientKeys } from '../../call-list/patient-keys';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import type { Recall, RecallKind, RecallTerms } from '../domain/recall';
import { RecallDateInvalid, RecallKeyReused, RecallPatientGone, RecallPatientUnknown, RecallStands } from '../domain/recall.errors';
import { RecallRepository } from '../persistence/recall.repository';
import { KeepRecall } from './keep-recall';

export interface RecallRequest {
  readonly patient: PatientId;
  readonly kind: RecallKind;
  readonly due: LocalDate;
  readonly zone?: Zone | undefined;
  readonly note?: string | undefined;
  readonly terms: RecallTerms;
}

/** Longer ago nobody is asked about it by a message. */
const OLDEST_DAYS = 3 * 366;

/** A person records that a patient is due for something. Throws RecallPatientUnknown, RecallPatientGone, RecallStands, RecallDateInvalid, RecallKeyReused. */
@Injectable()
export class RecordRecall {
  constructor(
    private readonly work: UnitOfWork, private readonly keep: KeepRecall, private readonly recalls: RecallRepository, private readonly patients: PatientRepository,
    private readonly keys: PatientKeys,
  ) {}

  /** The same `key` gives the same recall, as it stands by then (P4). */
  async execute(actor: Actor, practice: PracticeId, asked: RecallRequest, key: string | null): Promise<Recall> {
    const sealed = asked.note === undefined ? null : await this.seal(actor, asked.patient, asked.note);
    const request = key === null ? null : { key, hash: createHash('sha256').update(JSON.stringify(asked)).digest() };
    return this.work.run(actor, async (tx) => {
      const reach = await this.reach(tx, asked.patient);
      if (asked.due < addDays(localDateOf(tx.now, reach.zone), -OLDEST_DAYS)) throw new RecallDateInvalid('The due date is more than three years ago.');
      const recall = await this.keep.record(tx, { practice, patient: asked.patient, kind: asked.kind, due: asked.due, zone: asked.zone ?? reach.zone, terms: asked.terms, rule: null, madeAfter: null, previous: null, sealedNote: sealed, recordedBy: actor.subject }, request);
      if (!recall) return this.before(tx, practice, actor, asked, request);
      tx.audit.record({ action: 'recall.recorded', entity: 'recall', entityId: recall.id, patient: recall.patient, details: { kind: recall.kind, due: recall.due } });
      return recall;
    });
  }

  private async before(tx: Tx, practice: PracticeId, actor: Actor, asked: RecallRequest, request: { key: string; hash: Buffer } | null): Promise<Recall> {
    const made = request && (await this.recalls.requested(tx, practice, actor.subject, request.key));
    if (!made) throw new RecallStands((await this.recalls.standing(tx, asked.patient, asked.kind)) ?? '');
    if (!made.hash.equals(request.hash)) throw new RecallKeyReused();
    return made.recall;
  }

  private async reach(tx: Tx, patient: PatientId) {
    const reach = (await this.patients.reaches(tx, [patient])).get(patient);
    if (!reach) throw new RecallPatientUnknown();
    if (reach.gone !== null) throw new RecallPatientGone();
    return reach;
  }

  /** Why apart: the key is a question to another service and must not be asked inside a transaction. */
  private async seal(actor: Actor, patient: PatientId, note: string): Promise<string> {
    await this.work.run(actor, (tx) => this.reach(tx, patient));
    const key = await this.keys.find(patient);
    if (!key) throw new RecallPatientGone();
    return seal(key, note, `${patient}:recallNote`);
  }
}
