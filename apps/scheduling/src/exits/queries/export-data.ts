import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Instant, formatInstant } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { csvOf, csvRows } from '@slotmesh/platform';
import type { StaffCaller } from '@slotmesh/security';
import { viewOfAppointment } from '../../appointments/appointment.view';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { ownRecord } from '../../fhir/queries/read-appointment';
import { appointmentOf } from '../../fhir/resources/appointment';
import { patientOf } from '../../fhir/resources/patient';
import { ReadPatients } from '../../patients/queries/read-patients';
import { ExitPlanRepository } from '../persistence/exit-plan.repository';

export type Content = 'patients' | 'appointments';
export type Format = 'fhir' | 'csv';
interface Part { readonly text: string; readonly rows: number }

const PAGE = 200;
const patientColumns = ['id', 'recordNumber', 'givenName', 'familyName', 'birthDate', 'phone', 'email', 'language', 'zone', 'payer', 'deceased'];
const appointmentColumns = ['id', 'status', 'start', 'end', 'zone', 'host', 'booking', 'patient', 'provider', 'site', 'visitType', 'service', 'modality', 'cancelReason', 'referral'];

/**
 * Everything of the own practice's patients and visits, piece by piece, as FHIR R4 (one resource a line) or CSV. When the last piece has gone out its size and SHA-256 are noted in the exit plan: an answer that was cut short is no return of data.
 */
@Injectable()
export class ExportData {
  constructor(private readonly work: UnitOfWork, private readonly plans: ExitPlanRepository, private readonly patients: ReadPatients, private readonly appointments: AppointmentRepository) {}

  async *lines(caller: StaffCaller, plan: string, content: Content, format: Format): AsyncGenerator<string, void, void> {
    const hash = createHash('sha256');
    let rows = 0;
    if (format === 'csv') {
      const head = csvOf(content === 'patients' ? patientColumns : appointmentColumns, []);
      hash.update(head);
      yield head;
    }
    for await (const part of content === 'patients' ? this.patientParts(caller, format) : this.visitParts(caller, format)) {
      hash.update(part.text);
      rows += part.rows;
      if (part.text !== '') yield part.text;
    }
    await this.work.run({ ...caller.actor, kind: 'worker' }, async (tx) => {
      const sha256 = hash.digest('hex');
      await this.plans.noteExport(tx, { plan, practice: caller.practice, content, format, rows, sha256, at: tx.now, by: caller.actor.subject });
      tx.audit.record({ action: 'exit.data-exported', entity: 'exit-plan', entityId: plan, details: { content, format, rows, sha256 } });
    });
  }

  private async *patientParts(caller: StaffCaller, format: Format): AsyncGenerator<Part, void, void> {
    let cursor: string | undefined;
    do {
      const page = await this.work.run(caller.actor, (tx) => this.patients.list(tx, caller.practice, { limit: PAGE, cursor }));
      yield { rows: page.items.length, text: format === 'csv' ? csvRows(patientColumns, page.items.map((item) => ({ ...item }))) : ndjson(page.items.map(patientOf)) };
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }

  private async *visitParts(caller: StaffCaller, format: Format): AsyncGenerator<Part, void, void> {
    let after: { start: Instant; id: Parameters<AppointmentRepository['find']>[1] } | undefined;
    for (;;) {
      const { visits, now } = await this.work.run(caller.actor, async (tx) => {
        const visits = await this.appointments.list(tx, { limit: PAGE, ...(after ? { after } : {}) });
        tx.audit.record({ action: 'appointment.listed', entity: 'appointment', entityId: '*', details: { count: visits.length } });
        return { visits, now: tx.now };
      });
      yield { rows: visits.length, text: format === 'csv' ? csvRows(appointmentColumns, visits.map((visit) => ({ ...viewOfAppointment(visit, caller.practice, now), start: formatInstant(visit.start) }))) : ndjson(visits.map((visit) => appointmentOf(visit, ownRecord(visit, caller.practice, now)))) };
      const last = visits.at(-1);
      if (!last || visits.length < PAGE) return;
      after = { start: last.start, id: last.id };
    }
  }
}

const ndjson = (resources: readonly object[]): string => resources.map((resource) => `${JSON.stringify(resource)}\n`).join('');
