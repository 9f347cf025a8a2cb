import { Injectable } from '@nestjs/common';
import { type Actor, UnitOfWork, seal } from '@slotmesh/persistence';
import { CallClosed, CallNotYours, CallUnknown, PatientErased } from '../domain/call.errors';
import { type CallOutcome, endsCall } from '../domain/call-outcome';
import { PatientKeys } from '../patient-keys';
import { CallListRepository, type CallRow } from '../persistence/call-list.repository';

/** How a call went, by the person who claimed it. A note is sealed with the patient's key. Throws CallUnknown, CallClosed, CallNotYours, PatientErased. */
@Injectable()
export class RecordCall {
  constructor(private readonly work: UnitOfWork, private readonly calls: CallListRepository, private readonly keys: PatientKeys) {}

  async execute(actor: Actor, id: string, outcome: CallOutcome, note: string | null): Promise<CallRow> {
    const sealed = note === null ? null : await this.seal(actor, id, note);
    return this.work.run(actor, async (tx) => {
      const call = await this.calls.lock(tx, id);
      if (!call) throw new CallUnknown();
      if (call.state === 'closed') throw new CallClosed();
      if (call.state !== 'claimed' || call.claimed_by !== actor.subject) throw new CallNotYours();
      const ends = endsCall(outcome);
      await this.calls.finish(tx, call, outcome, ends, sealed);
      tx.audit.record({ action: 'call.recorded', entity: 'call-list-entry', entityId: id, patient: call.patient_id, details: { outcome } });
      return { ...call, state: ends ? 'closed' : 'open', outcome, calls: call.calls + 1, claimed_by: ends ? call.claimed_by : null };
    });
  }

  /** Why apart: the key is a question to another service and must not be asked inside a transaction. */
  private async seal(actor: Actor, id: string, note: string): Promise<string> {
    const call = await this.work.run(actor, (tx) => this.calls.lock(tx, id));
    if (!call) throw new CallUnknown();
    const key = await this.keys.find(call.patient_id);
    if (!key) throw new PatientErased();
    return seal(key, note, `${call.patient_id}:callNote`);
  }
}
