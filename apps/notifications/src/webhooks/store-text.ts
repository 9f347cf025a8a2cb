import { Injectable } from '@nestjs/common';
import { newId } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { z } from 'zod';
import { IntakeKeys } from '../providers/intake-keys';

const text = z.object({ MessageSid: z.string().regex(/^(?:SM|MM)[0-9a-fA-F]{32}$/), From: z.string().min(1).max(40), To: z.string().min(1).max(40), Body: z.string().max(1_600 * 4).default(''), OptOutType: z.string().optional() }).loose();

/** Keeps a text from a patient, sealed, once per MessageSid. Nothing else is needed for that, so no STOP is lost while something is away. */
@Injectable()
export class StoreText {
  constructor(private readonly work: UnitOfWork, private readonly keys: IntakeKeys) {}

  async execute(fields: Readonly<Record<string, unknown>>): Promise<void> {
    const { MessageSid, From, To, Body, OptOutType } = text.parse(fields);
    await this.work.run(workerFor('twilio', null), (tx) =>
      tx.execute(
        `INSERT INTO reply (id, message_sid, host, to_number, idx, sealed_from, sealed_text, opt_out_type, received_at)
         VALUES ($1, $2, (SELECT id FROM practice WHERE sender_number = $3 ORDER BY id LIMIT 1), $3, $4, $5, $6, $7, $8) ON CONFLICT (message_sid) DO NOTHING`,
        [newId(), MessageSid, To, this.keys.indexOf('sms', From), this.keys.seal(To, 'from', From), this.keys.seal(To, 'text', Body), OptOutType ?? null, new Date(tx.now)],
      ));
  }
}
