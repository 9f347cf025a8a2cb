import { Injectable } from '@nestjs/common';
import { type AppointmentId, type Instant, type PatientId, type PracticeId, type WaitlistEntryId, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { PatientDeceased } from '../../appointments/domain/appointment.errors';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { PatientErased, PatientUnknown } from '../../patients/patient.errors';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import type { Urgency } from '../domain/turn';
import { waitsUntil } from '../domain/waiting-time';
import { AlreadyWaiting, ReplacedVisitUnknown, WaitingOver } from '../domain/waitlist.errors';
import type { Wish } from '../domain/wish';
import { WaitlistEntryRepository } from '../persistence/waitlist-entry.repository';
import { type AnswersByVisitType, WaitlistAnswers } from '../waitlist-answers';
import type { OfferChannel, WaitlistEntry } from '../waitlist-entry';
import { entryAdded } from '../waitlist.events';

export interface NewEntry {
  readonly patient: PatientId;
  readonly wish: Wish;
  readonly urgency: Urgency;
  readonly channels: readonly OfferChannel[];
  readonly replaces: AppointmentId | null;
  readonly confidential: boolean;
  readonly answers: AnswersByVisitType;
  /** Null: as long as is usual. */
  readonly until: Instant | null;
}

/** Puts a patient of one's own practice on the wait list of a service. Throws PatientUnknown, PatientErased, PatientDeceased, AlreadyWaiting, ReplacedVisitUnknown, RedFlagRaised, AnswersRequired, AnswersDoNotFit, WaitingOver. */
@Injectable()
export class AddEntry {
  constructor(private readonly patients: PatientRepository, private readonly appointments: AppointmentRepository, private readonly entries: WaitlistEntryRepository, private readonly answers: WaitlistAnswers) {}

  async execute(tx: Tx, practice: PracticeId, { answers, ...wanted }: NewEntry): Promise<WaitlistEntry> {
    const patient = await this.patients.find(tx, wanted.patient);
    if (!patient || patient.practice_id !== practice) throw new PatientUnknown();
    if (patient.wrapped_key === null) throw new PatientErased();
    if (patient.deceased) throw new PatientDeceased();
    if (wanted.replaces) {
      const visit = await this.appointments.find(tx, wanted.replaces);
      if (visit?.booking !== practice || (visit.bookingPatient ?? visit.patient) !== wanted.patient || visit.start <= tx.now || visit.status !== 'booked') throw new ReplacedVisitUnknown();
    }
    const until = waitsUntil(wanted.until, wanted.wish.latest, tx.now);
    if (until <= tx.now) throw new WaitingOver();
    const id = newId<WaitlistEntryId>();
    const sealedAnswers = await this.answers.seal(tx, { id, practice, service: wanted.wish.service }, answers);
    const entry: WaitlistEntry = { ...wanted, wish: roughly(wanted.wish), until, id, practice, sealedAnswers, person: patient.person_id, status: 'waiting', endReason: null, appointment: null, addedAt: tx.now, version: 1 };
    if (!(await this.entries.add(tx, entry))) throw new AlreadyWaiting((await this.entries.waitingOf(tx, wanted.patient, wanted.wish.service)) ?? '');
    // Why behind the entry: who records a death ends what waits first, and then locks the record (P1).
    if ((await this.patients.lockShared(tx, wanted.patient))?.deceased) throw new PatientDeceased();
    tx.outbox.add(entryAdded(entry));
    tx.audit.record({ action: 'waitlist-entry.added', entity: 'waitlist-entry', entityId: entry.id, patient: entry.patient, details: { service: entry.wish.service } });
    return entry;
  }
}

/** Why rounded to about a kilometre: a way needs no more, and a finer point is a home address that lies open. */
const roughly = (wish: Wish): Wish => ({ ...wish, near: wish.near && { ...wish.near, latitude: rounded(wish.near.latitude), longitude: rounded(wish.near.longitude) } });
const rounded = (degrees: number): number => Math.round(degrees * 100) / 100;
