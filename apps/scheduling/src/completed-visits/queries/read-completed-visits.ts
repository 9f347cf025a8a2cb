import { Injectable } from '@nestjs/common';
import type { AppointmentId, PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { AppointmentUnknown } from '../../appointments/domain/appointment.errors';
import { PatientVault } from '../../patients/patient-vault';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import type { CompletedVisit } from '../completed-visit';
import { CompletedVisitRepository, type CompletedVisitSearch, type SealedVisit, type VisitPlace } from '../persistence/completed-visit.repository';

/** What the practice hosted and completed, for its billing. Each reading leaves an audit row in the same transaction, with how many were shown (P23). */
@Injectable()
export class ReadCompletedVisits {
  constructor(private readonly visits: CompletedVisitRepository, private readonly vault: PatientVault, private readonly patients: PatientRepository) {}

  /** `more`: there are further ones behind the last. */
  async page(tx: Tx, host: PracticeId, asked: CompletedVisitSearch, page: { readonly after: VisitPlace | null; readonly limit: number }): Promise<{ readonly visits: CompletedVisit[]; readonly more: boolean }> {
    const rows = await this.visits.list(tx, host, asked, { ...page, limit: page.limit + 1 });
    const shown = rows.slice(0, page.limit);
    tx.audit.record({ action: 'completed-visit.listed', entity: 'appointment', entityId: '*', details: { count: shown.length } });
    return { visits: await this.opened(tx, host, shown), more: rows.length > page.limit };
  }

  /** Throws AppointmentUnknown: also where it is a partner's visit, or has not taken place. */
  async one(tx: Tx, host: PracticeId, id: AppointmentId): Promise<CompletedVisit> {
    const [visit] = await this.opened(tx, host, await this.visits.list(tx, host, { id, from: null, to: null }, { after: null, limit: 1 }));
    if (!visit) throw new AppointmentUnknown();
    tx.audit.record({ action: 'completed-visit.read', entity: 'appointment', entityId: id, patient: visit.patient });
    return visit;
  }

  private async opened(tx: Tx, host: PracticeId, rows: readonly SealedVisit[]): Promise<CompletedVisit[]> {
    if (rows.length === 0) return [];
    const practiceKey = await this.patients.practiceKey(tx, host);
    return rows.map(({ wrappedKey, sealedRecordNumber, ...visit }) => {
      const isThere = wrappedKey !== null && sealedRecordNumber !== null;
      return { ...visit, recordNumber: isThere ? this.vault.openField(this.vault.patientKey(host, practiceKey, visit.patient, wrappedKey), visit.patient, 'recordNumber', sealedRecordNumber) : null };
    });
  }
}
