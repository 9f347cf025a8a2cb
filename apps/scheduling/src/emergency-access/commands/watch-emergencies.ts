import { Injectable } from '@nestjs/common';
import { DomainError, type PracticeId } from '@slotmesh/kernel';
import { type Tx, UnitOfWork } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import type { HttpAnswer } from '../../http/idempotency';
import { RefusalCounts, type RefusalLimit } from '../../shared/refusal-counts';
import { EmergencyPatientNotFound, TooManyEmergencies } from '../domain/emergency-access.errors';

const LIMIT: RefusalLimit = { kind: 'emergency', perHour: 5 };
const problem = z.object({ code: z.string() });

/** A person asks five times an hour at most, whether it is granted or not, so that nobody tries names. What was refused is written down, under the host as well where it was looked for a patient there. */
@Injectable()
export class WatchEmergencies {
  constructor(private readonly work: UnitOfWork, private readonly counts: RefusalCounts) {}

  /** Throws TooManyEmergencies. */
  async counted(tx: Tx, grant: () => Promise<unknown>): Promise<unknown> {
    if (await this.counts.isStopped(tx, LIMIT)) throw new TooManyEmergencies();
    const granted = await grant();
    if (!(await this.counts.add(tx, LIMIT))) throw new TooManyEmergencies();
    return granted;
  }

  /** Passes the answer on, unless others at the same time have used up the hour. Throws TooManyEmergencies. */
  async refusals(caller: StaffCaller, host: PracticeId, answer: Promise<HttpAnswer>): Promise<HttpAnswer> {
    try {
      const told = await answer;
      if (told.status >= 400) await this.refused(caller, host, problem.parse(told.body).code);
      return told;
    } catch (error) {
      if (error instanceof DomainError && error.kind !== 'too-many' && error.kind !== 'unavailable') await this.refused(caller, host, error.code);
      throw error;
    }
  }

  /** Why a transaction of its own: the refused one was rolled back. */
  private async refused(caller: StaffCaller, host: PracticeId, code: string): Promise<void> {
    const told = await this.work.run({ ...caller.actor, kind: 'worker' }, async (tx) => {
      const looked = code === new EmergencyPatientNotFound().code;
      for (const practice of looked ? [caller.practice, host] : [caller.practice]) tx.audit.record({ action: 'emergency-access.refused', entity: 'practice', entityId: looked ? host : caller.practice, practice, details: { code } });
      return this.counts.add(tx, LIMIT);
    });
    if (!told) throw new TooManyEmergencies();
  }
}
