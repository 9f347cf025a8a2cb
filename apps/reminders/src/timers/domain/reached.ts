import type { Instant } from '@slotmesh/kernel';

export interface AskedMessage {
  readonly state: string;
  readonly dueAt: Instant | null;
}

const ARRIVED = ['sent', 'delivered'];

/** Whether the last message that was asked for about a visit has arrived by one of its channels. Nobody was reached where none was asked for. */
export function hasReached(messages: readonly AskedMessage[]): boolean {
  const last = Math.max(...messages.map(({ dueAt }) => dueAt ?? 0));
  return messages.some(({ state, dueAt }) => (dueAt ?? 0) === last && ARRIVED.includes(state));
}
