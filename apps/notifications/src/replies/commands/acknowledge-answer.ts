import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import type { AnswerTemplate } from '../../messages/domain/fence';
import { answerByText } from './answer-message';

const found = z.object({ host: z.string(), idx: z.string(), sealed_from: z.string(), patient: z.uuid().nullable() });

/** Tells the phone that answered what came of it; only now, because scheduling has said so and it is true. */
export async function acknowledgeAnswer(tx: Tx, given: { readonly answer: string; readonly template: AnswerTemplate; readonly about: { readonly kind: 'appointment' | 'offer'; readonly id: string; readonly revision: number } }): Promise<void> {
  const [row] = await tx.query('SELECT host, idx, sealed_from, patient FROM reply WHERE answer_id = $1', [given.answer]);
  // An answer by another way (the patient's own page) is acknowledged there; an erased one cannot be.
  if (!row) return;
  const reply = found.parse(row);
  if (reply.sealed_from === '') return;
  const { kind, id, revision } = given.about;
  await answerByText(tx, { host: reply.host, patient: reply.patient, template: given.template, to: { idx: reply.idx, sealed: reply.sealed_from }, answerTo: given.answer, visits: [{ kind, id, revision }] });
}
