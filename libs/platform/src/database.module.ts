import { type DynamicModule, Global, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '@slotmesh/kernel';
import { type DatabaseSettings, UnitOfWork, createDataSource } from '@slotmesh/persistence';
import type { DataSource, DataSourceOptions } from 'typeorm';
import type { DatabaseConfig } from './config';
import { Readiness } from './health';
import { SweepTools } from './sweeper';
import { currentTraceparent } from './trace';

export const APP_DATA_SOURCE = Symbol('APP_DATA_SOURCE');
export const WORKER_DATA_SOURCE = Symbol('WORKER_DATA_SOURCE');

@Injectable()
class Connections implements OnApplicationShutdown {
  constructor(@Inject(APP_DATA_SOURCE) private readonly app: DataSource, @Inject(WORKER_DATA_SOURCE) private readonly worker: DataSource, readiness: Readiness) {
    readiness.require('database', async () => {
      await this.app.query('SELECT 1');
    });
  }
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.app, this.worker].filter((source) => source.isInitialized).map((source) => source.destroy()));
  }
}

/** The service's database: a pool as the app role, a pool as the worker role, UnitOfWork over both, and what a Sweeper needs. */
@Global()
@Module({})
export class DatabaseModule {
  static forRoot(service: string, config: DatabaseConfig, entities: NonNullable<DataSourceOptions['entities']> = [], { lazyCommits = false }: Pick<DatabaseSettings, 'lazyCommits'> = {}): DynamicModule {
    const open = (url: string, role: string) => () => createDataSource({ url, poolSize: config.DATABASE_POOL_SIZE, applicationName: `${service}-${role}`, entities, lazyCommits }).initialize();
    return {
      module: DatabaseModule,
      providers: [
        { provide: APP_DATA_SOURCE, useFactory: open(config.DATABASE_APP_URL, 'app') },
        { provide: WORKER_DATA_SOURCE, useFactory: open(config.DATABASE_WORKER_URL, 'worker') },
        {
          provide: UnitOfWork,
          inject: [APP_DATA_SOURCE, WORKER_DATA_SOURCE, Clock],
          useFactory: (app: DataSource, worker: DataSource, clock: Clock) => new UnitOfWork({ source: service, app, worker, clock, traceparent: currentTraceparent }),
        },
        SweepTools,
        Connections,
      ],
      exports: [APP_DATA_SOURCE, WORKER_DATA_SOURCE, UnitOfWork, SweepTools],
    };
  }
}
