import { Injectable } from '@nestjs/common';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { changeConsent } from '../consents/commands/change-consent';
import type { Unsubscribing } from './unsubscribe-links';

/** Ends mail to an address at once (RFC 8058); the same click twice has the effect of once, and each is kept as evidence. */
@Injectable()
export class Unsubscribe {
  constructor(private readonly work: UnitOfWork) {}

  async execute({ idx, practice, scope }: Unsubscribing): Promise<void> {
    await this.work.run(workerFor('unsubscribe', practice), (tx) => changeConsent(tx, { channel: 'email', idx, state: 'opted-out', source: 'one-click', host: practice, sealedWords: null, messageSid: null, scope: { practice, class: scope === 'practice' ? null : scope } }));
  }
}
