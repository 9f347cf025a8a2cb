import { HOUR, MINUTE, newId, plusMs, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { AnswerTemplate } from '../../messages/domain/fence';

/** The one text after a STOP is presumed to be part of it within five minutes (47 CFR 64.1200(a)(12)); later it would be a text without consent. */
const STOP_CONFIRMATION = 5 * MINUTE;
/** An answer that comes later than this confuses more than it helps. */
const ANSWER = HOUR;

export interface AnswerMessage {
  readonly host: string;
  /** For name and language; null where the phone belongs to nobody that we know, or to several. */
  readonly patient: string | null;
  readonly template: AnswerTemplate;
  readonly to: { readonly idx: string; readonly sealed: string };
  /** The reply or the answer that this answers: one text each, whatever is handled twice. */
  readonly answerTo: string;
  readonly visits: readonly { readonly kind: 'appointment' | 'offer'; readonly id: string; readonly revision: number }[];
  /** What somebody typed, where no template says it; sealed under the key of the practice's number. */
  readonly sealedText?: string;
}

/** Puts a text in the queue that answers the patient's own act; it goes at once, also in quiet hours (P15). */
export async function answerByText(tx: Tx, { host, patient, template, to, answerTo, visits, sealedText }: AnswerMessage): Promise<void> {
  const id = newId();
  const added = await tx.execute(
    `INSERT INTO message (id, answer_to, host, booking, patient, class, template, must_reach, channels, expires_at, visit_start, to_idx, to_sealed, state, not_before, created_at, sealed_text)
     VALUES ($1, $2, $3, $3, $4, 'answer', $5, false, '{sms}', $9, $6, $7, $8, 'pending', $6, $6, $10) ON CONFLICT (answer_to) DO NOTHING`,
    [id, answerTo, host, patient, template, toDate(tx.now), to.idx, to.sealed, toDate(plusMs(tx.now, template === 'stop-confirmation' ? STOP_CONFIRMATION : ANSWER)), sealedText ?? null],
  );
  if (added === 0) return;
  for (const [position, visit] of visits.entries()) {
    await tx.execute(`INSERT INTO message_subject (message_id, host, position, kind, id, revision, step) VALUES ($1, $2, $3, $6, $4, $5, 'answer')`, [id, host, position, visit.id, visit.revision, visit.kind]);
  }
}
