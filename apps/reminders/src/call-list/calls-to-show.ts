import { Injectable } from '@nestjs/common';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { DeskReadings } from '@slotmesh/security';
import { CallUnknown } from './domain/call.errors';
import { CallListRepository, type CallRow } from './persistence/call-list.repository';

/** Which calls somebody of a partner sees who works the list by agreement; one's own staff see all. Scheduling is asked, which logs what is shown. */
@Injectable()
export class CallsToShow {
  constructor(private readonly work: UnitOfWork, private readonly calls: CallListRepository, private readonly readings: DeskReadings) {}

  shown(actor: Actor, rows: readonly CallRow[]): Promise<CallRow[]> {
    return this.readings.shown(actor, 'call-list', rows, ({ id, patient_id: patient }) => ({ id, patient }));
  }

  /** Before a step on a call. Throws CallUnknown. */
  async require(actor: Actor, id: string): Promise<void> {
    if (!actor.deputy) return;
    const call = await this.work.run(actor, (tx) => this.calls.lock(tx, id));
    if (!call || (await this.shown(actor, [call])).length === 0) throw new CallUnknown();
  }
}
