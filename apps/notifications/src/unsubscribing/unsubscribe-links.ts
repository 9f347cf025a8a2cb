import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { practiceId } from '@slotmesh/contracts';
import { z } from 'zod';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig } from '../config';

/** What one click ends: all mail of the practice, or what is of one class. */
export const unsubscribeScope = z.enum(['practice', 'recall', 'education', 'marketing', 'feedback']);
export type UnsubscribeScope = z.output<typeof unsubscribeScope>;
const named = z.tuple([z.string().min(20).max(64), practiceId, unsubscribeScope]);

export interface Unsubscribing {
  /** The blind index of the address: the link holds nothing of a person. */
  readonly idx: string;
  readonly practice: z.output<typeof practiceId>;
  readonly scope: UnsubscribeScope;
}

/** Links that take an address off a list, for whoever holds the mail and for nobody else: signed, and without an end, for mails are kept for years. */
@Injectable()
export class UnsubscribeLinks {
  private readonly key: Buffer;

  constructor(@Inject(NOTIFICATIONS_CONFIG) private readonly config: Pick<NotificationsConfig, 'INDEX_KEY' | 'PUBLIC_URL'>) {
    this.key = Buffer.from(hkdfSync('sha256', config.INDEX_KEY, '', 'slotmesh unsubscribe', 32));
  }

  linkFor(what: { readonly idx: string; readonly practice: string; readonly scope: UnsubscribeScope }): string {
    const text = Buffer.from([what.idx, what.practice, what.scope].join(' ')).toString('base64url');
    return `${this.config.PUBLIC_URL}/u/${text}.${this.sign(text)}`;
  }

  /** What a token names; null where it is not one of ours. */
  read(token: string): Unsubscribing | null {
    const [text = '', signature = ''] = token.split('.');
    const [given, right] = [Buffer.from(signature), Buffer.from(this.sign(text))];
    if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
    const parsed = named.safeParse(Buffer.from(text, 'base64url').toString('utf8').split(' '));
    if (!parsed.success) return null;
    const [idx, practice, scope] = parsed.data;
    return { idx, practice, scope };
  }

  private sign = (text: string): string => createHmac('sha256', this.key).update(text).digest('base64url');
}
