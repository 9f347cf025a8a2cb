import { Controller } from '@nestjs/common';
import { ReminderFailed, ReminderFailureWithdrawn } from '@slotmesh/contracts';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { LiftMark } from './commands/lift-mark';

@Controller()
export class ReminderFailuresConsumer {
  constructor(private readonly lift: LiftMark) {}

  @OnEvent(ReminderFailed)
  async failed({ data }: Received<typeof ReminderFailed>, tx: Tx): Promise<void> {
    await this.lift.failed(tx, data);
  }

  @OnEvent(ReminderFailureWithdrawn)
  async withdrawn({ data }: Received<typeof ReminderFailureWithdrawn>, tx: Tx): Promise<void> {
    await this.lift.withdrawn(tx, data);
  }
}
