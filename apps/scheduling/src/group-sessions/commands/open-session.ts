import { Injectable } from '@nestjs/common';
import type { OpeningId, PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { QuotaRepository } from '../../agreements/persistence/quota.repository';
import { HostDecides } from '../../appointments/domain/appointment.errors';
import { endedInTheWay } from '../../holds/persistence/hold.repository';
import { Alternatives } from '../../openings/alternatives';
import { Bookability, resourcesFor } from '../../openings/bookability';
import { SessionLimitReached } from '../../openings/domain/opening.errors';
import { OccupancyRepository } from '../../openings/persistence/occupancy.repository';
import { GroupSessionOpen, NotAGroup } from '../domain/group-session.errors';
import { type GroupSession, GroupSessionRepository } from '../persistence/group-session.repository';

/** Takes provider and resources of a group session before anybody has a seat in it. It stays without one, until the host closes it. Throws OpeningTaken, SessionLimitReached, OpeningNeverBookable, HostDecides, NotAGroup, GroupSessionOpen. */
@Injectable()
export class OpenSession {
  constructor(private readonly bookability: Bookability, private readonly occupancy: OccupancyRepository, private readonly quotas: QuotaRepository, private readonly alternatives: Alternatives, private readonly sessions: GroupSessionRepository) {}

  async execute(tx: Tx, practice: PracticeId, opening: OpeningId): Promise<GroupSession> {
    const seen = await this.bookability.decide(tx, practice, opening, tx.now);
    if (seen.offering.practice !== practice) throw new HostDecides();
    if (seen.offering.seats === null) throw new NotAGroup();
    if (!('lost' in seen)) await this.occupancy.lock(tx, resourcesFor(seen));
    // Why again: who closes the day locks them, too, and nobody books an empty session, so that nothing would decide it later.
    const time = await this.bookability.decide(tx, practice, opening, tx.now);
    const gone = (why: 'taken' | 'session-limit' = 'taken') => this.alternatives.taken(tx, practice, time.offering, time.start, tx.now, null, why);
    if ('lost' in time) throw await gone();
    const inTheWay = endedInTheWay(tx);
    let opened: Awaited<ReturnType<OccupancyRepository['openAhead']>>;
    try {
      opened = await this.occupancy.openAhead(tx, time, inTheWay.onEnded);
    } catch (error) {
      throw error instanceof SessionLimitReached ? await gone('session-limit') : error;
    }
    if (opened !== null && !opened.isNew) throw new GroupSessionOpen(opened.session);
    const session = opened === null ? null : await this.sessions.find(tx, practice, opened.session);
    if (session === null) throw await gone();
    // Why last: quota rows end the lock order (P1).
    await this.quotas.giveBack(tx, inTheWay.freed);
    tx.audit.record({ action: 'group-session.opened', entity: 'group-session', entityId: session.id, details: { opening } });
    return session;
  }
}
