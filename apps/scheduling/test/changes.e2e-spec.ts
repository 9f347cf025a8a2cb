import { HOUR } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { Client } from 'pg';
import { Desk, RunningScheduling } from './running-scheduling';

interface Told { readonly event: string; readonly id: number; readonly data: { type?: string; id?: string; sequence: number; time?: string } }

let scheduling: RunningScheduling;
let harbor: Desk;
let summit: Desk;
let patient: string;

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  [harbor, summit] = await Promise.all(['frontdesk@harbor.example', 'frontdesk@summit.example'].map((subject) => scheduling.desk(subject))) as [Desk, Desk];
  patient = (await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'harbor' ORDER BY id LIMIT 1`))[0]!.id;
});
afterAll(async () => scheduling.stop());

/** What a browser's EventSource would hand out, until the stream ends or is left. */
async function* listen(subject: string, lastEventId?: number | string, expiresInSeconds?: number): AsyncGenerator<Told> {
  const token = await scheduling.issuer.tokenOf(subject, expiresInSeconds === undefined ? {} : { expiresInSeconds });
  const response = await fetch(`${scheduling.url}/api/scheduling/v1/events`, { headers: { authorization: `Bearer ${token}`, ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }) } });
  expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([200, 'text/event-stream', 'no-store, no-transform']);
  let text = '';
  for await (const chunk of response.body!) {
    text += Buffer.from(chunk).toString();
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
      if (fields['data']) yield { event: fields['event']!, id: Number(fields['id']), data: JSON.parse(fields['data']) };
    }
  }
}
const next = async (stream: AsyncGenerator<Told>): Promise<Told> => (await stream.next()).value as Told;
const openings = () => harbor.openings(`service=dermatology-consult&practice=summit&from=${scheduling.inDays(3)}&to=${scheduling.inDays(25)}&limit=100`);

describe('the changes of a practice as server-sent events', () => {
  test('a booking at a partner is told to both practices and to nobody else, and names no person', async () => {
    const streams = ['frontdesk@harbor.example', 'clinician@summit.example', 'frontdesk@lakeside.example'].map((subject) => listen(subject));
    expect((await Promise.all(streams.map(next))).map(({ event }) => event)).toEqual(['ready', 'ready', 'ready']);
    const [opening] = await openings();
    const booked = await harbor.post('/appointments', { opening: opening!.id, patient });
    expect(booked.status).toBe(201);
    const [atHarbor, atSummit] = await Promise.all([next(streams[0]!), next(streams[1]!)]);
    for (const told of [atHarbor, atSummit]) expect(told).toEqual({ event: 'change', id: told.data.sequence, data: { type: 'scheduling.appointment.booked.v1', id: booked.body['id'], sequence: expect.any(Number), time: expect.any(String) } });
    const lakeside = await scheduling.desk('frontdesk@lakeside.example');
    const own = (await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'lakeside' ORDER BY id LIMIT 1`))[0]!.id;
    const waiting = await lakeside.post('/waitlist-entries', { patient: own, service: 'primary-care-visit' });
    expect(waiting.status).toBe(201);
    expect(await next(streams[2]!)).toMatchObject({ id: 1, data: { type: 'scheduling.waitlist-entry.added.v1', id: waiting.body['id'] } });
    await Promise.all(streams.map((stream) => stream.return(undefined)));
  });

  test('a listener who leaves and comes back while desks hold and give back is told every change once and in order, also where one commits late', async () => {
    const late = new Client({ connectionString: scheduling.database.workerUrl });
    await late.connect();
    const [{ last: before } = { last: '0' }] = await scheduling.sql<{ last: string }>(`SELECT last FROM event_sequence WHERE topic = 'practice-changes' AND key = 'summit'`);
    const told: Told[] = [];
    const listening = (async () => {
      for (let at = Number(before); told.at(-1)?.data.id !== 'end'; ) {
        const stream = listen('frontdesk@summit.example', at);
        for (let i = 0; i < 4 && told.at(-1)?.data.id !== 'end'; i++) {
          told.push(await next(stream));
          at = told.at(-1)!.id;
        }
        await stream.return(undefined);
      }
    })();
    const found = await openings();
    const desk = async (which: Desk, from: number): Promise<void> => {
      for (let i = from; i < found.length; i += 6) {
        const held = await which.post('/holds', { opening: found[i]!.id });
        if (held.status === 201) await which.call('DELETE', `/holds/${String(held.body['id'])}`);
      }
    };
    const append = `SELECT outbox_append('scheduling', now(), NULL, '[{"topic":"scheduling.hold.v1","key":"late","id":"019b0000-0000-7000-8000-0000000000ff","type":"scheduling.hold.ended.v1","host":"summit","booking":"harbor","payload":{}}]')`;
    const desks = Promise.all([0, 1, 2, 3, 4, 5].map((from) => desk(from % 2 ? harbor : summit, from)));
    await late.query('BEGIN');
    await late.query(append);
    await late.query('SELECT pg_sleep(0.5)');
    await late.query('COMMIT');
    await late.query('BEGIN');
    await late.query(append.replace('00ff', '00fe'));
    await late.query('ROLLBACK');
    await desks;
    await late.query(append.replace('00ff', '00fd').replace('"late"', '"end"'));
    await listening;
    const [{ last } = { last: '0' }] = await scheduling.sql<{ last: string }>(`SELECT last FROM event_sequence WHERE topic = 'practice-changes' AND key = 'summit'`);
    await late.end();
    expect(told.length).toBeGreaterThan(30);
    expect(told.map(({ id }) => id)).toEqual(Array.from({ length: Number(last) - Number(before) }, (_, i) => Number(before) + 1 + i));
    expect(told.filter(({ data }) => data.id === 'late')).toHaveLength(1);
  }, 90_000);

  test('many listeners of a practice are told the same by one look', async () => {
    const streams = Array.from({ length: 60 }, (_, i) => listen(`${['frontdesk', 'manager', 'clinician', 'auditor'][i % 4]!}@summit.example`));
    await Promise.all(streams.map(next));
    const [opening] = await openings();
    const held = await summit.post('/holds', { opening: opening!.id });
    expect(held.status).toBe(201);
    const told = await Promise.all(streams.map(next));
    expect(new Set(told.map(({ data }) => data.id))).toEqual(new Set([held.body['id']]));
    await Promise.all(streams.map((stream) => stream.return(undefined)));
  });

  test('the stream ends with the token', async () => {
    const events: string[] = [];
    for await (const { event } of listen('frontdesk@summit.example', undefined, 1)) events.push(event);
    expect(events).toEqual(['ready']);
  });

  test('who was away for longer than two days, or brings a number that we never gave, is told to load anew', async () => {
    for (const id of ['x', 999_999]) {
      const stream = listen('frontdesk@summit.example', id);
      expect((await next(stream)).event).toBe('reset');
      await stream.return(undefined);
    }
    scheduling.clock.moveTo(scheduling.clock.offset + 49 * HOUR);
    await eventually('old changes are forgotten', async () => (await scheduling.sql(`SELECT 1 FROM practice_change WHERE at < $1`, [new Date(scheduling.now() - 48 * HOUR)])).length === 0);
    const stream = listen('frontdesk@summit.example', 1);
    const told = await next(stream);
    const [row] = await scheduling.sql<{ last: string }>(`SELECT last FROM event_sequence WHERE topic = 'practice-changes' AND key = 'summit'`);
    expect(told).toEqual({ event: 'reset', id: Number(row!.last), data: { sequence: Number(row!.last) } });
    await stream.return(undefined);
  }, 40_000);

  test('one person has twenty streams at most, and what is closed makes room; colleagues are not shut out by it', async () => {
    const token = await scheduling.issuer.tokenOf('frontdesk@desert.example');
    const open = async (bearer: string): Promise<{ status: number; code: unknown; close: () => void }> => {
      const gone = new AbortController();
      const response = await fetch(`${scheduling.url}/api/scheduling/v1/events`, { headers: { authorization: `Bearer ${bearer}` }, signal: gone.signal });
      return { status: response.status, code: response.status === 200 ? null : ((await response.json()) as { code: unknown }).code, close: () => gone.abort() };
    };
    const mine = [];
    for (let i = 0; i < 20; i += 1) mine.push(await open(token));
    expect(new Set(mine.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await open(token)).toMatchObject({ status: 429, code: 'too-many-own-listeners' });
    const colleague = await open(await scheduling.issuer.tokenOf('manager@desert.example'));
    expect(colleague.status).toBe(200);
    mine[0]!.close();
    const again = await eventually('room for another', async () => {
      const one = await open(token);
      return one.status === 200 ? one : null;
    });
    for (const { close } of [...mine, colleague, again]) close();
  });
});
