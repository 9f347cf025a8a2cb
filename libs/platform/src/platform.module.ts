import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Clock, MovableClock, SystemClock } from '@slotmesh/kernel';
import { LoggerModule } from 'nestjs-pino';
import type { ServiceConfig } from './config';
import { Readiness } from './health';
import { Idleness } from './idle';

export const SERVICE = Symbol('SERVICE');
export interface ServiceIdentity {
  readonly name: string;
  readonly config: ServiceConfig;
}

/** Clock, logger, readiness and idleness for one service. Logs are JSON lines without headers, bodies, queries or addresses of people. */
@Global()
@Module({})
export class PlatformModule {
  static forRoot(name: string, config: ServiceConfig): DynamicModule {
    return {
      module: PlatformModule,
      imports: [
        LoggerModule.forRoot({
          pinoHttp: {
            name,
            level: config.LOG_LEVEL,
            autoLogging: false,
            quietReqLogger: true,
            serializers: { req: () => undefined, res: () => undefined },
          },
        }),
      ],
      providers: [
        { provide: SERVICE, useValue: { name, config } satisfies ServiceIdentity },
        { provide: Clock, useFactory: () => (config.MODE === 'sandbox' ? new MovableClock() : new SystemClock()) },
        Readiness,
        Idleness,
      ],
      exports: [SERVICE, Clock, Readiness, Idleness],
    };
  }
}
