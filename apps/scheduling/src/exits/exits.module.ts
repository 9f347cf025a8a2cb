import { type DynamicModule, Module } from '@nestjs/common';
import { AgreementsModule } from '../agreements/agreements.module';
import { BeginExit } from './commands/begin-exit';
import { LeavePartnership } from './commands/leave-partnership';
import { SettleExit } from './commands/settle-exit';
import { ExitPlansController } from './exit-plans.controller';
import { ExitSweeper } from './exit.sweeper';
import { ExitPlanRepository } from './persistence/exit-plan.repository';
import { ExportData } from './queries/export-data';

@Module({})
export class ExitsModule {
  static with(patients: DynamicModule, appointments: DynamicModule): DynamicModule {
    return {
      module: ExitsModule, imports: [AgreementsModule, patients, appointments], controllers: [ExitPlansController],
      providers: [ExitPlanRepository, BeginExit, SettleExit, LeavePartnership, ExportData, ExitSweeper],
    };
  }
}
