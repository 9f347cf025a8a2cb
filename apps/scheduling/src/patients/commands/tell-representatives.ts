import { Injectable } from '@nestjs/common';
import type { PersonId } from '@slotmesh/kernel';
import { type Sql, type Tx, UnitOfWork, unseal, workerFor } from '@slotmesh/persistence';
import { oneByOne } from '../../shared/one-by-one';
import { tellPatientRecorded } from '../patient-recorded';
import { PatientVault, aadOf } from '../patient-vault';
import { PatientRepository, type PatientRow } from '../persistence/patient.repository';
import { placeOfRepresentative } from '../representatives';

interface Contact { id: string; phone: string | null; email: string | null; phone_index: string | null; email_index: string | null }
const WORKER = workerFor('representatives', null);
const LIMIT = 100;

/**
 * Lets every record of a person know which of its phone and address are a representative's, also at practices that the representative is not recorded at: what is confidential must not go
 * there (P8). Representatives from before indexes were kept get theirs first. Why a worker: a practice's desk must not learn where else the person is a patient.
 */
@Injectable()
export class TellRepresentatives {
  constructor(private readonly work: UnitOfWork, private readonly vault: PatientVault, private readonly patients: PatientRepository) {}

  /** One look; returns of how many persons the records know now. */
  async execute(): Promise<number> {
    const due = await this.work.run(WORKER, (tx) => tx.query<{ id: PersonId }>('SELECT id FROM person WHERE representatives_changed ORDER BY id LIMIT $1', [LIMIT]));
    return oneByOne(due, ({ id }) => this.work.run(WORKER, (tx) => this.tell(tx, id)));
  }

  async isDue(sql: Sql): Promise<boolean> {
    return (await sql.query('SELECT FROM person WHERE representatives_changed LIMIT 1')).length > 0;
  }

  private async tell(tx: Tx, person: PersonId): Promise<number> {
    const records = (await this.patients.lockAllOf(tx, person)).filter((record) => record.wrapped_key !== null);
    if ((await tx.execute('UPDATE person SET representatives_changed = false WHERE id = $1 AND representatives_changed', [person])) === 0) return 0;
    for (const record of records) await this.fillIndexes(tx, record);
    for (const record of records) await tellPatientRecorded(tx, record);
    return 1;
  }

  private async fillIndexes(tx: Tx, record: PatientRow): Promise<void> {
    const missing = await tx.query<Contact>(
      'SELECT id, phone, email, phone_index, email_index FROM representative WHERE patient_id = $1 AND ((phone IS NOT NULL AND phone_index IS NULL) OR (email IS NOT NULL AND email_index IS NULL))', [record.id]);
    if (missing.length === 0 || record.wrapped_key === null) return;
    const key = this.vault.patientKey(record.practice_id, await this.patients.practiceKey(tx, record.practice_id), record.id, record.wrapped_key);
    for (const { id, phone, email } of missing) {
      const indexOf = (field: 'phone' | 'email', sealed: string | null) => sealed && this.vault.indexOf(field, unseal(key, sealed, aadOf(record.id, placeOfRepresentative(id, field))));
      await tx.execute('UPDATE representative SET phone_index = $2, email_index = $3 WHERE id = $1', [id, indexOf('phone', phone), indexOf('email', email)]);
    }
  }
}
