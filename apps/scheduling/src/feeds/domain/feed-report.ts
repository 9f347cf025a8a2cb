import { z } from 'zod';
import type { Reading } from './reading';

const counts = z.record(z.string(), z.int());
/** What became of the lines of one file, so that a person can tell the publisher. */
export const feedReport = z.object({
  taken: z.int().default(0),
  /** Of the taken slots: how many are not free and so not offered. */
  busy: z.int().default(0),
  /** How many lines by rule. A line may be mended in several ways. */
  mended: counts.default({}),
  refused: counts.default({}),
  /** The first refused lines, counted from 1. */
  refusals: z.array(z.object({ line: z.int(), rule: z.string() })).default([]),
});
export type FeedReport = z.output<typeof feedReport>;
export const emptyReport = (): FeedReport => feedReport.parse({});

const MOST_REFUSALS = 50;
const MOST_RULES = 100;
export const REPEATED = 'key: given twice, the later line stands';

export interface TakenLine<T> {
  readonly line: number;
  readonly value: T;
}

/** Collects what is read line by line into a report; gives back what was taken. Empty lines are no lines of a feed. */
export function readLines<T>(report: FeedReport, firstLine: number, lines: readonly (string | null)[], read: (line: string | null) => Reading<T>): TakenLine<T>[] {
  return lines.flatMap((text, index) => {
    if (text !== null && text.trim() === '') return [];
    const line = firstLine + index + 1;
    const reading = read(text);
    if ('refused' in reading) {
      refuse(report, line, reading.refused);
      return [];
    }
    report.taken += 1;
    for (const rule of reading.mended) count(report.mended, rule);
    return [{ line, value: reading.taken }];
  });
}

/** Takes back a line that was counted as taken. */
export function refuse(report: FeedReport, line: number, rule: string, wasTaken = false): void {
  if (wasTaken) report.taken -= 1;
  count(report.refused, rule);
  if (report.refusals.length < MOST_REFUSALS) report.refusals.push({ line, rule });
}

/** Of lines with the same key only the last is kept; the others no longer count as taken. */
export function lastOfEach<T>(report: FeedReport, lines: readonly TakenLine<T>[], keyOf: (value: T) => string): T[] {
  const kept = new Map(lines.map(({ value }) => [keyOf(value), value]));
  repeat(report, lines.length - kept.size);
  return [...kept.values()];
}
export function repeat(report: FeedReport, times: number): void {
  if (times === 0) return;
  report.taken -= times;
  count(report.mended, REPEATED, times);
}

// Why bounded: rules are ours, but names of fields in them are the feed's.
function count(counts: Record<string, number>, rule: string, times = 1): void {
  const key = rule in counts || Object.keys(counts).length < MOST_RULES ? rule : 'other rules';
  counts[key] = (counts[key] ?? 0) + times;
}
