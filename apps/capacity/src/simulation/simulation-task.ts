import { z } from 'zod';
import { MOST_LOAD, MOST_SLOTS_PER_DAY } from './domain/partnership';

const share = z.number().min(0).max(1);
const days = z.number().int().min(0).max(250);
const partnership = z.object({
  practices: z.array(z.object({ id: z.string().min(1), slotsPerDay: z.number().min(1).max(MOST_SLOTS_PER_DAY), load: z.number().min(0).max(MOST_LOAD), neighbours: z.record(z.string(), share) })).min(1).max(30),
  rules: z.object({ share, releaseDays: days, soonerDays: days, guardDays: days.nullable() }),
  behaviour: z.object({
    demandNoise: share, noiseKept: z.number().min(0).max(0.99), cancelRate: share, returnsAfterCancel: share, returnsAfterNoShow: share, noShow: z.array(z.object({ days, rate: share })),
    followUpShare: share, patienceDays: days, givesUp: share,
  }),
});
/** What is simulated, and how often. */
export const simulationTask = z.object({ partnership, settings: z.object({ runs: z.number().int().min(5).max(500), seed: z.number().int() }) });
