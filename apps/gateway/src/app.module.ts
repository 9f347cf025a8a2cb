import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { PlatformModule } from '@slotmesh/platform';
import { RouteCensus } from '@slotmesh/security';
import { ClockController } from './clock/clock.controller';
import { GATEWAY_CONFIG, type GatewayConfig } from './config';
import { DocumentsController } from './documents/documents.controller';
import { ServiceDocuments } from './documents/service-documents';
import { NetworkHealth } from './network-health/network-health';
import { NetworkHealthController } from './network-health/network-health.controller';
import { RoutingModule } from './routing/routing.module';
import { SignInModule } from './sign-in/sign-in.module';

@Global()
@Module({})
class GatewayConfigModule {
  static forRoot(config: GatewayConfig): DynamicModule {
    return { module: GatewayConfigModule, providers: [{ provide: GATEWAY_CONFIG, useValue: config }], exports: [GATEWAY_CONFIG] };
  }
}

@Module({})
export class AppModule {
  static forRoot(config: GatewayConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [PlatformModule.forRoot('gateway', config), GatewayConfigModule.forRoot(config), DiscoveryModule, SignInModule, RoutingModule],
      controllers: [ClockController, NetworkHealthController, DocumentsController],
      providers: [NetworkHealth, ServiceDocuments, RouteCensus],
    };
  }
}
