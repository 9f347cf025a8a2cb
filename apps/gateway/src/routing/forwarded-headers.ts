import type { IncomingHttpHeaders } from 'node:http';

/** Names that only we may set: who asked, by which address, and whatever services might say to each other. */
const OURS = /^(?:forwarded|x-forwarded-.*|x-real-ip|x-original-.*|x-rewrite-url|x-internal-.*|x-slotmesh-.*)$/;

/**
 * The headers for the service. `x-forwarded-host` and `-proto` are those of PUBLIC_URL, whatever the caller's Host says: the issuer, links and Twilio's
 * signatures are made for that address. `cookie`: what is left of the caller's cookies without ours. `before`: the addresses a trusted load balancer named.
 */
export function forwardedHeaders(headers: IncomingHttpHeaders, caller: { address: string | undefined; before: string | null; cookie: string | null; publicUrl: string; traceparent: string | null }): IncomingHttpHeaders {
  const kept: IncomingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) if (!OURS.test(name) && name !== 'cookie' && name !== 'x-csrf-token') kept[name] = value;
  const { host, protocol } = new URL(caller.publicUrl);
  if (caller.cookie !== null) kept.cookie = caller.cookie;
  if (caller.address !== undefined) kept['x-forwarded-for'] = caller.before === null ? caller.address : `${caller.before}, ${caller.address}`;
  kept['x-forwarded-host'] = host;
  kept['x-forwarded-proto'] = protocol.slice(0, -1);
  if (caller.traceparent !== null) kept['traceparent'] = caller.traceparent;
  return kept;
}
