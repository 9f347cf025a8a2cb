import { Injectable } from '@nestjs/common';
import type { PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { OccupancyRepository } from '../../openings/persistence/occupancy.repository';
import { GroupSessionNotEmpty, GroupSessionUnknown } from '../domain/group-session.errors';
import { GroupSessionRepository } from '../persistence/group-session.repository';

/** Gives the time of a group session back that nobody has a seat in. Throws GroupSessionUnknown, GroupSessionNotEmpty. */
@Injectable()
export class CloseSession {
  constructor(private readonly sessions: GroupSessionRepository, private readonly occupancy: OccupancyRepository) {}

  async execute(tx: Tx, practice: PracticeId, id: string): Promise<void> {
    if (!(await this.sessions.find(tx, practice, id))) throw new GroupSessionUnknown();
    // Why before the session: who takes a seat locks them first, too (P1).
    await this.occupancy.lock(tx, await this.sessions.resourcesOf(tx, id));
    if (!(await this.sessions.close(tx, id))) throw (await this.sessions.find(tx, practice, id)) ? new GroupSessionNotEmpty() : new GroupSessionUnknown();
    tx.audit.record({ action: 'group-session.closed', entity: 'group-session', entityId: id });
  }
}
