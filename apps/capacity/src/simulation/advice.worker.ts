import { parentPort, workerData } from 'node:worker_threads';
import { advise, yearsOfAdvice } from './domain/advice';
import { adviceTask } from './advice-task';

const { partnership, settings } = adviceTask.parse(workerData);
const total = yearsOfAdvice(settings.runs);
let done = 0;
const advice = advise(partnership, settings, () => {
  done++;
  parentPort?.postMessage({ kind: 'progress', done, total });
});
parentPort?.postMessage({ kind: 'advice', advice });
