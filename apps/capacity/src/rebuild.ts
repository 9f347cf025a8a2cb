import { loadConfig } from '@slotmesh/platform';
import { capacityConfig } from './config';
import { readAnew } from './read-models';

/** A program of its own, run while the service stands still: after an upgrade (it sees whether that needs it), or with `--always`. */
void readAnew(loadConfig(capacityConfig), { always: process.argv.includes('--always') }).then(
  (did) => process.stdout.write(`capacity: ${did ? 'every event was read anew' : 'what is kept of events is as this build wants it'}\n`),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
