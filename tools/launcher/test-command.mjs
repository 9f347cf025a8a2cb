import { spawnSync } from 'node:child_process';
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
  const whole = ['demo', 'faults', 'browser'];
  if (only.length === 0 || only.some((name) => whole.includes(name))) await withStack(signal, async (stack) => {
    await run('demo', () => demo(stack, signal));
    await run('faults', () => faults(stack));
    await run('browser', () => browser(stack, signal));
  });

  signal.throwIfAborted();
  console.log(steps.summary());
  return steps.failed ? 1 : 0;
}

/** A program that says yes or no: one test. @param {string} command @param {string[]} args @param {AbortSignal} signal @param {Record<string, string>} [env] */
async function check(command, args, signal, env = {}) {
  const { code, output } = await foreground(command, args, { cwd: root, env: { ...process.env, FORCE_COLOR: '0', ...env }, signal });
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
  const args = ['--selectProjects', project, '--maxWorkers', '2', '--json', `--outputFile=${report}`, '--silent', '--reporters=default',
    // Why: a suite whose beforeAll failed leaves connections open, and the run must end with its report instead of waiting for them.
    '--forceExit'];
  const { code, output } = await foreground(bin('jest'), args, { cwd: root, env: { ...process.env, PROPERTY_SEED: seedOfCommit(), ...env, FORCE_COLOR: '0' }, signal });
  const counts = countsOf(report);
  if (!counts) return { failed: 1, output };
  // Why: jest can fail without a failed test (an error after the last one, a broken setting).
  return { ...counts, failed: counts.failed || (code === 0 ? 0 : 1), output };
}

/** Properties are tried with the same values whenever the same commit is tried, and with others for each commit: what a commit is worth does not change from one run to the next. */
function seedOfCommit() {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--short=7', 'HEAD'], { cwd: root, encoding: 'utf8' });
  return status === 0 ? String(parseInt(stdout.trim().slice(0, 7), 16)) : '1';
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

/** @typedef {Awaited<ReturnType<typeof startTestStack>>} Stack */

/** What needs all services together shares one stack of its own. @param {AbortSignal} signal @param {(stack: Stack) => Promise<void>} work */
async function withStack(signal, work) {
  const stack = await startTestStack({ signal });
  try {
    await work(stack);
  } finally {
    await stack.stop();
  }
}

/** The main job, twice in a row. @param {Stack} stack @param {AbortSignal} signal */
async function demo(stack, signal) {
  const play = () => check(process.execPath, ['tools/demo/demo.mjs'], signal, stack.env);
  const first = await play();
  return first.failed ? first : { ...(await play()), passed: 2 };
}

/** The proofs `scheduling` and `chaos` at a reduced size: desks that get in each other's way, then services killed while desks book; everything is counted. @param {Stack} stack */
async function faults(stack) {
  const { mixedDesks } = await import('../proof/scheduling.mjs');
  const { killUnderLoad } = await import('../proof/chaos.mjs');
  const { seededRandom } = await import('../proof/events/seeded-random.mjs');
  const random = seededRandom(20_261_123);
  const found = [...(await mixedDesks(stack, { clients: 16, seconds: 15, random })), ...(await killUnderLoad(stack, { bookings: 30, kills: 4, random }))];
  return found.length === 0 ? { passed: 2 } : { failed: found.length, output: found.join('\n') };
}

/** Browser tests look at the stack through a real Chromium. @param {Stack} stack @param {AbortSignal} signal */
async function browser(stack, signal) {
  return jest('browser', { ...stack.env, CHROMIUM_PATH: await chromium(signal) }, signal);
}
