import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { Gauge, register } from 'prom-client';
import { z } from 'zod';
import { INBOX_EFFECTS } from './domain/inbox';

const row = z.object({ host: z.string(), seconds: z.coerce.number() });

/** How long the oldest unread text of each practice has waited: what an alarm is set on. */
@Injectable()
export class InboxAlarm implements OnApplicationBootstrap {
  constructor(private readonly work: UnitOfWork, private readonly clock: Clock) {}

  onApplicationBootstrap(): void {
    const waiting = (): Promise<z.output<typeof row>[]> => this.waiting();
    const name = 'inbox_unread_oldest_seconds';
    // Why removed first: in tests several applications live in one process.
    register.removeSingleMetric(name);
    new Gauge({
      name, help: 'How long the oldest text that nobody has read has waited, by practice.', labelNames: ['practice'] as const, registers: [register],
      async collect() {
        const rows = await waiting();
        this.reset();
        for (const { host, seconds } of rows) this.set({ practice: host }, seconds);
      },
    });
  }

  private waiting(): Promise<z.output<typeof row>[]> {
    return this.work.run(workerFor('inbox', null), async (tx) => z.array(row).parse(await tx.query(
      `SELECT host, extract(epoch FROM $1::timestamptz - min(received_at)) AS seconds FROM reply WHERE handled AND read_at IS NULL AND host IS NOT NULL AND effect = ANY ($2::text[]) GROUP BY host`, [new Date(this.clock.now()), [...INBOX_EFFECTS]])));
  }
}
