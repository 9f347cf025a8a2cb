import type { PracticeId } from '@slotmesh/kernel';
import { type RawRecord, decodeRecord } from './cloud-event';
import type { EventHandlers } from './handlers';
import type { Received } from './received';

/** Where a record stands in Kafka. */
export interface RecordPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

interface Common {
  readonly key: string;
  readonly place: RecordPlace;
  readonly record: RawRecord;
}
/** In order and readable. */
export interface ReadableRecord extends Common {
  readonly kind: 'readable';
  readonly event: Received;
}
/** Has its place in the order of its key, but breaks its contract: dead at once. */
export interface BrokenRecord extends Common {
  readonly kind: 'broken';
  readonly sequence: number;
  readonly reason: string;
  readonly type: string | null;
  readonly host: string | null;
}
/** Has no readable place in any order: dead at once, beside the order. */
export interface StrayRecord extends Common {
  readonly kind: 'stray';
  readonly reason: string;
  readonly type: string | null;
  readonly host: string | null;
}
export type TakenRecord = ReadableRecord | BrokenRecord | StrayRecord;

export function readRecord(handlers: EventHandlers, place: RecordPlace, record: RawRecord): TakenRecord {
  const decoded = decodeRecord(place.topic, record);
  const key = record.key ?? `partition ${place.partition}`;
  if (!decoded.ok) {
    const { reason, type, host, sequence } = decoded;
    return sequence === null || record.key === null ? { kind: 'stray', key, place, record, reason, type, host } : { kind: 'broken', key, place, record, sequence, reason, type, host };
  }
  const { envelope } = decoded;
  const read = handlers.read(envelope, decoded.value);
  return read.ok
    ? { kind: 'readable', key, place, record, event: read.event }
    : { kind: 'broken', key, place, record, sequence: envelope.sequence, reason: read.reason, type: envelope.type, host: envelope.host };
}

export type Run = readonly ReadableRecord[] | BrokenRecord | StrayRecord;

/** Cuts a key's records into runs: readable ones of one tenant together, at most `length`; what is broken alone. */
export function cutIntoRuns(records: readonly TakenRecord[], length: number): Run[] {
  const runs: Run[] = [];
  let open: ReadableRecord[] = [];
  let tenant: PracticeId | null = null;
  const close = (): void => {
    if (open.length > 0) runs.push(open);
    open = [];
  };
  for (const record of records) {
    if (record.kind !== 'readable') {
      close();
      runs.push(record);
      continue;
    }
    if (open.length >= length || record.event.host !== tenant) close();
    tenant = record.event.host;
    open.push(record);
  }
  close();
  return runs;
}

/**
 * Which keys share a transaction: whole ones of one tenant, at most `most` together. A key with something broken, of two tenants or with more than `length` records stays alone.
 */
export function shareOut(keys: readonly (readonly TakenRecord[])[], { most, length }: { readonly most: number; readonly length: number }): (readonly (readonly TakenRecord[])[])[] {
  if (most === 1) return keys.map((records) => [records]);
  const shares: (readonly TakenRecord[])[][] = [];
  const open = new Map<PracticeId | null, (readonly TakenRecord[])[]>();
  for (const records of keys) {
    const [run, ...more] = cutIntoRuns(records, length);
    const tenant = run !== undefined && !('kind' in run) && more.length === 0 ? (run[0]?.event.host ?? null) : undefined;
    const share = tenant === undefined ? undefined : open.get(tenant);
    if (share !== undefined && share.length < most) share.push(records);
    else {
      const begun = [records];
      shares.push(begun);
      if (tenant !== undefined) open.set(tenant, begun);
    }
  }
  return shares;
}
