import { Injectable } from '@nestjs/common';
import { type AppointmentId, formatInstant } from '@slotmesh/kernel';
import { type Actor, type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';
import { AppointmentUnknown, HostDecides } from '../../appointments/domain/appointment.errors';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { PatientErased, PatientUnknown } from '../../patients/patient.errors';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { PageRights } from '../page-rights';
import { PatientLinks } from '../patient-links';
import { RepresentativeMayNotSee, RepresentativeUnknown, VisitConfidential, VisitTooLongAgo } from '../patient-page.errors';
import { findRepresents } from '../persistence/representative-rows';

export interface IssuedLink {
  readonly url: string;
  readonly expiresAt: string;
}

/** A link to the page of one visit, for its patient or a representative. The host runs the visit, so only its staff, and services for it, get one. */
@Injectable()
export class IssuePatientLink {
  constructor(private readonly work: UnitOfWork, private readonly appointments: AppointmentRepository, private readonly patients: PatientRepository, private readonly rights: PageRights, private readonly links: PatientLinks) {}

  /** Throws AppointmentUnknown, HostDecides, PatientErased, VisitTooLongAgo, VisitConfidential, RepresentativeUnknown, RepresentativeMayNotSee. */
  async execute(caller: Actor, id: AppointmentId, representative: string | null): Promise<IssuedLink> {
    return this.work.run(await this.insideHost(caller, id), (tx) => this.issue(tx, id, representative));
  }

  private async issue(tx: Tx, id: AppointmentId, representative: string | null): Promise<IssuedLink> {
    const appointment = await this.appointments.find(tx, id);
    if (!appointment) throw new AppointmentUnknown();
    if (appointment.host !== tx.actor.practice) throw new HostDecides();
    const patient = await this.patients.find(tx, appointment.patient);
    if (!patient) throw new PatientUnknown();
    if (patient.wrapped_key === null) throw new PatientErased();
    const link = this.links.issue(appointment, representative);
    if (link.expires <= tx.now) throw new VisitTooLongAgo();
    if (representative !== null) {
      if (appointment.confidential) throw new VisitConfidential();
      if ((await findRepresents(tx, patient.id, representative)) === null) throw new RepresentativeUnknown();
      if ((await this.rights.of(tx, appointment.host, patient, representative)) === null) throw new RepresentativeMayNotSee();
    }
    tx.audit.record({ action: 'patient-link.issued', entity: 'appointment', entityId: id, patient: patient.id, details: { representative } });
    return { url: link.url, expiresAt: formatInstant(link.expires) };
  }

  /** A service belongs to no practice; it acts inside that of the visit's host. */
  private async insideHost(caller: Actor, id: AppointmentId): Promise<Actor> {
    if (caller.kind !== 'service') return caller;
    const known = await this.work.run(workerFor('patient-links', null), (tx) => this.appointments.find(tx, id));
    if (!known) throw new AppointmentUnknown();
    return { ...caller, practice: known.host };
  }
}
