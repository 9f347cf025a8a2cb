import { z } from 'zod';

/** How a webhook is tried again. Twilio takes it from the URL fragment `#rc=5&rp=all&ct=2000&rt=5000`; the fragment is neither sent nor signed. */
export interface RetryPolicy {
  readonly url: string;
  readonly retries: number;
  readonly on: ReadonlySet<FailureClass>;
  readonly timeoutMs: number;
}

export type FailureClass = 'ct' | 'rt' | '4xx' | '5xx';

const ALL: readonly FailureClass[] = ['ct', 'rt', '4xx', '5xx'];
const count = z.coerce.number().int().min(0).max(5).catch(1);
const timeout = z.coerce.number().int().min(100).max(15_000).catch(15_000);

/** Twilio's defaults: one retry, and only where no connection came about; 15 s for the answer. */
export function retryPolicy(urlWithFragment: string): RetryPolicy {
  const hash = urlWithFragment.indexOf('#');
  const url = hash < 0 ? urlWithFragment : urlWithFragment.slice(0, hash);
  const overrides = new URLSearchParams(hash < 0 ? '' : urlWithFragment.slice(hash + 1));
  const asked = (overrides.get('rp') ?? 'ct').split(',');
  return {
    url,
    retries: count.parse(overrides.get('rc') ?? 1),
    on: new Set(asked.includes('all') ? ALL : ALL.filter((kind) => asked.includes(kind))),
    timeoutMs: timeout.parse(overrides.get('rt') ?? 15_000),
  };
}

/** Real milliseconds before try number `attempt` (1 is the first retry): 0.5, 1, 2, 4, 8 s, so that a service that is started again is met. */
export function backoffMs(attempt: number): number {
  return 500 * 2 ** (attempt - 1);
}
