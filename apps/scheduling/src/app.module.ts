import { type DynamicModule, Global, Module } from '@nestjs/common';
import { MessagingModule } from '@slotmesh/messaging';
import { DatabaseModule, PlatformModule } from '@slotmesh/platform';
import { AuditModule, SecurityModule, SubjectDirectory } from '@slotmesh/security';
import { AbsencesModule } from './absences/absences.module';
import { AgreementsModule } from './agreements/agreements.module';
import { AppointmentsModule } from './appointments/appointments.module';
import { ApprovalsModule } from './approvals/approvals.module';
import { MarksModule } from './marks/marks.module';
import { AvailabilityModule } from './availability/availability.module';
import { CalendarModule } from './calendar/calendar.module';
import { ChangesModule } from './changes/changes.module';
import { CompletedVisitsModule } from './completed-visits/completed-visits.module';
import { SCHEDULING_CONFIG, type SchedulingConfig } from './config';
import { DecisionsModule } from './decisions/decisions.module';
import { DisputesModule } from './disputes/disputes.module';
import { EmergencyAccessModule } from './emergency-access/emergency-access.module';
import { DisclosuresModule } from './disclosures/disclosures.module';
import { RestrictionsModule } from './disclosures/restrictions.module';
import { ExitsModule } from './exits/exits.module';
import { FhirModule } from './fhir/fhir.module';
import { GroupSessionsModule } from './group-sessions/group-sessions.module';
import { HoldsModule } from './holds/holds.module';
import { HttpModule } from './http/http.module';
import { LedgerModule } from './ledger/ledger.module';
import { NoticesModule } from './notices/notices.module';
import { OpeningsModule } from './openings/openings.module';
import { PartnershipsModule } from './partnerships/partnerships.module';
import { PatientPageModule } from './patient-page/patient-page.module';
import { PatientsModule } from './patients/patients.module';
import { PoliciesModule } from './policies/policies.module';
import { PracticesModule } from './practices/practices.module';
import { PublicationModule } from './publication/publication.module';
import { ReferralsModule } from './referrals/referrals.module';
import { SeriesModule } from './series/series.module';
import { VisitChainsModule } from './visit-chains/visit-chains.module';
import { LocalSubjectDirectory } from './staff/local-subject-directory';
import { AccessModule } from './access/access.module';
import { SearchesModule } from './searches/searches.module';
import { SupplyModule } from './supply/supply.module';
import { WaitlistModule } from './waitlist/waitlist.module';
import { WebhooksModule } from './webhooks/webhooks.module';
import { RevisionsModule } from './revisions/revisions.module';
import { StandardsModule } from './standards/standards.module';
import { StaffModule } from './staff/staff.module';
import { localDeputyDirectory } from './staff-access/local-deputy-directory';
import { StaffAccessModule } from './staff-access/staff-access.module';
import { StatementsModule } from './statements/statements.module';

@Global()
@Module({})
class ConfigModule {
  static forRoot(config: SchedulingConfig): DynamicModule {
    return { module: ConfigModule, providers: [{ provide: SCHEDULING_CONFIG, useValue: config }], exports: [SCHEDULING_CONFIG] };
  }
}

@Module({})
export class AppModule {
  static forRoot(config: SchedulingConfig): DynamicModule {
    const patients = PatientsModule.forRoot(config);
    const referrals = ReferralsModule.with(patients);
    const appointments = AppointmentsModule.with(patients, referrals);
    const completedVisits = CompletedVisitsModule.with(patients);
    const waitlist = WaitlistModule.with(patients, appointments);
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config),
        PlatformModule.forRoot('scheduling', config),
        DatabaseModule.forRoot('scheduling', config),
        SecurityModule.forRoot(config, { provide: SubjectDirectory, useClass: LocalSubjectDirectory }, localDeputyDirectory),
        MessagingModule.forRoot('scheduling', config),
        AuditModule.forRoot('scheduling'),
        HttpModule,
        StaffModule,
        StaffAccessModule,
        patients,
        PoliciesModule.with(patients),
        RestrictionsModule,
        DisclosuresModule.with(patients, waitlist),
        MarksModule.with(patients),
        OpeningsModule,
        HoldsModule,
        GroupSessionsModule,
        referrals,
        appointments,
        ApprovalsModule.with(appointments),
        waitlist,
        SeriesModule.with(appointments),
        VisitChainsModule.with(appointments),
        RevisionsModule.with(appointments, waitlist),
        PatientPageModule.with(config, patients, appointments, waitlist),
        PracticesModule,
        AvailabilityModule,
        AbsencesModule.with(patients, appointments, waitlist),
        CalendarModule.with(patients),
        ChangesModule,
        PartnershipsModule,
        AgreementsModule,
        DecisionsModule,
        DisputesModule,
        StandardsModule,
        EmergencyAccessModule.with(patients),
        ExitsModule.with(patients, appointments),
        StatementsModule,
        LedgerModule,
        SupplyModule,
        AccessModule,
        SearchesModule,
        completedVisits,
        FhirModule.with(patients, appointments, referrals, completedVisits),
        PublicationModule,
        WebhooksModule.with(patients),
        NoticesModule,
      ],
    };
  }
}
