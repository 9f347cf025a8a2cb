import { type DynamicModule, Global, Module } from '@nestjs/common';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig } from '../config';
import { IntakeKeys } from './intake-keys';
import { Mails } from './mails';
import { PageLinks } from './page-links';
import { PatientKeys } from './patient-keys';
import { ProviderBreakers } from './provider-breakers';
import { Texts } from './texts';
import { VisitOwners } from './visit-owners';

const PROVIDERS = [IntakeKeys, PatientKeys, VisitOwners, PageLinks, ProviderBreakers, Texts, Mails];

/** What lies outside: Twilio, SMTP, and scheduling's answers about visits and keys. */
@Global()
@Module({})
export class ProvidersModule {
  static forRoot(config: NotificationsConfig): DynamicModule {
    return { module: ProvidersModule, providers: [{ provide: NOTIFICATIONS_CONFIG, useValue: config }, ...PROVIDERS], exports: [NOTIFICATIONS_CONFIG, ...PROVIDERS] };
  }
}
