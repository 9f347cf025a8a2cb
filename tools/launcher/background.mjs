import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { recordOf } from './process-identity.mjs';
import { waitUntil } from './wait-until.mjs';

/** @typedef {{ name: string, pid: number, record: import('./process-identity.mjs').ProcessRecord, log: string,
 *   ended: Promise<string>, hasEnded: () => boolean, stop: (signal: NodeJS.Signals, seconds: number) => Promise<void> }} Background */

/** Starts a program in a process group of its own, so that Ctrl-C in the terminal reaches only us and we stop things in order.
 * Its output goes straight to a file: it does not die with us and needs no reader.
 * @param {{ name: string, command: string, args: string[], log: string, env?: NodeJS.ProcessEnv, cwd?: string, uid?: number, gid?: number }} what
 * @returns {Background} */
export function background({ name, command, args, log, ...options }) {
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, 'a');
  const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', output, output] });
  closeSync(output);
  let over = false;
  /** @type {Promise<string>} */
  const ended = new Promise((done) => {
    child.once('exit', (code, signal) => done(signal ?? `code ${code}`));
    child.once('error', (error) => done(error.message));
  });
  void ended.then(() => { over = true; });
  const pid = child.pid ?? -1;
  return {
    name, pid, log, ended,
    record: recordOf(name, pid),
    hasEnded: () => over,
    async stop(signal, seconds) {
      if (over) return;
      child.kill(signal);
      if (!(await waitUntil(() => over, { seconds }))) process.kill(-pid, 'SIGKILL');
      await ended;
    },
  };
}
