import { Injectable } from '@nestjs/common';
import { type PracticeId, formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';

const row = z.object({ wanted: z.boolean(), reason: z.string(), version: z.number(), changed_by: z.string(), changed_at: z.date() })
  .transform(({ changed_by, changed_at, ...rest }): NoShowSwitch => ({ ...rest, changedBy: changed_by, changedAt: formatInstant(instantOfDate(changed_at)) }));

export interface NoShowSwitch {
  readonly wanted: boolean;
  readonly reason: string;
  /** 0: never touched. */
  readonly version: number;
  readonly changedBy: string | null;
  readonly changedAt: string | null;
}
const UNTOUCHED: NoShowSwitch = { wanted: false, reason: '', version: 0, changedBy: null, changedAt: null };

@Injectable()
export class NoShowSwitchRepository {
  async of(tx: Tx, practice: PracticeId): Promise<NoShowSwitch> {
    const [found] = await tx.query('SELECT wanted, reason, version, changed_by, changed_at FROM no_show_switch WHERE practice = $1', [practice]);
    return found ? row.parse(found) : UNTOUCHED;
  }

  /** Changes what stands in one version; null where it is another by now. */
  async change(tx: Tx, practice: PracticeId, version: number, wanted: boolean, reason: string): Promise<NoShowSwitch | null> {
    const [found] = await tx.query(
      version === 0
        ? 'INSERT INTO no_show_switch (practice, version, wanted, reason, changed_by, changed_at) VALUES ($1, $2::int + 1, $3, $4, $5, $6) ON CONFLICT (practice) DO NOTHING RETURNING wanted, reason, version, changed_by, changed_at'
        : 'UPDATE no_show_switch SET version = version + 1, wanted = $3, reason = $4, changed_by = $5, changed_at = $6 WHERE practice = $1 AND version = $2 RETURNING wanted, reason, version, changed_by, changed_at',
      [practice, version, wanted, reason, tx.actor.subject, formatInstant(tx.now)]);
    return found ? row.parse(found) : null;
  }
}
