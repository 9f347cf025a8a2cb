import { chmodSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { placeFor } from './place.mjs';
import { endOrphans, judgeFile, runRecord } from './run-record.mjs';

/** A folder for servers that live as long as this process; what killed runs left is ended and removed first.
 * @param {{ keep?: boolean }} [options] keep: `remove` leaves the folder under another name */
export async function temporaryRun({ keep = false } = {}) {
  const all = placeFor('tests');
  await forgetAbandoned(all);
  const folder = mkdtempSync(join(all, 'run-'));
  chmodSync(folder, 0o711);
  const kept = folder.replace(/run-(\w+)$/, 'kept-$1');
  const record = runRecord(join(folder, 'run.json'));
  return {
    folder,
    add: record.add,
    /** Where data and logs are after `remove`; undefined when they are gone. */
    kept: keep ? kept : undefined,
    remove() {
      if (keep) renameSync(folder, kept);
      else rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @param {string} all */
async function forgetAbandoned(all) {
  for (const name of readdirSync(all).filter((found) => found.startsWith('run-'))) {
    const folder = join(all, name);
    const record = join(folder, 'run.json');
    // Why: one that has no record yet may just be beginning.
    if (!existsSync(record) && Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0) < 60_000) continue;
    const { running, orphans } = judgeFile(record);
    if (running) continue;
    await endOrphans(orphans);
    rmSync(folder, { recursive: true, force: true });
  }
}
