import { Injectable } from '@nestjs/common';
import { formatInstant, instantOfDate } from '@slotmesh/kernel';
import { UnitOfWork, unseal } from '@slotmesh/persistence';
import { DeskReadings, type StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { IntakeKeys } from '../../providers/intake-keys';
import { PatientKeys } from '../../providers/patient-keys';
import { ConversationUnknown } from '../domain/conversation.errors';

const at = z.date().transform((date) => formatInstant(instantOfDate(date)));
const received = z.object({ id: z.uuid(), to_number: z.string(), sealed_from: z.string(), sealed_text: z.string(), received_at: at, patient: z.uuid().nullable(), effect: z.string().nullable(), read_at: at.nullable(), read_by: z.string().nullable() });
const sent = z.object({ id: z.uuid(), message: z.uuid(), patient: z.uuid().nullable(), template: z.string(), status: z.string(), sealed_body: z.string().nullable(), sealed_text: z.string().nullable(), sender_number: z.string(), intent_at: at });
const MOST = 100;

export interface ShownText {
  readonly direction: 'in' | 'out';
  readonly id: string;
  readonly at: string;
  readonly text: string | null;
  /** Of what we sent: which message, by which template, and what the provider says of it. */
  readonly message: string | null;
  readonly template: string | null;
  readonly status: string | null;
  /** Of what came: what was done, and who has read it. */
  readonly effect: string | null;
  readonly readAt: string | null;
  readonly readBy: string | null;
}

/** What a phone and the practice have written to each other, the newest hundred of each side, in the order of time. Throws ConversationUnknown. */
@Injectable()
export class ShowConversation {
  constructor(private readonly work: UnitOfWork, private readonly keys: IntakeKeys, private readonly patientKeys: PatientKeys, private readonly readings: DeskReadings) {}

  async execute(caller: StaffCaller, phone: string): Promise<{ phone: string; from: string | null; items: ShownText[]; nextCursor: null }> {
    const found = await this.read(caller, phone);
    const shown = await this.readings.shown(caller.actor, 'inbox', found.received, ({ id, patient }) => ({ id, patient }));
    const [newest] = shown;
    if (!newest) throw new ConversationUnknown();
    const mayRead = new Set(shown.map(({ patient }) => patient));
    const out = caller.actor.deputy ? found.sent.filter(({ patient }) => mayRead.has(patient)) : found.sent;
    const items = [...shown.map((text) => this.incoming(text)), ...(await Promise.all(out.map((text) => this.outgoing(text))))];
    return { phone, from: newest.sealed_from === '' ? null : this.keys.unseal(newest.to_number, 'from', newest.sealed_from), items: items.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)), nextCursor: null };
  }

  private read(caller: StaffCaller, phone: string) {
    return this.work.run(caller.actor, async (tx) => {
      const texts = z.array(received).parse(await tx.query(
        'SELECT id, to_number, sealed_from, sealed_text, received_at, patient, effect, read_at, read_by FROM reply WHERE idx = $1 AND host = $2 ORDER BY received_at DESC, id DESC LIMIT $3', [phone, caller.practice, MOST]));
      const attempts = z.array(sent).parse(await tx.query(
        `SELECT t.id, t.message_id AS message, m.patient, t.template, coalesce(t.provider_status, t.state) AS status, t.sealed_body, m.sealed_text, p.sender_number, t.intent_at
         FROM attempt t JOIN message m ON m.id = t.message_id JOIN practice p ON p.id = t.host WHERE t.idx = $1 AND t.host = $2 AND t.channel = 'sms' ORDER BY t.intent_at DESC, t.id DESC LIMIT $3`, [phone, caller.practice, MOST]));
      tx.audit.record({ action: 'conversation.read', entity: 'contact-point', entityId: phone, patient: texts[0]?.patient ?? null });
      return { received: texts, sent: attempts };
    });
  }

  private incoming({ id, to_number, sealed_text, received_at, effect, read_at, read_by }: z.output<typeof received>): ShownText {
    return { direction: 'in', id, at: received_at, text: sealed_text === '' ? null : this.keys.unseal(to_number, 'text', sealed_text), message: null, template: null, status: null, effect, readAt: read_at, readBy: read_by };
  }

  private async outgoing({ id, message, patient, template, status, sealed_body, sealed_text, sender_number, intent_at }: z.output<typeof sent>): Promise<ShownText> {
    const key = sealed_body !== null && patient !== null ? await this.patientKeys.find(patient) : null;
    const text = key && sealed_body !== null ? unseal(key, sealed_body, `${patient}:body`) : sealed_text === null || sealed_text === '' ? null : this.keys.unseal(sender_number, 'text', sealed_text);
    return { direction: 'out', id, at: intent_at, text, message, template, status, effect: null, readAt: null, readBy: null };
  }
}
