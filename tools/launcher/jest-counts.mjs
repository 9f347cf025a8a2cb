import { readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** What a jest run counted. A file that could not even be loaded is one failure: its tests were never counted.
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests?: number, numRuntimeErrorTestSuites: number }} report @returns {Counts} */
export const countsIn = (report) => ({
  passed: report.numPassedTests,
  failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
  skipped: report.numPendingTests + (report.numTodoTests ?? 0),
});

/** @param {string} file a report that jest wrote; undefined when it wrote none @returns {Counts | undefined} */
export function countsOf(file) {
  try {
    return countsIn(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
