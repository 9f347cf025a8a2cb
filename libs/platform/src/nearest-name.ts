/** The one of `known` that was probably meant: another case, the beginning or end of it, or at most a third of its letters away; null: none. */
export function nearestName(given: string, known: readonly string[]): string | null {
  const wanted = plain(given);
  const ranked = known.map((name) => ({ name, far: distance(wanted, plain(name)) })).sort((a, b) => a.far - b.far);
  const [first] = ranked;
  if (first && first.far <= Math.floor(Math.max(wanted.length, plain(first.name).length) / 3)) return first.name;
  return wanted.length < 3 ? null : (known.find((name) => plain(name).startsWith(wanted) || plain(name).endsWith(wanted) || (plain(name).length >= 3 && wanted.startsWith(plain(name)))) ?? null);
}

/** Longer ones are not compared: who sends them has not misspelt a name. */
const LONGEST = 60;
const plain = (name: string): string => name.slice(0, LONGEST).toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** Letters to insert, remove or replace (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
