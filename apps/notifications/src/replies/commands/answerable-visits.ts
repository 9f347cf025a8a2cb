import { instantOfDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import type { AnswerableVisit } from '../domain/visit-of-answer';
import { appointmentStatus } from '@slotmesh/contracts';
import { answerTemplates } from '../../messages/domain/fence';

const row = z.object({
  kind: z.enum(['appointment', 'offer']), message: z.uuid(), appointment: z.uuid(), patient: z.uuid(), spoken: z.int(), must_move: z.boolean(), sent_at: z.date(), revision: z.int(), status: appointmentStatus, start_at: z.date(),
}).transform((r): AnswerableVisit => ({
  kind: r.kind, message: r.message, appointment: r.appointment, patient: r.patient, revision: r.spoken, mustMove: r.must_move, sentAt: instantOfDate(r.sent_at), current: { revision: r.revision, status: r.status, start: instantOfDate(r.start_at) },
}));

/** For each visit, or one that is offered, the newest text about it that went, or may have gone, from this practice to this phone. */
export async function answerableVisits(tx: Tx, host: string, idx: string): Promise<AnswerableVisit[]> {
  const rows = await tx.query(
    `SELECT DISTINCT ON (a.id) t.message_id AS message, a.kind, a.id AS appointment, a.patient, s.revision AS spoken, t.intent_at AS sent_at, a.revision, a.status, a.start_at,
       coalesce((SELECT n.template = 'visit-must-move' FROM attempt n CROSS JOIN jsonb_to_recordset(n.subjects) AS about(id uuid) WHERE n.idx = $1 AND n.host = $2 AND n.channel = 'sms' AND n.state IN ('intent', 'accepted', 'unknown')
         AND about.id = a.id AND n.template <> ALL ($4::text[]) ORDER BY n.intent_at DESC, n.id DESC LIMIT 1), false) AS must_move
     FROM attempt t CROSS JOIN jsonb_to_recordset(t.subjects) AS s(id uuid, revision int) JOIN visit a ON a.id = s.id AND a.host = t.host
     WHERE t.idx = $1 AND t.host = $2 AND t.channel = 'sms' AND t.state IN ('intent', 'accepted', 'unknown') AND a.end_at > $3
       AND NOT (a.confidential AND EXISTS (SELECT FROM patient_contact c WHERE c.patient = a.patient AND c.channel = 'sms' AND c.idx = $1 AND c.representative IS NOT NULL))
     ORDER BY a.id, t.intent_at DESC, t.id DESC`,
    [idx, host, new Date(tx.now), [...answerTemplates]],
  );
  return z.array(row).parse(rows);
}
