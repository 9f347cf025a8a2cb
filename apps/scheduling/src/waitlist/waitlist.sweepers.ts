import { Injectable } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { ExpireEntries } from './commands/expire-entries';
import { OfferReopened } from './commands/offer-reopened';
import { RunRounds } from './commands/run-rounds';
import { OfferRoundRepository } from './persistence/offer-round.repository';
import { ReopenedTimeRepository } from './persistence/reopened-time.repository';
import { WaitlistEntryRepository } from './persistence/waitlist-entry.repository';

/** Looks at the rounds of offers whose time has come. */
@Injectable()
export class OfferRoundSweeper extends Sweeper {
  constructor(tools: SweepTools, run: RunRounds, rounds: OfferRoundRepository) {
    super(tools, { name: 'offer-rounds', work: () => run.execute(), nextDue: (sql) => rounds.nextDue(sql) });
  }
}

/** Looks at time that is open again, so that rounds begin. */
@Injectable()
export class ReopenedTimeSweeper extends Sweeper {
  constructor(tools: SweepTools, offer: OfferReopened, reopened: ReopenedTimeRepository) {
    super(tools, { name: 'reopened-times', work: () => offer.execute(), nextDue: (sql) => reopened.nextDue(sql) });
  }
}

/** Takes off the list who waited until then. */
@Injectable()
export class WaitlistEntrySweeper extends Sweeper {
  constructor(tools: SweepTools, expire: ExpireEntries, entries: WaitlistEntryRepository) {
    super(tools, { name: 'waitlist-entries', work: () => expire.execute(), nextDue: (sql) => entries.nextExpiry(sql) });
  }
}
