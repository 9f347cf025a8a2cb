import { Controller } from '@nestjs/common';
import { ReferralSent, ReferralStatusChanged, WaitlistEntryAdded, WaitlistEntryEnded, WaitlistEntryExpired } from '@slotmesh/contracts';
import { OnEvent, type Received, type ReceivedOneOf } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { DemandRepository } from './persistence/demand.repository';

/** Who waits for an earlier time, and who was referred. */
@Controller()
export class DemandConsumer {
  constructor(private readonly demand: DemandRepository) {}

  @OnEvent(WaitlistEntryAdded)
  async added({ data, time }: Received<typeof WaitlistEntryAdded>, tx: Tx): Promise<void> {
    await this.demand.startWaiting(tx, data, time);
  }

  @OnEvent(WaitlistEntryEnded)
  async ended({ data, time }: Received<typeof WaitlistEntryEnded>, tx: Tx): Promise<void> {
    await this.demand.endWaiting(tx, data.id, data.outcome, data.at, time);
  }

  @OnEvent(WaitlistEntryExpired)
  async expired({ data, time }: Received<typeof WaitlistEntryExpired>, tx: Tx): Promise<void> {
    await this.demand.endWaiting(tx, data.id, 'expired', data.at, time);
  }

  @OnEvent(ReferralSent, ReferralStatusChanged)
  async referred({ data, time }: ReceivedOneOf<typeof ReferralSent | typeof ReferralStatusChanged>, tx: Tx): Promise<void> {
    await this.demand.saveReferral(tx, data.referral, time);
  }
}
