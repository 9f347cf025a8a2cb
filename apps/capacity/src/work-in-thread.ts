import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** As this file was loaded: TypeScript in development and tests, JavaScript once built. */
const built = __filename.endsWith('.js');

export interface ThreadWork {
  /** The worker's file without its ending, such as `join(__dirname, 'simulation.worker')`; it reads `workerData` and posts messages to its parent. */
  readonly file: string;
  readonly data: unknown;
  readonly onMessage: (message: unknown) => void;
  /** Ends the thread at once, wherever it is. */
  readonly signal?: AbortSignal;
}

/** Runs a file in a thread of its own, so that a long computation holds up nobody. Resolves when it has ended by itself; rejects with what it threw, or with the signal's reason. */
export function workInThread({ file, data, onMessage, signal }: ThreadWork): Promise<void> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const loadTypeScript = ['--require', join(__dirname, '..', '..', '..', 'tools', 'typescript', 'register.cjs')];
    const worker = new Worker(`${file}${built ? '.js' : '.ts'}`, { workerData: data, execArgv: built ? [] : loadTypeScript });
    const end = (): void => void worker.terminate();
    signal?.addEventListener('abort', end, { once: true });
    worker.on('message', onMessage);
    worker.on('error', reject);
    worker.on('exit', (code) => {
      signal?.removeEventListener('abort', end);
      if (signal?.aborted) reject(signal.reason);
      else if (code === 0) resolve();
      else reject(new Error('the thread ended before its work was done'));
    });
  });
}
