import { type PatientId, type PersonId, type PracticeId, formatInstant } from '@slotmesh/kernel';
import type { Language, Need } from '@slotmesh/contracts';
import { Injectable } from '@nestjs/common';
import type { Sql, Tx } from '@slotmesh/persistence';
import type { FactIndexes, SealedFacts } from '../patient-vault';

/** A patient as it lies in the table: whoever it is stays sealed. `wrapped_key` null: erased. */
export interface PatientRow {
  id: PatientId;
  practice_id: PracticeId;
  person_id: PersonId;
  wrapped_key: string | null;
  given_name: string; family_name: string; birth_date: string; phone: string | null; email: string | null; record_number: string | null;
  name_index: string; birth_date_index: string; phone_index: string | null; email_index: string | null; record_number_index: string | null;
  language: Language;
  zone: string;
  needs: Need[];
  text_consent: boolean;
  email_consent: boolean;
  deceased: boolean;
  /** Who pays: a name such as `medicare`, which tells nobody who the patient is. Null: not known. */
  payer: string | null;
  version: number;
}

const COLUMNS = `p.id, p.practice_id, p.person_id, p.wrapped_key, p.given_name, p.family_name, p.birth_date, p.phone, p.email, p.record_number,
  p.name_index, p.birth_date_index, p.phone_index, p.email_index, p.record_number_index, p.language, p.zone, p.needs, p.text_consent, p.email_consent, p.deceased, p.payer, p.version`;

export interface PatientSearch {
  readonly name: string | null;
  readonly birthDate: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly recordNumber: string | null;
}

@Injectable()
export class PatientRepository {
  async practiceKey(sql: Sql, practice: PracticeId): Promise<string> {
    const [row] = await sql.query<{ wrapped_key: string }>('SELECT wrapped_key FROM practice_key WHERE practice_id = $1', [practice]);
    if (!row) throw new Error('the practice has no key');
    return row.wrapped_key;
  }

  async practiceZone(sql: Sql, practice: PracticeId): Promise<string> {
    const [row] = await sql.query<{ zone: string }>('SELECT zone FROM practice WHERE id = $1', [practice]);
    if (!row) throw new Error('the practice is not there');
    return row.zone;
  }

  async find(sql: Sql, id: PatientId): Promise<PatientRow | null> {
    const [row] = await sql.query<PatientRow>(`SELECT ${COLUMNS} FROM patient p WHERE p.id = $1`, [id]);
    return row ?? null;
  }

  async lock(sql: Sql, id: PatientId): Promise<PatientRow | null> {
    const [row] = await sql.query<PatientRow>(`SELECT ${COLUMNS} FROM patient p WHERE p.id = $1 FOR NO KEY UPDATE`, [id]);
    return row ?? null;
  }

  /** Nobody changes it until the transaction ends. */
  async lockShared(sql: Sql, id: PatientId): Promise<PatientRow | null> {
    const [row] = await sql.query<PatientRow>(`SELECT ${COLUMNS} FROM patient p WHERE p.id = $1 FOR SHARE`, [id]);
    return row ?? null;
  }

  /** Every record of the person, at whatever practice: for workers, who read them all. Nobody else changes them until the transaction ends. */
  lockAllOf(sql: Sql, person: PersonId): Promise<PatientRow[]> {
    return sql.query<PatientRow>(`SELECT ${COLUMNS} FROM patient p WHERE p.person_id = $1 ORDER BY p.id FOR NO KEY UPDATE`, [person]);
  }

  /** A worker lets every record of the person know whose phones and addresses they hold. */
  async markRepresentativesChanged(tx: Tx, person: PersonId): Promise<void> {
    await tx.execute('UPDATE person SET representatives_changed = true WHERE id = $1', [person]);
  }

  /** Of one practice; all given indexes must agree. `after` is the id of the last patient seen. */
  search(sql: Sql, practice: PracticeId, by: PatientSearch, page: { after: PatientId | null; limit: number }): Promise<PatientRow[]> {
    return sql.query<PatientRow>(
      `SELECT ${COLUMNS} FROM patient p WHERE p.practice_id = $1 AND p.wrapped_key IS NOT NULL
         AND ($2::text IS NULL OR p.name_index = $2) AND ($3::text IS NULL OR p.birth_date_index = $3) AND ($4::text IS NULL OR p.phone_index = $4)
         AND ($5::text IS NULL OR p.email_index = $5) AND ($6::text IS NULL OR p.record_number_index = $6) AND ($7::uuid IS NULL OR p.id > $7)
       ORDER BY p.id LIMIT $8`,
      [practice, by.name, by.birthDate, by.phone, by.email, by.recordNumber, page.after, page.limit],
    );
  }

