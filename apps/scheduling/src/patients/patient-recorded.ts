import { type EventWire, PatientRecorded } from '@slotmesh/contracts';
import { type OutgoingEvent, eventOf } from '@slotmesh/persistence';
import type { PatientRow } from './persistence/patient.repository';

/** The fact that a practice's record stands as it does now. What identifies the patient travels as it lies in the table: sealed. */
export function patientRecorded(row: PatientRow): OutgoingEvent<typeof PatientRecorded> {
  const contactPoints: EventWire<typeof PatientRecorded>['contactPoints'] = [];
  if (row.phone && row.phone_index) contactPoints.push({ channel: 'sms', index: row.phone_index, sealed: row.phone, consented: row.text_consent });
  if (row.email && row.email_index) contactPoints.push({ channel: 'email', index: row.email_index, sealed: row.email, consented: row.email_consent });
  return eventOf(PatientRecorded, { key: row.id, host: row.practice_id }, {
    id: row.id, practice: row.practice_id, language: row.language, zone: row.zone, givenName: row.given_name, contactPoints, needs: row.needs, deceased: row.deceased,
  });
}
