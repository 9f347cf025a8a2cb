import { readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** What a jest run counted. A file that could not even be loaded is one failure: its tests were never counted.
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests?: number, numRuntimeErrorTestSuites: number }} report @returns {Counts} */
export const countsIn = (report) => ({
  passed: report.numPassedTests,
  failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
  skipped: report.numPendingTests + (report.numTodoTests ?? 0),
});

const LINES_OF_A_FAULT = 25;

/** Each test that failed with the beginning of why, so that the end of a long run says what to look at.
 * @param {{ testResults: { name: string, message: string, assertionResults: { status: string, fullName: string, failureMessages: string[] | null }[] }[] }} report @returns {string[]} */
export const faultsIn = (report) => report.testResults.flatMap(({ name, message, assertionResults }) => {
  const failed = assertionResults.filter(({ status }) => status === 'failed').map(({ fullName, failureMessages }) => `${name}: ${fullName}\n${beginningOf((failureMessages ?? []).join('\n'))}`);
  return failed.length > 0 || assertionResults.length > 0 ? failed : [`${name}\n${beginningOf(message)}`];
});
const beginningOf = (/** @type {string} */ text) => text.split('\n').slice(0, LINES_OF_A_FAULT).join('\n');

/** @param {string} file a report that jest wrote; undefined when it wrote none @returns {Counts & { faults: string[] } | undefined} */
export function countsOf(file) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    return { ...countsIn(report), faults: faultsIn(report) };
  } catch {
    return undefined;
  }
}
