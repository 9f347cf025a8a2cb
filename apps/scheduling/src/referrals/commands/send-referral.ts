import { Injectable } from '@nestjs/common';
import { type PatientId, type PracticeId, type ReferralId, type ServiceCode, newId, parseZone } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { AgreementRepository } from '../../agreements/persistence/agreement.repository';
import { HostRecords } from '../../patients/host-records';
import { PatientDeceased } from '../../appointments/domain/appointment.errors';
import { PatientErased, PatientUnknown } from '../../patients/patient.errors';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import type { Urgency } from '../domain/due-times';
import { type OutsidePlace, type Referral, joining, withDueTime } from '../domain/referral';
import { ReceiverNotJoined, ReceiverNotStaffed, ServiceNotOffered } from '../domain/referral.errors';
import { ReferralRepository } from '../persistence/referral.repository';
import type { Letter } from '../referral.body';
import { sent } from '../referral.events';
import { ReferralTexts } from '../referral-texts';
import { type ChoiceShown, choiceOf } from './record-choice';

export interface Sending {
  /** The sender's own patient. */
  readonly patient: PatientId;
  readonly to: { readonly practice: PracticeId } | { readonly outside: OutsidePlace };
  readonly service: ServiceCode;
  readonly urgency: Urgency;
  readonly letter: Letter;
  readonly needsAuthorisation: boolean;
  readonly choice: ChoiceShown | null;
}

/** Refers a patient to a partner, which gets its own minimal record of the patient, or to a place outside. Throws PatientUnknown, PatientErased, PatientDeceased, PatientRestricts, ReceiverNotJoined, ReceiverNotStaffed, ServiceNotOffered. */
@Injectable()
export class SendReferral {
  constructor(
    private readonly patients: PatientRepository,
    private readonly agreements: AgreementRepository,
    private readonly hostRecords: HostRecords,
    private readonly referrals: ReferralRepository,
    private readonly texts: ReferralTexts,
  ) {}

  async execute(tx: Tx, desk: { readonly practice: PracticeId; readonly subject: string }, sending: Sending): Promise<Referral> {
    const { practice } = desk;
    const patient = await this.patients.find(tx, sending.patient);
    if (!patient || patient.practice_id !== practice) throw new PatientUnknown();
    if (patient.wrapped_key === null) throw new PatientErased();
    if (patient.deceased) throw new PatientDeceased();
    const id = newId<ReferralId>();
    const receiver = 'practice' in sending.to ? await this.receiver(tx, id, practice, sending.to.practice, sending) : null;
    if (receiver === null) await requireService(tx, sending.service);
    const { key, keys } = await this.texts.newKey(tx, id, { practice, patient: sending.patient }, receiver);
    const receiving = receiver?.practice ?? null;
    const referral = withDueTime({
      id, version: 1, status: 'sent', sender: practice, receiver: receiving, outside: 'outside' in sending.to ? sending.to.outside : null, agreement: receiver?.agreement ?? null,
      patient: sending.patient, receiverPatient: receiver?.patient ?? null, service: sending.service, urgency: sending.urgency, needsAuthorisation: sending.needsAuthorisation, authorisationExpires: null, declineCode: null,
      choice: sending.choice === null ? null : choiceOf(receiving, sending.choice, tx.now), appointment: null, visitAt: null, zone: parseZone(await this.patients.practiceZone(tx, receiving ?? practice)),
      sentAt: tx.now, sentBy: desk.subject, since: tx.now, dueAt: null, waitsFor: null, keys,
      sealed: { letter: this.texts.seal(key, id, 'letter', JSON.stringify(sending.letter)), authorisation: null, answer: null, note: null },
    }, tx.now);
    await this.referrals.insert(tx, referral);
    tx.outbox.add(sent(referral));
    tx.audit.record({ action: 'referral.sent', entity: 'referral', entityId: id, patient: sending.patient, details: { receiver: receiving, service: sending.service } });
    return referral;
  }

  private async receiver(tx: Tx, id: ReferralId, sender: PracticeId, practice: PracticeId, { patient, service }: Sending) {
    const agreement = practice === sender ? null : joining(await this.agreements.of(tx, sender), sender, practice, tx.now);
    if (agreement === null) throw new ReceiverNotJoined();
    if (!(await this.referrals.isStaffed(tx, practice))) throw new ReceiverNotStaffed();
    if (!(await this.referrals.offers(tx, practice, service))) throw new ServiceNotOffered(service);
    return { practice, agreement: agreement.id, patient: await this.hostRecords.hostRecordFor(tx, { host: practice, agreement: agreement.id, patient, profile: 'referral-packet', because: { kind: 'referral', id } }) };
  }
}

async function requireService(tx: Tx, service: ServiceCode): Promise<void> {
  const [known] = await tx.query('SELECT 1 FROM service WHERE code = $1', [service]);
  if (!known) throw new z.ZodError([{ code: 'custom', path: ['service'], message: "must be a code of the partnership's catalogue", input: undefined }]);
}
