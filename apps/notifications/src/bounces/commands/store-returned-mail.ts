import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { newId, toDate } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { IntakeKeys } from '../../providers/intake-keys';

/** Under whose key it lies: nobody knows yet which practice's it is. */
export const MAIL_INTAKE = 'returned mail';

/** Keeps a mail that came back, sealed, the same one once. Nothing else is needed for that, so none is lost while something is away. */
@Injectable()
export class StoreReturnedMail {
  constructor(private readonly work: UnitOfWork, private readonly keys: IntakeKeys) {}

  async execute(raw: Buffer): Promise<void> {
    await this.work.run(workerFor('mail', null), (tx) =>
      tx.execute('INSERT INTO returned_mail (id, digest, sealed_raw, received_at) VALUES ($1, $2, $3, $4) ON CONFLICT (digest) DO NOTHING', [
        newId(), createHash('sha256').update(raw).digest('base64url'), this.keys.seal(MAIL_INTAKE, 'text', raw.toString('base64')), toDate(tx.now),
      ]));
  }
}
