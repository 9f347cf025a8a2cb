import { HoldSweeper } from '../src/holds/hold-sweeper';
import { Desk, type HttpResult, type OpeningItem, RunningScheduling, TAKEN_TWICE } from './running-scheduling';

let scheduling: RunningScheduling;
let harbor: Desk;
let summit: Desk;
let desert: Desk;
let desks: Desk[];
let patients: string[];

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  desks = await Promise.all(['frontdesk@harbor.example', 'frontdesk@summit.example', 'frontdesk@desert.example'].map((subject) => scheduling.desk(subject)));
  [harbor, summit, desert] = desks as [Desk, Desk, Desk];
  patients = await patientsOf('harbor');
});
// How often a desk may be told "another visit then" is tried elsewhere; how often it is here depends on the time of day.
const forgetRefusals = () => scheduling.sql('DELETE FROM refusal_count');
beforeEach(forgetRefusals);
afterAll(async () => scheduling.stop());

const patientsOf = async (practice: string): Promise<string[]> => (await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = $1 ORDER BY id`, [practice])).map((row) => row.id);
let used = 0;
const patient = (): string => patients[used++ % patients.length]!;
const find = (desk: Desk, service: string, practice: string, from: number, days: number): Promise<OpeningItem[]> =>
  desk.openings(`service=${service}&practice=${practice}&from=${scheduling.inDays(from)}&to=${scheduling.inDays(from + days)}&limit=100`);
const localDay = ({ start, zone }: OpeningItem): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(start));
const overlapping = (a: OpeningItem, b: OpeningItem): boolean => a.start < b.end && b.start < a.end;
const tally = (answers: readonly HttpResult[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) counts[`${status} ${String(body['code'] ?? '')}`.trim()] = (counts[`${status} ${String(body['code'] ?? '')}`.trim()] ?? 0) + 1;
  return counts;
};
const path = (booked: HttpResult): string => `/appointments/${String(booked.body['id'])}`;
/** All starts of the first whole day that has at least `least` of them, which must not overlap for one provider. */
const wholeDay = (items: readonly OpeningItem[], least: number): OpeningItem[] => {
  const days = new Map<string, OpeningItem[]>();
  for (const item of items) days.set(localDay(item), [...(days.get(localDay(item)) ?? []), item]);
  const found = [...days.values()].slice(1).find((list) => apart(list).length >= least);
  if (!found) throw new Error(`no day has ${least} openings`);
  return found;
};
const apart = (items: readonly OpeningItem[]): OpeningItem[] => {
  const chosen: OpeningItem[] = [];
  for (const item of items) if (!chosen.some((other) => other.provider.id === item.provider.id && Date.parse(item.start) < Date.parse(other.end) + 15 * 60_000 && other.start <= item.start)) chosen.push(item);
  return chosen;
};

/** What must be true of the tables whatever happened before. Each query shows the rows that break a promise. */
const BROKEN: Readonly<Record<string, string>> = {
  'P1 a resource taken twice': TAKEN_TWICE,
  'P2 a visit that takes place without its provider': `SELECT a.id FROM appointment a WHERE a.status IN ('pending', 'booked', 'arrived', 'checked-in') AND (SELECT count(*) FROM occupancy o JOIN resource r ON r.id = o.resource_id
    WHERE o.appointment_id = a.id AND o.active AND r.provider_id = a.provider_id AND o.during @> tstzrange(a.starts_at, a.ends_at)) <> 1`,
  'P2 a visit with more or fewer resources than its type needs': `SELECT a.id FROM appointment a JOIN visit_type v ON v.id = a.visit_type_id WHERE a.status IN ('pending', 'booked', 'arrived', 'checked-in')
    AND (SELECT count(*) FROM occupancy o WHERE o.appointment_id = a.id AND o.active) <> 1 + jsonb_array_length(v.needs)`,
  'P2 time kept by a visit that is off': `SELECT a.id FROM appointment a JOIN occupancy o ON o.appointment_id = a.id AND o.active WHERE a.status IN ('cancelled', 'entered-in-error')`,
  'P3 time kept by a hold that is over': `SELECT h.id FROM hold h JOIN occupancy o ON o.hold_id = h.id AND o.active AND o.appointment_id IS NULL WHERE h.state <> 'active'`,
  'P3 a hold that ended twice or not at all': `SELECT h.id FROM hold h LEFT JOIN event_sequence s ON s.key = h.id::text WHERE coalesce(s.last, 0) <> CASE h.state WHEN 'active' THEN 1 ELSE 2 END`,
  'P7 a quota that was not counted exactly': `SELECT q.id, q.rule, q.day, q.used FROM quota_use q WHERE q.used <> (SELECT count(*) FROM hold h WHERE h.state = 'active' AND q.id = ANY (h.quota_ids)) + (SELECT count(*) FROM appointment a WHERE q.id = ANY (a.quota_ids))`,
  'P7 a quota beyond its limit': `SELECT q.id FROM quota_use q JOIN agreement_version v ON v.agreement_id = q.agreement_id AND v.status = 'in-force' CROSS JOIN jsonb_array_elements(v.terms->'rules') AS r WHERE r->>'id' = q.rule AND q.period = 'day' AND q.used > (r->>'dailyQuota')::int`,
  'P7 a shared visit that counts on another day than its own': `SELECT a.id FROM appointment a JOIN quota_use q ON q.id = ANY (a.quota_ids) WHERE q.day <> (a.starts_at AT TIME ZONE a.zone)::date`,
  'P8 a person in two places': `SELECT a.appointment_id FROM person_time a JOIN person_time b ON a.person_id = b.person_id AND a.lane = b.lane AND a.appointment_id < b.appointment_id AND a.during && b.during AND a.active AND b.active`,
  'P8 a visit without its person, or a person kept by a visit that is off': `SELECT a.id FROM appointment a LEFT JOIN person_time t ON t.appointment_id = a.id AND t.active
    WHERE (t.appointment_id IS NOT NULL AND t.during = tstzrange(a.starts_at, a.ends_at) AND t.person_id = a.person_id) <> (a.status <> 'cancelled')`,
};
const broken = () => scheduling.whatIsBroken(BROKEN);
/** PostgreSQL breaks a deadlock after a second and we run the transaction again: right in the end, but a second late, so the lock order has none. */
const deadlocks = async (): Promise<number> => Number((await scheduling.sql<{ n: string }>(`SELECT deadlocks AS n FROM pg_stat_database WHERE datname = current_database()`))[0]!.n);

describe('quotas under concurrency', () => {
  test('P7: of 50 holds at once no more than the daily quota succeed; given back twice at once, they count once', async () => {
    const day = wholeDay(await find(harbor, 'cardiology-consult', 'desert', 3, 12), 10);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => [harbor, summit][i % 2]!.post('/holds', { opening: day[i % day.length]!.id })));
    const held = answers.flatMap((answer, i) => (answer.status === 201 ? [{ desk: [harbor, summit][i % 2]!, id: String(answer.body['id']) }] : []));
    expect(held.length).toBeLessThanOrEqual(8);
    expect(tally(answers)).toEqual({ '201': held.length, '409 opening-taken': 50 - held.length });
    expect(await broken()).toEqual({});
    const released = await Promise.all(held.flatMap(({ desk, id }) => [desk.call('DELETE', `/holds/${id}`), desk.call('DELETE', `/holds/${id}`)]));
    expect(tally(released)).toEqual({ '204': held.length, '409 hold-ended': held.length });
    expect(await broken()).toEqual({});
    expect(await scheduling.sql('SELECT id FROM quota_use WHERE used > 0')).toEqual([]);
  });

  test('P7: a partner moves a visit within a day whose quota is full, and the host can do so without making room in the quota', async () => {
    const day = wholeDay(await find(harbor, 'cardiology-consult', 'desert', 4, 12), 10);
    const visits: HttpResult[] = [];
    for (const { id } of apart(day)) {
      const booked = await harbor.post('/appointments', { opening: id, patient: patient() });
      if (booked.status === 201) visits.push(booked);
    }
    expect(visits).toHaveLength(8);
    const free = (await find(desert, 'cardiology-consult', 'desert', 4, 12)).filter((item) => localDay(item) === localDay(day[0]!));
    const [first, second] = [free[0]!, free.find((item) => !overlapping(item, free[0]!))!];
    expect(await harbor.post('/holds', { opening: first.id })).toMatchObject({ status: 409, body: { code: 'opening-taken' } });
    expect(await harbor.post(`${path(visits[0]!)}/reschedule`, { opening: first.id })).toMatchObject({ status: 200, body: { start: first.start } });
    expect(await desert.post(`${path(visits[1]!)}/reschedule`, { opening: second.id })).toMatchObject({ status: 200, body: { start: second.start } });
    expect((await harbor.openings(`service=cardiology-consult&practice=desert&from=${day[0]!.start}&to=${scheduling.inDays(20)}&limit=100`)).filter((item) => localDay(item) === localDay(day[0]!))).toEqual([]);
    expect(await broken()).toEqual({});
    const [elsewhen] = (await find(desert, 'cardiology-consult', 'desert', 4, 20)).filter((item) => localDay(item) > localDay(day[0]!));
    expect((await desert.post(`${path(visits[2]!)}/reschedule`, { opening: elsewhen!.id })).status).toBe(200);
    expect(await broken()).toEqual({});
    await Promise.all(visits.map((visit) => harbor.post(`${path(visit)}/cancel`, {})));
    expect(await broken()).toEqual({});
  });
});

describe('one person at several desks', () => {
  test('P8: visits of one person at overlapping times, booked at three hosts at once: one wins, the others are refused', async () => {
    const before = await deadlocks();
    const cardiology = await find(harbor, 'cardiology-consult', 'desert', 5, 14);
    const primary = await find(harbor, 'primary-care-visit', 'harbor', 5, 14);
    for (const at of cardiology.filter((_, i) => i % 12 === 0).slice(0, 8)) {
      // All at one moment: two that each overlap the first need not overlap one another.
      const same = [...new Map(primary.filter(({ start, end }) => start <= at.start && at.start < end).map((item) => [item.provider.id, item])).values()];
      const who = patient();
      await forgetRefusals();
      const answers = await Promise.all([at, ...same].map(({ id }) => harbor.post('/appointments', { opening: id, patient: who })));
      expect(tally(answers)).toEqual({ '201': 1, ...(same.length > 0 ? { '409 another-visit-then': same.length } : {}) });
    }
    expect(await broken()).toEqual({});
    expect((await deadlocks()) - before).toBe(0);
  });

  test('P8: a visit that is called off while the same person is booked again then: nothing waits in a circle', async () => {
    const before = await deadlocks();
    const list = apart(await find(harbor, 'dermatology-consult', 'summit', 6, 10));
    for (const at of list.filter((item) => item.provider.id === list[0]!.provider.id).slice(0, 5)) {
      const who = patient();
      const old = await harbor.post('/appointments', { opening: at.id, patient: who });
      expect(old.status).toBe(201);
      const others = list.filter((item) => item.provider.id !== at.provider.id && overlapping(item, at)).slice(0, 2);
      const [off, ...again] = await Promise.all([harbor.post(`${path(old)}/cancel`, {}), ...others.map(({ id }) => harbor.post('/appointments', { opening: id, patient: who }))]);
      expect(off!.status).toBe(200);
      for (const { status } of again) expect([201, 409]).toContain(status);
      expect(again.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(1);
    }
    expect(await broken()).toEqual({});
    expect((await deadlocks()) - before).toBe(0);
  });
});

describe('one visit, several hands', () => {
  test('of ten changes on one ETag exactly one is taken', async () => {
    const list = apart(await find(harbor, 'dermatology-consult', 'summit', 20, 8));
    for (const at of list.slice(0, 4)) {
      const booked = await harbor.post('/appointments', { opening: at.id, patient: patient() });
      const etag = { 'if-match': (await harbor.get(path(booked))).headers.get('etag')! };
      const to = list.at(-1)!.id;
      const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => [harbor, summit][i % 2]!.post(`${path(booked)}/${['confirm', 'cancel', 'reschedule'][i % 3]!}`, i % 3 === 2 ? { opening: to } : {}, etag)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      for (const { status } of answers) expect([200, 409, 412]).toContain(status);
    }
    expect(await broken()).toEqual({});
  });

  test('P3: a hold that ends while it is booked is either booked or over, never both', async () => {
    for (const at of apart(await find(harbor, 'cardiology-consult', 'desert', 21, 8)).slice(0, 5)) {
      const hold = await harbor.post('/holds', { opening: at.id });
      expect(hold.status).toBe(201);
      scheduling.clock.moveTo(scheduling.clock.offset + Date.parse(String(hold.body['expiresAt'])) - scheduling.now() - 40);
      const answers = await Promise.all(Array.from({ length: 6 }, async (_, i) => {
        await new Promise((resolve) => setTimeout(resolve, i * 15));
        return i % 2 ? summit.post('/holds', { opening: at.id }) : harbor.post('/appointments', { hold: hold.body['id'], patient: patient() });
      }));
      expect(answers.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(1);
      for (const { status } of answers) expect([201, 409]).toContain(status);
    }
    expect(await broken()).toEqual({});
  });

  test('P4: a key belongs to its desk and its request: another path is 422, another practice has keys of its own', async () => {
    const [at, other] = apart(await find(harbor, 'dermatology-consult', 'summit', 30, 8));
    const key = { 'idempotency-key': 'shared-by-chance' };
    const held = await harbor.post('/holds', { opening: at!.id }, key);
    expect(held.status).toBe(201);
    expect(await harbor.post('/appointments', { opening: at!.id, patient: patient() }, key)).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    expect(await harbor.post('/holds', { opening: other!.id }, key)).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    expect(await summit.post('/holds', { opening: at!.id }, key)).toMatchObject({ status: 409, body: { code: 'opening-taken' } });
    expect((await desert.get(`/holds/${String(held.body['id'])}`)).status).toBe(404);
    expect((await summit.call('DELETE', `/holds/${String(held.body['id'])}`)).status).toBe(404);
  });
});

describe('requests that nobody should send', () => {
  let manager: Desk;
  const closure = { days: { firstDay: '2027-06-01', lastDay: '2027-06-01' } };
  beforeAll(async () => {
    manager = await scheduling.desk('manager@harbor.example');
  });
  /** A booking that only an override lets through. */
  const overlap = async (): Promise<{ opening: string; patient: string }> => {
    const list = await find(harbor, 'dermatology-consult', 'summit', 40, 8);
    const beside = (at: OpeningItem): OpeningItem | undefined => list.find((item) => item.provider.id !== at.provider.id && overlapping(item, at));
    const at = list.find((item) => beside(item) !== undefined)!;
    const who = patient();
    expect((await harbor.post('/appointments', { opening: at.id, patient: who })).status).toBe(201);
    return { opening: beside(at)!.id, patient: who };
  };
  test.each<[string, () => Promise<HttpResult>]>([
    ['a cursor that is none', () => harbor.get('/appointments?cursor=%25%25')],
    ['a cursor with another text in it', () => harbor.get(`/appointments?cursor=${Buffer.from("yesterday' 018f0000-0000-7000-8000-000000000000").toString('base64url')}`)],
    ['a cursor of openings that is none', () => harbor.get('/openings?service=echo&cursor=eyJhIjoxfQ')],
    ['a NUL in the query', () => harbor.get('/openings?service=echo&language=%00')],
    ['a NUL in a text', async () => manager.post('/closures', { ...closure, reason: 'water\u0000damage' })],
    ['half a character in a text', async () => manager.post('/closures', { ...closure, reason: 'water \ud800 damage' })],
    ['a NUL in a reason', async () => manager.post('/appointments', { ...(await overlap()), override: { reason: 'because\u0000because' } })],
    ['half a character in a reason', async () => manager.post('/appointments', { ...(await overlap()), override: { reason: 'because \ud800 because' } })],
    ['a field by the name __proto__', () => harbor.call('POST', '/holds', JSON.parse('{"opening":"x","__proto__":{"admin":true}}'))],
    ['a body of the wrong kind', () => harbor.call('POST', '/holds', ['x'])],
    ['an If-Match that is none', () => harbor.post('/appointments/018f0000-0000-7000-8000-000000000000/cancel', {}, { 'if-match': '"1", "2"' })],
    ['an id with more behind it', () => harbor.get('/appointments/018f0000-0000-7000-8000-000000000000%00')],
    ['a body larger than any request', () => harbor.post('/holds', { opening: 'x'.repeat(3_000_000) })],
  ])('%s is refused as the caller\'s error, not ours', async (_name, send) => {
    const { status } = await send();
    expect([400, 404, 413]).toContain(status);
  });
});

describe('everything at once', () => {
  test('P1 to P8: some seconds of mixed work by three practices leave every promise kept, no error and no deadlock', async () => {
    const before = await deadlocks();
    const whose = new Map(await Promise.all(['harbor', 'summit', 'desert'].map(async (practice, i) => [desks[i]!, (await patientsOf(practice)).slice(0, 12)] as const)));
    const pool = (await Promise.all([find(desert, 'cardiology-consult', 'desert', 8, 3), find(desert, 'echo', 'desert', 8, 3), find(summit, 'skin-check', 'summit', 8, 3), find(harbor, 'annual-physical', 'harbor', 8, 3), find(harbor, 'vaccination', 'harbor', 8, 3)])).flat();
    const holds: { desk: Desk; id: string }[] = [];
    const visits: { desk: Desk; id: string; host: Desk }[] = [];
    const hosts = new Map([['harbor', harbor], ['summit', summit], ['desert', desert]]);
    let seed = 7;
    const random = (n: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % n;
    const pick = <T>(list: readonly T[]): T | undefined => list[random(Math.max(1, list.length))];
    const seen: HttpResult[] = [];
    const one = async (): Promise<void> => {
      const [desk, opening] = [pick(desks)!, pick(pool)!];
      const [hold, visit] = [pick(holds), pick(visits)];
      const kind = random(8);
      if (kind <= 1) {
        const answer = await desk.post('/holds', { opening: opening.id });
        seen.push(answer);
        if (answer.status === 201) holds.push({ desk, id: String(answer.body['id']) });
      } else if (kind === 2 && hold) {
        seen.push(await hold.desk.call('DELETE', `/holds/${hold.id}`));
      } else if (kind <= 4) {
        const by = kind === 3 && hold ? hold.desk : desk;
        const answer = await by.post('/appointments', { ...(kind === 3 && hold ? { hold: hold.id } : { opening: opening.id }), patient: pick(whose.get(by)!) });
        seen.push(answer);
        if (answer.status === 201) visits.push({ desk: by, id: String(answer.body['id']), host: hosts.get(String(answer.body['host']))! });
      } else if (visit) {
        const by = random(2) ? visit.desk : visit.host;
        // Why a move by its booking desk only: a host may go beyond its own quota.
        seen.push(kind === 5 ? await by.post(`/appointments/${visit.id}/cancel`, {}) : await visit.desk.post(`/appointments/${visit.id}/reschedule`, { opening: opening.id }));
      }
      if (random(40) === 0) scheduling.clock.moveTo(scheduling.clock.offset + 2 * 60_000);
    };
    const end = Date.now() + 8_000;
    await Promise.all(Array.from({ length: 12 }, async () => {
      while (Date.now() < end) await one();
    }));
    const answers = tally(seen);
    expect(Object.keys(answers).filter((key) => !/^(200|201|204|409 .*|403 .*|422 (not-shared|move-within-host|opening-.*))$/.test(key))).toEqual([]);
    expect(answers['201']).toBeGreaterThan(20);
    expect(await broken()).toEqual({});
    expect((await deadlocks()) - before).toBe(0);
  });
});

describe('while the sweeper is away', () => {
  test('P3/P7: one visit that takes the place of several holds past their time gives back the quota of each', async () => {
    await scheduling.app.get(HoldSweeper, { strict: false }).onModuleDestroy();
    const longer = (await find(harbor, 'primary-care-visit', 'harbor', 12, 10)).filter((item) => Date.parse(item.end) - Date.parse(item.start) === 30 * 60_000);
    const shots = await find(summit, 'vaccination', 'harbor', 12, 10);
    const inside = (item: OpeningItem): OpeningItem[] => shots.filter((shot) => shot.provider.id === item.provider.id && shot.start >= item.start && shot.end <= item.end);
    const place = longer.find((item) => inside(item).length === 2)!;
    const held = await Promise.all(inside(place).map(({ id }) => summit.post('/holds', { opening: id })));
    expect(tally(held)).toEqual({ '201': 2 });
    scheduling.clock.moveTo(scheduling.clock.offset + 6 * 60_000);
    expect((await harbor.post('/appointments', { opening: place.id, patient: patient() })).status).toBe(201);
    expect(await broken()).toEqual({});
  });
});
