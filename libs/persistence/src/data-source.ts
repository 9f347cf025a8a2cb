import { DataSource, type DataSourceOptions } from 'typeorm';
import { GatheringSocket } from './gathering-socket';
import { instantsAsDates } from './instants-as-dates';

type Entities = NonNullable<DataSourceOptions['entities']>;
type Migrations = NonNullable<DataSourceOptions['migrations']>;

export interface DatabaseSettings {
  readonly url: string;
  readonly poolSize: number;
  readonly applicationName: string;
  readonly entities?: Entities;
  readonly migrations?: Migrations;
  /** A commit does not wait for the disk: a crash may forget the last of them. Only for work that is begun again from the start then, such as a rebuild. */
  readonly lazyCommits?: boolean;
}

/** A TypeORM data source over pg. Sessions speak UTC; a statement that runs over 30 s or a transaction idle for 30 s is ended by the server. */
export function createDataSource(settings: DatabaseSettings): DataSource {
  return new DataSource({
    type: 'postgres',
    url: settings.url,
    entities: settings.entities ?? [],
    migrations: settings.migrations ?? [],
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    poolSize: settings.poolSize,
    applicationName: settings.applicationName,
    // Why pipelined: statements that do not need each other's answers travel together, and round trips are what a booking costs (docs/performance.md).
    // Why kept for long: a new connection signs in, fills its caches and prepares every statement anew, and the first desk after a quiet minute waited half a second for it.
    extra: { pipeline: true, stream: () => new GatheringSocket(), types: instantsAsDates, idleTimeoutMillis: 600_000, options: `-c timezone=UTC -c statement_timeout=30000 -c idle_in_transaction_session_timeout=30000${settings.lazyCommits ? ' -c synchronous_commit=off' : ''}` },
  });
}

/** Runs the migrations that are missing, as the owner of the tables, and closes the connection. Returns their names. */
export async function migrate(settings: DatabaseSettings): Promise<string[]> {
  const source = createDataSource({ ...settings, poolSize: 1 });
  await source.initialize();
  try {
    // Why: to build an index over years of visits takes what it takes; there is one connection, and it is this one.
    await source.query('SET statement_timeout = 0');
    return (await source.runMigrations({ transaction: 'each' })).map((migration) => migration.name);
  } finally {
    await source.destroy();
  }
}
