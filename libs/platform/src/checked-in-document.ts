import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The text of `docs/contracts/openapi/<service>.json`, or null for a service that has none, such as the sandbox. */
export function checkedInDocument(service: string): string | null {
  // Why upwards: the sources lie one folder less deep than what is built from them.
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'docs', 'contracts', 'openapi', `${service}.json`);
    if (existsSync(file)) return readFileSync(file, 'utf8');
  }
  return null;
}
