import { hkdfSync } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { blindIndexOf, seal, unseal } from '@slotmesh/persistence';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig } from '../config';

/**
 * Seals what comes in before anybody knows whose it is (P24). Why a key of the receiving number and not of a patient: a STOP must be stored and obeyed at
 * once, also while scheduling, which keeps the patients' keys, does not answer.
 */
@Injectable()
export class IntakeKeys {
  private readonly keys = new Map<string, Buffer>();

  constructor(@Inject(NOTIFICATIONS_CONFIG) private readonly config: Pick<NotificationsConfig, 'INDEX_KEY'>) {}

  indexOf(channel: 'sms' | 'email', address: string): string {
    return blindIndexOf(this.config.INDEX_KEY, channel === 'sms' ? 'phone' : 'email', address);
  }

  /** The key is the receiving number's own; the field binds the text to its column. */
  seal(number: string, field: 'from' | 'text', text: string): string {
    return seal(this.keyOf(number), text, `${number}:${field}`);
  }

  unseal(number: string, field: 'from' | 'text', sealed: string): string {
    return unseal(this.keyOf(number), sealed, `${number}:${field}`);
  }

  private keyOf(number: string): Buffer {
    let key = this.keys.get(number);
    if (!key) this.keys.set(number, (key = Buffer.from(hkdfSync('sha256', this.config.INDEX_KEY, '', `slotmesh intake ${number}`, 32))));
    return key;
  }
}
