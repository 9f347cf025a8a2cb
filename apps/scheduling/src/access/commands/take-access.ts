import { Injectable } from '@nestjs/common';
import { Clock, FIRST_INSTANT, type Instant, type PracticeId } from '@slotmesh/kernel';
import { type Actor, type Sql, type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';
import { accessTaken, networkAccessTaken } from '../access.events';
import { turnOf } from '../domain/wait';
import { NetworkWaits } from '../network-waits';
import { eachByItself } from '../../shared/each-by-itself';
import { OwnWaits } from '../own-waits';
import { type AccessPlace, AccessRepository } from '../persistence/access.repository';

const NAME = 'access';
/** Under row-level security as the practice: what is looked at is what its desks see. */
const deskOf = (practice: PracticeId): Actor => ({ kind: 'service', subject: `worker:${NAME}`, practice });

/** Looks each morning at 06:00 of the place how long patients wait: at each site by provider and visit type, and for each practice with what partners share. Once per place and date, whoever looks; after an outage for the present date only. */
@Injectable()
export class TakeAccess {
  constructor(private readonly work: UnitOfWork, private readonly clock: Clock, private readonly access: AccessRepository, private readonly own: OwnWaits, private readonly network: NetworkWaits) {}

  /** Takes what is due; returns how many snapshots that were. */
  async execute(): Promise<number> {
    const places = await this.work.run(workerFor(NAME, null), (tx) => this.access.places(tx));
    const now = this.clock.now();
    let taken = 0;
    await eachByItself(places.filter(({ zone, lastDay }) => 'due' in turnOf(zone, lastDay, now)), async (place) => { if (await this.work.run(deskOf(place.practice), (tx) => this.take(tx, place))) taken += 1; });
    return taken;
  }

  async nextDue(sql: Sql): Promise<Instant | null> {
    const now = this.clock.now();
    const turns = (await this.access.places(sql)).map(({ zone, lastDay }) => turnOf(zone, lastDay, now)).map((turn) => ('due' in turn ? FIRST_INSTANT : turn.next));
    return turns.length === 0 ? null : (Math.min(...turns) as Instant);
  }

  private async take(tx: Tx, place: AccessPlace): Promise<boolean> {
    const turn = turnOf(place.zone, place.lastDay, tx.now);
    if (!('due' in turn) || !(await this.access.claim(tx, place, turn.due))) return false;
    const { practice, site, zone } = place;
    const snapshot = { practice, zone, date: turn.due, at: tx.now };
    if (site === null) tx.outbox.add(networkAccessTaken(snapshot, await this.network.of(tx, practice, zone, turn.due, tx.now)));
    else tx.outbox.add(...accessTaken(snapshot, site, await this.own.at(tx, practice, site, turn.due, tx.now)));
    return true;
  }
}
