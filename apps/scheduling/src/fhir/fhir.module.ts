import { type DynamicModule, Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ERROR_FORM } from '@slotmesh/platform';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { HoldsModule } from '../holds/holds.module';
import { OpeningsModule } from '../openings/openings.module';
import { FhirAppointmentController } from './appointment.controller';
import { FhirAppointmentOperationsController } from './appointment-operations.controller';
import { BookByOperation } from './commands/book-by-operation';
import { CancelByResource } from './commands/cancel-by-resource';
import { FhirEncounterController } from './encounter.controller';
import { fhirErrors } from './fhir-errors';
import { FhirPages } from './fhir-pages';
import { FhirHealthcareServiceController } from './healthcare-service.controller';
import { FhirLocationController } from './location.controller';
import { FhirMetadataController } from './metadata.controller';
import { FhirOrganizationController } from './organization.controller';
import { FhirPatientController } from './patient.controller';
import { DirectoryRepository } from './persistence/directory.repository';
import { FhirPractitionerController } from './practitioner.controller';
import { FhirPractitionerRoleController } from './practitioner-role.controller';
import { FreeOpenings } from './queries/free-openings';
import { ReadAppointment } from './queries/read-appointment';
import { FhirScheduleController } from './schedule.controller';
import { SmartConfigurationController } from './smart-configuration.controller';
import { FhirServiceRequestController } from './service-request.controller';
import { FhirSlotController } from './slot.controller';

/** The network in the words of FHIR R4, below /fhir/R4: a translation, with no way of its own to anybody's time. */
@Module({})
export class FhirModule {
  constructor(host: HttpAdapterHost<FastifyAdapter>) {
    const fastify = host.httpAdapter?.getInstance();
    // Why asked: where only documents are made, nothing listens.
    if (fastify && !fastify.hasContentTypeParser('application/fhir+json')) fastify.addContentTypeParser('application/fhir+json', { parseAs: 'string' }, fastify.getDefaultJsonParser('error', 'error'));
  }

  static with(patients: DynamicModule, appointments: DynamicModule, referrals: DynamicModule, completedVisits: DynamicModule): DynamicModule {
    return {
      module: FhirModule,
      imports: [OpeningsModule, HoldsModule, patients, appointments, referrals, completedVisits],
      controllers: [
        FhirMetadataController, SmartConfigurationController, FhirOrganizationController, FhirLocationController, FhirPractitionerController, FhirPractitionerRoleController, FhirHealthcareServiceController, FhirScheduleController, FhirSlotController,
        FhirPatientController, FhirServiceRequestController, FhirEncounterController, FhirAppointmentOperationsController, FhirAppointmentController,
      ],
      providers: [{ provide: ERROR_FORM, useValue: fhirErrors }, FhirPages, DirectoryRepository, FreeOpenings, ReadAppointment, BookByOperation, CancelByResource],
    };
  }
}
