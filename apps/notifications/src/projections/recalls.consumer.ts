import { Controller } from '@nestjs/common';
import { RecallChanged, RecallClosed, RecallRecorded } from '@slotmesh/contracts';
import { OnEvent, type ReceivedOneOf } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { stateOfRecall } from './recall-rows';
import { countStale } from './stale-messages';
import { takeOver } from './visit-rows';

/** Each recall's revision, and whether it is open. */
@Controller()
export class RecallsConsumer {
  @OnEvent(RecallRecorded, RecallChanged, RecallClosed)
  async changed({ data: { recall }, time }: ReceivedOneOf<typeof RecallRecorded | typeof RecallChanged | typeof RecallClosed>, tx: Tx): Promise<void> {
    await takeOver(tx, [stateOfRecall(recall)]);
    await countStale(tx, recall, time);
  }
}
