import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { DatabaseModule, PlatformModule } from '@slotmesh/platform';
import { RouteCensus } from '@slotmesh/security';
import { Activity } from './activity';
import { CarrierBell } from './carrier-bell';
import { ClockModule } from './clock/clock.module';
import { SANDBOX_CONFIG, type SandboxConfig } from './config';
import { MailboxModule } from './mailbox/mailbox.module';
import { OidcModule } from './oidc/oidc.module';
import { PageModule } from './page/page.module';
import { PhonesModule } from './phones/phones.module';
import { SandboxWork } from './sandbox-work';
import { TwilioModule } from './twilio/twilio.module';

@Global()
@Module({})
class CommonModule {
  static forRoot(config: SandboxConfig): DynamicModule {
    return {
      module: CommonModule,
      imports: [DiscoveryModule],
      providers: [{ provide: SANDBOX_CONFIG, useValue: config }, SandboxWork, Activity, CarrierBell, RouteCensus],
      exports: [SANDBOX_CONFIG, SandboxWork, Activity, CarrierBell],
    };
  }
}

/** The local stand-ins: Twilio, mail, sign-in, the clock that can be moved, and the page that shows them. */
@Module({})
export class AppModule {
  static forRoot(config: SandboxConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [PlatformModule.forRoot('sandbox', config), DatabaseModule.forRoot('sandbox', config), CommonModule.forRoot(config), TwilioModule, PhonesModule, MailboxModule, OidcModule, ClockModule, PageModule],
    };
  }
}
