import { Agent, get } from 'node:http';
import { Trouble } from '../../launcher/trouble.mjs';

/** @typedef {{ perSecond: number, latencies: number[], faults: number, bytes: number }} Reading   latencies in ms; faults: answers other than 200 */

/** Asks each of the addresses in turn over connections that are kept.
 * @param {{ authorization: string, clients: number, signal: AbortSignal }} options */
export function openReadingLoad({ authorization, clients, signal }) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });

  /** @param {string} url @returns {Promise<{ status: number, text: string }>} */
  const read = (url) => new Promise((resolve, reject) => {
    get(url, { agent, headers: { authorization } }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (part) => { text += part; }).on('end', () => resolve({ status: incoming.statusCode ?? 0, text })).on('error', reject);
    }).on('error', reject);
  });

  return {
    /** @param {string} url */
    async one(url) {
      const { status, text } = await read(url);
      if (status !== 200) throw new Trouble(`${url} answered ${status}: ${text.slice(0, 300)}`);
      return JSON.parse(text);
    },
    /** As fast as the answers come. @param {readonly string[]} urls @param {number} seconds @returns {Promise<Reading>} */
    async atMost(urls, seconds) {
      const reading = { perSecond: 0, latencies: /** @type {number[]} */ ([]), faults: 0, bytes: 0 };
      const began = performance.now();
      const end = began + seconds * 1000;
      let next = 0;
      await Promise.all(Array.from({ length: clients }, async () => {
        while (performance.now() < end && !signal.aborted) {
          const url = urls[next++ % urls.length] ?? '';
          const asked = performance.now();
          const { status, text } = await read(url);
          reading.latencies.push(performance.now() - asked);
          reading.bytes += text.length;
          if (status !== 200) reading.faults += 1;
        }
      }));
      if (signal.aborted) throw new Trouble('Interrupted: there is no figure.');
      reading.perSecond = (reading.latencies.length * 1000) / (performance.now() - began);
      return reading;
    },
    close: () => agent.destroy(),
  };
}
