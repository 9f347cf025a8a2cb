import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from './paths.mjs';
import { isAlive, recordOf } from './process-identity.mjs';

const file = join(stateFolder, 'dev-servers.json');

/** @typedef {{ databaseUrl: string, kafkaBrokers: string }} Addresses */

/** Tells others where the servers are that this process keeps running. @param {Addresses} addresses */
export function announce({ databaseUrl, kafkaBrokers }) {
  mkdirSync(stateFolder, { recursive: true });
  writeFileSync(file, JSON.stringify({ ...recordOf('servers', process.pid), databaseUrl, kafkaBrokers }, null, 2), { mode: 0o600 });
}

export const withdraw = () => rmSync(file, { force: true });

/** The servers that `servers.mjs` keeps running for this clone, if it does. @returns {Addresses | undefined} */
export function running() {
  try {
    const found = JSON.parse(readFileSync(file, 'utf8'));
    return isAlive(found) ? found : undefined;
  } catch {
    return undefined;
  }
}
