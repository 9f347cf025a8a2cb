import type { PracticeId } from '@slotmesh/kernel';
import { headersOf } from './cloud-event';
import { EventHandlers } from './handlers';
import { cutIntoRuns, readRecord, shareOut } from './taken-record';
import { Ticked } from './testing-processes/ticks';

const handlers = new EventHandlers();
handlers.add(Ticked, async () => undefined);

const record = (sequence: number, value = '{"n": 1}', host = 'harbor', headers: Record<string, string> = {}) =>
  readRecord(handlers, { topic: Ticked.topic, partition: 0, offset: String(sequence) }, {
    key: 'a', value: Buffer.from(value),
    headers: { ...headersOf({ id: '1', lane: 0, topic: Ticked.topic, key: 'a', sequence: String(sequence), event_id: 'e', type: Ticked.type, source: 's', time: new Date(0), host: host as PracticeId, booking: null, traceparent: null, payload: '' }), ...headers },
  });
const shape = (records: ReturnType<typeof record>[], length = 100) => cutIntoRuns(records, length).map((run) => ('kind' in run ? run.kind : run.map(({ event }) => event.sequence)));

describe('the runs of a key', () => {
  it('take readable records together, of one tenant, up to a length', () => {
    expect(shape([record(1), record(2), record(3)])).toEqual([[1, 2, 3]]);
    expect(shape([record(1), record(2), record(3)], 2)).toEqual([[1, 2], [3]]);
    expect(shape([record(1), record(2, undefined, 'summit'), record(3, undefined, 'summit')])).toEqual([[1], [2, 3]]);
  });
  it('P11: stop at what is broken, which stands alone', () => {
    expect(shape([record(1), record(2, 'no json'), record(3, '{"n": -1}'), record(4, undefined, undefined, { ce_sequence: 'x' }), record(5)])).toEqual([[1], 'broken', 'broken', 'stray', [5]]);
  });
  it('P24: tell where a contract was broken, never what the value was', () => {
    expect(record(1, '{"n": "secret"}')).toMatchObject({ kind: 'broken', reason: 'contract: n invalid_type' });
  });
});

describe('keys that share a transaction', () => {
  const shares = (keys: ReturnType<typeof record>[][], most: number) => shareOut(keys, { most, length: 2 }).map((share) => share.map(([first]) => Number(first!.place.offset)));
  const summit = (sequence: number) => record(sequence, undefined, 'summit');

  it('are of one tenant, and so many at most', () => {
    expect(shares([[record(1)], [summit(2)], [record(3)], [record(4)], [summit(5)]], 2)).toEqual([[1, 3], [2, 5], [4]]);
    expect(shares([[record(1)], [record(2)]], 1)).toEqual([[1], [2]]);
  });
  it('P11: are whole: one with something broken, of two tenants or with more records than a run stays alone', () => {
    expect(shares([[record(1), record(2, 'no json')], [record(3), summit(4)], [record(5), record(6), record(7)], [record(8)], [record(9), record(10)]], 100)).toEqual([[1], [3], [5], [8, 9]]);
  });
});
