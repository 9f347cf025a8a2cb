import { Injectable } from '@nestjs/common';
import { channel, localTime, zone } from '@slotmesh/contracts';
import { type Instant, type PatientId, type PracticeId, formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { type ContactPreference, type PatientRecord, type Reach, reachOf } from '../domain/reach';

const date = z.date().transform(instantOfDate);
const recordColumns = z.object({ zone, language: z.string().nullable(), channels: z.array(channel), voice_only: z.boolean(), text_only: z.boolean(), deceased: z.boolean(), erased: z.boolean(), changed_at: date })
  .transform((row): PatientRecord => ({ zone: row.zone, language: row.language, channels: row.channels, voiceOnly: row.voice_only, textOnly: row.text_only, deceased: row.deceased, erased: row.erased, changedAt: row.changed_at }));
const preferenceColumns = z.object({ pref_zone: zone, pref_language: z.string(), pref_channels: z.array(channel), quiet_from: localTime, quiet_until: localTime, pref_at: date })
  .transform((row): ContactPreference => ({ zone: row.pref_zone, language: row.pref_language, channels: row.pref_channels, quiet: { from: row.quiet_from, until: row.quiet_until }, changedAt: row.pref_at }));
const key = z.object({ id: z.string(), pref_at: z.date().nullable() });

const COLUMNS = 'p.id, p.zone, p.language, p.channels, p.voice_only, p.text_only, p.deceased, p.erased, p.changed_at, c.zone AS pref_zone, c.language AS pref_language, c.channels AS pref_channels, c.quiet_from, c.quiet_until, c.changed_at AS pref_at';
const FROM = 'FROM patient_record p LEFT JOIN contact_preference c ON c.patient_id = p.id';

@Injectable()
export class PatientRepository {
  /** Held against changes until the end of the transaction, so that nobody plans by a zone that is just being replaced. */
  async reachForPlanning(tx: Tx, patient: PatientId): Promise<Reach | null> {
    await tx.execute('SELECT FROM patient_record WHERE id = $1 FOR SHARE', [patient]);
    return (await this.reaches(tx, [patient])).get(patient) ?? null;
  }

  /** As above, for the one who changes it. Null where the practice's record has not arrived. */
  async reachForChange(tx: Tx, patient: PatientId): Promise<Reach | null> {
    await tx.execute('SELECT FROM patient_record WHERE id = $1 FOR UPDATE', [patient]);
    return (await this.reaches(tx, [patient])).get(patient) ?? null;
  }

  async reaches(tx: Tx, patients: readonly string[]): Promise<Map<string, Reach>> {
    const rows = await tx.query(`SELECT ${COLUMNS} ${FROM} WHERE p.id = ANY($1::uuid[])`, [patients]);
    return new Map(rows.map((row) => {
      const { id, pref_at } = key.parse(row);
      return [id, reachOf(recordColumns.parse(row), pref_at === null ? null : preferenceColumns.parse(row))];
    }));
  }

  async record(tx: Tx, id: PatientId, practice: PracticeId, record: Omit<PatientRecord, 'erased'>): Promise<void> {
    await tx.execute(
      `INSERT INTO patient_record (id, practice, zone, channels, voice_only, deceased, changed_at, language, text_only) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (id) DO UPDATE SET zone = excluded.zone, channels = excluded.channels, voice_only = excluded.voice_only, deceased = excluded.deceased, changed_at = excluded.changed_at,
         language = excluded.language, text_only = excluded.text_only`,
      [id, practice, record.zone, record.channels, record.voiceOnly, record.deceased, formatInstant(record.changedAt), record.language, record.textOnly],
    );
  }

  async erase(tx: Tx, id: PatientId, at: Instant): Promise<void> {
    await tx.execute(`UPDATE patient_record SET erased = true, channels = '{}', changed_at = $2 WHERE id = $1`, [id, formatInstant(at)]);
  }

  async prefer(tx: Tx, id: PatientId, practice: PracticeId, preference: ContactPreference): Promise<void> {
    await tx.execute(
      `INSERT INTO contact_preference (patient_id, practice, zone, language, quiet_from, quiet_until, channels, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (patient_id) DO UPDATE SET zone = excluded.zone, language = excluded.language, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
         channels = excluded.channels, changed_at = excluded.changed_at`,
      [id, practice, preference.zone, preference.language, preference.quiet.from, preference.quiet.until, preference.channels, formatInstant(preference.changedAt)],
    );
  }
}
