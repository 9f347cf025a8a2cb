import { parentPort, workerData } from 'node:worker_threads';
import { forecastWeeks } from './domain/forecast-weeks';
import type { WeeksTask } from './forecasts-in-thread';

/** Begun by forecasts-in-thread.ts: forecasts whole weeks of some series and ends. */
const run = ({ series, firstWeek, weeks }: WeeksTask): void => parentPort?.postMessage(series.map((one) => forecastWeeks(one, firstWeek, weeks)));
run(workerData);
