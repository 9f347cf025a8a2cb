import { Injectable } from '@nestjs/common';
import type { PracticeId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { CallsToShow } from '../calls-to-show';
import { type CallCursor, CallListRepository, type CallRow } from '../persistence/call-list.repository';

/** Calls that the practice should make: urgent first, then the nearest visit; for named staff of a partner those that are for them. */
@Injectable()
export class ListCalls {
  constructor(private readonly work: UnitOfWork, private readonly calls: CallListRepository, private readonly toShow: CallsToShow) {}

  async execute(actor: Actor, practice: PracticeId, after: CallCursor | null, limit: number): Promise<{ rows: CallRow[]; next: CallCursor | null }> {
    const rows: CallRow[] = [];
    for (let place = after; ; ) {
      const found = await this.read(actor, practice, place, limit - rows.length + 1);
      const looked = found.slice(0, limit - rows.length);
      // Outside of the transaction: scheduling is asked.
      rows.push(...(await this.toShow.shown(actor, looked)));
      const [lastLooked, lastShown] = [looked.at(-1), rows.at(-1)];
      if (!lastLooked || found.length === looked.length) return { rows, next: null };
      // Why the last that is shown: from the place of another one the reader would learn when a visit is, and how urgent, that is not shown to them.
      if (lastShown && rows.length === limit) return { rows, next: placeOf(lastShown) };
      place = placeOf(lastLooked);
    }
  }

  private read(actor: Actor, practice: PracticeId, after: CallCursor | null, limit: number): Promise<CallRow[]> {
    return this.work.run(actor, async (tx) => {
      const found = await this.calls.list(tx, after, limit);
      tx.audit.record({ action: 'call-list.read', entity: 'call-list', entityId: practice, details: { entries: Math.min(found.length, limit - 1) } });
      return found;
    });
  }
}

const placeOf = ({ urgent, visit_start: visitStart, id }: CallRow): CallCursor => ({ urgent, visitStart, id });
