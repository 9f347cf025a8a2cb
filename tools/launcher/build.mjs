import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { foreground } from './foreground.mjs';
import { root } from './paths.mjs';
import { step } from './progress.mjs';
import { Trouble } from './trouble.mjs';

const dist = join(root, 'dist');
const stamp = join(dist, 'built-from');
const settings = ['package-lock.json', 'nx.json', '.swcrc', 'tsconfig.base.json'];

/** Builds all projects with Nx, unless what is there was built from the same sources.
 * Why: Nx needs seconds to find out that nothing changed; reading the sources takes a tenth of one.
 * @param {AbortSignal} signal @returns {Promise<string>} what identifies the build */
export async function build(signal) {
  const sources = hashOf([...settings.map((name) => join(root, name)), ...['apps', 'libs'].flatMap((folder) => filesIn(join(root, folder)))]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return sources;
  await step('build (nx)', async () => {
    rmSync(stamp, { force: true });
    const env = { ...process.env, NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true', FORCE_COLOR: '0' };
    const { code, output } = await foreground(process.execPath, [join(root, 'node_modules', '.bin', 'nx'), 'run-many', '-t', 'build', '--parallel=2'], { cwd: root, env, signal });
    signal.throwIfAborted();
    if (code !== 0) throw new Trouble(`The build failed:\n${output.trimEnd().split('\n').slice(-40).join('\n')}`);
    removeOrphans();
    mkdirSync(dist, { recursive: true });
    writeFileSync(stamp, sources);
  });
  return sources;
}

/** Why: a migration whose source is gone must not run because its output is still there. */
function removeOrphans() {
  for (const file of ['apps', 'libs'].flatMap((folder) => filesIn(join(dist, folder)))) {
    const path = relative(dist, file);
    if (path.startsWith('apps/console') || !/\.js(\.map)?$/.test(path)) continue;
    const source = join(root, path.replace(/\.js(\.map)?$/, ''));
    if (!['.ts', '.tsx', '.js', '.mjs'].some((extension) => existsSync(source + extension))) rmSync(file);
  }
}

/** @param {string} folder @returns {string[]} */
function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && entry.name !== 'test')
    .flatMap((entry) => (entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

/** @param {string[]} files */
function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}
