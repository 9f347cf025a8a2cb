import { join } from 'node:path';
import { build } from './build.mjs';
import { isFree } from './free-port.mjs';
import { kafkaWay } from './kafka-way.mjs';
import { stackPorts } from './ports.mjs';
import { secretsIn } from './secrets.mjs';
import { describeStack } from './stack-file.mjs';
import { startStack } from './stack.mjs';
import { temporaryRun } from './temporary-run.mjs';
import { Trouble } from './trouble.mjs';

/** Starts a whole stack of its own for tests, proofs and measurements: other ports, new data, gone after `stop`.
 * @param {{ keep?: boolean, signal: AbortSignal, given?: NodeJS.ProcessEnv, say?: (line: string) => void }} options given: variables for the services, such as LOG_LEVEL */
export async function startTestStack({ keep = false, signal, given = {}, say }) {
  const built = await build(signal);
  const ports = await freeStackPorts();
  const run = await temporaryRun({ keep });
  const logs = join(run.folder, 'logs');
  try {
    const stack = await startStack({
      build: built, mode: 'sandbox', folder: join(run.folder, 'data'), logs, ports, secrets: secretsIn(join(run.folder, 'secrets.json')), kafkaWay: kafkaWay(undefined), given, signal, onSpawn: run.add, say, durable: false,
    });
    const file = join(run.folder, 'stack.json');
    describeStack(file, { publicUrl: stack.publicUrl, mode: stack.mode, ports, databaseUrl: stack.databaseUrl, kafkaBrokers: stack.kafkaBrokers, processes: join(run.folder, 'run.json'), logs });
    return {
      ...stack,
      env: { SLOTMESH_URL: stack.publicUrl, SLOTMESH_STACK: file },
      async stop() {
        await stack.stop();
        run.remove();
        if (run.kept) console.log(`Data and logs: ${run.kept}`);
      },
    };
  } catch (error) {
    run.remove();
    throw error;
  }
}

/** The first move of all ports at which none is taken. */
async function freeStackPorts() {
  for (let offset = 10_000; offset < 20_000; offset += 200) {
    const ports = stackPorts(offset);
    if ((await Promise.all(Object.values(ports).map(isFree))).every(Boolean)) return ports;
  }
  throw new Trouble('No free range of ports was found for a second stack.');
}
