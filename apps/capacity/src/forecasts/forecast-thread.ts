import { parentPort, workerData } from 'node:worker_threads';
import { type ForecastTask, forecastWithErrors } from './domain/forecast-with-errors';

/** Begun by forecasts-in-thread.ts: makes one forecast and ends. */
const run = (task: ForecastTask): void => parentPort?.postMessage(forecastWithErrors(task));
run(workerData);
