import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { recordOf } from './process-identity.mjs';

/** @typedef {{ code: number, output: string }} Outcome */

/** Runs a program to its end with its output kept, for a step that shows only its result; `signal` ends it and what it started.
 * @param {string} command @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, uid?: number, gid?: number, signal?: AbortSignal, log?: string, show?: boolean, onSpawn?: (record: import('./process-identity.mjs').ProcessRecord) => void }} [options]
 * @returns {Promise<Outcome>} */
export function foreground(command, args, { signal, log, show = false, onSpawn, ...options } = {}) {
  if (log) mkdirSync(dirname(log), { recursive: true });
  return new Promise((done) => {
    // Why: a group of its own, so that Ctrl-C reaches it once, from us, with all that it started.
    const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const pieces = /** @type {string[]} */ ([]);
    const keep = (/** @type {Buffer} */ piece) => {
      pieces.push(piece.toString());
      if (show) process.stdout.write(piece);
      if (log) appendFileSync(log, piece);
    };
    const abort = () => child.pid && endGroup(child.pid);
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => done({ code: 127, output: String(error) }));
    child.once('close', (code) => {
      signal?.removeEventListener('abort', abort);
      done({ code: code ?? 1, output: pieces.join('') });
    });
    if (child.pid) onSpawn?.(recordOf(command, child.pid));
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
  });
}

/** @param {number} pid */
function endGroup(pid) {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It ended just now.
  }
}
