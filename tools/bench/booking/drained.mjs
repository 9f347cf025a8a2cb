import { waitUntil } from '../../launcher/wait-until.mjs';
import { Trouble } from '../../launcher/trouble.mjs';

/** Waits until no service has work left from the bookings before: the next figure must not pay for them.
 * @param {{ ports: Record<string, number> }} stack */
export async function drained({ ports }) {
  const members = Object.entries(ports).filter(([name]) => name.endsWith(' ops'));
  /** @type {string[]} */
  let busy = [];
  const done = await waitUntil(async () => {
    const states = await Promise.all(members.map(async ([name, port]) => {
      const answer = await fetch(`http://127.0.0.1:${port}/idle`, { signal: AbortSignal.timeout(10_000) }).then((response) => response.json()).catch(() => ({ idle: false }));
      return { name, idle: answer.idle === true };
    }));
    busy = states.filter(({ idle }) => !idle).map(({ name }) => name);
    return busy.length === 0;
  }, { seconds: 180, everyMs: 500 });
  if (!done) throw new Trouble(`These services do not come to rest: ${busy.join(', ')}`);
}
