import { type Problem, problemOf } from '@slotmesh/platform';
import { z } from 'zod';

/** Not there at all: nothing was sent. */
const ABSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/** What the caller is told when a service behind the gateway does not answer: which one, whether the request may have been carried out, what to do. */
export function upstreamProblem(service: string, error: unknown): Problem {
  const code = innermostCode(error);
  const extra = { service };
  if (code !== null && ABSENT.has(code)) {
    return problemOf('unavailable', 'service-unavailable', `The ${service} service is not there at the moment (${code}); nothing was carried out. It is started again by itself as a rule: try again in a few seconds. /health/ready shows the state of every service.`, extra);
  }
  const unclear = 'Whether the request was carried out is not known: repeat it with the same Idempotency-Key, or look before you repeat it.';
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'FST_REPLY_FROM_TIMEOUT' || code === 'FST_REPLY_FROM_GATEWAY_TIMEOUT') {
    return { ...problemOf('unavailable', 'service-timeout', `The ${service} service did not answer in time. ${unclear}`, extra), status: 504, title: 'A service did not answer in time' };
  }
  return { ...problemOf('unavailable', 'service-broke-off', `The ${service} service broke off before it answered${code === null ? '' : ` (${code})`}. ${unclear}`, extra), status: 502, title: 'A service broke off' };
}

const coded = z.object({ code: z.string().optional(), cause: z.unknown().optional() });

/** The innermost code: the proxy wraps what the connection said. */
export function innermostCode(error: unknown): string | null {
  const parsed = coded.safeParse(error);
  return parsed.success ? (innermostCode(parsed.data.cause) ?? parsed.data.code ?? null) : null;
}
