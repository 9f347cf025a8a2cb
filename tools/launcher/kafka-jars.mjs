import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { foreground } from './foreground.mjs';
import { cacheFolder, root } from './paths.mjs';
import { Trouble } from './trouble.mjs';

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
export async function kafkaJars(signal) {
  const folder = jarsFolder();
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(cacheFolder, { recursive: true });
  const { code, output } = await foreground('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${unfinished}`], { signal });
  if (code !== 0) {
    rmSync(unfinished, { recursive: true, force: true });
    signal?.throwIfAborted();
    throw new Trouble(`Maven could not bring Apache Kafka ${kafkaVersion()}:\n${output.split('\n').slice(0, 15).join('\n')}`);
  }
  if (existsSync(folder)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, folder);
  return folder;
}
