import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, rootHash, stateFolder } from './paths.mjs';
import { databaseIdentity, ownSharedFolder } from './unprivileged.mjs';

/** Where data of this clone lives: below .slotmesh, as root in a folder that the unprivileged user can reach. */
export function place() {
  mkdirSync(stateFolder, { recursive: true, mode: 0o755 });
  if (databaseIdentity().uid === undefined) return stateFolder;
  const folder = `/var/tmp/slotmesh-${rootHash}`;
  ownSharedFolder(folder);
  // For the person who wonders whose this is; the clone may be gone.
  writeFileSync(join(folder, 'belongs-to'), `${root}\n`);
  return folder;
}

/** @param {string} name */
export function placeFor(name) {
  const folder = join(place(), name);
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  return folder;
}
