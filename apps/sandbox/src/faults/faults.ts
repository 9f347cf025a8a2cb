import { Injectable } from '@nestjs/common';
import { CarrierBell } from '../carrier-bell';
import { SandboxWork } from '../sandbox-work';
import type { Channel, Fault, FaultKind, FaultOrder, Hit } from './domain/fault';
import { FaultNotFound } from './domain/fault';
import { FaultRepository } from './fault.repository';

/** Orders for what should go wrong. Kept in memory only as a hint that there are none, so that a request without faults costs no query. */
@Injectable()
export class Faults {
  private none = false;

  constructor(
    private readonly work: SandboxWork,
    private readonly repository: FaultRepository,
    private readonly bell: CarrierBell,
  ) {}

  async order(order: FaultOrder): Promise<Fault> {
    const fault = await this.work.run((tx) => this.repository.add(tx, order));
    this.none = false;
    return fault;
  }

  list(): Promise<Fault[]> {
    return this.work.run((tx) => this.repository.list(tx));
  }

  async clear(id: string | null): Promise<number> {
    const cleared = await this.work.run((tx) => this.repository.clear(tx, id));
    if (id !== null && cleared === 0) throw new FaultNotFound();
    this.bell.ring();
    return cleared;
  }

  /** The fault that happens to this request, if any. */
  async strike(channel: Channel, recipient: string | null, among: readonly FaultKind[]): Promise<Hit | null> {
    if (this.none) return null;
    return this.work.run(async (tx) => {
      const hit = await this.repository.strike(tx, channel, recipient, among);
      if (hit) return hit;
      const open = await tx.query('SELECT 1 FROM fault WHERE NOT cleared AND (remaining IS NULL OR remaining > 0) LIMIT 1');
      this.none = open.length === 0;
      return null;
    });
  }
}
