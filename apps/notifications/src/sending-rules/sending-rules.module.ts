import { Module } from '@nestjs/common';
import { SendingRulesController } from './sending-rules.controller';
import { SendingRulesOfPractice } from './sending-rules-of-practice';

@Module({ controllers: [SendingRulesController], providers: [SendingRulesOfPractice] })
export class SendingRulesModule {}
