import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { chromium } from './chromium.mjs';
import { running } from './dev-servers.mjs';
import { foreground } from './foreground.mjs';
import { interruption } from './interruption.mjs';
import { countsOf } from './jest-counts.mjs';
import { installPackages } from './packages.mjs';
import { root, stateFolder } from './paths.mjs';
import { checkRoom } from './requirements.mjs';
import { startTestServers } from './test-servers.mjs';
import { startTestStack } from './test-stack.mjs';
import { TestSteps } from './test-steps.mjs';

const bin = (/** @type {string} */ name) => join(root, 'node_modules', '.bin', name);

/** @returns {Promise<number>} the exit code */
export async function test() {
  const signal = interruption();
  checkRoom();
  await installPackages(signal);
  const only = process.argv.slice(2);
  const steps = new TestSteps();
  const run = async (/** @type {string} */ name, /** @type {Parameters<TestSteps['run']>[1]} */ work) => {
    signal.throwIfAborted();
    return only.length === 0 || only.includes(name) ? steps.run(name, work) : true;
  };

  await run('build', async () => { await build(signal); return { passed: 1 }; });
  await run('lint', () => lint(signal));
  await run('types', () => check(bin('tsc'), ['-p', 'tsconfig.json'], signal));
  // Why apart: the console is compiled for browsers, with settings of its own.
  await run('console types', () => check(bin('tsc'), ['-p', 'apps/console/tsconfig.json'], signal));
  await run('contracts', () => check(process.execPath, ['tools/contracts/generate.mjs', '--check'], signal));
  await run('unit', () => jest('unit', {}, signal));
  if (only.length === 0 || only.some((name) => ['integration', 'e2e'].includes(name))) await withServers(async (env) => {
    await run('integration', () => jest('integration', env, signal));
    await run('e2e', () => jest('e2e', env, signal));
  });
  await run('browser', () => browser(signal));

  signal.throwIfAborted();
  console.log(steps.summary());
  return steps.failed ? 1 : 0;
}

/** A program that says yes or no: one test. @param {string} command @param {string[]} args @param {AbortSignal} signal */
async function check(command, args, signal) {
  const { code, output } = await foreground(command, args, { cwd: root, env: { ...process.env, FORCE_COLOR: '0' }, signal });
  return code === 0 ? { passed: 1, output } : { failed: 1, output };
}

/** @param {AbortSignal} signal */
async function lint(signal) {
  // Why: the rule that holds the boundaries is silently off until Nx has written down its graph of projects.
  const graph = await foreground(bin('nx'), ['show', 'projects'], { cwd: root, env: { ...process.env, NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false' }, signal });
  if (graph.code !== 0) return { failed: 1, output: graph.output };
  const result = await check(bin('eslint'), ['--max-warnings=0', '.'], signal);
  return /The rule will be skipped/.test(result.output) ? { failed: 1, output: result.output } : result;
}

/** @param {'unit' | 'integration' | 'e2e' | 'browser'} project @param {Record<string, string>} env @param {AbortSignal} signal */
async function jest(project, env, signal) {
  const report = join(stateFolder, `tests-${project}.json`);
  mkdirSync(stateFolder, { recursive: true });
  rmSync(report, { force: true });
  const args = ['--selectProjects', project, '--maxWorkers', '2', '--json', `--outputFile=${report}`, '--silent', '--reporters=default'];
  const { code, output } = await foreground(bin('jest'), args, { cwd: root, env: { ...process.env, ...env, FORCE_COLOR: '0' }, signal });
  const counts = countsOf(report);
  if (!counts) return { failed: 1, output };
  // Why: jest can fail without a failed test (an error after the last one, a broken setting).
  return { ...counts, failed: counts.failed || (code === 0 ? 0 : 1), output };
}

/** @param {(env: Record<string, string>) => Promise<void>} work */
async function withServers(work) {
  const found = running();
  const servers = found ?? (await startTestServers());
  try {
    await work({ TEST_DATABASE_URL: servers.databaseUrl, TEST_KAFKA_BROKERS: servers.kafkaBrokers });
  } finally {
    if ('stop' in servers) await servers.stop();
  }
}

/** Browser tests look at a whole stack through a real Chromium. @param {AbortSignal} signal */
async function browser(signal) {
  const path = await chromium(signal);
  const stack = await startTestStack({ signal });
  try {
    return await jest('browser', { ...stack.env, CHROMIUM_PATH: path }, signal);
  } finally {
    await stack.stop();
  }
}
