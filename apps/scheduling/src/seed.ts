import { MovableClock, instantOfDate } from '@slotmesh/kernel';
import { UnitOfWork, createDataSource } from '@slotmesh/persistence';
import { ConfigError, key32, loadConfig } from '@slotmesh/platform';
import { z } from 'zod';
import { PatientVault } from './patients/patient-vault';
import { seedSample } from './seed/seed-sample';

const seedConfig = z.object({ DATABASE_WORKER_URL: z.string().min(1), MASTER_KEY: key32, INDEX_KEY: key32 });

/** Puts the sample partnership into scheduling's database; its events leave with the service. Run again it changes nothing; killed half-way it completes. */
async function seed(): Promise<void> {
  const config = loadConfig(seedConfig);
  const worker = await createDataSource({ url: config.DATABASE_WORKER_URL, poolSize: 2, applicationName: 'scheduling-seed' }).initialize();
  try {
    const clock = new MovableClock();
    // Why: where the clock was moved before, domain time must not go back.
    const [last] = await worker.query<{ at: Date | null }[]>('SELECT max(at) AS at FROM audit_entry');
    if (last?.at) clock.moveTo(instantOfDate(last.at) - Date.now());
    const added = await seedSample(new UnitOfWork({ source: 'scheduling', app: worker, worker, clock }), new PatientVault(config.MASTER_KEY, config.INDEX_KEY));
    process.stdout.write(`scheduling: ${added === 0 ? 'the sample partnership is there' : `added the sample partnership with ${added} patients`}\n`);
  } finally {
    await worker.destroy();
  }
}

seed().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