  /** Lets nobody else register a patient of this name and birth date until the transaction ends: two desks must not make two records of one person. */
  async lockIdentity(sql: Sql, indexes: FactIndexes): Promise<void> {
    await sql.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${indexes.name}/${indexes.birthDate}`]);
  }

  /** The patient of this practice whose name, birth date and a way to reach them all agree. */
  async sameInPractice(sql: Sql, practice: PracticeId, indexes: FactIndexes): Promise<PatientId | null> {
    const [row] = await sql.query<{ id: PatientId }>(
      `SELECT id FROM patient WHERE practice_id = $1 AND wrapped_key IS NOT NULL AND name_index = $2 AND birth_date_index = $3 AND (phone_index = $4 OR email_index = $5) ORDER BY id LIMIT 1`,
      [practice, indexes.name, indexes.birthDate, indexes.phone, indexes.email],
    );
    return row?.id ?? null;
  }

  /** The one person of the tenant's network that name, birth date and phone or e-mail agree on; null also where two persons do. */
  async knownPerson(sql: Sql, indexes: FactIndexes): Promise<PersonId | null> {
    const [row] = await sql.query<{ person: PersonId | null }>('SELECT known_person($1, $2, $3, $4) AS person', [indexes.name, indexes.birthDate, indexes.phone, indexes.email]);
    return row?.person ?? null;
  }

  /** A person of the practice's partnership, or of the practice alone where it is in none. */
  async addPerson(sql: Sql, id: PersonId, practice: PracticeId): Promise<void> {
    await sql.execute(
      `INSERT INTO person (id, partnership_id, lone_practice_id) SELECT $1, m.partnership_id, CASE WHEN m.partnership_id IS NULL THEN $2 END
       FROM (SELECT (SELECT partnership_id FROM membership WHERE practice_id = $2) AS partnership_id) AS m ON CONFLICT (id) DO NOTHING`, [id, practice]);
  }

  /** False: a patient with this id is there already. A record number that is taken throws a unique violation. */
  async add(tx: Tx, row: PatientRow): Promise<boolean> {
    const added = await tx.execute(
      `INSERT INTO patient (id, practice_id, person_id, wrapped_key, given_name, family_name, birth_date, phone, email, record_number,
         name_index, birth_date_index, phone_index, email_index, record_number_index, language, zone, needs, text_consent, email_consent, deceased, version, registered_at, payer)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24) ON CONFLICT (id) DO NOTHING`,
      [row.id, row.practice_id, row.person_id, row.wrapped_key, row.given_name, row.family_name, row.birth_date, row.phone, row.email, row.record_number,
        row.name_index, row.birth_date_index, row.phone_index, row.email_index, row.record_number_index, row.language, row.zone, row.needs, row.text_consent, row.email_consent,
        row.deceased, row.version, formatInstant(tx.now), row.payer],
    );
    return added === 1;
  }

  /** From now on the practice keeps the record itself, whoever gave it. */
  async change(tx: Tx, row: PatientRow): Promise<void> {
    await tx.execute(
      `UPDATE patient SET given_name = $2, family_name = $3, birth_date = $4, phone = $5, email = $6, record_number = $7, name_index = $8, birth_date_index = $9, phone_index = $10,
         email_index = $11, record_number_index = $12, language = $13, zone = $14, needs = $15, text_consent = $16, email_consent = $17, deceased = $18, version = $19, payer = $20, given_by = NULL WHERE id = $1`,
      [row.id, row.given_name, row.family_name, row.birth_date, row.phone, row.email, row.record_number, row.name_index, row.birth_date_index, row.phone_index,
        row.email_index, row.record_number_index, row.language, row.zone, row.needs, row.text_consent, row.email_consent, row.deceased, row.version, row.payer],
    );
  }
}

export const sealedFactsOf = (row: PatientRow): SealedFacts => ({
  givenName: row.given_name, familyName: row.family_name, birthDate: row.birth_date, phone: row.phone, email: row.email, recordNumber: row.record_number,
});

export const columnsOf = (sealed: SealedFacts, indexes: FactIndexes) => ({
  given_name: sealed.givenName, family_name: sealed.familyName, birth_date: sealed.birthDate, phone: sealed.phone, email: sealed.email, record_number: sealed.recordNumber,
  name_index: indexes.name, birth_date_index: indexes.birthDate, phone_index: indexes.phone, email_index: indexes.email, record_number_index: indexes.recordNumber,
});
