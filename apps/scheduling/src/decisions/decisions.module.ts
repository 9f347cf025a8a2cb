import { Module } from '@nestjs/common';
import { FollowUp } from './commands/follow-up';
import { MoveDecision } from './commands/move-decision';
import { SettleDecisions } from './commands/settle-decisions';
import { TakePart } from './commands/take-part';
import { DecisionTasksController } from './decision-tasks.controller';
import { DecisionSweeper } from './decision.sweeper';
import { DecisionsController } from './decisions.controller';
import { DecisionRepository } from './persistence/decision.repository';
import { ReadDecisions } from './queries/read-decisions';

@Module({ controllers: [DecisionsController, DecisionTasksController], providers: [DecisionRepository, MoveDecision, TakePart, SettleDecisions, FollowUp, ReadDecisions, DecisionSweeper] })
export class DecisionsModule {}
