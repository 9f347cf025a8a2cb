import { Trouble } from './trouble.mjs';

/** Turns Ctrl-C, `kill` and a closed terminal into one AbortSignal. A second signal changes nothing: npm passes on the one that the terminal sent to all.
 * @returns {AbortSignal} */
export function interruption() {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => controller.abort(new Interrupted('Interrupted.')));
  return controller.signal;
}

export class Interrupted extends Trouble {}

/** @param {AbortSignal} signal */
export function aborted(signal) {
  return new Promise((done) => (signal.aborted ? done(undefined) : signal.addEventListener('abort', done, { once: true })));
}
