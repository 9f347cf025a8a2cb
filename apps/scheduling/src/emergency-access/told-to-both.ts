import { EmergencyAccessChanged } from '@slotmesh/contracts';
import { formatInstant } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';
import type { EmergencyAccess } from './domain/emergency-access';

export type AccessChange = 'begun' | 'used' | 'ended' | 'acknowledged';

/** Loud: an audit row under both practices, and an event, in the transaction that did it. */
export function tellBoth(tx: Tx, access: EmergencyAccess, change: AccessChange): void {
  for (const practice of [access.practice, access.host]) {
    tx.audit.record({ action: `emergency-access.${change}`, entity: 'emergency-access', entityId: access.id, patient: access.patient, practice, details: { host: access.host, practice: access.practice, by: access.by } });
  }
  tx.outbox.add(eventOf(EmergencyAccessChanged, { key: access.id, host: access.host, booking: access.practice }, {
    id: access.id, host: access.host, patient: access.patient, practice: access.practice, change, begunAt: formatInstant(access.begunAt), endsAt: formatInstant(access.endsAt), uses: access.uses,
  }));
}
