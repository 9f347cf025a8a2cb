import { parentPort, workerData } from 'node:worker_threads';
import { advisedSession, type SessionTask } from './domain/advised-session';

/** Begun by advised-in-thread.ts: looks at one session and ends. */
const run = (task: SessionTask): void => parentPort?.postMessage(advisedSession(task));
run(workerData);
