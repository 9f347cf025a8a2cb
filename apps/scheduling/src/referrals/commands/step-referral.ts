import { Injectable } from '@nestjs/common';
import { DAY, type Instant, type PracticeId, type ReferralId, localDateOf, plusMs } from '@slotmesh/kernel';
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
    if (brought.visitAt != null) requireNear(brought.visitAt, before, tx.now);
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

const YEAR = 366 * DAY;
/** Outside the network nobody's calendar says which times there are: what no person means is a slip of the pen, and its due time would be far from any. */
function requireNear(start: Instant, { sentAt }: Referral, now: Instant): void {
  if (start >= plusMs(sentAt, -YEAR) && start <= plusMs(now, 2 * YEAR)) return;
  throw new z.ZodError([{ code: 'custom', path: ['start'], message: 'must lie between a year before the referral was sent and two years from now', input: undefined }]);
}

function requireAhead({ authorisationExpires }: Referral, today: string): void {
  if (authorisationExpires !== null && authorisationExpires >= today) return;
  throw new z.ZodError([{ code: 'custom', path: ['expires'], message: 'must not lie in the past', input: undefined }]);
}
