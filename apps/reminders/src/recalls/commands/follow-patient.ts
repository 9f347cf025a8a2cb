import { Injectable } from '@nestjs/common';
import type { PatientId, PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { RecallRepository } from '../persistence/recall.repository';
import { KeepRecall } from './keep-recall';

/** After a death or an erasure nobody is recalled; what staff wrote goes with the erasure, for its key is gone. */
@Injectable()
export class FollowPatient {
  constructor(private readonly recalls: RecallRepository, private readonly keep: KeepRecall) {}

  async execute(tx: Tx, practice: PracticeId, patient: PatientId, gone: 'patient-deceased' | 'patient-erased'): Promise<void> {
    for (const recall of await this.recalls.lockStanding(tx, practice, patient)) await this.keep.change(tx, recall, { state: 'stopped', reason: gone });
    if (gone === 'patient-erased') await this.recalls.forgetNotes(tx, practice, patient);
  }
}
