import { parentPort, workerData } from 'node:worker_threads';
import { answerOrRefusal } from '../threads/refusal';
import { type FileTask, countedFile } from './domain/counted-file';

/** Begun by count-in-thread.ts: counts the visits of one file and ends. */
const run = (task: FileTask): void => parentPort?.postMessage(answerOrRefusal(() => countedFile(task)));
run(workerData);
