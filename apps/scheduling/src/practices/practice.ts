import { PracticeDefined } from '@slotmesh/contracts';
import { type PartnershipId, type PracticeId } from '@slotmesh/kernel';
import { type Sql, type Tx, eventOf } from '@slotmesh/persistence';
import { z } from 'zod';
import { parseEmail } from '../patients/domain/email';
import { parsePhone } from '../patients/domain/phone';
import { parsedBy } from '../shared/parsed-by';
import { requireVersion } from '../shared/version-check';
import { ReferenceUnknown } from './reference';

export const practiceBody = z.object({ name: z.string().trim().min(1).max(200), phone: parsedBy(parsePhone), email: parsedBy(parseEmail) });

export interface PracticeView {
  id: PracticeId; name: string; zone: string; phone: string; email: string; senderNumber: string; partnership: PartnershipId | null; staffed: boolean; version: number;
}
const SELECT = `SELECT p.id, p.name, p.zone, p.phone, p.email, p.sender_number AS "senderNumber", m.partnership_id AS partnership, p.staffed, p.version FROM practice p LEFT JOIN membership m ON m.practice_id = p.id`;

export const listPractices = (sql: Sql, after: string | null, limit: number): Promise<PracticeView[]> => sql.query<PracticeView>(`${SELECT} WHERE ($1::text IS NULL OR p.id > $1) ORDER BY p.id LIMIT $2`, [after, limit]);

export async function getPractice(sql: Sql, id: PracticeId): Promise<PracticeView> {
  const [practice] = await sql.query<PracticeView>(`${SELECT} WHERE p.id = $1`, [id]);
  if (!practice) throw new ReferenceUnknown('practice');
  return practice;
}

/** A practice changes how it is called and reached; its code, zone and sender number belong to the network's set-up. */
export async function changePractice(tx: Tx, own: PracticeId, id: PracticeId, expected: number | null, body: z.output<typeof practiceBody>): Promise<PracticeView> {
  if (id !== own) throw new ReferenceUnknown('practice');
  await tx.query('SELECT 1 FROM practice WHERE id = $1 FOR NO KEY UPDATE', [id]);
  requireVersion((await getPractice(tx, id)).version, expected);
  await tx.execute('UPDATE practice SET name = $2, phone = $3, email = $4, version = version + 1 WHERE id = $1', [id, body.name, body.phone, body.email]);
  const changed = await getPractice(tx, id);
  const { version: _, ...facts } = changed;
  tx.outbox.add(eventOf(PracticeDefined, { key: id, host: id }, facts));
  tx.audit.record({ action: 'practice.changed', entity: 'practice', entityId: id, details: { version: changed.version } });
  return changed;
}
