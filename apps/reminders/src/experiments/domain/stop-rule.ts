import type { Proportion } from './attendance';

/** Two-sided, of the whole experiment; more than one arm besides the control share it (Bonferroni). */
export const ALPHA = 0.05;
const CELLS = 120;
const CLOSE = 1e-5;

/**
 * The z beyond which an experiment of so many equally spaced looks stops at each of them, after O'Brien and Fleming, Biometrics 35 (1979) 549: c * sqrt(looks / look), with c such that without a difference all looks together cross in
 * `alpha` of all experiments. c is found by the recursive integration of Armitage, McPherson and Rowe, J R Stat Soc A 132 (1969) 235: the sum of the increments walks between two fixed walls. Five looks at 0.05: 4.562, 3.226, 2.634, 2.281, 2.040
 * (Jennison and Turnbull, Group Sequential Methods, 2000, table 2.3).
 */
export function boundsOf(looks: number, alpha: number): readonly number[] {
  let [low, high] = [0.5, 10];
  while (high - low > CLOSE) {
    const middle = (low + high) / 2;
    if (1 - staysWithin(middle * Math.sqrt(looks), looks) > alpha) low = middle;
    else high = middle;
  }
  return Array.from({ length: looks }, (_, look) => high * Math.sqrt(looks / (look + 1)));
}

/** The probability that a sum of standard normal steps stays between -wall and wall for so many steps; Simpson's rule. */
function staysWithin(wall: number, steps: number): number {
  const width = (2 * wall) / CELLS;
  const density = Array.from({ length: CELLS + 1 }, (_, apart) => Math.exp(-((apart * width) ** 2) / 2) / Math.sqrt(2 * Math.PI));
  const weight = (cell: number): number => ((cell === 0 || cell === CELLS ? 1 : cell % 2 === 1 ? 4 : 2) * width) / 3;
  let now = Array.from({ length: CELLS + 1 }, (_, cell) => Math.exp(-((cell * width - wall) ** 2) / 2) / Math.sqrt(2 * Math.PI));
  for (let step = 1; step < steps; step++) {
    const before = now.map((value, cell) => value * weight(cell));
    now = now.map((_, cell) => before.reduce((sum, value, from) => sum + value * density[Math.abs(cell - from)]!, 0));
  }
  return now.reduce((sum, value, cell) => sum + value * weight(cell), 0);
}

/** So many patients' first visits must have an outcome before this look (from 1): equal shares of all that are planned. */
export const patientsAtLook = (look: number, { patients, looks }: { readonly patients: number; readonly looks: number }): number => Math.ceil((patients * look) / looks);

/** The z of two shares with a pooled variance; 0 where nothing can be told. */
export function zOf(arm: Proportion, control: Proportion): number {
  const pooled = (arm.attended + control.attended) / (arm.visits + control.visits);
  const variance = pooled * (1 - pooled) * (1 / arm.visits + 1 / control.visits);
  return Number.isFinite(variance) && variance > 0 ? (arm.attended / arm.visits - control.attended / control.visits) / Math.sqrt(variance) : 0;
}

export type Verdict = 'better' | 'worse' | 'open';
export const verdictOf = (z: number, bound: number): Verdict => (z >= bound ? 'better' : z <= -bound ? 'worse' : 'open');

/** What a look means for the experiment; null: it goes on. Harm goes before benefit. */
export function endedByLook(verdicts: readonly Verdict[], isLast: boolean): 'harm' | 'benefit' | 'completed' | null {
  if (verdicts.includes('worse')) return 'harm';
  if (verdicts.includes('better')) return 'benefit';
  return isLast ? 'completed' : null;
}
