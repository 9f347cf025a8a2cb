import { Injectable } from '@nestjs/common';
import { plusMs } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { CallAlreadyClaimed, CallClosed, CallUnknown } from '../domain/call.errors';
import { CLAIM_LASTS_MS } from '../domain/call-outcome';
import { CallListRepository, type CallRow } from '../persistence/call-list.repository';

/** One person takes a call, so that a patient is not phoned twice. Claiming again by the same person renews. Throws CallUnknown, CallClosed, CallAlreadyClaimed. */
@Injectable()
export class ClaimCall {
  constructor(private readonly work: UnitOfWork, private readonly calls: CallListRepository) {}

  execute(actor: Actor, id: string): Promise<CallRow> {
    return this.work.run(actor, async (tx) => {
      const call = await this.calls.lock(tx, id);
      if (!call) throw new CallUnknown();
      if (call.state === 'closed') throw new CallClosed();
      const held = call.state === 'claimed' && call.claimed_at !== null && call.claimed_at.getTime() > plusMs(tx.now, -CLAIM_LASTS_MS);
      if (held && call.claimed_by !== actor.subject) throw new CallAlreadyClaimed();
      await this.calls.claim(tx, id, actor.subject);
      tx.audit.record({ action: 'call.claimed', entity: 'call-list-entry', entityId: id, patient: call.patient_id });
      return { ...call, state: 'claimed', claimed_by: actor.subject };
    });
  }
}
