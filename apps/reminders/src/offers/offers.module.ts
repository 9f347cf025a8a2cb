import { Module } from '@nestjs/common';
import { RequestOfferMessage } from './commands/request-offer-message';
import { OfferConsumer } from './offer.consumer';

@Module({ controllers: [OfferConsumer], providers: [RequestOfferMessage] })
export class OffersModule {}
