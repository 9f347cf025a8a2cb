import { Injectable } from '@nestjs/common';
import type { PracticeId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import type { Recall } from '../domain/recall';
import { type RecallQuery, RecallRepository } from '../persistence/recall.repository';

/** Recalls of the practice for its desk, by due date. */
@Injectable()
export class ListRecalls {
  constructor(private readonly work: UnitOfWork, private readonly recalls: RecallRepository) {}

  execute(actor: Actor, practice: PracticeId, query: RecallQuery): Promise<{ rows: Recall[]; more: boolean }> {
    return this.work.run(actor, async (tx) => {
      const found = await this.recalls.list(tx, { ...query, limit: query.limit + 1 });
      const rows = found.slice(0, query.limit);
      tx.audit.record({ action: 'recalls.read', entity: 'recall', entityId: practice, patient: query.patient, details: { view: query.view, count: rows.length } });
      return { rows, more: found.length > query.limit };
    });
  }
}
