import { type OutboxRow, decodeRecord, headersOf } from './cloud-event';

const row: OutboxRow = {
  id: '1', lane: 0, topic: 'counting.tick.v1', key: 'a', sequence: '7', event_id: '0190aaaa-0000-7000-8000-000000000001', type: 'counting.tick.ticked.v1', source: 'counting',
  time: new Date('2026-11-23T18:00:00.000Z'), host: 'harbor', booking: 'summit', traceparent: '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01', payload: '{"n": 7}',
};
const record = (headers: Record<string, string>, key: string | null = 'a', value: Buffer | null = Buffer.from('{}')) => ({ key, headers, value });

describe('the CloudEvents binding', () => {
  it('reads back what it wrote', () => {
    const decoded = decodeRecord('counting.tick.v1', record(headersOf(row)));
    expect(decoded).toMatchObject({
      ok: true,
      envelope: { id: row.event_id, type: row.type, source: 'counting', time: Date.parse('2026-11-23T18:00:00Z'), topic: 'counting.tick.v1', key: 'a', sequence: 7, host: 'harbor', booking: 'summit', traceparent: row.traceparent },
    });
  });
  it('writes no header for what is absent', () => {
    expect(Object.keys(headersOf({ ...row, host: null, booking: null, traceparent: null }))).toEqual(['content-type', 'ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time', 'ce_partitionkey', 'ce_sequence']);
  });
  it('P11: says what is wrong with a record, and keeps its place where that can be read', () => {
    expect(decodeRecord('t', record({}))).toMatchObject({ ok: false, sequence: null, key: 'a' });
    expect(decodeRecord('t', record({ ...headersOf(row), ce_time: 'yesterday' }))).toMatchObject({ ok: false, sequence: 7, reason: 'undecodable: ce_time is no RFC 3339 instant' });
    expect(decodeRecord('t', record({ ...headersOf(row), ce_sequence: '0' }))).toMatchObject({ ok: false, sequence: null });
    expect(decodeRecord('t', record(headersOf(row), null, null))).toMatchObject({ ok: false, reason: 'undecodable: has no key; has no value' });
  });
});
