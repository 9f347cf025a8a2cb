import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What a run leaves behind: data, logs, secrets, records of processes. */
export const stateFolder = join(root, '.slotmesh');

/** Shared by all clones of one user: the broker's jars. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'slotmesh');

/** Tells clones apart where they share a folder. */
export const rootHash = createHash('sha256').update(root).digest('hex').slice(0, 12);
