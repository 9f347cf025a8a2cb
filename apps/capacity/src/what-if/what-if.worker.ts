import { parentPort, workerData } from 'node:worker_threads';
import { answerTo } from './domain/what-if-answer';
import { whatIfTask } from './what-if-task';

const { partnership, settings, changes, own, partnersAreKnown } = whatIfTask.parse(workerData);
let done = 0;
const answer = answerTo({ partnership, settings, changes }, { own, partnersAreKnown }, () => {
  done++;
  parentPort?.postMessage({ kind: 'progress', done });
});
parentPort?.postMessage({ kind: 'answer', answer });
