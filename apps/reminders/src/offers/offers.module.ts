import { Module } from '@nestjs/common';
import { CallListModule } from '../call-list/call-list.module';
import { RequestOfferMessage } from './commands/request-offer-message';
import { OfferConsumer } from './offer.consumer';

@Module({ imports: [CallListModule], controllers: [OfferConsumer], providers: [RequestOfferMessage] })
export class OffersModule {}
