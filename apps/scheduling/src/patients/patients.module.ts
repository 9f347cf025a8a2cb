import { type DynamicModule, Module } from '@nestjs/common';
import { RegisterPatient } from './commands/register-patient';
import { TellRepresentatives } from './commands/tell-representatives';
import { UpdatePatient } from './commands/update-patient';
import { HostRecords } from './host-records';
import { PatientKeysController } from './patient-keys.controller';
import { PatientVault } from './patient-vault';
import { PatientsController } from './patients.controller';
import { PersonsController } from './persons.controller';
import { PatientRepository } from './persistence/patient.repository';
import { ReadPatientKey } from './queries/read-patient-key';
import { ReadPatients } from './queries/read-patients';
import { RepresentativeSweeper } from './representative.sweeper';
import { Representatives } from './representatives';
import { RepresentativesController } from './representatives.controller';
import { VisitReasons } from './visit-reasons';
import { WaitingModule } from '../waitlist/waiting.module';

/** `HostRecords` is what a booking across practices needs of patients. */
@Module({})
export class PatientsModule {
  static forRoot(keys: { readonly MASTER_KEY: Buffer; readonly INDEX_KEY: Buffer }): DynamicModule {
    return {
      module: PatientsModule,
      imports: [WaitingModule],
      controllers: [PatientsController, RepresentativesController, PersonsController, PatientKeysController],
      providers: [{ provide: PatientVault, useFactory: () => new PatientVault(keys.MASTER_KEY, keys.INDEX_KEY) }, PatientRepository, RegisterPatient, UpdatePatient, ReadPatients, Representatives, HostRecords, ReadPatientKey, VisitReasons, TellRepresentatives, RepresentativeSweeper],
      exports: [PatientVault, PatientRepository, HostRecords, VisitReasons, ReadPatients],
    };
  }
}
