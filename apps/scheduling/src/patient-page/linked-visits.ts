import { Injectable } from '@nestjs/common';
import { type PracticeId, nameFor } from '@slotmesh/kernel';
import { type Actor, type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';
import { AbsenceRepository } from '../absences/persistence/absence.repository';
import type { Appointment } from '../appointments/domain/appointment';
import { AppointmentRepository } from '../appointments/persistence/appointment.repository';
import { PatientRepository, type PatientRow } from '../patients/persistence/patient.repository';
import { MarksPolicy } from '../marks/marks-policy';
import type { PatientLink } from './domain/link-token';
import type { PageAction } from './domain/page-rights';
import { PageRights } from './page-rights';
import { PatientLinks, endOfPage } from './patient-links';
import { LinkEnded, LinkUnknown } from './patient-page.errors';
import { type VisitPlace, VisitPlaceRepository } from './persistence/visit-place.repository';

/** A visit as the holder of a link to it meets it. */
export interface LinkedVisit {
  readonly appointment: Appointment;
  readonly place: VisitPlace;
  readonly patient: PatientRow;
  readonly representative: string | null;
  readonly rights: ReadonlySet<PageAction>;
  /** The desk wants to be called before it moves. Why is not said, and a representative cannot see it either. */
  readonly callToMove: boolean;
  /** It lies on a closed day, and the desk has asked to move it. */
  readonly mustMove: boolean;
}

/** The way in for every page: from the text in the URL to a transaction inside the host's tenancy, under row-level security, with the holder as actor. */
@Injectable()
export class LinkedVisits {
  constructor(private readonly work: UnitOfWork, private readonly links: PatientLinks, private readonly appointments: AppointmentRepository, private readonly patients: PatientRepository, private readonly places: VisitPlaceRepository, private readonly rights: PageRights, private readonly marks: MarksPolicy, private readonly absences: AbsenceRepository) {}

  /** Throws LinkUnknown, LinkEnded. `fn` may run again and must not act outside the database. `asWorker`: where rows of other practices move with the answer; `fn` then looks at whose they are. */
  async run<T>(token: string, fn: (tx: Tx, visit: LinkedVisit) => Promise<T>, { asWorker = false }: { readonly asWorker?: boolean } = {}): Promise<T> {
    const link = this.links.read(token);
    if (link === null) throw new LinkUnknown();
    // Why the worker: before the host is known there is no tenant, and a signed link is the proof that there is one.
    const known = await this.work.run(workerFor('patient-page', null), (tx) => this.appointments.find(tx, link.appointment));
    if (known === null) throw new LinkUnknown();
    const holder = holderOf(link, known.host);
    return this.work.run(asWorker ? { ...holder, kind: 'worker' } : holder, async (tx) => fn(tx, await this.visitOf(tx, link, known.host)));
  }

  private async visitOf(tx: Tx, link: PatientLink, host: PracticeId): Promise<LinkedVisit> {
    const { representative } = link;
    const appointment = await this.appointments.find(tx, link.appointment);
    const patient = await this.patients.find(tx, link.patient);
    const place = await this.places.find(tx, link.appointment);
    if (!appointment || !patient || !place || appointment.patient !== patient.id) throw new LinkUnknown();
    // Why before all else: a representative must not even learn that there is a visit.
    if (appointment.confidential && representative !== null) throw new LinkUnknown();
    const ended = link.expires <= tx.now || endOfPage(appointment) <= tx.now || appointment.status === 'entered-in-error';
    const rights = ended ? null : await this.rights.of(tx, host, patient, representative);
    if (rights === null) throw new LinkEnded({ name: unopenedNameOf(place), phone: place.phone }, patient.language);
    const mustMove = (await this.absences.toMove(tx, [appointment.id])).size > 0;
    // Why not where the desk itself has asked.
    const callToMove = !mustMove && rights.has('move') && (await this.marks.isOver(tx, host, appointment.visitType, patient.id, tx.now));
    return { appointment, place, patient, representative, rights: callToMove ? new Set([...rights].filter((action) => action !== 'move')) : rights, callToMove, mustMove };
  }
}

export const audienceOf = (representative: string | null): string => (representative === null ? 'patient' : `representative:${representative}`);

/** Of the practice, while nobody has given the birth date; null: it is not said. */
export const unopenedNameOf = ({ practice, siteSensitive }: Pick<VisitPlace, 'practice' | 'siteSensitive'>): string | null => nameFor('over-a-shoulder', { name: practice, sensitive: siteSensitive }, '') || null;

const holderOf = (link: PatientLink, host: PracticeId): Actor => ({ kind: 'patient', subject: link.representative === null ? `patient:${link.patient}` : audienceOf(link.representative), practice: host });
