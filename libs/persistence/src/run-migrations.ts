import { migrate } from './data-source';
import type { DataSourceOptions } from 'typeorm';

/** The body of every app's migrate.ts: brings the database named by DATABASE_OWNER_URL up to date and ends the process. */
export async function runMigrations(service: string, migrations: NonNullable<DataSourceOptions['migrations']>): Promise<void> {
  const url = process.env['DATABASE_OWNER_URL'];
  if (!url) {
    process.stderr.write('DATABASE_OWNER_URL is not set: it names the database and the owner of its tables.\n');
    process.exit(1);
  }
  const done = await migrate({ url, poolSize: 1, applicationName: `${service}-migrate`, migrations });
  process.stdout.write(`${service}: ${done.length === 0 ? 'the database is up to date' : `applied ${done.join(', ')}`}\n`);
}
