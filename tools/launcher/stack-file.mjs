import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isAlive, recordOf } from './process-identity.mjs';

/** @typedef {{ publicUrl: string, mode: string, ports: Record<string, number>, databaseUrl: string, kafkaBrokers: string, processes: string, logs: string }} StackFacts
 *   processes: the file that names the process id of everything that runs */

/** Tells tools (demo, token, import, proofs) where the stack of this process is. For its owner only: it holds a password.
 * @param {string} file @param {StackFacts} facts */
export function describeStack(file, facts) {
  writeFileSync(file, JSON.stringify({ ...recordOf('stack', process.pid), ...facts }, null, 2), { mode: 0o600 });
  return { remove: () => rmSync(file, { force: true }) };
}

/** The stack that a file describes, when it runs. @param {string} file @returns {StackFacts | undefined} */
export function stackIn(file) {
  try {
    const found = JSON.parse(readFileSync(file, 'utf8'));
    return isAlive(found) ? found : undefined;
  } catch {
    return undefined;
  }
}
