import { loadTypeScript } from '../../typescript/load.mjs';

const writers = 8;

/**
 * Commits ticks in transactions of one to three events on one or two keys, eight writers at a time; one transaction in twenty is rolled back after
 * its events were written. Returns the last tick of each key.
 * @param {{ service: any, events: number, keys: number, random: () => number, isAhead: () => boolean, onPublished: (n: number) => void }} what
 * @returns {Promise<Map<string, number>>}
 */
export async function publishTicks({ service, events, keys, random, isAhead, onPublished }) {
  const { eventOf, workerFor } = loadTypeScript('libs/persistence/src/index.ts');
  const { Ticked } = loadTypeScript('libs/messaging/src/testing-processes/ticks.ts');
  const { HOST } = loadTypeScript('libs/messaging/src/testing-processes/counting-service.ts');
  /** @type {Map<string, number>} */
  const lasts = new Map();
  let left = events;
  const write = async (/** @type {number} */ writer) => {
    // Why own keys: the next tick of a key must know that the one before is committed.
    const own = Array.from({ length: keys }, (_, index) => index).filter((index) => index % writers === writer).map((index) => `key-${index}`);
    while (left > 0 && own.length > 0) {
      if (isAhead()) {
        await new Promise((done) => setTimeout(done, 5));
        continue;
      }
      const ticks = Math.min(1 + Math.floor(random() * 3), left);
      left -= ticks;
      const chosen = [own[Math.floor(random() * own.length)], own[Math.floor(random() * own.length)]];
      const next = new Map();
      const batch = Array.from({ length: ticks }, (_, index) => {
        const key = /** @type {string} */ (chosen[index % 2]);
        const n = (next.get(key) ?? lasts.get(key) ?? 0) + 1;
        next.set(key, n);
        return eventOf(Ticked, { key, host: HOST }, { n });
      });
      const refused = random() < 0.05;
      const outcome = await commit(service, workerFor('counting', HOST), batch, refused);
      if (outcome) {
        next.forEach((n, key) => lasts.set(key, n));
        onPublished(ticks);
      } else left += ticks;
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  return lasts;
}

class Refused extends Error {}

async function commit(service, actor, batch, refused) {
  try {
    await service.work.run(actor, async (tx) => {
      tx.outbox.add(...batch);
      if (!refused) return;
      const { text, values } = tx.outbox.take('counting', tx.now, null);
      await tx.execute(text, values);
      throw new Refused();
    });
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}
