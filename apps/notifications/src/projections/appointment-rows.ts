import type { AppointmentSnapshot } from '@slotmesh/contracts';
import { toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';

const INSERT = `
  INSERT INTO appointment AS own (id, host, booking, patient, revision, status, site, provider, modality, start_at, end_at, zone) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  ON CONFLICT (id) DO UPDATE SET patient = excluded.patient, revision = excluded.revision, status = excluded.status, site = excluded.site, provider = excluded.provider,
    modality = excluded.modality, start_at = excluded.start_at, end_at = excluded.end_at, zone = excluded.zone`;
// Why two: the feed tells the steps of one revision in order, an answer to a question may be older than the last of them.
const FROM_FEED = `${INSERT} WHERE own.revision <= excluded.revision`;
const FROM_ANSWER = `${INSERT} WHERE own.revision < excluded.revision`;

/**
 * Takes over snapshots and locks their rows, in the order of their ids, whether they change or not (P12): a change that comes from the feed and a
 * message about to leave wait for each other here. An older revision never overwrites a newer one.
 */
export async function takeOver(tx: Tx, snapshots: readonly AppointmentSnapshot[], from: 'feed' | 'answer' = 'feed'): Promise<void> {
  for (const a of [...snapshots].sort((x, y) => (x.id < y.id ? -1 : 1))) {
    await tx.execute(from === 'feed' ? FROM_FEED : FROM_ANSWER, [a.id, a.host, a.booking, a.patient, a.revision, a.status, a.site, a.provider, a.modality, toDate(a.start), toDate(a.end), a.zone]);
  }
}
