import { migrate } from '@slotmesh/persistence';
import { ConfigError, loadConfig } from '@slotmesh/platform';
import { z } from 'zod';
import { migrations } from './migrations';

async function run(): Promise<void> {
  const { DATABASE_OWNER_URL } = loadConfig(z.object({ DATABASE_OWNER_URL: z.string().min(1) }));
  const done = await migrate({ url: DATABASE_OWNER_URL, poolSize: 1, applicationName: 'sandbox-migrate', migrations });
  process.stdout.write(`sandbox: ${done.length > 0 ? `migrated ${done.join(', ')}` : 'up to date'}\n`);
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
