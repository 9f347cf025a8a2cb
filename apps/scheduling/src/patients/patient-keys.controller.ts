import { Controller, Get } from '@nestjs/common';
import { patientId } from '@slotmesh/contracts';
import type { PatientId } from '@slotmesh/kernel';
import { ZodParam } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import { ReadPatientKey } from './queries/read-patient-key';

@Controller('api/scheduling/v1/patient-keys')
export class PatientKeysController {
  constructor(private readonly readKey: ReadPatientKey) {}

  /** A patient's data key as base64, for services only. 404: unknown; 410 `patient-erased`: what it sealed can no longer be read. */
  @Get(':patient')
  @Permits('service')
  async read(@CurrentCaller() caller: Caller, @ZodParam('patient', patientId) patient: PatientId): Promise<{ key: string }> {
    return { key: (await this.readKey.execute(caller.actor, patient)).toString('base64') };
  }
}
