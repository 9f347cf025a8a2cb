import { Module } from '@nestjs/common';
import { RecordConsent } from './commands/record-consent';
import { ConsentsController } from './consents.controller';
import { ListConsents } from './queries/list-consents';

@Module({ controllers: [ConsentsController], providers: [ListConsents, RecordConsent] })
export class ConsentsModule {}
