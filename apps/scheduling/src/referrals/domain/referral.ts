import type { ReferralSnapshot } from '@slotmesh/contracts';
import { type AgreementId, type AppointmentId, type Instant, type LocalDate, localDateOf, type PatientId, type PracticeId, type ReferralId, type ServiceCode, type Zone } from '@slotmesh/kernel';
import type { Agreement } from '../../agreements/domain/share-rule';
import { nextDue, type Urgency } from './due-times';
import { AuthorisationExpired } from './referral.errors';
import { type Doer, type ReferralStatus, type ReferralStep, type Side, statusAfter } from './transitions';

/** Who cares for the patient where no practice of the partnership does, and how to reach them. */
export interface OutsidePlace {
  readonly name: string;
  readonly phone: string | null;
  readonly fax: string | null;
  readonly email: string | null;
  readonly address: string | null;
}
/** What the patient was shown, in the order shown, and took; null is the place outside. The patient may also name one that was not shown. */
export interface PatientChoice {
  readonly shown: readonly PracticeId[];
  readonly chosen: PracticeId | null;
  readonly at: Instant;
}

/** A patient on the way from one practice to another and back, or to a place outside. What was written is sealed; who the patient is stands in the patients' tables. */
export interface Referral {
  readonly id: ReferralId;
  readonly version: number;
  readonly status: ReferralStatus;
  readonly sender: PracticeId;
  /** Null: a place outside the network. */
  readonly receiver: PracticeId | null;
  readonly outside: OutsidePlace | null;
  /** Under which the receiver was told of the patient. */
  readonly agreement: AgreementId | null;
  readonly patient: PatientId;
  readonly receiverPatient: PatientId | null;
  readonly service: ServiceCode;
  readonly urgency: Urgency;
  readonly needsAuthorisation: boolean;
  readonly authorisationExpires: LocalDate | null;
  readonly declineCode: ReferralSnapshot['declineCode'];
  readonly choice: PatientChoice | null;
  readonly appointment: AppointmentId | null;
  readonly visitAt: Instant | null;
  readonly zone: Zone;
  readonly sentAt: Instant;
  readonly sentBy: string;
  readonly since: Instant;
  readonly dueAt: Instant | null;
  readonly waitsFor: Side | null;
  /** The referral's own key, wrapped for each side's record of the patient: who erases the record can no longer read. */
  readonly keys: { readonly sender: string; readonly receiver: string | null };
  readonly sealed: { readonly letter: string; readonly authorisation: string | null; readonly answer: string | null; readonly note: string | null };
}

/** What a step brings with it. */
export type Brought = Partial<Pick<Referral, 'authorisationExpires' | 'declineCode' | 'appointment' | 'visitAt'>> & { readonly sealed?: Partial<Referral['sealed']> };

/** One named step on, or back where a visit was missed: then its due time begins anew. Throws ReferralStepNotAllowed, OtherSideDecides. */
export function take(before: Referral, step: ReferralStep, doer: Doer, now: Instant, { sealed, ...brought }: Brought = {}): Referral {
  const status = statusAfter(step, steppable(before), doer);
  // Why not anew: a new authorisation changes nothing about when the visit and its outcome are due.
  const since = step === 'authorise' && status === 'scheduled' ? before.since : now;
  return withDueTime({ ...before, ...brought, ...(step === 'miss' ? { appointment: null, visitAt: null } : {}), sealed: { ...before.sealed, ...sealed }, status, since }, now);
}

/** Its next due time by what it waits for at `now`. */
export function withDueTime(referral: Referral, now: Instant): Referral {
  const next = nextDue({ ...referral, authorised: isAuthorised(referral), expired: hasRunOut(referral, now) });
  return { ...referral, dueAt: next?.dueAt ?? null, waitsFor: next?.waitsFor ?? null };
}

/** Whose turn it is at `now`: once the authorisation has run out nothing can be booked, and the receiver has to record a new one. The list asks the same (ReferralRepository). */
export const waitsForAt = (referral: Referral, now: Instant): Side | null => (referral.status === 'authorised' && referral.receiver !== null && hasRunOut(referral, now) ? 'receiver' : referral.waitsFor);

const hasRunOut = ({ authorisationExpires, zone }: Referral, now: Instant): boolean => authorisationExpires !== null && authorisationExpires < localDateOf(now, zone);
export const isAuthorised = ({ authorisationExpires }: Referral): boolean => authorisationExpires !== null;
export const steppable = (referral: Referral) => ({ ...referral, authorised: isAuthorised(referral) });
export const sideOf = (referral: Referral, practice: PracticeId): Side => (practice === referral.sender ? 'sender' : 'receiver');

/** An authorisation that was given covers visits up to its last day, by the calendar of the place. Throws AuthorisationExpired. */
export function requireCovered(referral: Referral, visitAt: Instant, zone: Zone): void {
  const { authorisationExpires: last } = referral;
  if (last !== null && localDateOf(visitAt, zone) > last) throw new AuthorisationExpired(last);
}

/** The agreement in force that joins two practices, the newest first; null: none does. */
export function joining(agreements: readonly Agreement[], one: PracticeId, other: PracticeId, now: Instant): Agreement | null {
  const joined = agreements.filter(({ practices, from, until }) => practices.includes(one) && practices.includes(other) && from <= now && (until === null || now < until));
  return joined.reduce<Agreement | null>((newest, agreement) => (newest === null || agreement.version > newest.version ? agreement : newest), null);
}
