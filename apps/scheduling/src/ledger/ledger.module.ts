import { Injectable, Module } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { OpeningsModule } from '../openings/openings.module';
import { CalendarRepository } from '../openings/persistence/calendar.repository';
import { FollowSharedDays } from './commands/follow-shared-days';
import { PostToLedger } from './commands/post-to-ledger';
import { LedgerConsumer } from './ledger.consumer';
import { LedgerController } from './ledger.controller';
import { LedgerRepository } from './persistence/ledger.repository';
import { ReciprocityTermsRepository } from './persistence/reciprocity-terms.repository';
import { SharedDayRepository } from './persistence/shared-day.repository';
import { ReadLedger } from './queries/read-ledger';
import { ReadReciprocity } from './queries/read-reciprocity';

/** Looks at dates whose shared time may have changed. */
@Injectable()
class SharedDaySweeper extends Sweeper {
  constructor(tools: SweepTools, follow: FollowSharedDays) {
    super(tools, { name: 'shared-days', work: () => follow.execute(), nextDue: (sql) => follow.nextDue(sql), pollMs: 1_000 });
  }
}

/** What partners offer each other and what becomes of it, in minutes of appointment time: made of events alone, in no booking's way. */
@Module({
  imports: [OpeningsModule],
  controllers: [LedgerController, LedgerConsumer],
  providers: [CalendarRepository, LedgerRepository, SharedDayRepository, ReciprocityTermsRepository, PostToLedger, FollowSharedDays, ReadLedger, ReadReciprocity, SharedDaySweeper],
})
export class LedgerModule {}
