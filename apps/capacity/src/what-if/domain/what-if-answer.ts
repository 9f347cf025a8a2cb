import { NOTICED_DAYS, type Verdict, advise, inDays, yearsOfAdvice } from '../../simulation/domain/advice';
import { type Change, changed } from '../../simulation/domain/changes';
import type { Partnership, ShareRules } from '../../simulation/domain/partnership';
import { type Line, type Settings, TOGETHER, Trial, lineOf } from '../../simulation/domain/trial';
import { type Reader, type ShownLine, shownTo } from './shown';

export interface WhatIfAnswer {
  readonly version: 1;
  readonly verdict: Verdict | 'shorter' | 'longer' | 'no-difference';
  /** For people. */
  readonly sentence: string;
  /** Whether sharing shortens the waits of all together, against sharing nothing, by more than chance and by more than a quarter of a day; null: nothing is shared in what was tried. */
  readonly sharingHelps: boolean | null;
  readonly present: readonly ShownLine[];
  readonly changed: readonly ShownLine[];
  /** Changed less present, year by year of the same luck. */
  readonly difference: readonly ShownLine[];
  /** What advice wants agreed; null: nothing new. */
  readonly rules: ShareRules | null;
  /** Slots a day that all together lack for waits that do not grow, and what they would change. */
  readonly missing: { readonly slotsPerDay: number; readonly added: readonly ShownLine[]; readonly difference: readonly ShownLine[] } | null;
}

interface Asked {
  readonly partnership: Partnership;
  readonly settings: Settings;
  /** Null: advice is wanted. */
  readonly changes: readonly Change[] | null;
}

/** How many years an answer takes at most, for its progress. */
export const yearsOf = ({ changes, settings }: Pick<Asked, 'changes' | 'settings'>): number => (changes === null ? yearsOfAdvice(settings.runs) : settings.runs * 3);

/** Answers a question. The same question gives the same answer, to the last digit. */
export function answerTo(asked: Asked, reader: Reader, afterYear: () => void): WhatIfAnswer {
  return asked.changes === null ? adviceFor(asked, reader, afterYear) : changesFor(asked, asked.changes, reader, afterYear);
}

function adviceFor({ partnership, settings }: Asked, reader: Reader, afterYear: () => void): WhatIfAnswer {
  const { verdict, reason, rules, present, advised, difference, missing } = advise(partnership, settings, afterYear);
  return {
    version: 1, verdict, sentence: reason, sharingHelps: verdict === 'share' || verdict === 'keep', rules, present: shownTo(present, reader), changed: shownTo(advised, reader), difference: shownTo(difference, reader),
    missing: missing && { slotsPerDay: missing.slotsPerDay, added: shownTo(missing.added, reader), difference: shownTo(missing.difference, reader) },
  };
}

function changesFor({ partnership, settings }: Asked, changes: readonly Change[], reader: Reader, afterYear: () => void): WhatIfAnswer {
  const run = (tried: Partnership): Trial => Trial.run(tried, settings, afterYear);
  const tried = changes.reduce(changed, partnership);
  const [present, after] = [run(partnership), run(tried)];
  const [lines, difference] = [after.lines(), after.against(present)];
  // Why beside what is tried and not beside the present: slots that are added at the same time must not look like help of sharing.
  const fromAlone = tried.rules.share === 0 ? null : after.against(run(changed(tried, { kind: 'rules', rules: { share: 0 } })));
  const sharingHelps = fromAlone && moved(fromAlone, TOGETHER) === 'shorter';
  return {
    version: 1, verdict: moved(difference, TOGETHER), sharingHelps, rules: null, missing: null, present: shownTo(present.lines(), reader), changed: shownTo(lines, reader), difference: shownTo(difference, reader),
    sentence: [
      waits('Patients of all practices together', TOGETHER, present.lines(), lines, difference), ...(reader.own === null ? [] : [waits('Patients of your practice', reader.own, present.lines(), lines, difference)]),
      ...(sharingHelps === false ? [noHelp(tried)] : []),
    ].join(' '),
  };
}

function moved(difference: readonly Line[], practice: string): 'shorter' | 'longer' | 'no-difference' {
  const { mean, low, high } = lineOf(difference, practice).waitDays;
  if (high < 0 && mean < -NOTICED_DAYS) return 'shorter';
  return low > 0 && mean > NOTICED_DAYS ? 'longer' : 'no-difference';
}

function waits(who: string, practice: string, present: readonly Line[], after: readonly Line[], difference: readonly Line[]): string {
  const [before, then, { low, high }] = [lineOf(present, practice).waitDays.mean, lineOf(after, practice).waitDays.mean, lineOf(difference, practice).waitDays];
  const verdict = moved(difference, practice);
  if (verdict === 'no-difference') return `${who} would wait as long as now, ${inDays(before)} on average: no difference of a quarter of a day that is more than chance.`;
  const [least, most] = [low, high].map(Math.abs).sort((a, b) => a - b).map((value) => value.toFixed(1));
  return `${who} would wait ${inDays(then)} on average instead of ${inDays(before)}: ${least} to ${most} days ${verdict}, with 95 % certainty.`;
}

function noHelp({ practices }: Partnership): string {
  const [asked, there] = [practices.reduce((sum, { slotsPerDay, load }) => sum + slotsPerDay * load, 0), practices.reduce((sum, { slotsPerDay }) => sum + slotsPerDay, 0)];
  const why = asked >= there ? 'patients ask for more than all practices together have, so that nobody has time to lend' : 'against sharing nothing it shortens the mean wait of all by no quarter of a day that is more than chance';
  return `Sharing will not help here: ${why}.`;
}
