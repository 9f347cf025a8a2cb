/** What a desk may hear: success, gone, taken, not allowed now, too often. */
export const EXPECT = [200, 201, 204, 403, 404, 409, 412, 422, 429];

/** Counts what each act came to, and keeps what no desk may hear. @param {readonly string[]} acts all that there are, so that one that never succeeds is seen */
export function tally(acts) {
  /** @type {Map<string, Map<string, number>>} */
  const outcomes = new Map(acts.map((act) => [act, new Map()]));
  /** @type {string[]} */
  const faults = [];
  const add = (/** @type {string} */ act, /** @type {string} */ outcome, n = 1) => {
    const of = outcomes.get(act);
    if (!of) throw new Error(`${act} is not on the list of acts`);
    of.set(outcome, (of.get(outcome) ?? 0) + n);
  };
  const done = (/** @type {string} */ act) => outcomes.get(act)?.get('done') ?? 0;
  return {
    faults,
    done,
    /** @param {string} act @param {{ http: number | string, code?: string }} answer */
    note(act, { http, code }) {
      if (!EXPECT.includes(Number(http))) faults.push(`${act}: ${http} ${code ?? ''}`.trim());
      add(act, Number(http) < 300 ? 'done' : String(code ?? http));
    },
    /** What only the tables say. @param {string} act @param {number} n */
    found: (act, n) => add(act, 'done', n),
    /** Acts that never succeeded. */
    never: () => acts.filter((act) => done(act) === 0),
    /** A line for each act: how often it succeeded, and why not. */
    lines() {
      const width = Math.max(...acts.map((act) => act.length));
      return acts.map((act) => {
        const refused = [...(outcomes.get(act) ?? [])].filter(([outcome]) => outcome !== 'done').sort((a, b) => b[1] - a[1]);
        return `${act.padEnd(width)} ${String(done(act)).padStart(6)}${refused.length === 0 ? '' : `   not: ${refused.map(([why, n]) => `${why} ${n}`).join(', ')}`}`;
      });
    },
  };
}
