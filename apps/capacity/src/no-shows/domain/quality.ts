/** A score between 0 and 1 that a visit is missed, and whether it was. */
export interface Judged {
  readonly score: number;
  readonly missed: boolean;
}
export interface CalibrationBin {
  readonly visits: number;
  readonly expected: number;
  readonly observed: number;
}

/** Share of pairs of a missed and a kept visit in which the missed one has the higher score, ties as half (Mann-Whitney); null without such a pair. */
export function auc(visits: readonly Judged[]): number | null {
  const sorted = [...visits].sort((a, b) => a.score - b.score);
  const missed = sorted.filter((visit) => visit.missed).length;
  const kept = sorted.length - missed;
  if (missed === 0 || kept === 0) return null;
  let [ranks, from] = [0, 0];
  while (from < sorted.length) {
    let to = from;
    while (to < sorted.length && sorted[to]!.score === sorted[from]!.score) to++;
    for (let i = from; i < to; i++) if (sorted[i]!.missed) ranks += (from + 1 + to) / 2;
    from = to;
  }
  return (ranks - (missed * (missed + 1)) / 2) / (missed * kept);
}

/** Mean square of score minus outcome (Brier 1950). */
export const brier = (visits: readonly Judged[]): number | null => meanOf(visits, ({ score, missed }) => (score - Number(missed)) ** 2);
/** What of the Brier score of always saying `rate` the scores save: 0 nothing, 1 all. `rate` comes from training, or it would know the future. */
export function skill(visits: readonly Judged[], rate: number): number | null {
  const [mine, plain] = [brier(visits), brier(visits.map(({ missed }) => ({ score: rate, missed })))];
  return mine === null || !plain ? null : 1 - mine / plain;
}

/** Visits by rising score in tenths of equal size: expected and observed share of missed ones. */
export function calibrationBins(visits: readonly Judged[], bins = 10): CalibrationBin[] {
  const sorted = [...visits].sort((a, b) => a.score - b.score);
  return Array.from({ length: bins }, (_, i) => sorted.slice(Math.round((i * sorted.length) / bins), Math.round(((i + 1) * sorted.length) / bins)))
    .filter((bin) => bin.length > 0)
    .map((bin) => ({ visits: bin.length, expected: meanOf(bin, ({ score }) => score) ?? 0, observed: missedShare(bin) ?? 0 }));
}
/** Mean distance of expected and observed, weighed by visits (expected calibration error). */
export function calibrationError(bins: readonly CalibrationBin[]): number | null {
  const all = bins.reduce((sum, { visits }) => sum + visits, 0);
  return all === 0 ? null : bins.reduce((sum, { visits, expected, observed }) => sum + (visits / all) * Math.abs(expected - observed), 0);
}

/** Share of missed visits among the tenth with the highest scores: what a call list of that length would find. */
export function topTenthPrecision(visits: readonly Judged[]): number | null {
  const sorted = [...visits].sort((a, b) => b.score - a.score);
  return missedShare(sorted.slice(0, Math.ceil(sorted.length / 10)));
}

export const missedShare = (visits: readonly Judged[]): number | null => meanOf(visits, ({ missed }) => Number(missed));
const meanOf = <T>(all: readonly T[], value: (one: T) => number): number | null => (all.length === 0 ? null : all.reduce((sum, one) => sum + value(one), 0) / all.length);
