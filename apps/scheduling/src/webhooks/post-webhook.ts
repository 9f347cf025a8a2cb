import { lookup as resolve } from 'node:dns';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isPublicAddress, literalAddress } from './domain/public-address';

/** Whole time of one try, connecting and answer included. A lease is longer. */
export const POST_TIMEOUT_MS = 10_000;

export interface Posted {
  readonly status: number | null;
  /** Why there was no answer, in one word; null where there was one. */
  readonly error: string | null;
}

class AddressRefused extends Error {
  readonly code = 'address-refused';
}

/** Resolves a name and refuses it where one of its addresses is not public. The connection goes to what was looked at, so that a second answer cannot differ. */
const onlyPublic: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '');
    const [first] = addresses;
    if (!first || addresses.some(({ address }) => !isPublicAddress(address))) return callback(new AddressRefused('the name leads to an address that is not public'), '');
    if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

/** One POST; redirects are not followed and the answer's body is not read. Never throws. `anywhere`: also http and private addresses, for sandboxes. */
export async function postWebhook(address: string, headers: Readonly<Record<string, string>>, body: string, anywhere: boolean): Promise<Posted> {
  const url = new URL(address);
  const literal = literalAddress(url);
  if (!anywhere && (url.protocol !== 'https:' || (literal !== null && !isPublicAddress(literal)))) return { status: null, error: 'address-refused' };
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const timeout = AbortSignal.timeout(POST_TIMEOUT_MS);
  return new Promise((settle) => {
    const request = send(url, { method: 'POST', agent: false, signal: timeout, headers: { ...headers, 'content-length': Buffer.byteLength(body) }, ...(anywhere ? {} : { lookup: onlyPublic }) });
    request.on('response', (response) => {
      settle({ status: response.statusCode ?? null, error: null });
      response.on('error', () => undefined).destroy();
    });
    // Why: without a listener an answer of 101 ends the connection and tells nobody.
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      settle({ status: response.statusCode ?? null, error: null });
    });
    request.on('close', () => settle({ status: null, error: timeout.aborted ? 'time-out' : 'connection' }));
    request.on('error', (error: NodeJS.ErrnoException) => settle({ status: null, error: timeout.aborted ? 'time-out' : (error.code ?? 'connection') }));
    request.end(body);
  });
}
