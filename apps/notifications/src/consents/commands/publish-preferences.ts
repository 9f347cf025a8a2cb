import { ContactPreferencesChanged, language, practiceId, patientId, zone } from '@slotmesh/contracts';
import { type Tx, eventOf } from '@slotmesh/persistence';
import { z } from 'zod';

const row = z.object({ id: patientId, practice: practiceId, language, zone, quiet_from: z.string(), quiet_until: z.string(), channels: z.array(z.enum(['sms', 'email'])) });

/** Tells reminders zone, language, quiet hours and the channels that may be used now, for each of these patients. */
export async function publishPreferences(tx: Tx, patients: readonly string[]): Promise<void> {
  const rows = await tx.query(
    `SELECT p.id, p.practice, p.language, p.zone, p.quiet_from, p.quiet_until, coalesce(array_agg(DISTINCT c.channel) FILTER (WHERE c.channel IS NOT NULL), '{}') AS channels
     FROM patient p
     LEFT JOIN (patient_contact c JOIN contact_point k ON k.channel = c.channel AND k.idx = c.idx AND k.opted_out_at IS NULL AND k.unreachable_at IS NULL)
       ON c.patient = p.id AND c.consented AND c.wrong_at IS NULL AND NOT p.absent
       AND NOT EXISTS (SELECT FROM narrow_opt_out n WHERE n.channel = c.channel AND n.idx = c.idx AND n.class IS NULL AND n.practice = p.practice)
     WHERE p.id = ANY ($1::uuid[]) GROUP BY p.id ORDER BY p.id`,
    [patients],
  );
  for (const found of rows) {
    const { id, practice, quiet_from, quiet_until, ...rest } = row.parse(found);
    tx.outbox.add(eventOf(ContactPreferencesChanged, { key: id, host: practice }, { patient: id, practice, ...rest, quietFrom: quiet_from, quietUntil: quiet_until }));
  }
}
