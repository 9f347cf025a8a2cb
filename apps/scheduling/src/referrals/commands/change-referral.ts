import { Injectable } from '@nestjs/common';
import type { PatientId, PracticeId, ReferralId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { requireVersion } from '../../shared/version-check';
import type { Referral } from '../domain/referral';
import { ReferralUnknown } from '../domain/referral.errors';
import type { Doer, ReferralStep } from '../domain/transitions';
import { ReferralRepository } from '../persistence/referral.repository';
import { statusChanged } from '../referral.events';

/** Brings a referral under lock, and keeps what a step made of it with its event and its audit row. */
@Injectable()
export class ChangeReferral {
  constructor(private readonly referrals: ReferralRepository) {}

  /** Throws ReferralUnknown, VersionChanged. */
  async locked(tx: Tx, id: ReferralId, version: number | null): Promise<Referral> {
    const referral = await this.referrals.lock(tx, id);
    if (!referral) throw new ReferralUnknown();
    requireVersion(referral.version, version);
    return referral;
  }

  async keep(tx: Tx, before: Referral, after: Referral, step: ReferralStep, doer: Doer): Promise<Referral> {
    const kept = await this.referrals.update(tx, after);
    tx.outbox.add(statusChanged(kept, before.status, doer, tx.actor.kind === 'worker' ? null : tx.actor.practice));
    tx.audit.record({ action: `referral.${step}`, entity: 'referral', entityId: kept.id, patient: recordAt(kept, tx.actor.practice), details: { status: kept.status } });
    return kept;
  }
}

/** The record of the patient at the practice that acts. */
export const recordAt = (referral: Referral, practice: PracticeId | null): PatientId => (practice === referral.receiver ? (referral.receiverPatient ?? referral.patient) : referral.patient);
