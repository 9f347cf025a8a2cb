import { Injectable } from '@nestjs/common';
import { type PatientId, type PracticeId, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { PatientVault } from '../../patients/patient-vault';
import { PatientErased, PatientUnknown } from '../../patients/patient.errors';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { EndOffer } from '../../waitlist/commands/end-offer';
import { OfferRoundRepository } from '../../waitlist/persistence/offer-round.repository';
import { NotAPartner, RestrictedAlready } from '../disclosure.errors';
import { type Restriction, RestrictionRepository } from '../persistence/restriction.repository';

export interface AskedFor {
  /** Null: all partners. */
  readonly practice: PracticeId | null;
  readonly reason: string | null;
}
export const placeOfReason = (id: string): string => `restriction:${id}`;

/** The patient asked that nothing about them goes to a partner (45 CFR 164.522(a)). What was given before stays there; open offers of its times end, and requests that it has not answered are withdrawn a moment later. Throws PatientUnknown, PatientErased, NotAPartner, RestrictedAlready. */
@Injectable()
export class RestrictSharing {
  constructor(
    private readonly patients: PatientRepository, private readonly vault: PatientVault, private readonly restrictions: RestrictionRepository, private readonly rounds: OfferRoundRepository, private readonly endOffer: EndOffer,
  ) {}

  /** As a worker: rounds of other hosts go on where their offers end. */
  async execute(tx: Tx, practice: PracticeId, patient: PatientId, { practice: to, reason }: AskedFor): Promise<Restriction> {
    if ((await this.patients.find(tx, patient))?.practice_id !== practice) throw new PatientUnknown();
    if (to !== null && !(await this.restrictions.isPartner(tx, practice, to))) throw new NotAPartner();
    await this.endOffers(tx, practice, patient, to);
    const record = await this.patients.lock(tx, patient);
    if (record?.practice_id !== practice) throw new PatientUnknown();
    if (record.wrapped_key === null) throw new PatientErased();
    const id = newId();
    const sealedReason = reason === null ? null : this.vault.sealForPractice(practice, await this.patients.practiceKey(tx, practice), placeOfReason(id), reason);
    const restriction: Restriction = { id, practice, patient, to, sealedReason, from: tx.now, setBy: tx.actor.subject, endedAt: null, endedBy: null };
    if (!(await this.restrictions.add(tx, restriction))) throw new RestrictedAlready();
    tx.audit.record({ action: 'patient.restricted', entity: 'patient', entityId: patient, patient, details: { restriction: id, to: to ?? 'all partners' } });
    return restriction;
  }

  /** Before the record of the patient is locked, as rounds and offers are everywhere (P1). One that is made at this very moment is refused when somebody says yes. */
  private async endOffers(tx: Tx, practice: PracticeId, patient: PatientId, to: PracticeId | null): Promise<void> {
    const open = await this.restrictions.openOffersAcross(tx, practice, patient, to);
    for (const { round } of open) await this.rounds.lock(tx, round);
    const still = new Set((await this.restrictions.openOffersAcross(tx, practice, patient, to)).map(({ offer }) => offer));
    for (const { offer } of open) if (still.has(offer)) await this.endOffer.execute(tx, offer, { state: 'withdrawn', answer: null });
  }
}
