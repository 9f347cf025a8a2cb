import { spawnSync } from 'node:child_process';
import { hasJars, hasMaven, javaVersion } from './kafka-jars.mjs';
import { Trouble } from './trouble.mjs';

/** @typedef {'given' | 'java' | 'docker'} KafkaWay */

/** Where Kafka comes from: the first that applies.
 * @param {{ brokers: string | undefined, java: () => number, maven: () => boolean, jars: () => boolean, docker: () => boolean }} found
 * @returns {KafkaWay} */
export function chooseKafka({ brokers, java, maven, jars, docker }) {
  if (brokers) return 'given';
  const version = java();
  if (version >= 17 && (jars() || maven())) return 'java';
  if (docker()) return 'docker';
  const lacking = version === 0 ? 'Java is not installed' : version < 17 ? `Java ${version} is too old` : 'Maven is not installed';
  throw new Trouble(`Slotmesh needs Apache Kafka, and ${lacking}. One of these is enough:\n  - Java 17 or newer and Maven (Debian, Ubuntu: apt-get install openjdk-17-jre-headless maven; macOS: brew install openjdk maven)\n  - a running Docker engine\n  - a Kafka of your own: KAFKA_BROKERS=host:9092 npm start`);
}

/** @param {string | undefined} brokers */
export const kafkaWay = (brokers) =>
  chooseKafka({ brokers, java: javaVersion, maven: hasMaven, jars: hasJars, docker: () => spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { stdio: 'ignore', timeout: 10_000 }).status === 0 });
