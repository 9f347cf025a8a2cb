import { Module } from '@nestjs/common';
import { EndOffer } from './commands/end-offer';
import { EndWaiting } from './commands/end-waiting';
import { WithdrawEntry } from './commands/withdraw-entry';
import { OfferRoundRepository } from './persistence/offer-round.repository';
import { OfferRepository } from './persistence/offer.repository';
import { WaitlistEntryRepository } from './persistence/waitlist-entry.repository';

const parts = [WaitlistEntryRepository, OfferRoundRepository, OfferRepository, EndOffer, WithdrawEntry, EndWaiting];
/** How waiting ends. Apart from the rest of the wait list, which needs patients: patients need this. */
@Module({ providers: parts, exports: parts })
export class WaitingModule {}
