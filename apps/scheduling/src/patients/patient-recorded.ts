import { type EventWire, PatientRecorded } from '@slotmesh/contracts';
import { type Tx, eventOf } from '@slotmesh/persistence';
import type { PatientRow } from './persistence/patient.repository';

/** Tells that a practice's record stands as it does now. What identifies the patient travels as it lies in the table: sealed. A phone or an address that is a representative's says whose it is. */
export async function tellPatientRecorded(tx: Tx, row: PatientRow): Promise<void> {
  const holders = await tx.query<{ channel: string; representative: string }>('SELECT channel, representative FROM representatives_reached_at($1, $2, $3)', [row.person_id, row.phone_index, row.email_index]);
  const heldBy = (channel: string): { representative?: string } => {
    const holder = holders.find((found) => found.channel === channel);
    return holder ? { representative: holder.representative } : {};
  };
  const contactPoints: EventWire<typeof PatientRecorded>['contactPoints'] = [];
  if (row.phone && row.phone_index) contactPoints.push({ channel: 'sms', index: row.phone_index, sealed: row.phone, consented: row.text_consent, ...heldBy('sms') });
  if (row.email && row.email_index) contactPoints.push({ channel: 'email', index: row.email_index, sealed: row.email, consented: row.email_consent, ...heldBy('email') });
  tx.outbox.add(eventOf(PatientRecorded, { key: row.id, host: row.practice_id }, {
    id: row.id, practice: row.practice_id, language: row.language, zone: row.zone, givenName: row.given_name, contactPoints, needs: row.needs, deceased: row.deceased,
  }));
}
