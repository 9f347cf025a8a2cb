import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foreground } from './foreground.mjs';
import { root } from './paths.mjs';
import { step } from './progress.mjs';
import { Trouble } from './trouble.mjs';

/** @typedef {{ packages: Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }> }} Lockfile */

/** Does what npm wrote into node_modules fit the lockfile? Packages for other systems may be absent.
 * @param {Lockfile} wanted package-lock.json @param {Lockfile | undefined} found node_modules/.package-lock.json */
export function fits(wanted, found) {
  if (!found) return false;
  return Object.entries(wanted.packages).every(([path, entry]) => {
    if (path === '') return true;
    const installed = found.packages[path];
    return installed ? installed.version === entry.version : entry.optional === true || entry.devOptional === true;
  });
}

/** Installs what package-lock.json names unless it is there. @param {AbortSignal} signal */
export async function installPackages(signal) {
  if (fits(lockfile('package-lock.json') ?? { packages: {} }, lockfile('node_modules/.package-lock.json'))) return;
  await step('install packages (npm ci)', async () => {
    const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
    const { code, output } = await foreground(npm[0], [...npm.slice(1), 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'], { cwd: root, env: process.env, signal });
    signal.throwIfAborted();
    if (code !== 0) throw new Trouble(`npm ci failed:\n${output.trimEnd().split('\n').slice(-20).join('\n')}`);
  });
}

/** @param {string} path @returns {Lockfile | undefined} */
function lockfile(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8'));
  } catch {
    return undefined;
  }
}
