import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { testRun, testServers } from './test-servers';

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
export async function freshDatabase(service: string, migrations: Migrations): Promise<TestDatabase> {
  const server = new URL(testServers().databaseUrl);
  const database = databaseOf(server, service, nameOf(service));
  await asAdmin(server, async (admin) => {
    await locked(admin, ROLES, async () => {
      for (const role of rolesOf(service)) {
        const { rowCount } = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
        if (rowCount === 0) await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD '${password}' NOSUPERUSER NOBYPASSRLS`);
        else await admin.query(`ALTER ROLE ${role} PASSWORD '${password}'`);
      }
    });
    await admin.query(`CREATE DATABASE ${database.name} OWNER ${service}_owner`);
  });
  const source = await new DataSource({ type: 'postgres', url: database.ownerUrl, migrations, migrationsTableName: 'migration', poolSize: 1 }).initialize();
  try {
    await source.runMigrations({ transaction: 'each' });
  } finally {
    await source.destroy();
  }
  return database;
}

type Migrations = NonNullable<DataSourceOptions['migrations']>;
type Prepare = (database: TestDatabase) => Promise<void>;

/** A copy of a fresh database that `prepare` has filled once for the whole run; nobody may be connected to it when `prepare` is done. `drop` the copy when done. */
export async function copiedDatabase(service: string, migrations: Migrations, prepare: Prepare): Promise<TestDatabase> {
  const server = new URL(testServers().databaseUrl);
  const copy = databaseOf(server, service, nameOf(service));
  // Why under the lock: another run on the same server drops what it did not make.
  await asAdmin(server, (admin) => locked(admin, TEMPLATES, async () => {
    const template = await templateOf(admin, service, migrations, prepare);
    await admin.query(`CREATE DATABASE ${copy.name} TEMPLATE ${template} OWNER ${service}_owner`);
  }));
  return copy;
}

async function templateOf(admin: Client, service: string, migrations: Migrations, prepare: Prepare): Promise<string> {
  const template = `${service}_template_${testRun().name}`;
  const { rows } = await admin.query<{ datname: string }>('SELECT datname FROM pg_database WHERE datname LIKE $1', [`${service}_template_%`]);
  if (rows.some(({ datname }) => datname === template)) return template;
  // Those of earlier runs, on servers that stay.
  for (const { datname } of rows) await admin.query(`DROP DATABASE IF EXISTS ${datname}`);
  const made = await freshDatabase(service, migrations);
  try {
    await prepare(made);
  } catch (error) {
    await made.drop();
    throw error;
  }
  // Why by a new name: a half-filled one is never copied.
  await admin.query(`ALTER DATABASE ${made.name} RENAME TO ${template}`);
  return template;
}

const nameOf = (service: string): string => `${service}_${randomBytes(6).toString('hex')}`;
/** Roles belong to the whole server, templates to the whole run, and test files run side by side. */
const [ROLES, TEMPLATES] = [7425, 7426];
async function locked(admin: Client, lock: number, work: () => Promise<void>): Promise<void> {
  await admin.query('SELECT pg_advisory_lock($1)', [lock]);
  try {
    await work();
  } finally {
    await admin.query('SELECT pg_advisory_unlock($1)', [lock]);
  }
}

function databaseOf(server: URL, service: string, name: string): TestDatabase {
  const url = (user: string, secret: string): string => Object.assign(new URL(server), { username: user, password: secret, pathname: `/${name}` }).toString();
  const [owner, app, worker] = rolesOf(service);
  return {
    name,
    adminUrl: url(server.username, server.password),
    ownerUrl: url(owner!, password),
    appUrl: url(app!, password),
    workerUrl: url(worker!, password),
    drop: () => asAdmin(server, async (admin) => void (await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))),
  };
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
