import { changed, withSlots } from './changes';
import type { Interval } from './interval';
import type { Partnership, ShareRules } from './partnership';
import { type Line, type Settings, TOGETHER, Trial, lineOf } from './trial';

export type Verdict = 'share' | 'keep' | 'stop-sharing' | 'sharing-will-not-help' | 'nothing-to-gain';

export interface Advice {
  readonly verdict: Verdict;
  /** In a sentence, for people. */
  readonly reason: string;
  /** What to agree on; null where nothing should change. */
  readonly rules: ShareRules | null;
  /** The practice that waits longest at present, by its own third next available time. */
  readonly busiest: string;
  readonly present: readonly Line[];
  /** With the advised rules; where sharing will not help, with the best that could be shared. */
  readonly advised: readonly Line[];
  /** Advised less present, year by year of the same luck. */
  readonly difference: readonly Line[];
  /** Slots a day that are missing over all practices for waits that do not grow, and what they would change; null where enough are there. */
  readonly missing: { readonly slotsPerDay: number; readonly added: readonly Line[]; readonly difference: readonly Line[] } | null;
}

const SHARES = [0.05, 0.1, 0.2, 0.3, 0.5];
/** A lender whose own patients wait longer than this lends nothing; it costs the others next to nothing and keeps a lender from harm. */
const GUARD_DAYS = 5;
/** Days of mean wait that nobody would notice: more sharing for less than this is not advised. */
export const NOTICED_DAYS = 0.25;
/** Of what there is to gain, so much must be reached. */
const ENOUGH = 0.9;
/** Above this share of use, waits grow without end at any noise. */
const BEARABLE_LOAD = 0.97;

/** How many years a search simulates at most, for its progress. */
export const yearsOfAdvice = (runs: number): number => runs * (SHARES.length + 3);

/**
 * What to share, found by trying it on the same years as the present; or that sharing will not help, or that it should stop because patients wait longer with it than without. It helps when the mean wait of all patients together falls by more than
 * chance and by more than anybody would overlook: a shorter way to a third time that only moves the wait to others is no help.
 */
export function advise(partnership: Partnership, settings: Settings, afterYear?: () => void, shares: readonly number[] = SHARES): Advice {
  const run = (tried: Partnership): Trial => Trial.run(tried, settings, afterYear);
  const present = run(partnership);
  const lines = present.lines();
  const busiest = partnership.practices.map(({ id }) => id).reduce((a, b) => (ownThird(lines, b) > ownThird(lines, a) ? b : a));
  // Why beside the present: where too much is shared now, less of it looks like help, and none may be better still.
  const alone = partnership.rules.share === 0 ? present : run(changed(partnership, { kind: 'rules', rules: { share: 0 } }));
  const tries = shares.map((share) => ({ ...partnership.rules, share, guardDays: partnership.rules.guardDays ?? GUARD_DAYS })).map((rules) => {
    const trial = run(changed(partnership, { kind: 'rules', rules }));
    return { rules, lines: trial.lines(), difference: trial.against(present), fromAlone: lineOf(trial.against(alone), TOGETHER).waitDays };
  });
  const gain = (one: { readonly difference: readonly Line[] }): Interval => lineOf(one.difference, TOGETHER).waitDays;
  const noticed = ({ high, mean }: Interval): boolean => high < 0 && mean < -NOTICED_DAYS;
  const best = tries.reduce((a, b) => (gain(b).mean < gain(a).mean ? b : a));
  const [helps, beatsPresent] = [noticed(best.fromAlone), noticed(gain(best))];
  const missing = missingSlots(partnership, present, run);
  const unchanged = { busiest, present: lines, advised: best.lines, difference: best.difference, missing, rules: null };
  if (helps && beatsPresent) {
    const smallest = tries.find((one) => gain(one).high < 0 && gain(one).mean <= Math.min(gain(best).mean * ENOUGH, gain(best).mean + NOTICED_DAYS)) ?? best;
    return { ...unchanged, verdict: 'share', rules: smallest.rules, advised: smallest.lines, difference: smallest.difference, reason: reasonToShare(smallest, lines, busiest, missing !== null) };
  }
  if (helps) return { ...unchanged, verdict: 'keep', reason: `What is shared now serves: no other share would change the mean wait of ${inDays(lineOf(lines, TOGETHER).waitDays.mean)} by a quarter of a day and by more than chance.` };
  // Why only here: where some share is better than none, it is advised or kept.
  const stopping = { rules: { ...partnership.rules, share: 0 }, lines: alone.lines(), difference: alone.against(present) };
  if (noticed(gain(stopping))) return { ...unchanged, verdict: 'stop-sharing', rules: stopping.rules, advised: stopping.lines, difference: stopping.difference, reason: reasonToStop(partnership.rules.share, stopping, lines, missing) };
  if (missing !== null) {
    return {
      ...unchanged, verdict: 'sharing-will-not-help',
      reason: `Sharing will not help: patients ask for more than all practices together have, so that nobody has time to lend. ${slots(missing.slotsPerDay)} a day more over all practices would bring the mean wait from ${inDays(lineOf(lines, TOGETHER).waitDays.mean)} to ${inDays(lineOf(missing.added, TOGETHER).waitDays.mean)}.`,
    };
  }
  return { ...unchanged, verdict: 'nothing-to-gain', reason: `Sharing would change little: patients wait ${inDays(lineOf(lines, TOGETHER).waitDays.mean)} on average, and with the best share ${inDays(lineOf(best.lines, TOGETHER).waitDays.mean)}.` };
}

