import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Trouble } from './trouble.mjs';

/** Runs the command that follows `--` beside something that is started for it and stopped after it. Signals reach the command first.
 * @param {{ usage: string, start: (options: string[]) => Promise<{ env: Record<string, string>, stop: () => Promise<void> }> }} what
 * @returns {Promise<number>} the command's exit code */
export async function runBeside({ usage, start }) {
  const split = process.argv.indexOf('--');
  const [command, ...args] = split < 0 ? [] : process.argv.slice(split + 1);
  if (!command) throw new Trouble(`Usage: ${usage}`);
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;
  /** @type {NodeJS.Signals | undefined} */
  let signalled;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      signalled ??= signal;
      child?.kill(signal);
    });
  }
  const { env, stop } = await start(process.argv.slice(2, split));
  try {
    if (signalled) return 128 + constants.signals[signalled];
    const started = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
    child = started;
    return await new Promise((done, fail) => {
      started.once('error', () => fail(new Trouble(`"${command}" could not be started.`)));
      started.once('exit', (code, signal) => done(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
    });
  } finally {
    await stop();
  }
}
