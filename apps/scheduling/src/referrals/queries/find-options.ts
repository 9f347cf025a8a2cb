import { Injectable } from '@nestjs/common';
import { DAY, type PatientId, type PracticeId, type ServiceCode, plusMs } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { AgreementRepository } from '../../agreements/persistence/agreement.repository';
import type { DistanceFrom } from '../../openings/domain/place-and-time';
import { FindOpenings, type FoundOpening } from '../../openings/queries/find-openings';
import { RestrictionRepository } from '../../disclosures/persistence/restriction.repository';
import { PatientUnknown } from '../../patients/patient.errors';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { type Choosable, inOrderOfChoice } from '../domain/options';
import { joining } from '../domain/referral';
import { ReferralRepository } from '../persistence/referral.repository';

export interface ReferralOption extends Choosable {
  readonly opening: FoundOpening | null;
}
/** How far ahead a soonest opening is looked for. */
const AHEAD_DAYS = 90;

/** The partners that give a service under an agreement in force, each with its soonest opening, in an order that only time, distance and name decide. */
@Injectable()
export class FindOptions {
  constructor(private readonly agreements: AgreementRepository, private readonly referrals: ReferralRepository, private readonly openings: FindOpenings, private readonly patients: PatientRepository, private readonly restrictions: RestrictionRepository) {}

  /** With `patient`, times at which the patient has another visit are left out, and so are partners to whom the patient restricts sharing. Throws PatientUnknown. */
  async execute(tx: Tx, sender: PracticeId, asked: { readonly service: ServiceCode; readonly near?: DistanceFrom | undefined; readonly patient?: PatientId | undefined }): Promise<ReferralOption[]> {
    const { service, near, patient } = asked;
    if (patient !== undefined) await this.requireOwn(tx, sender, patient, service);
    const { now } = tx;
    const restricted = patient === undefined ? null : await this.restrictions.restrictedTo(tx, patient);
    const agreements = await this.agreements.of(tx, sender);
    const partners = (await this.referrals.offering(tx, service)).filter(({ id }) => id !== sender && joining(agreements, sender, id, now) !== null && !restricted?.(id));
    const options: ReferralOption[] = [];
    for (const { id, name } of partners) {
      const search = { service, practice: id, range: { start: now, end: plusMs(now, AHEAD_DAYS * DAY) }, limit: 1, ...(near ? { near } : {}), ...(patient ? { patient } : {}) };
      const opening = (await this.openings.execute(tx, sender, search, now)).openings[0] ?? null;
      options.push({ practice: id, name, soonest: opening?.start ?? null, kilometres: opening?.kilometres ?? null, opening });
    }
    return inOrderOfChoice(options);
  }

  private async requireOwn(tx: Tx, sender: PracticeId, patient: PatientId, service: ServiceCode): Promise<void> {
    if ((await this.patients.find(tx, patient))?.practice_id !== sender) throw new PatientUnknown();
    tx.audit.record({ action: 'referral.options-read', entity: 'patient', entityId: patient, patient, details: { service } });
  }
}
