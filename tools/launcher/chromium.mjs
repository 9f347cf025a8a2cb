import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { foreground } from './foreground.mjs';
import { step } from './progress.mjs';
import { Trouble } from './trouble.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const elsewhere = ['/snap/bin/chromium', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

/** Where an installed Chromium is; undefined without one.
 * @param {string} path the PATH @param {(file: string) => boolean} exists */
export const installedChromium = (path, exists) => [...path.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))), ...elsewhere].find(exists);

/** The Chromium for browser tests: CHROMIUM_PATH, an installed one, or as root by apt-get.
 * @param {AbortSignal} signal @returns {Promise<string>} */
export async function chromium(signal) {
  const given = process.env.CHROMIUM_PATH;
  if (given && !existsSync(given)) throw new Trouble(`CHROMIUM_PATH names ${given}, which does not exist.`);
  const find = () => installedChromium(process.env.PATH ?? '', existsSync);
  const found = given || find();
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) await step('install Chromium (apt-get)', () => installByApt(signal));
  const installed = find();
  if (!installed) throw new Trouble('Browser tests need Chromium. Install it (Debian: apt-get install chromium; macOS: brew install --cask chromium) or set CHROMIUM_PATH.');
  return installed;
}

/** @param {AbortSignal} signal */
async function installByApt(signal) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update', '-q'], ['install', '-q', '-y', '--no-install-recommends', 'chromium']]) {
    const { code, output } = await foreground('apt-get', args, { env, signal });
    signal.throwIfAborted();
    if (code !== 0) throw new Trouble(`apt-get ${args.join(' ')} failed:\n${output.split('\n').slice(-10).join('\n')}\nInstall Chromium by hand or set CHROMIUM_PATH.`);
  }
}
