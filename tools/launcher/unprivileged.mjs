import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { Trouble } from './trouble.mjs';

/** @typedef {{ uid?: number, gid?: number }} Identity */

/** PostgreSQL refuses to run as root: then it runs as `nobody`. Anyone else runs it as oneself.
 * @returns {Identity} */
export function databaseIdentity() {
  if (process.getuid?.() !== 0) return {};
  const entry = readFileSync('/etc/passwd', 'utf8').split('\n').find((line) => line.startsWith('nobody:'));
  if (!entry) throw new Trouble('PostgreSQL does not run as root and this system has no user "nobody" to run it as.\nRun this as an ordinary user.');
  const [, , uid, gid] = entry.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

/** A folder of ours below a folder that everyone may write to; its name is easily guessed, so one that a stranger made is refused.
 * @param {string} path */
export function ownSharedFolder(path) {
  mkdirSync(path, { recursive: true, mode: 0o711 });
  const found = lstatSync(path);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) throw new Trouble(`${path} is in the way: it belongs to someone else. Remove it and start again.`);
  chmodSync(path, 0o711);
}

/** A folder that only the identity can enter.
 * @param {string} path @param {Identity} identity */
export function folderFor(path, { uid, gid }) {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}
