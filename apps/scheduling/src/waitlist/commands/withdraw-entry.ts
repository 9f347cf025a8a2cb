import { Injectable } from '@nestjs/common';
import type { OfferId, WaitlistEntryId } from '@slotmesh/kernel';
import { StartAgain, type Tx } from '@slotmesh/persistence';
import { OfferOver, WaitlistEntryEndedAlready, WaitlistEntryUnknown } from '../domain/waitlist.errors';
import { type Offer, OfferRepository } from '../persistence/offer.repository';
import { WaitlistEntryRepository } from '../persistence/waitlist-entry.repository';
import type { EndReason, WaitlistEntry } from '../waitlist-entry';
import { entryEnded } from '../waitlist.events';
import { EndOffer } from './end-offer';

/** The patient waits no more; an open offer ends with it. Throws WaitlistEntryUnknown, WaitlistEntryEndedAlready. */
@Injectable()
export class WithdrawEntry {
  constructor(private readonly entries: WaitlistEntryRepository, private readonly offers: OfferRepository, private readonly endOffer: EndOffer) {}

  async execute(tx: Tx, id: WaitlistEntryId, reason: EndReason | null = null): Promise<WaitlistEntry> {
    const seen = await this.entries.find(tx, id);
    if (!seen || seen.practice !== tx.actor.practice) throw new WaitlistEntryUnknown();
    // Why before the entry: rounds and offers are locked first on every path.
    for (const { id: offer } of await this.openOf(tx, id)) await this.endOpen(tx, offer);
    const entry = await this.entries.lock(tx, id);
    if (entry?.status !== 'waiting') throw new WaitlistEntryEndedAlready(entry?.status ?? 'gone');
    if ((await this.openOf(tx, id)).length > 0) throw new StartAgain('an offer was made meanwhile');
    await this.entries.end(tx, id, 'withdrawn', null, reason);
    tx.outbox.add(entryEnded(entry, 'withdrawn', null, tx.now, reason));
    tx.audit.record({ action: 'waitlist-entry.withdrawn', entity: 'waitlist-entry', entityId: id, patient: entry.patient, ...(reason === null ? {} : { details: { reason } }) });
    return { ...entry, status: 'withdrawn', endReason: reason, version: entry.version + 1 };
  }

  /** Why again: its window passed, or it was answered, between the look and the lock. */
  private async endOpen(tx: Tx, offer: OfferId): Promise<void> {
    try {
      await this.endOffer.execute(tx, offer, { state: 'withdrawn', answer: null });
    } catch (error) {
      if (error instanceof OfferOver) throw new StartAgain('the offer ended meanwhile');
      throw error;
    }
  }

  private openOf(tx: Tx, id: WaitlistEntryId): Promise<Offer[]> {
    return this.offers.list(tx, { state: 'open', entry: id, after: null, limit: 1 });
  }
}
