import { Injectable } from '@nestjs/common';
import type { EventData, HoldEnded, HoldPlaced } from '@slotmesh/contracts';
import { type Instant, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';

@Injectable()
export class HoldRepository {
  async place(tx: Tx, hold: EventData<typeof HoldPlaced>, at: Instant): Promise<void> {
    await tx.execute(
      `INSERT INTO hold (id, host, holder, provider, visit_type, site, start_at, end_at, placed_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT (id) DO NOTHING`,
      [hold.id, hold.host, hold.holder, hold.provider, hold.visitType, hold.site, formatInstant(hold.start), formatInstant(hold.end), formatInstant(at)],
    );
  }

  async end(tx: Tx, ended: EventData<typeof HoldEnded>, at: Instant): Promise<void> {
    await tx.execute('UPDATE hold SET ended_at = $2, outcome = $3, changed_at = $4 WHERE id = $1', [ended.id, formatInstant(ended.at), ended.outcome, formatInstant(at)]);
  }
}
