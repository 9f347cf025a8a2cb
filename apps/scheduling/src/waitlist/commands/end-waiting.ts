import { Injectable } from '@nestjs/common';
import type { PatientId } from '@slotmesh/kernel';
import { StartAgain, type Tx } from '@slotmesh/persistence';
import { OfferRoundRepository } from '../persistence/offer-round.repository';
import { WaitlistEntryRepository } from '../persistence/waitlist-entry.repository';
import { WithdrawEntry } from './withdraw-entry';

/** Takes a patient who has died off the wait list: an open offer ends at once, and its round goes on with the next in turn. As a worker: rounds of other hosts go on with it. */
@Injectable()
export class EndWaiting {
  constructor(private readonly entries: WaitlistEntryRepository, private readonly rounds: OfferRoundRepository, private readonly withdraw: WithdrawEntry) {}

  /** Before the record of the patient is locked, as rounds, offers and entries are everywhere (P1). */
  async execute(tx: Tx, patient: PatientId): Promise<void> {
    const ids = await this.entries.waitingIdsOf(tx, patient);
    if (ids.length === 0) return;
    // Why all of them first, in one order: several may be asked in several rounds, and so may others who end at this moment (P1).
    const locked = new Set(await this.rounds.lockAsking(tx, ids));
    await this.entries.lockWaiting(tx, ids);
    if ((await this.rounds.asking(tx, ids)).some((round) => !locked.has(round))) throw new StartAgain('an offer was made meanwhile');
    for (const id of ids) await this.withdraw.execute(tx, id, 'deceased');
  }

  /** With the record locked: who was put on the list meanwhile comes off it, too. */
  async requireEnded(tx: Tx, patient: PatientId): Promise<void> {
    if ((await this.entries.waitingIdsOf(tx, patient)).length > 0) throw new StartAgain('the patient was put on the wait list meanwhile');
  }
}
