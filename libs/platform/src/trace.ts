import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

const storage = new AsyncLocalStorage<string>();
const VALID = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** W3C trace context of the present request or event, or null. */
export const currentTraceparent = (): string | null => storage.getStore() ?? null;

/** Goes on with the caller's trace, or begins one. */
export function continueTrace<T>(incoming: string | undefined | null, fn: () => T): T {
  const traceId = incoming && VALID.test(incoming) ? incoming.slice(3, 35) : randomBytes(16).toString('hex');
  return storage.run(`00-${traceId}-${randomBytes(8).toString('hex')}-01`, fn);
}
