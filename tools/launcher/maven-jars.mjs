import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { foreground } from './foreground.mjs';
import { Trouble } from './trouble.mjs';

/** The folder with all jars that a pom.xml depends on; Maven brings them the first time.
 * @param {{ pom: string, folder: string, what: string, signal?: AbortSignal }} wanted */
export async function mavenJars({ pom, folder, what, signal }) {
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(dirname(folder), { recursive: true });
  const { code, output } = await foreground('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${unfinished}`], { signal });
  if (code !== 0) {
    rmSync(unfinished, { recursive: true, force: true });
    signal?.throwIfAborted();
    throw new Trouble(`Maven could not bring ${what}:\n${output.split('\n').slice(0, 15).join('\n')}`);
  }
  if (existsSync(folder)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, folder);
  return folder;
}
