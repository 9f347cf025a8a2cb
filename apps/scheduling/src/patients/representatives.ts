import { Injectable } from '@nestjs/common';
import { localDate } from '@slotmesh/contracts';
import { DomainError, type LocalDate, type PatientId, type PracticeId, newId } from '@slotmesh/kernel';
import { type Tx, seal, unseal } from '@slotmesh/persistence';
import { z } from 'zod';
import { parsedBy } from '../shared/parsed-by';
import { parseEmail } from './domain/email';
import { parseName } from './domain/name';
import { parsePhone } from './domain/phone';
import { HostRecords } from './host-records';
import { tellPatientRecorded } from './patient-recorded';
import { PatientVault, aadOf } from './patient-vault';
import { PatientErased, PatientUnknown } from './patient.errors';
import { PatientRepository, type PatientRow, sealedFactsOf } from './persistence/patient.repository';

export const representativeBody = z.object({
  relation: z.enum(['parent', 'guardian', 'carer', 'spouse', 'child', 'other']),
  name: parsedBy(parseName),
  phone: parsedBy(parsePhone).nullable().default(null),
  email: parsedBy(parseEmail).nullable().default(null),
  /** What they may see and do for the patient. */
  may: z.array(z.enum(['see-visits', 'book', 'cancel', 'receive-messages'])).min(1).max(4),
  validFrom: localDate,
  validTo: localDate.nullable().default(null),
}).refine(({ validFrom, validTo }) => validTo === null || validTo >= validFrom, { path: ['validTo'], message: 'must not lie before validFrom' });
type RepresentativeBody = z.output<typeof representativeBody>;

interface Row { id: string; relation: RepresentativeBody['relation']; name: string; phone: string | null; email: string | null; may: RepresentativeBody['may']; valid_from: LocalDate; valid_to: LocalDate | null }
export interface Representative extends Omit<Row, 'valid_from' | 'valid_to'> { validFrom: LocalDate; validTo: LocalDate | null }
/** Where a sealed field of a representative lies. */
export const placeOfRepresentative = (id: string, field: string): string => `representative.${id}.${field}`;

/** Parents, guardians and carers; sealed under the patient's key, so that erasing the patient erases them as well (P24). */
@Injectable()
export class Representatives {
  constructor(private readonly vault: PatientVault, private readonly patients: PatientRepository, private readonly hostRecords: HostRecords) {}

  async of(tx: Tx, practice: PracticeId, patient: PatientId): Promise<Representative[]> {
    const { key } = await this.recordOf(tx, practice, await this.patients.find(tx, patient));
    const rows = await tx.query<Row>('SELECT id, relation, name, phone, email, may, valid_from::text, valid_to::text FROM representative WHERE patient_id = $1 ORDER BY id', [patient]);
    tx.audit.record({ action: 'representatives.read', entity: 'patient', entityId: patient, patient });
    const open = (id: string, field: string, text: string) => unseal(key, text, aadOf(patient, placeOfRepresentative(id, field)));
    return rows.map(({ id, relation, name, phone, email, may, valid_from, valid_to }) => ({
      id, relation, name: open(id, 'name', name), phone: phone && open(id, 'phone', phone), email: email && open(id, 'email', email), may, validFrom: valid_from, validTo: valid_to,
    }));
  }

  async add(tx: Tx, practice: PracticeId, patient: PatientId, body: RepresentativeBody): Promise<{ id: string }> {
    const record = await this.toChange(tx, practice, patient);
    const id = newId();
    const close = (field: string, text: string | null) => text && seal(record.key, text, aadOf(patient, placeOfRepresentative(id, field)));
    await tx.execute('INSERT INTO representative (id, practice_id, patient_id, relation, name, phone, email, may, valid_from, valid_to, phone_index, email_index) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)', [
      id, practice, patient, body.relation, close('name', body.name), close('phone', body.phone), close('email', body.email), body.may, body.validFrom, body.validTo,
      body.phone && this.vault.indexOf('phone', body.phone), body.email && this.vault.indexOf('email', body.email),
    ]);
    tx.audit.record({ action: 'representative.added', entity: 'representative', entityId: id, patient, details: { relation: body.relation } });
    await this.tell(tx, record);
    return { id };
  }

  async remove(tx: Tx, practice: PracticeId, patient: PatientId, id: string): Promise<void> {
    const record = await this.toChange(tx, practice, patient);
    const removed = await tx.execute('DELETE FROM representative WHERE id = $1 AND patient_id = $2 AND practice_id = $3', [id, patient, practice]);
    if (removed === 0) throw new DomainError('not-found', 'representative-unknown', 'This patient has no representative with this id.');
    tx.audit.record({ action: 'representative.removed', entity: 'representative', entityId: id, patient });
    await this.tell(tx, record);
  }

  /** Whose the patient's phone and address are may have changed: here and at the hosts of coming visits at once, in other records of the person when a worker comes by. */
  private async tell(tx: Tx, { row, key }: { readonly row: PatientRow; readonly key: Buffer }): Promise<void> {
    await tellPatientRecorded(tx, row);
    await this.hostRecords.bringUpToDate(tx, row, this.vault.open(key, row.id, sealedFactsOf(row)));
    await this.patients.markRepresentativesChanged(tx, row.person_id);
  }

  /** Why locked by one alone: of two changes at once the later has to see the earlier, because its word about whose phone it is stands. */
  private async toChange(tx: Tx, practice: PracticeId, id: PatientId): Promise<{ row: PatientRow; key: Buffer }> {
    return this.recordOf(tx, practice, await this.patients.lock(tx, id));
  }

  private async recordOf(tx: Tx, practice: PracticeId, row: PatientRow | null): Promise<{ row: PatientRow; key: Buffer }> {
    if (!row || row.practice_id !== practice) throw new PatientUnknown();
    if (row.wrapped_key === null) throw new PatientErased();
    return { row, key: this.vault.patientKey(practice, await this.patients.practiceKey(tx, practice), row.id, row.wrapped_key) };
  }
}
