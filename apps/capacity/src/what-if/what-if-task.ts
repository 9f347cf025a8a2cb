import { z } from 'zod';
import { simulationTask } from '../simulation/simulation-task';
import type { Change } from '../simulation/domain/changes';
import type { Partnership } from '../simulation/domain/partnership';
import { change } from './what-if.schema';

/** What the thread that simulates is given, and the table keeps. */
export const whatIfTask = z.object({
  version: z.literal(1),
  partnership: simulationTask.shape.partnership,
  settings: simulationTask.shape.settings,
  /** Null: advice is wanted. */
  changes: z.array(change).nullable(),
  /** Whose question it is, where the practice is simulated. */
  own: z.string().nullable(),
  /** Partners' inputs came from what is known here: of them only outcomes are told, and those rounded (P18). */
  partnersAreKnown: z.boolean(),
});
type Task = z.output<typeof whatIfTask>;
export type WhatIfTask = Omit<Task, 'partnership' | 'changes'> & { readonly partnership: Partnership; readonly changes: readonly Change[] | null };
