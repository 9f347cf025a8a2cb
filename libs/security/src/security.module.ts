import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AccessGuard, SERVICE_CLIENT_IDS } from './access.guard';
import { DeputyDirectory, RemoteDeputyDirectory } from './deputy-directory';
import { DeskReadings } from './desk-readings';
import { RouteCensus } from './route-census';
import { type ClientCredentials, ServiceClient, ServiceTokens } from './service-client';
import { RemoteSubjectDirectory, SubjectDirectory } from './subject-directory';
import { TokenVerifier, type TokenSettings } from './token-verifier';

export type SecuritySettings = TokenSettings & ClientCredentials & { readonly SCHEDULING_URL: string; readonly SERVICE_CLIENT_IDS: readonly string[] };

/** Tokens, permissions and the way to ask other services. Scheduling gives its own directories; everybody else asks scheduling. */
@Global()
@Module({})
export class SecurityModule {
  static forRoot(settings: SecuritySettings, directory?: Provider<SubjectDirectory>, deputies?: Provider<DeputyDirectory>): DynamicModule {
    return {
      module: SecurityModule,
      imports: [DiscoveryModule],
      providers: [
        { provide: TokenVerifier, useFactory: () => new TokenVerifier(settings) },
        { provide: ServiceTokens, useFactory: () => new ServiceTokens(settings) },
        // The client for questions to scheduling.
        { provide: ServiceClient, inject: [ServiceTokens], useFactory: (tokens: ServiceTokens) => new ServiceClient(settings.SCHEDULING_URL, tokens) },
        directory ?? { provide: SubjectDirectory, inject: [ServiceClient], useFactory: (scheduling: ServiceClient) => new RemoteSubjectDirectory(scheduling) },
        deputies ?? { provide: DeputyDirectory, inject: [ServiceClient], useFactory: (scheduling: ServiceClient) => new RemoteDeputyDirectory(scheduling) },
        { provide: DeskReadings, inject: [ServiceClient], useFactory: (scheduling: ServiceClient) => new DeskReadings(scheduling) },
        { provide: SERVICE_CLIENT_IDS, useValue: new Set(settings.SERVICE_CLIENT_IDS) },
        { provide: APP_GUARD, useClass: AccessGuard },
        RouteCensus,
      ],
      exports: [TokenVerifier, ServiceTokens, ServiceClient, SubjectDirectory, DeputyDirectory, DeskReadings, RouteCensus],
    };
  }
}
