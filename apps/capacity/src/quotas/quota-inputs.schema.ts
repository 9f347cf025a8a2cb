import { localDate, practiceId, serviceCode } from '@slotmesh/contracts';
import { weekdayOf } from '@slotmesh/kernel';
import { z } from 'zod';

/** Variables of a linear programme that a thread solves in seconds; 15 practices, 8 weeks and 4 services have 7,000. */
const MOST_MOVES = 40_000;
/** Slots that a plan may have to give one by one: a thread that has no solver does so in a few seconds. The same partnership has 31,000. */
const MOST_DEMAND = 300_000;
const slots = z.array(z.int().min(0).max(10_000)).min(1).max(26);
const isOnce = <T>(items: readonly T[]): boolean => new Set(items).size === items.length;

/** Inputs of a quota plan, as they are kept. */
export const keptInputs = z.strictObject({
  version: z.literal(1).default(1),
  firstWeek: localDate,
  weeks: z.int().min(1).max(26),
  demandQuantile: z.number().min(0.5).max(0.99).default(0.8),
  mostOwnUnmetShare: z.number().min(0).max(1).nullable().default(null),
  practices: z.array(z.strictObject({
    practice: practiceId,
    reciprocityHours: z.number().min(0).max(100_000),
    mostLentHours: z.number().min(0).max(100_000).nullable().default(null),
    services: z.array(z.strictObject({ service: serviceCode, minutes: z.int().min(1).max(600), lendableShare: z.number().min(0).max(1), capacity: slots, demand: slots })).min(1).max(20),
  })).min(2).max(30),
});

/** As they are posted. */
export const quotaInputs = keptInputs.superRefine(({ firstWeek, weeks, practices }, context) => {
  const wrong = (path: (string | number)[], message: string): void => context.addIssue({ code: 'custom', path, message });
  if (weekdayOf(firstWeek) !== 1) wrong(['firstWeek'], 'must be a Monday');
  if (!isOnce(practices.map(({ practice }) => practice))) wrong(['practices'], 'must name a practice once');
  const kinds = weeks * new Set(practices.flatMap(({ services }) => services.map(({ service }) => service))).size;
  if (practices.length * (practices.length - 1) * kinds > MOST_MOVES) wrong(['practices'], `has too many practices, services and weeks at once: practices x other practices x services x weeks is ${MOST_MOVES} at most`);
  const demand = practices.flatMap(({ services }) => services.flatMap((service) => service.demand)).reduce((sum, slots) => sum + slots, 0);
  if (demand > MOST_DEMAND) wrong(['practices'], `has too much demand at once: over all practices, services and weeks it is ${MOST_DEMAND} slots at most`);
  practices.forEach(({ services }, i) => {
    if (!isOnce(services.map(({ service }) => service))) wrong(['practices', i, 'services'], 'must name a service once');
    services.forEach(({ capacity, demand }, k) => {
      for (const [field, values] of Object.entries({ capacity, demand })) if (values.length !== weeks) wrong(['practices', i, 'services', k, field], 'must have one number for each week');
    });
  });
});
