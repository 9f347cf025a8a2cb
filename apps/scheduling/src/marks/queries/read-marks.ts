import { Injectable } from '@nestjs/common';
import { type PatientId, type PracticeId, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { PatientUnknown } from '../../patients/patient.errors';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { VisitReasons } from '../../patients/visit-reasons';
import { type Mark, MarkRepository } from '../persistence/mark.repository';

/** Marks of a patient of the own practice, the newest first. Throws PatientUnknown. */
@Injectable()
export class ReadMarks {
  constructor(private readonly marks: MarkRepository, private readonly patients: PatientRepository, private readonly reasons: VisitReasons) {}

  async execute(tx: Tx, practice: PracticeId, patient: PatientId, by: { readonly after: string | null; readonly limit: number }): Promise<{ readonly mark: Mark; readonly excuse: string | null }[]> {
    if ((await this.patients.find(tx, patient))?.practice_id !== practice) throw new PatientUnknown();
    const marks = await this.marks.list(tx, practice, patient, by);
    tx.audit.record({ action: 'patient-mark.listed', entity: 'patient', entityId: patient, patient, details: { count: marks.length } });
    const read = [];
    for (const mark of marks) read.push({ mark, excuse: mark.sealedExcuse === null ? null : await this.reasons.open(tx, practice, mark.appointment, mark.sealedExcuse, `excuse:${mark.id}`) });
    return read;
  }
}

/** Without the excuse in words, for where a visit is shown. */
export const viewOfMark = (mark: Mark) => ({
  id: mark.id, kind: mark.kind, appointment: mark.appointment, start: formatInstant(mark.start), zone: mark.zone, markedAt: formatInstant(mark.markedAt), counts: mark.undoneAt === null && mark.excusedAt === null && mark.liftedAt === null,
  undoneAt: mark.undoneAt === null ? null : formatInstant(mark.undoneAt), excusedAt: mark.excusedAt === null ? null : formatInstant(mark.excusedAt), excusedBy: mark.excusedBy, liftedAt: mark.liftedAt === null ? null : formatInstant(mark.liftedAt), liftedBecause: mark.liftedBecause,
});
