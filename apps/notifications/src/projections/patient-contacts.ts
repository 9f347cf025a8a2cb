import type { EventData, PatientRecorded } from '@slotmesh/contracts';
import { newId, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';

/**
 * A patient's phones and addresses as the practice's record has them now. One that stays keeps what is known of it; a yes or a no that is new is evidence from the
 * record. The contact points themselves are there already.
 */
export async function keepContacts(tx: Tx, { id, practice, contactPoints }: EventData<typeof PatientRecorded>): Promise<void> {
  const before = await tx.query<{ channel: string; idx: string; consented: boolean }>('SELECT channel, idx, consented FROM patient_contact WHERE patient = $1 FOR UPDATE', [id]);
  await tx.execute('DELETE FROM patient_contact c WHERE c.patient = $1 AND NOT EXISTS (SELECT FROM jsonb_to_recordset($2::jsonb) AS r(channel text, index text) WHERE r.channel = c.channel AND r.index = c.idx)', [id, JSON.stringify(contactPoints)]);
  for (const [position, { channel, index, sealed, consented, representative }] of contactPoints.entries()) {
    await tx.execute(
      `INSERT INTO patient_contact (patient, practice, channel, idx, sealed, consented, position, representative) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (patient, channel, idx) DO UPDATE SET sealed = excluded.sealed, consented = excluded.consented, position = excluded.position, representative = excluded.representative`,
      [id, practice, channel, index, sealed, consented, position, representative ?? null],
    );
    const known = before.find((row) => row.channel === channel && row.idx === index);
    if (known ? known.consented === consented : !consented) continue;
    await tx.execute(`INSERT INTO consent_evidence (id, practice, channel, idx, state, source, at, scope, patient) VALUES ($1, $2, $3, $4, $5, 'record', $6, 'practice', $7)`, [newId(), practice, channel, index, consented ? 'opted-in' : 'opted-out', toDate(tx.now), id]);
  }
}
