import { Injectable } from '@nestjs/common';
import type { EventData, MessageOutcomeRecorded } from '@slotmesh/contracts';
import { type RecallId, plusMs } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { CallListRepository } from '../../call-list/persistence/call-list.repository';
import { consequenceOf } from '../domain/recall-outcome';
import { RecallMessageRepository } from '../persistence/recall-message.repository';
import { RecallRepository } from '../persistence/recall.repository';
import { CALL_WITHIN_MS } from './fire-recalls';
import { KeepRecall } from './keep-recall';

/** What became of a message about a recall: who was not reached is phoned, who opted out is left alone (P14, P17). */
@Injectable()
export class ReportRecallOutcome {
  constructor(private readonly recalls: RecallRepository, private readonly messages: RecallMessageRepository, private readonly calls: CallListRepository, private readonly keep: KeepRecall) {}

  async execute(tx: Tx, reported: EventData<typeof MessageOutcomeRecorded>): Promise<void> {
    const recall = await this.recalls.lock(tx, reported.subject.id as RecallId);
    if (!recall) return;
    await this.messages.report(tx, reported);
    if (recall.state !== 'open' || recall.revision !== reported.subject.revision) return;
    const consequence = consequenceOf(reported);
    switch (consequence.kind) {
      case 'nothing': return;
      case 'reached': return this.calls.closeOfRecall(tx, recall.id, 'message-delivered');
      case 'silence': return this.keep.silence(tx, { ...recall, reason: null }, consequence.reason);
      case 'end': return void (await this.keep.change(tx, recall, { state: 'stopped', reason: consequence.reason }));
      case 'call':
        await this.calls.openForRecall(tx, { ...recall, reason: consequence.reason, until: plusMs(tx.now, CALL_WITHIN_MS) });
        if (reported.outcome === 'skipped') await this.keep.silence(tx, recall, consequence.reason);
    }
  }
}
