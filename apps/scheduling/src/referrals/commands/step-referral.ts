import { Injectable } from '@nestjs/common';
import { type PracticeId, type ReferralId, localDateOf } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { PatientErased } from '../../patients/patient.errors';
import { type Brought, type Referral, requireCovered, sideOf, take } from '../domain/referral';
import type { ReferralStep } from '../domain/transitions';
import { ReferralTexts, type WrittenField } from '../referral-texts';
import { ChangeReferral } from './change-referral';

export interface StepRequest {
  readonly id: ReferralId;
  readonly step: ReferralStep;
  readonly version: number | null;
  readonly brought?: Omit<Brought, 'sealed' | 'appointment'>;
  /** What is written with the step, for both sides' eyes. */
  readonly written?: { readonly field: Exclude<WrittenField, 'letter'>; readonly text: string };
}

/** The named steps of a referral that a desk takes. Throws ReferralUnknown, ReferralStepNotAllowed, OtherSideDecides, AuthorisationExpired, PatientErased. */
@Injectable()
export class StepReferral {
  constructor(private readonly change: ChangeReferral, private readonly texts: ReferralTexts) {}

  async execute(tx: Tx, practice: PracticeId, { id, step, version, brought = {}, written }: StepRequest): Promise<Referral> {
    const before = await this.change.locked(tx, id, version);
    const side = sideOf(before, practice);
    const after = take(before, step, side, tx.now, brought);
    if (step === 'authorise') requireAhead(after, localDateOf(tx.now, after.zone));
    if (after.visitAt !== null && after.status === 'scheduled') requireCovered(after, after.visitAt, after.zone);
    const sealed = written === undefined ? {} : { [written.field]: await this.seal(tx, before, practice, written.field, written.text) };
    return this.change.keep(tx, before, { ...after, sealed: { ...after.sealed, ...sealed } }, step, side);
  }

  private async seal(tx: Tx, referral: Referral, practice: PracticeId, field: WrittenField, text: string): Promise<string> {
    const key = await this.texts.keyOf(tx, referral, practice);
    if (key === null) throw new PatientErased();
    return this.texts.seal(key, referral.id, field, text);
  }
}

function requireAhead({ authorisationExpires }: Referral, today: string): void {
  if (authorisationExpires !== null && authorisationExpires >= today) return;
  throw new z.ZodError([{ code: 'custom', path: ['expires'], message: 'must not lie in the past', input: undefined }]);
}
