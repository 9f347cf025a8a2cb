import { Injectable } from '@nestjs/common';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { z } from 'zod';

const report = z.object({ MessageSid: z.string().regex(/^(?:SM|MM)[0-9a-fA-F]{32}$/), MessageStatus: z.string().max(40), ErrorCode: z.coerce.number().int().optional() }).loose();

/** Keeps a delivery report; the same status of the same text is kept once. */
@Injectable()
export class StoreDeliveryReport {
  constructor(private readonly work: UnitOfWork) {}

  async execute(fields: Readonly<Record<string, unknown>>, attempt: string | null): Promise<void> {
    const { MessageSid, MessageStatus, ErrorCode } = report.parse(fields);
    await this.work.run(workerFor('twilio', null), (tx) =>
      tx.execute('INSERT INTO delivery_report (attempt_id, provider_id, status, error_code, received_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (provider_id, status) DO NOTHING', [
        z.uuid().safeParse(attempt).data ?? null, MessageSid, MessageStatus, ErrorCode || null, new Date(tx.now),
      ]));
  }
}
