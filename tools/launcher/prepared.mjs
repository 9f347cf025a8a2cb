import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Remembers beside the data which build migrated and filled it, so that a second start need not ask every service again.
 * Why only beside our own data: what happens to somebody else's database between two starts is not known here.
 * @param {string} folder of the data @param {string} build what identifies the build @param {boolean} ownDatabase */
export function prepared(folder, build, ownDatabase) {
  const file = join(folder, 'prepared-by');
  return {
    done: ownDatabase && existsSync(file) && readFileSync(file, 'utf8') === build,
    note: () => { if (ownDatabase) writeFileSync(file, build); },
  };
}
