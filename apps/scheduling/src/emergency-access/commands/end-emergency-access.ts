import { Injectable } from '@nestjs/common';
import { Clock, type EmergencyAccessId } from '@slotmesh/kernel';
import { type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';
import type { Signatory } from '../../agreements/domain/agreement-version';
import { EmergencyAccessOver, EmergencyAccessUnknown } from '../domain/emergency-access.errors';
import { runs } from '../domain/emergency-access';
import { EmergencyAccessRepository } from '../persistence/emergency-access.repository';
import { tellBoth } from '../told-to-both';

const AT_ONCE = 50;

/** It ends by itself, and nothing waits for this: the instants decide. Here the end is written down; or somebody of either practice ends it before its time. */
@Injectable()
export class EndEmergencyAccess {
  constructor(private readonly work: UnitOfWork, private readonly clock: Clock, private readonly accesses: EmergencyAccessRepository) {}

  /** Throws EmergencyAccessUnknown, EmergencyAccessOver. */
  async byHand(tx: Tx, by: Signatory, id: EmergencyAccessId): Promise<void> {
    const access = await this.accesses.lock(tx, id, by.practice);
    if (!access) throw new EmergencyAccessUnknown();
    if (!runs(access, tx.now)) throw new EmergencyAccessOver();
    await this.accesses.end(tx, id, tx.now, by.subject);
    tellBoth(tx, access, 'ended');
  }

  async execute(): Promise<number> {
    const due = await this.work.run(workerFor('emergency-access', null), (tx) => this.accesses.due(tx, this.clock.now(), AT_ONCE));
    for (const { id, practice } of due) {
      await this.work.run(workerFor('emergency-access', practice), async (tx) => {
        const access = await this.accesses.lock(tx, id, null);
        if (!access || access.endedAt !== null || access.endsAt > tx.now) return;
        await this.accesses.end(tx, id, access.endsAt, null);
        tellBoth(tx, access, 'ended');
      });
    }
    return due.length;
  }
}
