import { background } from './background.mjs';
import { answers } from './kafka.mjs';
import { kafkaVersion } from './kafka-jars.mjs';
import { kafkaSettings } from './kafka-settings.mjs';
import { lastWords } from './last-words.mjs';
import { Trouble } from './trouble.mjs';
import { waitUntil } from './wait-until.mjs';

/** The broker's settings as the image takes them. @param {Record<string, string | number | boolean>} settings */
export const asVariables = (settings) => Object.entries(settings).map(([name, value]) => `KAFKA_${name.toUpperCase().replaceAll('.', '_')}=${value}`);

/** Starts Apache Kafka in a container; its data is in a volume of that name.
 * @param {{ name: string, port: number, log: string, onSpawn?: (server: import('./background.mjs').Background) => void }} options */
export async function startKafkaInDocker({ name, port, log, onSpawn }) {
  const settings = kafkaSettings({ folder: '/var/lib/kafka/data', port, controllerPort: port + 1, bind: '0.0.0.0' });
  const variables = [...asVariables(settings), 'KAFKA_HEAP_OPTS=-Xmx320m'].flatMap((variable) => ['-e', variable]);
  const args = ['run', '--rm', '--name', name, '-p', `127.0.0.1:${port}:${port}`, '-v', `${name}:/var/lib/kafka/data`, ...variables, `apache/kafka:${kafkaVersion()}`];
  const server = background({ name: 'kafka', command: 'docker', args, log });
  onSpawn?.(server);
  const ready = await waitUntil(() => server.hasEnded() || answers(port), { seconds: 300, everyMs: 250 });
  if (!ready || server.hasEnded()) {
    await server.stop('SIGTERM', 5);
    throw new Trouble(`Apache Kafka did not start in Docker on port ${port}. Its last words (${log}):\n${lastWords(log)}`);
  }
  return { ...server, brokers: `127.0.0.1:${port}`, stop: () => server.stop('SIGTERM', 15) };
}
