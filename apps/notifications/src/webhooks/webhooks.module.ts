import { Module } from '@nestjs/common';
import { StoreDeliveryReport } from './store-delivery-report';
import { StoreText } from './store-text';
import { TwilioController } from './twilio.controller';

@Module({ controllers: [TwilioController], providers: [StoreDeliveryReport, StoreText] })
export class WebhooksModule {}
