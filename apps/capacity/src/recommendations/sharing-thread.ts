import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { advise } from '../simulation/domain/advice';
import { simulationTask } from '../simulation/simulation-task';

/** Begun by commands/look-at-partnerships.ts: simulates a partnership once and ends. */
const { partnership, settings, shares } = simulationTask.extend({ shares: z.array(z.number().min(0).max(1)).min(1) }).parse(workerData);
parentPort?.postMessage(advise(partnership, settings, undefined, shares));
