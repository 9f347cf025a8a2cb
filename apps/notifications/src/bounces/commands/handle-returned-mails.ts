import { Injectable, Logger } from '@nestjs/common';
import { type Instant, MINUTE, instantOfDate, plusMs, toDate } from '@slotmesh/kernel';
import { UnitOfWork, isInfrastructureFailure, workerFor } from '@slotmesh/persistence';
import { z } from 'zod';
import { IntakeKeys } from '../../providers/intake-keys';
import { readReturnedMail } from '../domain/returned-mail';
import { SettleReturnedMail } from './settle-returned-mail';
import { MAIL_INTAKE } from './store-returned-mail';

const BATCH = 20;
const row = z.object({ id: z.uuid(), sealed_raw: z.string() });

/** Works off stored mails that came back, each once. One that fails is tried again with a growing pause and holds no other back. */
@Injectable()
export class HandleReturnedMails {
  private readonly logger = new Logger('returned-mail');

  constructor(private readonly work: UnitOfWork, private readonly keys: IntakeKeys, private readonly settle: SettleReturnedMail) {}

  async execute(): Promise<number> {
    const due = z.array(row).parse(await this.work.run(workerFor('mail', null), (tx) =>
      tx.query('SELECT id, sealed_raw FROM returned_mail WHERE NOT handled AND (retry_at IS NULL OR retry_at <= $1) ORDER BY received_at, id LIMIT $2', [toDate(tx.now), BATCH])));
    for (const one of due) {
      try {
        await this.one(one);
      } catch (error) {
        if (isInfrastructureFailure(error)) throw error;
        this.logger.error({ mail: one.id, error: error instanceof Error ? error.name : 'unknown', at: error instanceof Error ? error.stack?.split('\n').slice(1, 4) : null }, 'a returned mail could not be handled and is tried again');
        await this.work.run(workerFor('mail', null), (tx) => tx.execute('UPDATE returned_mail SET attempts = attempts + 1, retry_at = $2 WHERE id = $1', [one.id, toDate(plusMs(tx.now, 5 * MINUTE))]));
      }
    }
    return due.length;
  }

  async due(): Promise<{ dueNow: boolean; nextDue: Instant | null }> {
    return this.work.run(workerFor('mail', null), async (tx) => {
      const [found] = await tx.query<{ now: boolean; next: Date | null }>(
        `SELECT coalesce(bool_or(retry_at IS NULL OR retry_at <= $1), false) AS now, min(retry_at) FILTER (WHERE retry_at > $1) AS next FROM returned_mail WHERE NOT handled`, [toDate(tx.now)]);
      return { dueNow: found?.now ?? false, nextDue: found?.next ? instantOfDate(found.next) : null };
    });
  }

  private async one({ id, sealed_raw }: z.output<typeof row>): Promise<void> {
    const read = await readReturnedMail(Buffer.from(this.keys.unseal(MAIL_INTAKE, 'text', sealed_raw), 'base64'));
    await this.work.run(workerFor('mail', null), async (tx) => {
      const [open] = await tx.query('SELECT id FROM returned_mail WHERE id = $1 AND NOT handled FOR UPDATE SKIP LOCKED', [id]);
      if (!open) return;
      const done = await this.settle.execute(tx, read);
      await tx.execute('UPDATE returned_mail SET handled = true, sealed_raw = NULL, host = $2, attempt_id = $3, kind = $4, status = $5, effect = $6 WHERE id = $1', [id, done.host, done.attempt, done.kind, done.status, done.effect]);
    });
  }
}
