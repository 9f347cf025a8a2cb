import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { Trouble } from '../../launcher/trouble.mjs';

/** @typedef {{ perSecond: number, answers: number, faults: number, latencies: number[], statuses: Map<string, number> }} Load
 *   latencies: of bookings made, in ms. faults: answers other than 201 and a true 409, that is one for a time that we had booked before */

const pages = 70;
const perPage = 200;
const host = 'frontdesk@lakeside.example';

/** Books openings that the search gave, one booking each, in the order of their start; patients take turns, so that none has two visits at one time.
 * @param {{ publicUrl: string, visitType: string, patients: string[], signal: AbortSignal }} options */
export async function openBookingLoad({ publicUrl, visitType, patients, signal }) {
  const authorization = `Bearer ${await tokenAt(publicUrl)}`;
  const openings = await openingsOf(publicUrl, visitType, authorization);
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  /** @type {Set<string>} */
  const done = new Set();
  let next = 0;
  let firstFault = true;

  /** @param {string} base @param {Load} load */
  async function bookNext(base, load) {
    const opening = openings[next];
    const patient = patients[next % patients.length];
    next += 1;
    if (!opening) throw new Trouble(`The ${openings.length} openings are used up.`);
    const began = performance.now();
    const { status, text } = await post(agent, `${base}/api/scheduling/v1/appointments`, authorization, { opening, patient }).catch((/** @type {Error} */ error) => ({ status: error.message, text: '' }));
    const took = performance.now() - began;
    load.answers += 1;
    load.statuses.set(String(status), (load.statuses.get(String(status)) ?? 0) + 1);
    if (status === 201) {
      load.latencies.push(took);
      done.add(opening);
    } else if (status !== 409 || !done.has(opening)) {
      load.faults += 1;
      if (firstFault) console.log(`  first fault: ${status} ${text.slice(0, 300)}`);
      firstFault = false;
    }
  }

  return {
    /** As fast as the answers come. @param {string} base @param {{ clients: number, seconds: number }} how */
    async atMost(base, { clients, seconds }) {
      const load = emptyLoad();
      const began = performance.now();
      const end = began + seconds * 1000;
      await Promise.all(Array.from({ length: clients }, async () => { while (performance.now() < end && !signal.aborted) await bookNext(base, load); }));
      load.perSecond = (load.latencies.length * 1000) / (performance.now() - began);
      return load;
    },
    /** At an even pace, whatever the earlier ones do: one that waits behind others pays for it. @param {string} base @param {{ perSecond: number, seconds: number }} how */
    async paced(base, { perSecond, seconds }) {
      const load = emptyLoad();
      const began = performance.now();
      const running = [];
      for (let index = 0; index < perSecond * seconds && !signal.aborted; index += 1) {
        const wait = began + (index * 1000) / perSecond - performance.now();
        if (wait > 0) await new Promise((resolve) => { setTimeout(resolve, wait); });
        running.push(bookNext(base, load));
      }
      await Promise.all(running);
      load.perSecond = (load.latencies.length * 1000) / (performance.now() - began);
      return load;
    },
    close: () => agent.destroy(),
  };
}

/** @returns {Load} */
const emptyLoad = () => ({ perSecond: 0, answers: 0, faults: 0, latencies: [], statuses: new Map() });

/** @param {string} publicUrl */
export async function tokenAt(publicUrl) {
  const form = new URLSearchParams({ grant_type: 'password', client_id: 'slotmesh-cli', username: host, password: 'slotmesh' });
  const answer = await fetch(`${publicUrl}/sandbox/oidc/token`, { method: 'POST', body: form });
  if (!answer.ok) throw new Trouble(`The sandbox gave no token: ${answer.status} ${await answer.text()}`);
  return (await answer.json()).access_token;
}

/** @param {string} publicUrl @param {string} visitType @param {string} authorization */
async function openingsOf(publicUrl, visitType, authorization) {
  const from = new Date(Date.now() + 86_400_000);
  const to = new Date(from.getTime() + 20 * 86_400_000);
  /** @type {string[]} */
  const openings = [];
  /** @type {string | null} */
  let cursor = null;
  for (let page = 0; page < pages; page += 1) {
    const query = new URLSearchParams({ visitType, from: from.toISOString(), to: to.toISOString(), limit: String(perPage), ...(cursor ? { cursor } : {}) });
    const answer = await fetch(`${publicUrl}/api/scheduling/v1/openings?${query}`, { headers: { authorization } });
    if (!answer.ok) throw new Trouble(`The search failed: ${answer.status} ${await answer.text()}`);
    const found = /** @type {{ items: { id: string }[], nextCursor: string | null }} */ (await answer.json());
    openings.push(...found.items.map(({ id }) => id));
    cursor = found.nextCursor;
    if (cursor === null) break;
  }
  return openings;
}

/** @param {Agent} agent @param {string} url @param {string} authorization @param {object} body @returns {Promise<{ status: number, text: string }>} */
function post(agent, url, authorization, body) {
  return new Promise((resolve, reject) => {
    const payload = JSON.stringify(body);
    const outgoing = request(url, { method: 'POST', agent, headers: { authorization, 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload), 'idempotency-key': randomUUID() } }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (part) => { text += part; }).on('end', () => resolve({ status: incoming.statusCode ?? 0, text })).on('error', reject);
    });
    outgoing.on('error', reject).end(payload);
  });
}
