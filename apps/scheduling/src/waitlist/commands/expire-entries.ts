import { Injectable } from '@nestjs/common';
import type { WaitlistEntryId } from '@slotmesh/kernel';
import { type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';
import { oneByOne } from '../../shared/one-by-one';
import { WaitlistEntryRepository } from '../persistence/waitlist-entry.repository';
import { entryExpired } from '../waitlist.events';

/** Takes off the list who waited until their time, once each. Never while an offer is open: who is asked may still say yes. */
@Injectable()
export class ExpireEntries {
  constructor(private readonly work: UnitOfWork, private readonly entries: WaitlistEntryRepository) {}

  /** One look; returns how many ended. */
  async execute(limit = 200): Promise<number> {
    const due = await this.work.run(workerFor('waitlist-entries', null), (tx) => this.entries.due(tx, tx.now, limit));
    return oneByOne(due, ({ id, practice }) => this.work.run(workerFor('waitlist-entries', practice), (tx) => this.one(tx, id)));
  }

  private async one(tx: Tx, id: WaitlistEntryId): Promise<number> {
    // Why by this lock: a round makes an offer only while it holds it.
    const free = await this.entries.lockWaiting(tx, [id]);
    const entry = free.has(id) ? await this.entries.find(tx, id) : null;
    if (!entry || entry.until > tx.now) return 0;
    await this.entries.end(tx, id, 'expired', null);
    tx.outbox.add(entryExpired(entry, tx.now));
    tx.audit.record({ action: 'waitlist-entry.expired', entity: 'waitlist-entry', entityId: id, patient: entry.patient });
    return 1;
  }
}
