import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineOf, recordOf } from './process-identity.mjs';
import { endOrphans } from './run-record.mjs';

/** PostgreSQL refuses a data folder whose lock file names a living process, whoever that is by now. After a kill the id may belong to a stranger:
 * then the file goes; a PostgreSQL on this very folder is ended first.
 * @param {string} folder */
export async function releaseDataFolder(folder) {
  const file = join(folder, 'postmaster.pid');
  const pid = Number(firstLine(file));
  if (!pid) return;
  if (commandLineOf(pid).includes(`-D ${folder} `)) await endOrphans([recordOf('postgres', pid)]);
  rmSync(file, { force: true });
}

/** @param {string} file */
function firstLine(file) {
  try {
    return readFileSync(file, 'utf8').split('\n')[0];
  } catch {
    return '';
  }
}
