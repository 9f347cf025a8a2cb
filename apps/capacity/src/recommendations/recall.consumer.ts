import { Controller } from '@nestjs/common';
import { RecallChanged, RecallClosed, RecallRecorded } from '@slotmesh/contracts';
import { OnEvent, type ReceivedOneOf } from '@slotmesh/messaging';
import { formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';

/** What patients are due for, without who they are. */
@Controller()
export class RecallConsumer {
  @OnEvent(RecallRecorded, RecallChanged, RecallClosed)
  async handle({ data: { recall: r }, time }: ReceivedOneOf<typeof RecallRecorded | typeof RecallChanged | typeof RecallClosed>, tx: Tx): Promise<void> {
    await tx.execute(
      `INSERT INTO recall (id, practice, kind, state, due, changed_at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (id) DO UPDATE SET practice = excluded.practice, kind = excluded.kind, state = excluded.state, due = excluded.due, changed_at = excluded.changed_at`,
      [r.id, r.practice, r.kind, r.state, r.due, formatInstant(time)]);
  }
}
