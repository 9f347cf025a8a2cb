import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { Trouble } from '../../launcher/trouble.mjs';

/** @typedef {{ id: string, provider: string, start: number }} Visit */

const perPage = 200;

/** Books visits and calls them off, over kept connections straight at the service.
 * @param {{ base: string, authorization: string, clients: number, signal: AbortSignal }} options */
export function openDesk({ base, authorization, clients, signal }) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  /** @param {string} method @param {string} path @param {object} [body] @returns {Promise<any>} */
  const ask = (method, path, body) => new Promise((resolve, reject) => {
    const payload = body === undefined ? '' : JSON.stringify(body);
    const headers = { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload), 'idempotency-key': randomUUID() }) };
    request(`${base}/api/scheduling/v1${path}`, { method, agent, headers }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (part) => { text += part; }).on('error', reject).on('end', () => {
        if (incoming.statusCode === 200 || incoming.statusCode === 201) resolve(JSON.parse(text));
        else reject(new Trouble(`${method} ${path} answered ${incoming.statusCode}: ${text.slice(0, 300)}`));
      });
    }).on('error', reject).end(payload);
  });
  /** @template T, R @param {readonly T[]} items @param {(item: T, index: number) => Promise<R>} work @returns {Promise<R[]>} */
  async function each(items, work) {
    /** @type {R[]} */
    const done = [];
    let next = 0;
    await Promise.all(Array.from({ length: clients }, async () => {
      for (let index = next++; index < items.length && !signal.aborted; index = next++) done[index] = await work(/** @type {T} */ (items[index]), index);
    }));
    return done;
  }

  return {
    /** The first openings from five days on, a patient each. @param {string} visitType @param {readonly string[]} patients @returns {Promise<Visit[]>} */
    async book(visitType, patients) {
      const from = new Date(Date.now() + 5 * 86_400_000);
      /** @type {{ id: string, start: string, provider: { id: string } }[]} */
      const openings = [];
      for (let cursor = ''; openings.length < patients.length;) {
        const page = await ask('GET', `/openings?${new URLSearchParams({ visitType, from: from.toISOString(), to: new Date(from.getTime() + 7 * 86_400_000).toISOString(), limit: String(perPage), ...(cursor ? { cursor } : {}) })}`);
        openings.push(...page.items);
        if (!page.nextCursor) break;
        cursor = page.nextCursor;
      }
      if (openings.length < patients.length) throw new Trouble(`There are ${openings.length} openings for ${patients.length} visits.`);
      return each(patients, async (patient, index) => {
        const opening = openings[index];
        if (!opening) throw new Trouble('no opening');
        const { id } = await ask('POST', '/appointments', { opening: opening.id, patient });
        return { id, provider: opening.provider.id, start: Date.parse(opening.start) };
      });
    },
    /** As fast as the answers come. Returns when each was asked for, in ms since the epoch. @param {readonly Visit[]} visits */
    async cancel(visits) {
      const began = performance.now();
      const asked = await each(visits, (visit) => this.cancelOne(visit));
      return { asked, perSecond: (visits.length * 1_000) / (performance.now() - began) };
    },
    /** @param {Visit} visit */
    async cancelOne(visit) {
      const at = performance.timeOrigin + performance.now();
      await ask('POST', `/appointments/${visit.id}/cancel`, { reason: 'pat' });
      return at;
    },
    close: () => agent.destroy(),
  };
}
