import { Injectable } from '@nestjs/common';
import { formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { type MessageCount, costPer, isOfVisits, messages, outcomesBehind } from '../domain/messages';
import type { Months } from '../months.schema';
import type { MeasureSource } from './measure-source';

const count = z.number().nullable();
const cell = z.object({
  host: z.string(), month: z.string(), channel: z.string(), template: z.string(), own: z.boolean(), asked: count, waiting: count, sent: count, delivered: count, undelivered: count, skipped: count, call_list: count, unknown: count,
  skipped_by_reason: z.record(z.string(), z.number()).nullable(), visits: count, confirmed: count, kept: count, cost_micros: z.coerce.number().nullable(), currency: z.string().nullable(), minutes_late_p50: count, minutes_late_p95: count,
}).transform(({ own, call_list, skipped_by_reason, cost_micros, minutes_late_p50, minutes_late_p95, ...rest }) => ({
  ...rest, callList: call_list, skippedByReason: skipped_by_reason, costMicros: cost_micros, costPerKeptMicros: costPer(cost_micros, rest.kept), minutesLateP50: minutes_late_p50, minutesLateP95: minutes_late_p95, hidden: !own, opens: own,
}));
export type MessageCell = z.output<typeof cell>;

export interface MessageKey {
  readonly host: string;
  readonly month: string;
  readonly channel: string;
  readonly template: string;
}

@Injectable()
export class MessagesRepository implements MeasureSource<Months, MessageCell, MessageKey, MessageCount> {
  readonly measure = messages;

  /** A message by the id of its request, which reminders and notifications both know. */
  rowName = (counted: MessageCount): string => (isOfVisits(counted) ? 'appointment' : 'request');

  async cells(tx: Tx, { from, to }: Months, network: boolean): Promise<MessageCell[]> {
    const rows = await tx.query(
      `SELECT host, to_char(month, 'YYYY-MM') AS month, channel, template, own, asked, waiting, sent, delivered, undelivered, skipped, call_list, unknown, skipped_by_reason, visits, confirmed, kept, cost_micros, currency, minutes_late_p50, minutes_late_p95
       FROM message_cells($1, $2, $3, $4)`, [`${from}-01`, `${to}-01`, formatInstant(tx.now), network]);
    return rows.map((row) => cell.parse(row));
  }

  parties = ({ host }: MessageKey): readonly string[] => [host];

  async rows(tx: Tx, key: MessageKey, counted: MessageCount, after: string | null, limit: number): Promise<string[]> {
    const of = [key.host, `${key.month}-01`, key.channel, key.template, after, limit];
    const rows = isOfVisits(counted)
      ? await tx.query<{ id: string }>(
        `SELECT id FROM message_visit WHERE host = $1 AND month = $2 AND channel = $3 AND template = $4 AND ($5::uuid IS NULL OR id > $5) AND ($7 = 'visits' OR ($7 = 'kept' AND kept) OR ($7 = 'confirmed' AND confirmed)) ORDER BY id LIMIT $6`, [...of, counted])
      : await tx.query<{ id: string }>(
        `SELECT id FROM message_fact WHERE host = $1 AND month = $2 AND channel = $3 AND template = $4 AND ($5::uuid IS NULL OR id > $5) AND outcome = ANY ($7::text[]) ORDER BY id LIMIT $6`, [...of, outcomesBehind[counted]]);
    return rows.map(({ id }) => id);
  }
}
