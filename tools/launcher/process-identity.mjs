import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** When a process began, in whatever unit the system has; undefined when it is gone (a zombie is gone).
 * Why: process ids are used again; an id alone must never get a stranger killed.
 * @param {number} pid
 * @returns {string | undefined} */
export function beginOf(pid) {
  if (process.platform === 'linux') return beginFromStat(readOrNothing(`/proc/${pid}/stat`));
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} stat the content of /proc/<pid>/stat */
export function beginFromStat(stat) {
  // Why: the second field is the program's name and may hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

/** @typedef {{ name: string, pid: number, begin: string }} ProcessRecord */

/** @param {string} name @param {number} pid @returns {ProcessRecord} */
export const recordOf = (name, pid) => ({ name, pid, begin: beginOf(pid) ?? 'gone' });

/** Is this very process (not another one with its id) still there?
 * @param {{ pid: number, begin: string }} record */
export const isAlive = (record) => beginOf(record.pid) === record.begin;

/** The command line of a process; empty when it is gone. @param {number} pid */
export function commandLineOf(pid) {
  if (process.platform === 'linux') return readOrNothing(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}

/** @param {string} path */
function readOrNothing(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
