import { Injectable } from '@nestjs/common';
import { formatInstant, instantOfDate } from '@slotmesh/kernel';
import { UnitOfWork, unseal } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { IntakeKeys } from '../../providers/intake-keys';
import { PatientKeys } from '../../providers/patient-keys';
import { CONSENT_WORDS } from '../domain/consent-words';

const at = z.date().transform((date) => formatInstant(instantOfDate(date)));
export const consentsQuery = z.object({ patient: z.uuid('must be the id of a patient: consents are shown by patient, never by phone') });
const point = z.object({ channel: z.string(), idx: z.string(), consented: z.boolean(), opted_out_at: at.nullable(), unreachable_at: at.nullable(), unreachable_reason: z.string().nullable(), wrong_at: at.nullable(), representative: z.uuid().nullable(), narrow: z.array(z.object({ practice: z.string().nullable(), class: z.string().nullable() })) });
const evidence = z.object({ channel: z.string(), idx: z.string(), state: z.string(), source: z.string(), sealed_words: z.string().nullable(), message_sid: z.string().nullable(), at, to_number: z.string().nullable(), scope: z.string(), class: z.string().nullable(), recorded_by: z.string().nullable(), patient: z.uuid().nullable() });

export interface ShownConsent {
  readonly channel: string;
  /** The blind index: tells whether two patients share the contact point, and nothing else. */
  readonly index: string;
  readonly state: 'opted-in' | 'opted-out' | 'no-consent' | 'wrong-number';
  /** The representative whose it is, where it is not the patient's own. */
  readonly representative: string | null;
  /** Opt-outs that are narrower than everything: of this practice, of one class of messages, or of both. */
  readonly optOuts: readonly { readonly practice: string | null; readonly class: string | null }[];
  readonly optedOutAt: string | null;
  readonly unreachableAt: string | null;
  /** `landline`: to be phoned, not texted. Otherwise the provider's class of error, such as `number-permanent`. */
  readonly unreachableReason: string | null;
  readonly evidence: readonly { readonly state: string; readonly source: string; readonly scope: string; readonly class: string | null; readonly recordedBy: string | null; readonly words: string | null; readonly messageSid: string | null; readonly at: string }[];
}

/** What a patient's phone and mailbox said about being written to, with the words that this practice received (P17). */
@Injectable()
export class ListConsents {
  constructor(private readonly work: UnitOfWork, private readonly keys: IntakeKeys, private readonly patientKeys: PatientKeys) {}

  async execute(caller: StaffCaller, { patient }: z.output<typeof consentsQuery>): Promise<{ items: ShownConsent[]; nextCursor: null }> {
    const found = await this.read(caller, patient);
    // Outside of the transaction: scheduling is asked.
    const key = found.words.some((word) => word.patient !== null && word.sealed_words !== null) ? await this.patientKeys.find(patient) : null;
    const wordsOf = ({ sealed_words, to_number, patient: whose }: z.output<typeof evidence>): string | null => {
      if (sealed_words === null) return null;
      if (whose !== null) return key && unseal(key, sealed_words, `${patient}:${CONSENT_WORDS}`);
      return to_number && this.keys.unseal(to_number, 'text', sealed_words);
    };
    return {
      items: found.points.map((p): ShownConsent => ({
        channel: p.channel, index: p.idx, state: p.wrong_at ? 'wrong-number' : p.opted_out_at ? 'opted-out' : p.consented ? 'opted-in' : 'no-consent', representative: p.representative, optOuts: p.narrow,
        optedOutAt: p.opted_out_at, unreachableAt: p.unreachable_at, unreachableReason: p.unreachable_reason,
        evidence: found.words.filter((e) => e.channel === p.channel && e.idx === p.idx).map((e) => ({
          state: e.state, source: e.source, scope: e.scope, class: e.class, recordedBy: e.recorded_by, words: wordsOf(e), messageSid: e.message_sid, at: e.at,
        })),
      })),
      nextCursor: null,
    };
  }

  private read(caller: StaffCaller, patient: string) {
    return this.work.run(caller.actor, async (tx) => {
      const points = z.array(point).parse(await tx.query(
        `SELECT c.channel, c.idx, c.consented, c.wrong_at, c.representative, k.opted_out_at, k.unreachable_at, k.unreachable_reason,
           (SELECT coalesce(jsonb_agg(jsonb_build_object('practice', n.practice, 'class', n.class)), '[]') FROM narrow_opt_out n WHERE n.channel = c.channel AND n.idx = c.idx) AS narrow FROM patient_contact c JOIN contact_point k ON k.channel = c.channel AND k.idx = c.idx WHERE c.patient = $1 ORDER BY c.position`, [patient]));
      const words = z.array(evidence).parse(await tx.query(
        `SELECT e.channel, e.idx, e.state, e.source, e.sealed_words, e.message_sid, e.at, e.scope, e.class, e.recorded_by, e.patient, r.to_number FROM consent_evidence e LEFT JOIN reply r ON r.message_sid = e.message_sid
         WHERE (e.channel, e.idx) IN (SELECT c.channel, c.idx FROM patient_contact c WHERE c.patient = $1) AND (e.patient IS NULL OR e.patient = $1) ORDER BY e.at DESC, e.id DESC`, [patient]));
      tx.audit.record({ action: 'consents.read', entity: 'patient', entityId: patient, patient });
      return { points, words };
    });
  }
}
