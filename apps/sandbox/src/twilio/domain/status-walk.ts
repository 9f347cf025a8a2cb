import type { MessageStatus } from './message';
import { seededChoice } from './seeded-choice';

/** What the carrier does with one message. */
export type Fate = { readonly kind: 'delivered' } | { readonly kind: 'undelivered'; readonly errorCode: number } | { readonly kind: 'held' };

export interface Step {
  readonly status: MessageStatus;
  /** Real milliseconds after the step before. */
  readonly afterMs: number;
  readonly errorCode: number | null;
}

const STEP_MS = 15;

/** The next status that a message takes by itself, or null where it stays. The waits differ from message to message, but repeat with the seed. */
export function nextStep(status: MessageStatus, fate: Fate, seed: number, sid: string): Step | null {
  const next = after(status, fate);
  if (next === null) return null;
  const afterMs = Math.round(STEP_MS * (0.5 + seededChoice(seed, sid, next)));
  return { status: next, afterMs, errorCode: next === 'undelivered' && fate.kind === 'undelivered' ? fate.errorCode : null };
}

function after(status: MessageStatus, fate: Fate): MessageStatus | null {
  switch (status) {
    case 'accepted':
      return 'queued';
    case 'queued':
      return fate.kind === 'held' ? null : 'sending';
    case 'sending':
      return 'sent';
    case 'sent':
      return fate.kind === 'undelivered' ? 'undelivered' : 'delivered';
    default:
      return null;
  }
}

/** Real milliseconds a status callback waits: one in four comes so late that it often arrives after those that happened later. */
export function callbackDelayMs(seed: number, sid: string, status: MessageStatus): number {
  const [late, wait] = [seededChoice(seed, 'late', sid, status) < 0.25, seededChoice(seed, 'callback', sid, status)];
  return Math.round(late ? 80 + 120 * wait : 20 * wait);
}

/** When a message that is still queued is given up (error 30036), in domain time. */
export function expiresAt(createdAt: Date, validitySeconds: number): Date {
  return new Date(createdAt.getTime() + validitySeconds * 1000);
}
