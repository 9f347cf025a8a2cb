import { Injectable } from '@nestjs/common';
import { type AppointmentId, type PracticeId, formatInstant } from '@slotmesh/kernel';
import { type Actor, UnitOfWork, workerFor } from '@slotmesh/persistence';
import type { Appointment } from '../../appointments/domain/appointment';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { PatientLinks } from '../patient-links';
import type { IssuedLink } from './issue-patient-link';

export interface MessageLink extends IssuedLink {
  readonly appointment: AppointmentId;
}

/** The patients' own links of a whole batch of messages, in one answer. */
@Injectable()
export class IssueMessageLinks {
  constructor(private readonly work: UnitOfWork, private readonly appointments: AppointmentRepository, private readonly links: PatientLinks) {}

  /** Leaves out what is not known, and confidential visits: a message goes to a mailbox that others in the family may read. */
  async execute(caller: Actor, ids: readonly AppointmentId[]): Promise<MessageLink[]> {
    const found = await this.work.run(workerFor('message-links', null), (tx) => this.appointments.findMany(tx, ids));
    const byHost = new Map<PracticeId, Appointment[]>();
    for (const appointment of found) if (!appointment.confidential) byHost.set(appointment.host, [...(byHost.get(appointment.host) ?? []), appointment]);
    // Why a transaction for each host: that a link left stands in the audit of the practice whose patient it is.
    for (const [host, appointments] of byHost) {
      await this.work.run({ ...caller, practice: host }, async (tx) => {
        for (const { id, patient } of appointments) tx.audit.record({ action: 'patient-link.issued', entity: 'appointment', entityId: id, patient, details: { representative: null } });
      });
    }
    return [...byHost.values()].flat().map((appointment) => {
      const { url, expires } = this.links.issue(appointment, null);
      return { appointment: appointment.id, url, expiresAt: formatInstant(expires) };
    });
  }
}
