import { type DynamicModule, Module } from '@nestjs/common';
import { EndRestriction } from './commands/end-restriction';
import { RestrictSharing } from './commands/restrict-sharing';
import { DisclosuresController } from './disclosures.controller';
import { DisclosureRepository } from './persistence/disclosure.repository';
import { ReadDisclosures } from './queries/read-disclosures';
import { ReadRestrictions } from './queries/read-restrictions';
import { RestrictionsController } from './restrictions.controller';

@Module({})
export class DisclosuresModule {
  /** `patients` gives the vault and PatientRepository, `waitlist` EndOffer and the rounds. */
  static with(patients: DynamicModule, waitlist: DynamicModule): DynamicModule {
    return { module: DisclosuresModule, imports: [patients, waitlist], controllers: [RestrictionsController, DisclosuresController], providers: [DisclosureRepository, ReadDisclosures, RestrictSharing, EndRestriction, ReadRestrictions] };
  }
}
