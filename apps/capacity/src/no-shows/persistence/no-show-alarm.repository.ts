import { Injectable } from '@nestjs/common';
import { type Instant, type PracticeId, formatInstant, instantOrNull } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';

const row = z.object({ alarmed_at: z.date().nullable() });

/** An alarm stands until people of the practice say anew whether they want the score. */
@Injectable()
export class NoShowAlarmRepository {
  async of(tx: Tx, practice: PracticeId): Promise<Instant | null> {
    const [found] = await tx.query('SELECT max(alarmed_at) AS alarmed_at FROM no_show_alarm WHERE practice = $1', [practice]);
    return instantOrNull(row.parse(found).alarmed_at);
  }

  /** The first of several stays. */
  async raise(tx: Tx, practice: PracticeId): Promise<void> {
    await tx.execute('INSERT INTO no_show_alarm (practice, alarmed_at) VALUES ($1, $2) ON CONFLICT (practice) DO NOTHING', [practice, formatInstant(tx.now)]);
  }

  /** Whether there was one. */
  async acknowledge(tx: Tx, practice: PracticeId): Promise<boolean> {
    return (await tx.execute('DELETE FROM no_show_alarm WHERE practice = $1', [practice])) === 1;
  }
}
