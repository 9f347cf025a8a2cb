import { join } from 'node:path';
import { build } from './build.mjs';
import { followLogs } from './follow-logs.mjs';
import { aborted, Interrupted, interruption } from './interruption.mjs';
import { kafkaWay as findKafkaWay } from './kafka-way.mjs';
import { installPackages } from './packages.mjs';
import { stateFolder } from './paths.mjs';
import { place, placeFor } from './place.mjs';
import { neededPorts, stackPorts } from './ports.mjs';
import { step } from './progress.mjs';
import { checkPorts, checkRoom } from './requirements.mjs';
import { endOrphans, judgeFile, runRecord } from './run-record.mjs';
import { secretsIn } from './secrets.mjs';
import { servicesIn } from './services.mjs';
import { describeStack } from './stack-file.mjs';
import { startStack } from './stack.mjs';
import { Trouble } from './trouble.mjs';
import { welcome } from './welcome.mjs';

/** The stack of this clone: one at a time, data kept. */
export async function start() {
  const begin = Date.now();
  const signal = interruption();
  const given = process.env;
  const mode = given.MODE || 'sandbox';
  const ports = stackPorts(Number(given.PORT_OFFSET ?? 0));
  const recordFile = join(place(), 'run.json');

  const { running, orphans } = judgeFile(recordFile);
  if (running) throw new Trouble(`A stack of this folder runs already (process ${running.pid}). Stop it with Ctrl-C where it runs, or: kill ${running.pid}`);
  if (orphans.length) await step(`end what a killed run left (${orphans.map(({ name }) => name).join(', ')})`, () => endOrphans(orphans));
  const kafkaWay = findKafkaWay(given.KAFKA_BROKERS);
  checkRoom();
  await checkPorts(neededPorts(ports, { mode, ownDatabase: !given.DATABASE_URL, ownKafka: kafkaWay !== 'given' }));

  const record = runRecord(recordFile);
  const stackFile = join(stateFolder, 'stack.json');
  let described;
  try {
    await installPackages(signal);
    const built = await build(signal);
    const logs = join(stateFolder, 'logs');
    const stack = await startStack({ build: built, mode, folder: placeFor('data'), logs, ports, secrets: secretsIn(join(stateFolder, 'secrets.json')), kafkaWay, given, signal, onSpawn: record.add });
    described = describeStack(stackFile, { publicUrl: stack.publicUrl, mode, ports, databaseUrl: stack.databaseUrl, kafkaBrokers: stack.kafkaBrokers, processes: recordFile, logs });
    console.log(welcome({ publicUrl: stack.publicUrl, mode, seconds: (Date.now() - begin) / 1000, logs }));
    const unfollow = process.argv.includes('--logs') ? followLogs(logs, servicesIn(mode).map(({ name }) => name)) : () => {};
    const alive = setInterval(() => {}, 1 << 30);
    await aborted(signal);
    clearInterval(alive);
    unfollow();
    await step('stop', stack.stop);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    console.log('Stopped before it was ready.');
  } finally {
    described?.remove();
    record.remove();
  }
}
