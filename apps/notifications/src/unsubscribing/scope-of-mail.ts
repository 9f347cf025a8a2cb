import type { MessageClass, Template } from '../messages/domain/fence';
import type { UnsubscribeScope } from './unsubscribe-links';

/** Mail that somebody subscribes to, rather than mail about a visit of one's own. */
const SUBSCRIPTIONS: ReadonlySet<MessageClass> = new Set(['recall', 'education', 'marketing']);
export const isSubscription = (of: MessageClass): boolean => SUBSCRIPTIONS.has(of);

/**
 * What one click on this mail ends; null: it cannot be declined. Why none on what must reach: that the practice moved or cancelled a visit is no list, and who wants no mail at all
 * finds the same link in every other one.
 */
export function scopeOf(message: { readonly class: MessageClass; readonly template: Template | 'feedback-question'; readonly must_reach: boolean }): UnsubscribeScope | null {
  if (message.class === 'recall' || message.class === 'education' || message.class === 'marketing') return message.class;
  if (message.template === 'feedback-question') return 'feedback';
  return message.must_reach || message.class === 'answer' ? null : 'practice';
}
