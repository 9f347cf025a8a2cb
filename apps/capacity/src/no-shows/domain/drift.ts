import type { Judged } from './quality';

export interface Drift {
  readonly visits: number;
  /** Population stability index of the scores, over tenths of those of the test slice; null where there are too few visits. */
  readonly stability: number | null;
  /** Standard errors between missed visits and expected ones; above zero: more are missed than expected. */
  readonly calibrationZ: number | null;
  readonly alarm: boolean;
  readonly rule: string;
}
const LIMITS = { visits: 200, stability: 0.25, z: 3 };
export const DRIFT_RULE = `Over the visits of the last four weeks whose outcome is known, at least ${LIMITS.visits}: an alarm when the stability index of the scores is over ${LIMITS.stability}, or missed and expected visits are more than ${LIMITS.z} standard errors apart. On an alarm the score is not used until somebody has looked and set the switch anew; later looks do not end it.`;

/** Whether recent visits are no longer those on which the model was tested. `before`: scores of the test slice. */
export function driftOf(before: readonly number[], recent: readonly Judged[]): Drift {
  if (recent.length < LIMITS.visits || before.length < LIMITS.visits) return { visits: recent.length, stability: null, calibrationZ: null, alarm: false, rule: DRIFT_RULE };
  const stability = stabilityIndex(before, recent.map(({ score }) => score));
  const [expected, observed, variance] = recent.reduce(([e, o, v], { score, missed }) => [e + score, o + Number(missed), v + score * (1 - score)], [0, 0, 0]);
  const calibrationZ = variance === 0 ? 0 : (observed - expected) / Math.sqrt(variance);
  return { visits: recent.length, stability, calibrationZ, alarm: stability > LIMITS.stability || Math.abs(calibrationZ) > LIMITS.z, rule: DRIFT_RULE };
}

/** Sum over tenths of (now - before) ln(now / before). Half a visit is added to each tenth, for an empty one would make it infinite. */
export function stabilityIndex(before: readonly number[], now: readonly number[], bins = 10): number {
  const sorted = [...before].sort((a, b) => a - b);
  const edges = Array.from({ length: bins - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bins)]!);
  const shares = (scores: readonly number[]): number[] => {
    const counts = new Array<number>(bins).fill(0.5);
    for (const score of scores) counts[edges.filter((edge) => score >= edge).length]! += 1;
    return counts.map((count) => count / (scores.length + bins / 2));
  };
  const [then, today] = [shares(before), shares(now)];
  return today.reduce((sum, share, i) => sum + (share - then[i]!) * Math.log(share / then[i]!), 0);
}
