import { Module } from '@nestjs/common';
import { ConsentsController } from './consents.controller';
import { ListConsents } from './list-consents';

@Module({ controllers: [ConsentsController], providers: [ListConsents] })
export class ConsentsModule {}
