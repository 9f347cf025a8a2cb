import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mavenJars } from './maven-jars.mjs';
import { cacheFolder, root } from './paths.mjs';

const pom = join(root, 'infra', 'kafka', 'pom.xml');

/** @param {string} text */
export const versionIn = (text) => /<kafka\.version>([^<]+)</.exec(text)?.[1] ?? 'unknown';

export const kafkaVersion = () => versionIn(readFileSync(pom, 'utf8'));

/** The major version of the Java on the path; 0 without one. */
export function javaVersion() {
  const answer = spawnSync('java', ['-version'], { encoding: 'utf8' });
  return Number(/version "(\d+)/.exec(`${answer.stderr}`)?.[1] ?? 0);
}

export const hasMaven = () => spawnSync('mvn', ['-v'], { stdio: 'ignore' }).status === 0;

export const jarsFolder = () => join(cacheFolder, `kafka-${kafkaVersion()}`);

/** Why: Java alone is enough once the jars are there. */
export const hasJars = () => existsSync(jarsFolder());

/** The folder with the broker's jars; Maven brings them the first time.
 * @param {AbortSignal} [signal] */
export const kafkaJars = (signal) => mavenJars({ pom, folder: jarsFolder(), what: `Apache Kafka ${kafkaVersion()}`, signal });
