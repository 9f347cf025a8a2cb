import type { Instant } from '@slotmesh/kernel';
import type { Channel, MessageClass, Template } from '../../messages/domain/fence';

/** What a phone or a mailbox wants no more of. Null: of every practice, or every class. STOP is both. */
export interface OptOut {
  readonly practice: string | null;
  readonly class: MessageClass | 'feedback' | null;
}
export interface MessageOfClass {
  readonly channel: Channel;
  readonly host: string;
  readonly class: MessageClass;
  readonly template: Template;
}

/**
 * Whether an opt-out bars a message. From `revokeAllFrom` on a text revocation that named one kind of message counts for every kind of that sender
 * (47 CFR 64.1200(a)(10), waived until 2027-01-31 by DA 26-12); mails are not under that rule.
 */
export function isBarred(optOuts: readonly OptOut[], message: MessageOfClass, now: Instant, revokeAllFrom: Instant): boolean {
  return optOuts.some((out) => (out.practice === null || out.practice === message.host) && (out.class === null || out.class === message.class || (out.class === 'feedback' && message.template === 'feedback-question') || (message.channel === 'sms' && message.class !== 'answer' && now >= revokeAllFrom)));
}
