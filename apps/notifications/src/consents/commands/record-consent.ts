import { Injectable } from '@nestjs/common';
import { blindIndex, channel, optOutClass } from '@slotmesh/contracts';
import { type Tx, UnitOfWork, onBehalfOf, seal } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { PatientKeys } from '../../providers/patient-keys';
import { ContactPointUnknown, PatientErased, StoppedByThePhone } from '../domain/consent.errors';
import { CONSENT_WORDS } from '../domain/consent-words';
import { changeConsent } from './change-consent';
import { publishPreferences } from './publish-preferences';

export const consentBody = z.object({
  patient: z.uuid('must be the id of a patient of your practice'),
  channel,
  /** Which of the patient's phones or addresses; absent: all of the channel. */
  index: blindIndex.optional(),
  state: z.enum(['opted-in', 'opted-out']),
  /** `practice`: of your practice's messages. `all`: of all practices, as STOP does. */
  scope: z.enum(['practice', 'all']).default('practice'),
  /** Only this class of messages; absent: every class. */
  class: optOutClass.exclude(['answer']).optional(),
  how: z.enum(['in-person', 'phone', 'paper']),
  /** The patient's own words, as exactly as can be. */
  words: z.string().trim().min(1, 'must hold what the patient said').max(500),
});
export type ConsentBody = z.output<typeof consentBody>;

/** What a patient told the desk about being written to, with the words and who wrote them down (P17). Throws ContactPointUnknown, StoppedByThePhone, PatientErased. */
@Injectable()
export class RecordConsent {
  constructor(private readonly work: UnitOfWork, private readonly keys: PatientKeys) {}

  async execute(caller: StaffCaller, body: ConsentBody): Promise<void> {
    const { patient, state } = body;
    const points = await this.work.run(caller.actor, (tx) =>
      tx.query<{ idx: string }>('SELECT idx FROM patient_contact WHERE patient = $1 AND channel = $2 AND ($3::text IS NULL OR idx = $3) ORDER BY idx', [patient, body.channel, body.index ?? null]));
    if (points.length === 0) throw new ContactPointUnknown();
    const key = await this.keys.find(patient);
    if (!key) throw new PatientErased();
    const sealedWords = seal(key, body.words, `${patient}:${CONSENT_WORDS}`);
    await this.work.run(onBehalfOf(caller.actor), async (tx) => {
      for (const { idx } of points) {
        if (state === 'opted-in' && (await this.stoppedItself(tx, body.channel, idx, caller.practice))) throw new StoppedByThePhone();
        await changeConsent(tx, {
          channel: body.channel, idx, state, source: body.how, host: caller.practice, sealedWords, messageSid: null, recordedBy: caller.actor.subject, patient,
          scope: { practice: body.scope === 'all' ? null : caller.practice, class: body.class ?? null },
        });
        // Somebody has made sure whose it is.
        if (state === 'opted-in') await tx.execute('UPDATE patient_contact SET wrong_at = NULL WHERE patient = $1 AND channel = $2 AND idx = $3', [patient, body.channel, idx]);
      }
      if (state === 'opted-in') await publishPreferences(tx, [patient]);
    });
  }

  /** An opt-out from everything that another one than this desk wrote down. */
  private async stoppedItself(tx: Tx, on: string, idx: string, practice: string): Promise<boolean> {
    // Why all since then: a STOP that the patient repeats at the desk stays the phone's own.
    const rows = await tx.query(
      `SELECT FROM contact_point k JOIN consent_evidence e ON e.channel = k.channel AND e.idx = k.idx AND e.at >= k.opted_out_at
       WHERE k.channel = $1 AND k.idx = $2 AND e.state = 'opted-out' AND e.scope = 'all' AND e.class IS NULL AND (e.recorded_by IS NULL OR e.practice IS DISTINCT FROM $3) LIMIT 1`,
      [on, idx, practice],
    );
    return rows.length > 0;
  }
}
