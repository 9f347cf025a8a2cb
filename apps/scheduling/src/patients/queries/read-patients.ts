import { Injectable } from '@nestjs/common';
import { patientId } from '@slotmesh/contracts';
import type { PatientId, PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { z } from 'zod';
import { type Page, type PageQuery, pageOf, startOf } from '../../shared/page';
import { PatientVault } from '../patient-vault';
import { PatientUnknown } from '../patient.errors';
import type { patientSearch } from '../patient.body';
import { type PatientView, viewOfPatient } from '../patient.view';
import { PatientRepository, type PatientSearch } from '../persistence/patient.repository';

const everyone: PatientSearch = { name: null, birthDate: null, phone: null, email: null, recordNumber: null };

/** Reading patients of the own practice; every patient that was shown leaves an audit row in the same transaction (P23). */
@Injectable()
export class ReadPatients {
  constructor(private readonly vault: PatientVault, private readonly patients: PatientRepository) {}

  /** Throws PatientUnknown, PatientErased. */
  async one(tx: Tx, practice: PracticeId, id: PatientId): Promise<PatientView> {
    const row = await this.patients.find(tx, id);
    if (!row || row.practice_id !== practice) throw new PatientUnknown();
    const view = viewOfPatient(this.vault, await this.patients.practiceKey(tx, practice), row);
    tx.audit.record({ action: 'patient.read', entity: 'patient', entityId: id, patient: id });
    return view;
  }

  list(tx: Tx, practice: PracticeId, page: PageQuery): Promise<Page<PatientView>> {
    return this.page(tx, practice, everyone, page, 'patient.listed');
  }

  search(tx: Tx, practice: PracticeId, asked: z.output<typeof patientSearch>): Promise<Page<PatientView>> {
    const index = (field: 'birthDate' | 'phone' | 'email' | 'recordNumber', text: string | undefined) => (text === undefined ? null : this.vault.indexOf(field, text));
    const by = {
      name: asked.name === undefined ? null : this.vault.indexOf('name', givenNameFirst(asked.name)), birthDate: index('birthDate', asked.birthDate), phone: index('phone', asked.phone),
      email: index('email', asked.email), recordNumber: index('recordNumber', asked.recordNumber),
    };
    return this.page(tx, practice, by, asked, 'patient.found');
  }

  private async page(tx: Tx, practice: PracticeId, by: PatientSearch, page: PageQuery, action: string): Promise<Page<PatientView>> {
    const rows = await this.patients.search(tx, practice, by, { after: startOf(page, patientId), limit: page.limit + 1 });
    const practiceKey = await this.patients.practiceKey(tx, practice);
    const shown = pageOf(rows, page.limit, (row) => row.id, (row) => viewOfPatient(this.vault, practiceKey, row));
    for (const { id } of shown.items) tx.audit.record({ action, entity: 'patient', entityId: id, patient: id });
    return shown;
  }
}

/** `Alvarez, Maria` is looked for as `Maria Alvarez`. */
function givenNameFirst(name: string): string {
  const [family, given, ...more] = name.split(',');
  return family && given && more.length === 0 ? `${given} ${family}` : name;
}
