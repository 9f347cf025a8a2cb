import { Injectable } from '@nestjs/common';
import type { OfferRoundId, OpeningId, PracticeId, ResourceId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { EndHold } from '../../holds/commands/end-hold';
import type { Hold } from '../../holds/domain/hold';
import { HoldRepository } from '../../holds/persistence/hold.repository';
import { OccupancyRepository } from '../../openings/persistence/occupancy.repository';
import type { OfferRound } from '../persistence/offer-round.repository';

/** A round keeps its time in its host's name: no desk has this subject, so only an accepted offer can book it (P3). */
export const roundHolder = (round: { readonly id: OfferRoundId; readonly host: PracticeId }) => ({ practice: round.host, subject: `offer-round:${round.id}` });

/** The hold of a round, in the one lock order: its resources by id, then the hold; the round comes after. */
@Injectable()
export class RoundHold {
  constructor(private readonly occupancy: OccupancyRepository, private readonly holds: HoldRepository, private readonly endHold: EndHold) {}

  async openingOf(tx: Tx, round: Pick<OfferRound, 'hold'>): Promise<OpeningId | null> {
    return round.hold === null ? null : ((await this.holds.find(tx, round.hold))?.opening ?? null);
  }

  /** `alsoLock`: resources that the same transaction may need. */
  async lock(tx: Tx, round: Pick<OfferRound, 'hold'>, alsoLock: readonly ResourceId[] = []): Promise<Hold | null> {
    if (round.hold === null) return null;
    await this.occupancy.lock(tx, [...(await this.occupancy.resourcesOf(tx, { hold: round.hold })), ...alsoLock]);
    return this.holds.lock(tx, round.hold);
  }

  /** Gives the time back to every desk. One that is past its time is ended by the sweeper. */
  async release(tx: Tx, round: OfferRound, hold: Hold): Promise<void> {
    if (hold.state === 'active' && hold.expiresAt > tx.now) await this.endHold.release(tx, roundHolder(round), hold.id);
  }
}
