import { chownSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { background } from './background.mjs';
import { foreground } from './foreground.mjs';
import { lastWords } from './last-words.mjs';
import { postgresHome } from './postgres-binaries.mjs';
import { Trouble } from './trouble.mjs';
import { databaseIdentity, folderFor } from './unprivileged.mjs';
import { waitUntil } from './wait-until.mjs';

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Starts PostgreSQL 18 on a data folder, which is made when it does not exist; returns when it accepts connections.
 * `folder` must be reachable by the identity that runs it (see `placeFor`).
 * @param {{ folder: string, port: number, password: string, log: string, durable?: boolean, extra?: Record<string, string>, onSpawn?: (server: import('./background.mjs').Background) => void }} options durable: wait for the disk while the folder is made */
export async function startPostgres({ folder, port, password, log, durable = true, extra = {}, onSpawn }) {
  const identity = databaseIdentity();
  const home = postgresHome(identity);
  if (!existsSync(join(folder, 'PG_VERSION'))) await initialise({ home, folder, password, identity, durable });
  const flags = Object.entries({ ...settings, port: String(port), ...extra }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = background({ name: 'postgres', command: join(home, 'bin', 'postgres'), args: ['-D', folder, ...flags], log, cwd: dirname(folder), ...identity });
  onSpawn?.(server);
  const ready = await waitUntil(() => server.hasEnded() || isReady(folder, server.pid), { seconds: 60 });
  if (!ready || server.hasEnded()) {
    await server.stop('SIGINT', 5);
    throw new Trouble(`PostgreSQL did not start on port ${port}. Its last words (${log}):\n${lastWords(log)}`);
  }
  return {
    ...server,
    url: `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`,
    /** Ends all sessions, writes a checkpoint and stops. */
    stop: () => server.stop('SIGINT', 15),
  };
}

/** @param {{ home: string, folder: string, password: string, identity: import('./unprivileged.mjs').Identity, durable: boolean }} options */
async function initialise({ home, folder, password, identity, durable }) {
  const passwordFile = `${folder}.password`;
  rmSync(folder, { recursive: true, force: true });
  folderFor(folder, identity);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (identity.uid !== undefined && identity.gid !== undefined) chownSync(passwordFile, identity.uid, identity.gid);
  const args = ['-D', folder, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const { code, output } = await foreground(join(home, 'bin', 'initdb'), durable ? args : [...args, '--no-sync'], { ...identity, cwd: dirname(folder) });
  rmSync(passwordFile);
  if (code !== 0) throw new Trouble(`PostgreSQL could not make its data folder ${folder}:\n${output}`);
}

/** PostgreSQL writes its state into the eighth line of this file.
 * @param {string} folder @param {number} pid */
function isReady(folder, pid) {
  try {
    const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}
