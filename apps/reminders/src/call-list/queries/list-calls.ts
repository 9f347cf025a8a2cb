import { Injectable } from '@nestjs/common';
import type { PracticeId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { CallListRepository, type CallRow } from '../persistence/call-list.repository';

/** Calls that the practice should make: urgent first, then the nearest visit. */
@Injectable()
export class ListCalls {
  constructor(private readonly work: UnitOfWork, private readonly calls: CallListRepository) {}

  execute(actor: Actor, practice: PracticeId, after: string | null, limit: number): Promise<{ rows: CallRow[]; next: string | null }> {
    return this.work.run(actor, async (tx) => {
      const found = await this.calls.list(tx, after, limit + 1);
      const rows = found.slice(0, limit);
      tx.audit.record({ action: 'call-list.read', entity: 'call-list', entityId: practice, details: { entries: rows.length } });
      const last = rows.at(-1);
      return { rows, next: found.length > limit && last ? last.id : null };
    });
  }
}
