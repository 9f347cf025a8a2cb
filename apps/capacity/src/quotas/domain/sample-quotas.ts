import { type LocalDate, parseLocalDate, type PracticeId, type ServiceCode } from '@slotmesh/kernel';
import type { QuotaInputs } from './quota-inputs';

/** An invented partnership, the same for the same seed: practices whose loads lie between 0.75 and 1.1 of what they have, week by week. For tests and figures. */
export function sampleQuotas({ practices, weeks, services, seed }: { readonly practices: number; readonly weeks: number; readonly services: number; readonly seed: number }): QuotaInputs {
  let state = seed;
  // Park and Miller's generator: enough for a sample, and the same everywhere.
  const between = (low: number, high: number): number => low + ((state = (state * 16_807) % 2_147_483_647) / 2_147_483_647) * (high - low);
  const firstWeek: LocalDate = parseLocalDate('2026-12-07');
  return {
    version: 1, firstWeek, weeks, demandQuantile: 0.8, mostOwnUnmetShare: null,
    practices: Array.from({ length: practices }, (_, i) => {
      const load = between(0.75, 1.1);
      return {
        practice: `practice-${i + 1}` as PracticeId, reciprocityHours: 60, mostLentHours: null,
        services: Array.from({ length: services }, (_, k) => {
          const usual = between(30, 100);
          return {
            service: `service-${k + 1}` as ServiceCode, minutes: [20, 30, 40, 60][k % 4]!, lendableShare: 0.2,
            ...weekly(weeks, () => {
              const capacity = Math.round(usual * between(0.95, 1));
              return { capacity, demand: Math.round(usual * load * between(0.95, 1.05)) };
            }),
          };
        }),
      };
    }),
  };
}

function weekly(weeks: number, week: () => { readonly capacity: number; readonly demand: number }): { readonly capacity: readonly number[]; readonly demand: readonly number[] } {
  const all = Array.from({ length: weeks }, week);
  return { capacity: all.map(({ capacity }) => capacity), demand: all.map(({ demand }) => demand) };
}
