import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asVariables } from './kafka-docker.mjs';
import { kafkaVersion } from './kafka-jars.mjs';
import { kafkaSettings } from './kafka-settings.mjs';

const compose = readFileSync(join(__dirname, '..', '..', 'docker-compose.yml'), 'utf8');

describe('docker-compose.yml', () => {
  it('runs the Kafka that everything was tried with', () => {
    expect(compose).toContain(`image: apache/kafka:${kafkaVersion()}\n`);
  });

  it('gives the broker no setting that the launcher does not know', () => {
    const known = asVariables(kafkaSettings({ folder: '/data', port: 9092, controllerPort: 9093 })).map((variable) => variable.split('=')[0]);
    const used = [...compose.matchAll(/^ +(KAFKA_[A-Z_]+):/gm)].map((match) => match[1]).filter((name) => name !== 'KAFKA_BROKERS');
    expect(used.length).toBeGreaterThan(10);
    expect(known).toEqual(expect.arrayContaining(used));
  });
});
