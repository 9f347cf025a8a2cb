import { type DynamicModule, Module } from '@nestjs/common';
import { HoldsModule } from '../holds/holds.module';
import { OpeningsModule } from '../openings/openings.module';
import { StaffAccessModule } from '../staff-access/staff-access.module';
import { AcceptOffer } from './commands/accept-offer';
import { AddEntry } from './commands/add-entry';
import { EndRound } from './commands/end-round';
import { ExpireEntries } from './commands/expire-entries';
import { OfferReopened } from './commands/offer-reopened';
import { RoundHold } from './commands/round-hold';
import { RunRounds } from './commands/run-rounds';
import { TakeRound } from './commands/take-round';
import { OfferAnswersConsumer } from './offer-answers.consumer';
import { OfferRoundsController } from './offer-rounds.controller';
import { OffersController } from './offers.controller';
import { ReopenedTimeRepository } from './persistence/reopened-time.repository';
import { WaitingModule } from './waiting.module';
import { WaitlistAnswers } from './waitlist-answers';
import { WaitlistEntriesController } from './waitlist-entries.controller';
import { OfferRoundSweeper, ReopenedTimeSweeper, WaitlistEntrySweeper } from './waitlist.sweepers';

/** Who waits for an earlier time, and how times that are given back reach them. */
@Module({})
export class WaitlistModule {
  static with(patients: DynamicModule, appointments: DynamicModule): DynamicModule {
    return {
      module: WaitlistModule,
      imports: [WaitingModule, OpeningsModule, HoldsModule, StaffAccessModule, patients, appointments],
      controllers: [WaitlistEntriesController, OffersController, OfferRoundsController, OfferAnswersConsumer],
      providers: [WaitlistAnswers, AddEntry, RoundHold, EndRound, RunRounds, AcceptOffer, TakeRound, ReopenedTimeRepository, OfferReopened, ExpireEntries, OfferRoundSweeper, ReopenedTimeSweeper, WaitlistEntrySweeper],
      exports: [WaitingModule, AcceptOffer, EndRound],
    };
  }
}
