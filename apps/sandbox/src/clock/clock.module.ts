import { Module } from '@nestjs/common';
import { AdvanceClock } from './advance-clock';
import { ClockController } from './clock.controller';
import { ClockRepository } from './clock.repository';
import { ClockWalker } from './clock-walker';
import { ClockMembers } from './members';

@Module({ controllers: [ClockController], providers: [AdvanceClock, ClockRepository, ClockWalker, ClockMembers] })
export class ClockModule {}
