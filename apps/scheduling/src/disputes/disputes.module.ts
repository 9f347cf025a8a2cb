import { Module } from '@nestjs/common';
import { StandardsModule } from '../standards/standards.module';
import { GoOnWithDispute } from './commands/go-on-with-dispute';
import { OpenDispute } from './commands/open-dispute';
import { TellOverdueSteps } from './commands/tell-overdue-steps';
import { DisputeSweeper } from './dispute.sweeper';
import { DisputesController } from './disputes.controller';
import { DisputeRepository } from './persistence/dispute.repository';

@Module({ imports: [StandardsModule], controllers: [DisputesController], providers: [DisputeRepository, OpenDispute, GoOnWithDispute, TellOverdueSteps, DisputeSweeper] })
export class DisputesModule {}
