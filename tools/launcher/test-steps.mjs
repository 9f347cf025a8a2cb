/** @typedef {import('./jest-counts.mjs').Counts} Counts */
/** @typedef {Counts & { name: string, seconds: number, faults: string[] }} Result */

/** Collects the result of each step of `npm test`: a step that checks without counting is one test. */
export class TestSteps {
  /** @type {Result[]} */
  results = [];

  /** Runs a step and shows its name, time and result.
   * @param {string} name @param {() => Promise<Partial<Counts> & { output?: string, faults?: string[] }>} work `output` is shown when something failed, `faults` once more at the end */
  async run(name, work) {
    const begin = Date.now();
    console.log(`\n▶ ${name}`);
    const { passed = 0, failed = 0, skipped = 0, output, faults = [] } = await work().catch((error) => ({ failed: 1, output: String(error?.message ?? error) }));
    if (failed && output) console.log(output.trimEnd());
    const result = { name, passed, failed, skipped, faults, seconds: Math.round((Date.now() - begin) / 100) / 10 };
    this.results.push(result);
    console.log(lineOf(result));
    return failed === 0;
  }

  get failed() {
    return this.results.reduce((sum, result) => sum + result.failed, 0);
  }

  /** What failed, then the table of all steps; its last line stands alone: `N passed, N failed`. */
  summary() {
    const passed = this.results.reduce((sum, result) => sum + result.passed, 0);
    return ['', ...this.results.flatMap(({ name, faults }) => faults.map((fault) => `✗ ${name}: ${fault}\n`)), ...this.results.map(lineOf), '', `${passed} passed, ${this.failed} failed`].join('\n');
  }
}

/** @param {Result} result */
function lineOf({ name, passed, failed, skipped, seconds }) {
  const counts = [`${passed} passed`, ...(failed ? [`${failed} failed`] : []), ...(skipped ? [`${skipped} skipped`] : [])].join(', ');
  return `${failed ? '✗' : '✓'} ${name.padEnd(14)} ${`${seconds.toFixed(1)} s`.padStart(8)}   ${counts}`;
}
