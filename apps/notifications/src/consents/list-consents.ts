import { Injectable } from '@nestjs/common';
import { formatInstant, instantOfDate } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { IntakeKeys } from '../providers/intake-keys';

const at = z.date().transform((date) => formatInstant(instantOfDate(date)));
export const consentsQuery = z.object({ patient: z.uuid('must be the id of a patient: consents are shown by patient, never by phone') });
const point = z.object({ channel: z.string(), idx: z.string(), consented: z.boolean(), opted_out_at: at.nullable(), unreachable_at: at.nullable(), unreachable_reason: z.string().nullable() });
const evidence = z.object({ channel: z.string(), idx: z.string(), state: z.string(), source: z.string(), sealed_words: z.string().nullable(), message_sid: z.string().nullable(), at, to_number: z.string().nullable() });

export interface ShownConsent {
  readonly channel: string;
  /** The blind index: tells whether two patients share the contact point, and nothing else. */
  readonly index: string;
  readonly state: 'opted-in' | 'opted-out' | 'no-consent';
  readonly optedOutAt: string | null;
  readonly unreachableAt: string | null;
  /** `landline`: to be phoned, not texted. Otherwise the provider's class of error, such as `number-permanent`. */
  readonly unreachableReason: string | null;
  readonly evidence: readonly { readonly state: string; readonly source: string; readonly words: string | null; readonly messageSid: string | null; readonly at: string }[];
}

/** What a patient's phone and mailbox said about being written to, with the words that this practice received (P17). */
@Injectable()
export class ListConsents {
  constructor(private readonly work: UnitOfWork, private readonly keys: IntakeKeys) {}

  execute(caller: StaffCaller, { patient }: z.output<typeof consentsQuery>): Promise<{ items: ShownConsent[]; nextCursor: null }> {
    return this.work.run(caller.actor, async (tx) => {
      const points = z.array(point).parse(await tx.query(
        'SELECT c.channel, c.idx, c.consented, k.opted_out_at, k.unreachable_at, k.unreachable_reason FROM patient_contact c JOIN contact_point k ON k.channel = c.channel AND k.idx = c.idx WHERE c.patient = $1 ORDER BY c.position', [patient]));
      const words = z.array(evidence).parse(await tx.query(
        `SELECT e.channel, e.idx, e.state, e.source, e.sealed_words, e.message_sid, e.at, r.to_number FROM consent_evidence e LEFT JOIN reply r ON r.message_sid = e.message_sid
         WHERE (e.channel, e.idx) IN (SELECT c.channel, c.idx FROM patient_contact c WHERE c.patient = $1) ORDER BY e.at DESC, e.id DESC`, [patient]));
      tx.audit.record({ action: 'consents.read', entity: 'patient', entityId: patient, patient });
      return {
        items: points.map((p): ShownConsent => ({
          channel: p.channel, index: p.idx, state: p.opted_out_at ? 'opted-out' : p.consented ? 'opted-in' : 'no-consent', optedOutAt: p.opted_out_at, unreachableAt: p.unreachable_at, unreachableReason: p.unreachable_reason,
          evidence: words.filter((e) => e.channel === p.channel && e.idx === p.idx).map((e) => ({
            state: e.state, source: e.source, words: e.sealed_words && e.to_number ? this.keys.unseal(e.to_number, 'text', e.sealed_words) : null, messageSid: e.message_sid, at: e.at,
          })),
        })),
        nextCursor: null,
      };
    });
  }
}
