import { Controller } from '@nestjs/common';
import { PatientErased, PatientRecorded } from '@slotmesh/contracts';
import { DEFAULT_QUIET_HOURS } from '@slotmesh/kernel';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { publishPreferences } from '../consents/commands/publish-preferences';
import { PatientKeys } from '../providers/patient-keys';
import { keepContacts } from './patient-contacts';

/** A patient's language, zone and contact points: sealed as they come, readable only with the patient's key. */
@Controller()
export class PatientsConsumer {
  constructor(private readonly keys: PatientKeys) {}

  @OnEvent(PatientRecorded)
  async recorded({ data }: Received<typeof PatientRecorded>, tx: Tx): Promise<void> {
    await tx.execute(
      `INSERT INTO patient (id, practice, language, zone, given_name, quiet_from, quiet_until, voice_only, absent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (id) DO UPDATE SET language = excluded.language, zone = excluded.zone, given_name = excluded.given_name, voice_only = excluded.voice_only, absent = excluded.absent`,
      [data.id, data.practice, data.language, data.zone, data.givenName, DEFAULT_QUIET_HOURS.from, DEFAULT_QUIET_HOURS.until, data.needs.includes('voice-only'), data.deceased],
    );
    // Why sorted: two patients of one family share phones, and rows are always locked in one order.
    const points = [...data.contactPoints].sort((a, b) => (a.channel + a.index < b.channel + b.index ? -1 : 1));
    for (const { channel, index } of points) await tx.execute('INSERT INTO contact_point (channel, idx) VALUES ($1, $2) ON CONFLICT DO NOTHING', [channel, index]);
    await keepContacts(tx, data);
    await publishPreferences(tx, [data.id]);
  }

  /** The key is gone: nothing that was sealed can be read, so nothing of it is kept. */
  @OnEvent(PatientErased)
  async erased({ data }: Received<typeof PatientErased>, tx: Tx): Promise<void> {
    this.keys.forget(data.id);
    await tx.execute('UPDATE patient SET absent = true, given_name = NULL WHERE id = $1', [data.id]);
    await tx.execute('DELETE FROM patient_contact WHERE patient = $1', [data.id]);
    await tx.execute(`UPDATE attempt SET sealed_body = NULL WHERE message_id IN (SELECT id FROM message WHERE patient = $1 UNION ALL SELECT message_id FROM message_subject WHERE patient = $1)`, [data.id]);
    await tx.execute(`UPDATE message SET sealed_text = CASE WHEN sealed_text IS NOT NULL THEN '' END, to_sealed = NULL WHERE patient = $1 AND (sealed_text IS NOT NULL OR to_sealed IS NOT NULL)`, [data.id]);
    await tx.execute(`UPDATE consent_evidence SET sealed_words = NULL WHERE patient = $1 OR message_sid IN (SELECT r.message_sid FROM reply r WHERE r.patient = $1)`, [data.id]);
    await tx.execute(`UPDATE reply SET sealed_text = '', sealed_from = '' WHERE patient = $1`, [data.id]);
    await publishPreferences(tx, [data.id]);
  }
}