const ownThird = (lines: readonly Line[], practice: string): number => lineOf(lines, practice).ownThirdNextDays.mean;
export const inDays = (value: number): string => `${value.toFixed(1)} ${value.toFixed(1) === '1.0' ? 'working day' : 'working days'}`;
const slots = (value: number): string => `${value.toFixed(1)} slots`;

function reasonToShare(chosen: { readonly rules: ShareRules; readonly lines: readonly Line[] }, present: readonly Line[], busiest: string, overloaded: boolean): string {
  const [before, after] = [ownThird(present, busiest), ownThird(chosen.lines, busiest)];
  const all = `the mean wait of all patients from ${inDays(lineOf(present, TOGETHER).waitDays.mean)} to ${inDays(lineOf(chosen.lines, TOGETHER).waitDays.mean)}`;
  return `Practices are short of time at different places or different times. Sharing ${Math.round(chosen.rules.share * 100)} % of each day brings ${all}, and the third next available time of the busiest practice, of its own times alone, from ${inDays(before)} to ${inDays(after)}.${overloaded ? ' All together still have too little time: sharing spreads what there is, it adds none.' : ''}`;
}

function reasonToStop(share: number, stopping: { readonly lines: readonly Line[]; readonly difference: readonly Line[] }, present: readonly Line[], missing: Advice['missing']): string {
  const [now, then] = [lineOf(present, TOGETHER), lineOf(stopping.lines, TOGETHER)];
  const [waits, gaveUp] = [lineOf(stopping.difference, TOGETHER).waitDays, lineOf(stopping.difference, TOGETHER).gaveUp];
  // A wait that is shorter because patients go away is no gain: it is said beside it.
  const price = gaveUp.low > 0 ? ` Of a hundred patients who ask ${(then.gaveUp.mean * 100).toFixed(1)} would give up instead of ${(now.gaveUp.mean * 100).toFixed(1)}.` : '';
  const time = missing === null ? '' : ` Patients ask for more than all practices together have: ${slots(missing.slotsPerDay)} a day more over all practices would bring it to ${inDays(lineOf(missing.added, TOGETHER).waitDays.mean)}.`;
  return `Sharing ${Math.round(share * 100)} % of each day makes patients of all practices wait longer than sharing nothing: ${inDays(now.waitDays.mean)} on average against ${inDays(then.waitDays.mean)} without it (${Math.abs(waits.high).toFixed(1)} to ${Math.abs(waits.low).toFixed(1)} days less, with 95 % certainty).${price}${time}`;
}

function missingSlots(partnership: Partnership, present: Trial, run: (tried: Partnership) => Trial): Advice['missing'] {
  const { practices } = partnership;
  const asked = practices.reduce((sum, { slotsPerDay, load }) => sum + slotsPerDay * load, 0);
  const there = practices.reduce((sum, { slotsPerDay }) => sum + slotsPerDay, 0);
  if (asked < there) return null;
  const slotsPerDay = Math.ceil((asked / BEARABLE_LOAD - there) * 10) / 10;
  // Each practice gets what its own demand lacks, so that this needs no sharing.
  const lacks = practices.map((practice) => Math.max(0, (practice.slotsPerDay * practice.load) / BEARABLE_LOAD - practice.slotsPerDay));
  const lacking = lacks.reduce((sum, lack) => sum + lack, 0);
  const added = run({ ...partnership, practices: practices.map((practice, p) => withSlots(practice, practice.slotsPerDay + (slotsPerDay * lacks[p]!) / lacking)) });
  return { slotsPerDay, added: added.lines(), difference: added.against(present) };
}
