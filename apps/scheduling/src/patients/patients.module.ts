import { type DynamicModule, Module } from '@nestjs/common';
import { RegisterPatient } from './commands/register-patient';
import { HostRecords } from './host-records';
import { PatientKeysController } from './patient-keys.controller';
import { PatientVault } from './patient-vault';
import { PatientRepository } from './persistence/patient.repository';
import { VisitReasons } from './visit-reasons';
import { ReadPatientKey } from './queries/read-patient-key';

/** `HostRecords` is what a booking across practices needs of patients. */
@Module({})
export class PatientsModule {
  static forRoot(keys: { readonly MASTER_KEY: Buffer; readonly INDEX_KEY: Buffer }): DynamicModule {
    return {
      module: PatientsModule,
      controllers: [PatientKeysController],
      providers: [{ provide: PatientVault, useFactory: () => new PatientVault(keys.MASTER_KEY, keys.INDEX_KEY) }, PatientRepository, RegisterPatient, HostRecords, ReadPatientKey, VisitReasons],
      exports: [PatientVault, PatientRepository, HostRecords, VisitReasons],
    };
  }
}
