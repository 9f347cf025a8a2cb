import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { background } from './background.mjs';
import { environmentOf } from './environment.mjs';
import { foreground } from './foreground.mjs';
import { lastWords } from './last-words.mjs';
import { root } from './paths.mjs';
import { keepRunning } from './supervisor.mjs';
import { Trouble } from './trouble.mjs';
import { waitUntil } from './wait-until.mjs';

/** @typedef {import('./services.mjs').Service} Service */
/** @typedef {import('./environment.mjs').StackChoice} StackChoice */

/** @param {string} service @param {string} file */
const built = (service, file) => join(root, 'dist', 'apps', service, 'src', file);

/** Every service must have been built: none is left out in silence. @param {Service[]} services */
export function checkBuilt(services) {
  const files = services.flatMap(({ name, seeds, rebuilds }) => ['main.js', 'migrate.js', ...(seeds ? ['seed.js'] : []), ...(rebuilds ? ['rebuild.js'] : [])].map((file) => built(name, file)));
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length) throw new Trouble(`The build did not make:\n${missing.map((file) => `  ${file}`).join('\n')}`);
}

/** Runs a program of a service to its end: its migrations, its sample data.
 * @param {{ service: string, file: string, stack: StackChoice, logs: string, signal: AbortSignal, onSpawn: (record: import('./process-identity.mjs').ProcessRecord) => void }} options */
export async function runOnce({ service, file, stack, logs, signal, onSpawn }) {
  const { code, output } = await foreground(process.execPath, [built(service, file)], { cwd: root, env: { ...process.env, ...environmentOf(service, stack) }, log: join(logs, `${service}.log`), signal, onSpawn });
  signal.throwIfAborted();
  if (code !== 0) throw new Trouble(`${service}: ${file} failed:\n${output.trimEnd().split('\n').slice(-20).join('\n')}`);
}

/** Node collects garbage with four threads beside the service's own: on a machine with few cores PostgreSQL and every request wait for them, so there is one. With room for 64 MB of young
 * objects those of requests under way are not taken for old ones, so the long collections are rare. Figures: docs/performance.md, "Booking". */
const nodeOptions = ['--v8-pool-size=1', '--max-semi-space-size=64', '--enable-source-maps'];

/** Starts a service and keeps it running.
 * @param {{ service: string, stack: StackChoice, logs: string, onSpawn: (server: import('./background.mjs').Background) => void, say: (line: string) => void }} options */
export function startService({ service, stack, logs, onSpawn, say }) {
  const env = { ...process.env, ...environmentOf(service, stack) };
  return keepRunning({
    name: service,
    say,
    start() {
      const server = background({ name: service, command: process.execPath, args: [...nodeOptions, built(service, 'main.js')], cwd: root, env, log: join(logs, `${service}.log`) });
      onSpawn(server);
      return { ...server, stop: () => server.stop('SIGTERM', 8) };
    },
  });
}

/** Waits until a service says that it is ready, at its ops port or wherever else it says so.
 * @param {{ service: Awaited<ReturnType<typeof startService>>, port: number, logs: string, signal: AbortSignal, seconds?: number }} options */
export async function becomesReady({ service, port, logs, signal, seconds = 120 }) {
  let last = 'no answer';
  const ready = await waitUntil(async () => {
    signal.throwIfAborted();
    if (service.failures() >= 3) return 'failed';
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2000) });
      last = `${answer.status} ${await answer.text()}`;
      return answer.ok && 'ready';
    } catch {
      return false;
    }
  }, { seconds, everyMs: 100 });
  const log = join(logs, `${service.name}.log`);
  if (ready !== 'ready') throw new Trouble(`${service.name} does not become ready (${last}). Its last words (${log}):\n${lastWords(log, 20)}`);
}
