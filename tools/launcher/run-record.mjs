import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isAlive, recordOf } from './process-identity.mjs';
import { waitUntil } from './wait-until.mjs';

/** @typedef {import('./process-identity.mjs').ProcessRecord} ProcessRecord */
/** @typedef {{ launcher: ProcessRecord, children: ProcessRecord[] }} Run */

/** What to do about what an earlier run wrote down.
 * @param {Run | undefined} run @param {(record: ProcessRecord) => boolean} alive
 * @returns {{ running: ProcessRecord | undefined, orphans: ProcessRecord[] }} */
export function judge(run, alive) {
  if (!run) return { running: undefined, orphans: [] };
  return alive(run.launcher) ? { running: run.launcher, orphans: [] } : { running: undefined, orphans: run.children.filter(alive) };
}

/** @param {string} file */
export const judgeFile = (file) => judge(readRun(file), isAlive);

/** Writes down what runs, so that a later start can end what a killed one left. @param {string} file */
export function runRecord(file) {
  /** @type {Run} */
  const run = { launcher: recordOf('launcher', process.pid), children: [] };
  const write = () => {
    writeFileSync(`${file}.new`, JSON.stringify(run, null, 2));
    renameSync(`${file}.new`, file);
  };
  write();
  return {
    /** @param {ProcessRecord} record */
    add(record) {
      run.children = [...run.children.filter(isAlive), record];
      write();
    },
    remove: () => rmSync(file, { force: true }),
  };
}

/** Ends what a killed run left: services first, then Kafka, then PostgreSQL; each politely, then not.
 * @param {ProcessRecord[]} orphans */
export async function endOrphans(orphans) {
  for (const group of [orphans.filter(({ name }) => name !== 'kafka' && name !== 'postgres'), orphans.filter(({ name }) => name === 'kafka'), orphans.filter(({ name }) => name === 'postgres')]) {
    await Promise.all(group.map(endOrphan));
  }
}

/** @param {ProcessRecord} record */
async function endOrphan(record) {
  send(record, record.pid, record.name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  if (await waitUntil(() => !isAlive(record), { seconds: 8 })) return;
  send(record, -record.pid, 'SIGKILL');
  await waitUntil(() => !isAlive(record), { seconds: 5 });
}

/** @param {ProcessRecord} record @param {number} target @param {NodeJS.Signals} signal */
function send(record, target, signal) {
  if (!isAlive(record)) return;
  try {
    process.kill(target, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

/** @param {string} file @returns {Run | undefined} */
function readRun(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
