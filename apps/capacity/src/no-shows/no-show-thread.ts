import { parentPort, workerData } from 'node:worker_threads';
import { type WatchTask, watchedModel } from './domain/watched-model';

/** Begun by watch-no-show-models.ts: looks at the model of one practice and ends. */
const run = (task: WatchTask): void => parentPort?.postMessage(watchedModel(task));
run(workerData);
