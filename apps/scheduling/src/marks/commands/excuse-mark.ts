import { Injectable } from '@nestjs/common';
import type { PatientId, PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { VisitReasons } from '../../patients/visit-reasons';
import { MarkCountsNoMore, MarkUnknown } from '../domain/mark.errors';
import { type Mark, MarkRepository } from '../persistence/mark.repository';

/** The mark stays and counts no more. Throws MarkUnknown, MarkCountsNoMore. */
@Injectable()
export class ExcuseMark {
  constructor(private readonly marks: MarkRepository, private readonly reasons: VisitReasons) {}

  async execute(tx: Tx, practice: PracticeId, patient: PatientId, id: string, reason: string): Promise<Mark> {
    const mark = await this.marks.lock(tx, practice, patient, id);
    if (!mark) throw new MarkUnknown();
    if (mark.undoneAt !== null) throw new MarkCountsNoMore('undone');
    if (mark.excusedAt !== null) throw new MarkCountsNoMore('excused');
    if (mark.liftedAt !== null) throw new MarkCountsNoMore('lifted');
    const excused = await this.marks.excuse(tx, mark, await this.reasons.seal(tx, { practice, agreement: null }, mark.appointment, reason, `excuse:${id}`));
    tx.audit.record({ action: 'patient-mark.excused', entity: 'patient-mark', entityId: id, patient });
    return excused;
  }
}
