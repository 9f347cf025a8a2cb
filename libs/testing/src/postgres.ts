import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { testServers } from './test-servers';

export interface TestDatabase {
  readonly name: string;
  /** May do anything; for looking behind the scenes. */
  readonly adminUrl: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly workerUrl: string;
  drop(): Promise<void>;
}

const password = 'slotmesh-test';
const rolesOf = (service: string): readonly string[] => [`${service}_owner`, `${service}_app`, `${service}_worker`];

/** A new database with the roles of a service, as the launcher makes them, migrated by its owner. `drop` it when done. */
export async function freshDatabase(service: string, migrations: NonNullable<DataSourceOptions['migrations']>): Promise<TestDatabase> {
  const server = new URL(testServers().databaseUrl);
  const name = `${service}_${randomBytes(6).toString('hex')}`;
  await asAdmin(server, async (admin) => {
    // Why the lock: roles belong to the whole server, and test files run side by side.
    await admin.query('SELECT pg_advisory_lock(7425)');
    for (const role of rolesOf(service)) {
      const { rowCount } = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
      if (rowCount === 0) await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD '${password}' NOSUPERUSER NOBYPASSRLS`);
      else await admin.query(`ALTER ROLE ${role} PASSWORD '${password}'`);
    }
    await admin.query('SELECT pg_advisory_unlock(7425)');
    await admin.query(`CREATE DATABASE ${name} OWNER ${service}_owner`);
  });
  const url = (user: string, secret: string): string => Object.assign(new URL(server), { username: user, password: secret, pathname: `/${name}` }).toString();
  const [owner, app, worker] = rolesOf(service);
  const database: TestDatabase = {
    name,
    adminUrl: url(server.username, server.password),
    ownerUrl: url(owner!, password),
    appUrl: url(app!, password),
    workerUrl: url(worker!, password),
    drop: () => asAdmin(server, async (admin) => void (await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))),
  };
  const source = await new DataSource({ type: 'postgres', url: database.ownerUrl, migrations, migrationsTableName: 'migration', poolSize: 1 }).initialize();
  try {
    await source.runMigrations({ transaction: 'each' });
  } finally {
    await source.destroy();
  }
  return database;
}

async function asAdmin(server: URL, work: (admin: Client) => Promise<void>): Promise<void> {
  const admin = new Client({ connectionString: server.toString() });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
