// The running stack as an outside client reaches it: through the gateway, by HTTP, with a person's token.
export const stackUrl = (process.env.SLOTMESH_URL ?? process.env.PUBLIC_URL ?? 'http://localhost:8080').replace(/\/+$/, '');

export class StackAway extends Error {}
export class Refused extends Error {
  constructor(status, problem) {
    super(`${status} ${problem?.code ?? ''} ${problem?.detail ?? ''}`.trim());
    this.status = status;
    this.problem = problem;
  }
}

const PATIENCE_MS = Number(process.env.SLOTMESH_PATIENCE_SECONDS ?? 45) * 1_000;
const AWAY = new Set([502, 503, 504]);
// Why not without one of these: a request whose answer was lost may have been carried out, and only these may be sent twice.
const repeatable = (init) => (init.method ?? 'GET') === 'GET' || new Headers(init.headers).has('idempotency-key') || init.repeatable === true;

/** One call. Where the stack is away for a moment (a service restarts), what may be sent twice is sent again.
 * @param {string} path @param {RequestInit & { repeatable?: boolean }} [init] */
export async function send(path, init = {}) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      const response = await fetch(stackUrl + path, { ...init, signal: AbortSignal.timeout(300_000) });
      const text = await response.text();
      if (!(AWAY.has(response.status) && repeatable(init) && Date.now() < end)) {
        const body = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text;
        everAnswered = true;
        return { status: response.status, body };
      }
    } catch (error) {
      // fetch throws a TypeError where it gets no connection at all: refused, unknown host, forbidden port.
      const never = error instanceof TypeError && !everAnswered;
      if (never) throw new StackAway(`No Slotmesh answers at ${stackUrl}. Start it first: npm start (another address: SLOTMESH_URL).`);
      if (!(repeatable(init) || error.cause?.code === 'ECONNREFUSED') || Date.now() >= end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
let everAnswered = false;

/** A bearer token of a person of the sample partnership, from the sandbox's OpenID provider. @param {string} person */
export async function tokenOf(person, password = process.env.SLOTMESH_PASSWORD ?? 'slotmesh') {
  const form = new URLSearchParams({ grant_type: 'password', client_id: 'slotmesh-cli', username: person, password, resource: 'slotmesh' });
  const { status, body } = await send('/sandbox/oidc/token', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form, repeatable: true });
  if (status !== 200 || !body.access_token) throw new Refused(status, { code: body.error, detail: body.error_description ?? `no token for ${person}` });
  return body.access_token;
}

/** A desk: its calls carry its token; an answer that is not a success is thrown, unless `expect` names it. @param {string} person */
export async function signIn(person) {
  const token = await tokenOf(person);
  return async (method, path, body, { expect = [200, 201, 204], headers = {} } = {}) => {
    const answer = await send(path, { method, headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (!expect.includes(answer.status)) throw new Refused(answer.status, answer.body);
    // `http` is the status of the answer; a resource may have a status of its own.
    return { ...answer.body, http: answer.status };
  };
}

/** Asks until `look` gives something, or says what was waited for. */
export async function until(what, look, seconds = 60) {
  const end = Date.now() + seconds * 1_000;
  let last = null;
  while (Date.now() < end) {
    last = await look();
    if (last) return last;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  throw new Error(`waited ${seconds} s for: ${what}`);
}
