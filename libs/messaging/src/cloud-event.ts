import { type Instant, type PracticeId, parseInstant } from '@slotmesh/kernel';
import { z } from 'zod';
import type { EventEnvelope } from './received';

export interface RawRecord {
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer | null;
}

/** Header names of the CloudEvents 1.0 Kafka binding in binary mode: every attribute, extensions too, with the prefix `ce_`. */
export interface EventHeaders {
  readonly [name: string]: string;
}

export interface OutboxRow {
  readonly id: string;
  readonly lane: number;
  readonly topic: string;
  readonly key: string;
  readonly sequence: string;
  readonly event_id: string;
  readonly type: string;
  readonly source: string;
  readonly time: Date;
  readonly host: string | null;
  readonly booking: string | null;
  readonly traceparent: string | null;
  readonly payload: string;
}

export function headersOf(row: OutboxRow): EventHeaders {
  return {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: row.event_id,
    ce_source: row.source,
    ce_type: row.type,
    ce_time: row.time.toISOString(),
    ce_partitionkey: row.key,
    ce_sequence: row.sequence,
    ...(row.host === null ? {} : { ce_host: row.host }),
    ...(row.booking === null ? {} : { ce_booking: row.booking }),
    ...(row.traceparent === null ? {} : { ce_traceparent: row.traceparent }),
  };
}

const instantHeader = z.string().transform((text, context): Instant => {
  try {
    return parseInstant(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is no RFC 3339 instant' });
    return z.NEVER;
  }
});
const practiceHeader = z.string().min(1).transform((text) => text as PracticeId).nullish().transform((practice) => practice ?? null);
const sequenceHeader = z.string().regex(/^[1-9]\d{0,14}$/, 'is no positive number').transform(Number);

const headers = z.object({
  ce_specversion: z.literal('1.0'),
  ce_id: z.string().min(1),
  ce_source: z.string().min(1),
  ce_type: z.string().min(1),
  ce_time: instantHeader,
  ce_sequence: sequenceHeader,
  ce_host: practiceHeader,
  ce_booking: practiceHeader,
  ce_traceparent: z.string().nullish(),
});

export type Decoded =
  | { readonly ok: true; readonly envelope: EventEnvelope; readonly value: Buffer }
  /** `sequence` is null where not even its place in its key's order can be read. */
  | { readonly ok: false; readonly reason: string; readonly key: string | null; readonly sequence: number | null; readonly type: string | null; readonly host: string | null };

/** Reads a record's attributes; its value is read by the contract of its type. */
export function decodeRecord(topic: string, record: RawRecord): Decoded {
  const parsed = headers.safeParse(record.headers);
  if (parsed.success && record.key !== null && record.value !== null) {
    const h = parsed.data;
    return {
      ok: true,
      value: record.value,
      envelope: { id: h.ce_id, type: h.ce_type, source: h.ce_source, time: h.ce_time, topic, key: record.key, sequence: h.ce_sequence, host: h.ce_host, booking: h.ce_booking, traceparent: h.ce_traceparent ?? null },
    };
  }
  const reasons = [
    ...(record.key === null ? ['has no key'] : []),
    ...(record.value === null ? ['has no value'] : []),
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)),
  ];
  const sequence = sequenceHeader.safeParse(record.headers.ce_sequence);
  return { ok: false, reason: `undecodable: ${reasons.join('; ')}`, key: record.key, sequence: sequence.success ? sequence.data : null, type: record.headers.ce_type ?? null, host: record.headers.ce_host ?? null };
}
