import { type DynamicModule, Module } from '@nestjs/common';
import { RefusalCounts } from '../shared/refusal-counts';
import { AcknowledgeEmergencyAccess } from './commands/acknowledge-emergency-access';
import { BeginEmergencyAccess } from './commands/begin-emergency-access';
import { EndEmergencyAccess } from './commands/end-emergency-access';
import { ReadInEmergency } from './commands/read-in-emergency';
import { WatchEmergencies } from './commands/watch-emergencies';
import { EmergencyAccessController } from './emergency-access.controller';
import { EmergencyAccessSweeper } from './emergency-access.sweeper';
import { EmergencyAccessRepository } from './persistence/emergency-access.repository';
import { ListEmergencyAccesses } from './queries/list-emergency-accesses';

@Module({})
export class EmergencyAccessModule {
  static with(patients: DynamicModule): DynamicModule {
    return {
      module: EmergencyAccessModule, imports: [patients], controllers: [EmergencyAccessController],
      providers: [EmergencyAccessRepository, BeginEmergencyAccess, WatchEmergencies, ReadInEmergency, EndEmergencyAccess, AcknowledgeEmergencyAccess, ListEmergencyAccesses, EmergencyAccessSweeper, RefusalCounts],
    };
  }
}
