import { installedChromium } from './chromium.mjs';
import { countsIn, faultsIn } from './jest-counts.mjs';
import { TestSteps } from './test-steps.mjs';

const silently = async (work: (steps: TestSteps) => Promise<void>) => {
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  const steps = new TestSteps();
  try {
    await work(steps);
  } finally {
    log.mockRestore();
  }
  return steps;
};

describe('the result of npm test', () => {
  it('ends with one line that sums all steps', async () => {
    const steps = await silently(async (all) => {
      await all.run('lint', async () => ({ passed: 1 }));
      await all.run('unit', async () => ({ passed: 40, failed: 2, skipped: 1, faults: ['prices: are never below zero'] }));
    });
    expect(steps.summary()).toContain('✗ unit: prices: are never below zero');
    expect(steps.summary().split('\n').at(-1)).toBe('41 passed, 2 failed');
  });

  it('counts a step that could not run as a failure', async () => {
    const steps = await silently(async (all) => { await all.run('browser', () => Promise.reject(new Error('no Chromium'))); });
    expect(steps.failed).toBe(1);
  });

  it('counts a test file that could not be loaded as a failure', () => {
    expect(countsIn({ numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numRuntimeErrorTestSuites: 1 })).toEqual({ passed: 3, failed: 1, skipped: 1 });
    const file = (name: string, ...assertionResults: { status: string; fullName: string; failureMessages: string[] }[]) => ({ name, message: 'no such module', assertionResults });
    expect(faultsIn({ testResults: [file('a.ts', { status: 'failed', fullName: 'adds', failureMessages: ['expected 2'] }, { status: 'passed', fullName: 'takes', failureMessages: [] }), file('b.ts')] })).toEqual(['a.ts: adds\nexpected 2', 'b.ts\nno such module']);
  });
});

describe('installedChromium', () => {
  it('takes the first on the PATH', () => {
    expect(installedChromium('/bin:/usr/bin', (file) => file === '/usr/bin/chromium')).toBe('/usr/bin/chromium');
    expect(installedChromium('/bin', () => false)).toBeUndefined();
  });
});
