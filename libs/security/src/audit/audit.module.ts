import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AuditSealer } from './audit-sealer';
import { auditController } from './audit.controller';
import { FindAuditEntries } from './find-audit-entries';
import { RefusalAudit, RefusedAttempts } from './refused-attempts';

/** The sealer and the readers of a service's audit: `AuditModule.forRoot('reminders')` beside PlatformModule, DatabaseModule and SecurityModule. */
@Global()
@Module({})
export class AuditModule {
  static forRoot(service: string): DynamicModule {
    return { module: AuditModule, controllers: [auditController(service)], providers: [AuditSealer, FindAuditEntries, RefusalAudit, RefusedAttempts], exports: [AuditSealer, RefusalAudit, RefusedAttempts] };
  }
}
