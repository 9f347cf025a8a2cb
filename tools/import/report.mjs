// What an import took, mended and refused, in words. The last line says all of it.

/** @typedef {{ kind: string, name: string, taken: number, busy: number, lines: number, mended: Record<string, number>, refused: Record<string, number>, refusals: { line: number, rule: string }[] }} FileReport */

const NOUNS = /** @type {Record<string, string>} */ ({ Location: 'location', Schedule: 'schedule', Slot: 'slot' });
const SHOWN = 5;
const NAMED = 4;

/** @param {number} n */
export const number = (n) => n.toLocaleString('en-US');
/** @param {number} n @param {string} noun */
const many = (n, noun) => `${number(n)} ${noun}${n === 1 ? '' : 's'}`;
/** @param {Record<string, number>} counts */
const sum = (counts) => Object.values(counts).reduce((total, n) => total + n, 0);

/** The lines below a file's name. @param {FileReport} file */
export function detailsOf(file) {
  return [
    ...(file.busy > 0 ? [`${number(file.busy)} of them not free: taken, not offered`] : []),
    ...Object.entries(file.mended).map(([rule, n]) => `mended  ${number(n)}: ${rule}`),
    ...Object.entries(file.refused).map(([rule, n]) => `refused ${number(n)}: ${rule}`),
    ...[...file.refusals].sort((a, b) => a.line - b.line).slice(0, SHOWN).map(({ line, rule }) => `        line ${line}: ${rule}`),
    ...(sum(file.refused) > SHOWN ? [`        ... and ${number(sum(file.refused) - Math.min(SHOWN, file.refusals.length))} more`] : []),
  ];
}

/** @param {readonly FileReport[]} files @param {{ absent: number, listed: number }} at */
export function summaryOf(files, { absent, listed }) {
  const taken = Object.entries(NOUNS).map(([kind, noun]) => many(files.filter((file) => file.kind === kind).reduce((total, file) => total + file.taken, 0), noun));
  const [mended, refused] = [total(files.map((file) => file.mended)), total(files.map((file) => file.refused))];
  return [`took ${taken.join(', ')}`, `mended ${counted(mended)}`, `refused ${counted(refused)}`, `${number(absent)} of ${many(listed, 'file')} of the manifest ${absent === 1 ? 'is' : 'are'} absent`].join('; ');
}

/** @param {Record<string, number>[]} all */
function total(all) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const one of all) for (const [rule, n] of Object.entries(one)) counts[rule] = (counts[rule] ?? 0) + n;
  return counts;
}
/** The most frequent rules; the rest is in the lines above. @param {Record<string, number>} counts */
function counted(counts) {
  const rules = Object.entries(counts).sort(([, a], [, b]) => b - a);
  const rest = rules.slice(NAMED).reduce((total, [, n]) => total + n, 0);
  return rules.length === 0 ? 'nothing' : [...rules.slice(0, NAMED).map(([rule, n]) => `${number(n)} (${rule})`), ...(rest > 0 ? [`${number(rest)} by other rules`] : [])].join(', ');
}
