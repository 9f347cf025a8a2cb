import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';

const extension = extname(__filename);
/** Why: from sources a thread has to be told how TypeScript is loaded; built files need nothing. */
const execArgv = extension === '.ts' ? ['--require', join(__dirname, '../../../../tools/typescript/register.cjs')] : [];

export interface ThreadWork<Message> {
  /** The thread's file without its ending, such as `join(__dirname, 'quota-thread')`; it reads `workerData` and posts messages to its parent. */
  readonly file: string;
  readonly data: unknown;
  readonly onMessage: (message: Message) => void;
  /** Ends the thread at once, wherever it is. */
  readonly signal?: AbortSignal;
}

/** Runs a file in a thread of its own, so that requests are answered meanwhile. Resolves when it has ended by itself; rejects with what it threw, or with the signal's reason. */
export function workInThread<Message>({ file, data, onMessage, signal }: ThreadWork<Message>): Promise<void> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const thread = new Worker(`${file}${extension}`, { workerData: data, execArgv });
    const end = (): void => void thread.terminate();
    signal?.addEventListener('abort', end, { once: true });
    thread.on('message', onMessage);
    thread.on('error', reject);
    thread.on('exit', (code) => {
      signal?.removeEventListener('abort', end);
      if (signal?.aborted) reject(signal.reason);
      else if (code === 0) resolve();
      else reject(new Error(`the thread ended with ${code} before its work was done`));
    });
  });
}
