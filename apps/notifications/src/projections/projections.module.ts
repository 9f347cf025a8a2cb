import { Module } from '@nestjs/common';
import { AppointmentsConsumer } from './appointments.consumer';
import { OffersConsumer } from './offers.consumer';
import { PatientsConsumer } from './patients.consumer';
import { RecallsConsumer } from './recalls.consumer';
import { ReferencesConsumer } from './references.consumer';

/** What other services publish, as far as a message needs it. */
@Module({ controllers: [ReferencesConsumer, PatientsConsumer, AppointmentsConsumer, OffersConsumer, RecallsConsumer] })
export class ProjectionsModule {}
