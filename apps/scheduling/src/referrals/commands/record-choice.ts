import { Injectable } from '@nestjs/common';
import type { Instant, PracticeId, ReferralId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { type Referral, sideOf } from '../domain/referral';
import { OtherSideDecides } from '../domain/transitions';
import { ReferralRepository } from '../persistence/referral.repository';
import { ChangeReferral } from './change-referral';

export interface ChoiceShown {
  readonly shown: readonly PracticeId[];
  readonly at?: Instant | undefined;
}

/** Keeps which options the patient was shown, in which order, and that the referral goes where the patient wanted. Throws ReferralUnknown, OtherSideDecides. */
@Injectable()
export class RecordChoice {
  constructor(private readonly change: ChangeReferral, private readonly referrals: ReferralRepository) {}

  async execute(tx: Tx, practice: PracticeId, id: ReferralId, version: number | null, choice: ChoiceShown): Promise<Referral> {
    const before = await this.change.locked(tx, id, version);
    if (sideOf(before, practice) !== 'sender') throw new OtherSideDecides('sender');
    const after = await this.referrals.update(tx, { ...before, choice: choiceOf(before.receiver, choice, tx.now) });
    tx.audit.record({ action: 'referral.choice-recorded', entity: 'referral', entityId: id, patient: after.patient, details: { shown: choice.shown.length } });
    return after;
  }
}

/** Throws ZodError where the choice lies ahead. */
export function choiceOf(receiver: PracticeId | null, { shown, at = undefined }: ChoiceShown, now: Instant): NonNullable<Referral['choice']> {
  if (at !== undefined && at > now) throw new z.ZodError([{ code: 'custom', path: ['choice', 'at'], message: 'must not lie in the future', input: undefined }]);
  return { shown, chosen: receiver, at: at ?? now };
}
