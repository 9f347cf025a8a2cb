import { Module } from '@nestjs/common';
import { ChangeSweeper } from './change-sweeper';
import { ChangesController } from './changes.controller';
import { LiveChanges } from './live-changes';
import { ChangeRepository } from './persistence/change.repository';

/** What a desk's screen is told of without asking. */
@Module({ controllers: [ChangesController], providers: [ChangeRepository, LiveChanges, ChangeSweeper] })
export class ChangesModule {}
