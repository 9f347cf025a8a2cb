import { DAY, MINUTE, parseInstant, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import fc from 'fast-check';
import { type Desk, type HttpResult, type OpeningItem, RunningScheduling, TAKEN_TWICE } from './running-scheduling';

interface GroupOpening extends OpeningItem { readonly seats?: { left: number; of: number } }

let scheduling: RunningScheduling;
let harbor: Desk;
let manager: Desk;
let summit: Desk;
const patients = { harbor: [] as string[], summit: [] as string[] };

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  [harbor, manager, summit] = await Promise.all(['frontdesk@harbor.example', 'manager@harbor.example', 'frontdesk@summit.example'].map((subject) => scheduling.desk(subject))) as [Desk, Desk, Desk];
  for (const practice of ['harbor', 'summit'] as const) patients[practice] = (await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = $1 AND needs = '{}' AND given_by IS NULL AND NOT deceased ORDER BY id`, [practice])).map((row) => row.id);
  // Noon in Boston: nobody's quiet hours.
  scheduling.clock.moveTo(parseInstant(`${new Date(plusMs(scheduling.now(), DAY)).toISOString().slice(0, 10)}T17:00:00Z`) - Date.now());
});
/** What must never be, whatever the tests did. */
const NEVER = {
  'P1 a resource twice in a lane': TAKEN_TWICE,
  'P1 more seats than there are': `SELECT s.id FROM group_session s JOIN visit_type v ON v.id = s.visit_type_id WHERE (SELECT count(*) FROM occupancy o WHERE o.group_session_id = s.id AND o.active AND o.lane >= 100) > v.seats`,
  'P2 a session that goes on without its resources': `SELECT s.id FROM group_session s JOIN visit_type v ON v.id = s.visit_type_id WHERE s.open AND (SELECT count(*) FROM occupancy o WHERE o.group_session_id = s.id AND o.active AND o.lane = 0) <> 1 + jsonb_array_length(v.needs)`,
  'P3 a session without a seat': `SELECT s.id FROM group_session s WHERE s.open AND NOT s.opened_ahead AND NOT EXISTS (SELECT FROM occupancy o WHERE o.group_session_id = s.id AND o.active AND o.lane >= 100)`,
  'P3 a session that is over and takes time': `SELECT o.id FROM occupancy o JOIN group_session s ON s.id = o.group_session_id WHERE o.active AND NOT s.open`,
  'P2 a visit without its seat': `SELECT a.id FROM appointment a JOIN visit_type v ON v.id = a.visit_type_id AND v.seats IS NOT NULL WHERE a.status = 'booked' AND (SELECT count(*) FROM occupancy o WHERE o.appointment_id = a.id AND o.active) <> 1`,
};
const broken = () => scheduling.whatIsBroken(NEVER);
const NONE = {};
afterEach(async () => expect(await broken()).toEqual(NONE));
afterAll(async () => scheduling.stop());

const used = { harbor: 0, summit: 0 };
const patient = (practice: 'harbor' | 'summit' = 'harbor'): string => patients[practice][used[practice]++ % patients[practice].length]!;
const made = async (path: string, body: object): Promise<string> => {
  const answer = await manager.post(path, body);
  expect(answer).toMatchObject({ status: 201 });
  return String(answer.body['id']);
};
interface World { readonly site: string; readonly provider: string; readonly colleague: string; readonly group: string; readonly single: string }
/** A site with one room and two providers who work day and night; a group visit and an ordinary one, both in the room. */
async function world(seats: number, more: object = {}): Promise<World> {
  const site = await made('/sites', { name: `Harbor ${used.harbor++}`, zone: 'America/New_York', phone: '617 555 0195', address: { line: '9 Pier Road', city: 'Quincy', state: 'MA', postalCode: '02169' }, latitude: 42.25, longitude: -71 });
  await made('/resources', { site, kind: 'room', name: 'Hall' });
  const group = await made('/visit-types', { service: 'vaccination', name: 'Vaccination clinic', durationMinutes: 30, seats, needs: ['room'], ...more });
  const single = await made('/visit-types', { service: 'primary-care-visit', name: 'Visit', durationMinutes: 30, needs: ['room'] });
  const providers: string[] = [];
  for (const name of ['Ingrid Solberg, MD', 'Tomas Brandt, MD']) {
    const provider = await made('/providers', { name, languages: ['en'], visitTypes: providers.length === 0 ? [group, single] : [single] });
    for (const weekday of [1, 2, 3, 4, 5, 6, 7]) await made('/availability', { provider, site, weekday, from: '00:00', to: '24:00', validFrom: '2026-01-01' });
    providers.push(provider);
  }
  await scheduling.reopenedTimeIsLookedAt();
  return { site, provider: providers[0]!, colleague: providers[1]!, group, single };
}
const search = (desk: Desk, { site }: World, visitType: string, more = ''): Promise<GroupOpening[]> => desk.openings(`visitType=${visitType}&site=${site}&from=${scheduling.inDays(2)}&to=${scheduling.inDays(3)}&limit=200${more}`);
const shown = async (desk: Desk, place: World, id: string): Promise<GroupOpening | undefined> => (await search(desk, place, place.group)).find((item) => item.id === id);
const idOf = ({ body }: HttpResult): string => String(body['id']);
const book = async (opening: string, who = patient()): Promise<string> => {
  const booked = await harbor.post('/appointments', { opening, patient: who });
  expect(booked).toMatchObject({ status: 201 });
  return idOf(booked);
};
const laneZero = async (place: World): Promise<number> => Number((await scheduling.sql<{ n: string }>(`SELECT count(*) AS n FROM occupancy o JOIN resource r ON r.id = o.resource_id WHERE o.active AND o.lane = 0 AND (r.site_id = $1 OR r.provider_id = $2)`, [place.site, place.provider]))[0]!.n);

describe('group sessions', () => {
  test('P1: 30 desks of two practices at 8 seats, by hold and by booking: eight have one, provider and room are taken once, and nobody else gets in', async () => {
    const place = await world(8, { service: 'vaccination' });
    const [opening] = await search(harbor, place, place.group);
    expect(opening).toMatchObject({ seats: { left: 8, of: 8 } });
    expect(await shown(summit, place, opening!.id)).toBeDefined();
    const desks = [harbor, summit];
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => {
      const desk = desks[i % desks.length]!;
      return i % 3 === 0 ? desk.post('/holds', { opening: opening!.id }) : desk.post('/appointments', { opening: opening!.id, patient: patient(desk === harbor ? 'harbor' : 'summit') });
    }));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 8 }, () => 201), ...Array.from({ length: 22 }, () => 409)]);
    expect(await laneZero(place)).toBe(2);
    expect(await shown(harbor, place, opening!.id)).toBeUndefined();
    const late = await harbor.post('/holds', { opening: opening!.id });
    expect(late).toMatchObject({ status: 409, body: { code: 'opening-taken' } });
    expect((late.body['alternatives'] as unknown as GroupOpening[]).map(({ id }) => id)).not.toContain(opening!.id);
  });

  test('the host sees the seats that are left, a partner only that it can be had; another visit type is not let in, nor the same person twice (P8)', async () => {
    const place = await world(3);
    const [opening] = await search(harbor, place, place.group);
    const who = patient();
    const visit = await book(opening!.id, who);
    expect(await shown(harbor, place, opening!.id)).toMatchObject({ seats: { left: 2, of: 3 } });
    const partner = await shown(summit, place, opening!.id);
    expect(partner).toBeDefined();
    expect(partner!.seats).toBeUndefined();
    const same = (await search(harbor, place, place.single)).filter(({ start }) => start === opening!.start);
    expect(same).toEqual([]);
    expect(await harbor.post('/appointments', { opening: opening!.id, patient: who })).toMatchObject({ status: 409, body: { code: 'another-visit-then' } });
    const single = (await harbor.openings(`visitType=${place.single}&site=${place.site}&from=${scheduling.inDays(4)}&to=${scheduling.inDays(5)}&limit=1`))[0]!;
    expect((await harbor.post('/appointments', { opening: single.id, patient: patient() })).status).toBe(201);
    expect((await harbor.get(`/appointments/${visit}`)).body['resources']).toMatchObject([{ kind: 'provider', lane: 0 }, { kind: 'room', lane: 0 }]);
    const date = new Intl.DateTimeFormat('en-CA', { timeZone: opening!.zone, dateStyle: 'short' }).format(new Date(opening!.start));
    await harbor.post('/holds', { opening: opening!.id });
    const [calendar] = (await harbor.get(`/calendar?provider=${place.provider}&site=${place.site}&from=${date}`)).body['calendars'] as unknown as [{ entries: { kind: string; start: string }[] }];
    expect(calendar.entries.filter(({ kind, start }) => kind === 'session' && start === opening!.start)).toMatchObject([{ visitType: place.group, seats: { of: 3, booked: 1, held: 1 } }]);
  });

  test('P1: a host opens a session ahead: its time is taken, 0 of its seats are, it stays when its last seat is given back and is closed only while it is empty', async () => {
    const place = await world(2);
    const [opening, next] = await search(harbor, place, place.group);
    const ask = { opening: opening!.id };
    expect((await harbor.post('/group-sessions', ask)).status).toBe(403);
    const [made, twin] = await Promise.all([manager.post('/group-sessions', ask, { 'idempotency-key': place.site }), manager.post('/group-sessions', ask, { 'idempotency-key': place.site })]);
    expect(made).toMatchObject({ status: 201, body: { visitType: place.group, start: opening!.start, zone: 'America/New_York', openedAhead: true, seats: { of: 2, taken: 0 } } });
    expect(twin.body).toEqual(made.body);
    const path = `/group-sessions/${idOf(made)}`;
    expect(await manager.post('/group-sessions', ask)).toMatchObject({ status: 409, body: { code: 'group-session-open', session: idOf(made) } });
    expect([(await summit.get(path)).status, (await (await scheduling.desk('manager@summit.example')).call('DELETE', path)).status]).toEqual([404, 404]);
    const partner = await shown(summit, place, opening!.id);
    if (partner) expect((await (await scheduling.desk('manager@summit.example')).post('/group-sessions', ask)).body['code']).toBe('host-decides');
    expect(await manager.post('/group-sessions', { opening: (await search(harbor, place, place.single))[5]!.id })).toMatchObject({ status: 422, body: { code: 'not-a-group' } });
    const at = async () => (await search(harbor, place, place.single)).filter(({ start }) => start === opening!.start).length;
    expect([await laneZero(place), await at()]).toEqual([2, 0]);
    expect(await shown(harbor, place, opening!.id)).toMatchObject({ seats: { left: 2, of: 2 } });
    const date = new Intl.DateTimeFormat('en-CA', { timeZone: opening!.zone, dateStyle: 'short' }).format(new Date(opening!.start));
    const [calendar] = (await harbor.get(`/calendar?provider=${place.provider}&site=${place.site}&from=${date}`)).body['calendars'] as unknown as [{ entries: { kind: string }[] }];
    expect(calendar.entries.filter(({ kind }) => kind === 'session')).toMatchObject([{ id: idOf(made), seats: { of: 2, booked: 0, held: 0 } }]);
    const visit = await book(opening!.id);
    expect(await manager.call('DELETE', path)).toMatchObject({ status: 409, body: { code: 'group-session-not-empty' } });
    expect((await harbor.post(`/appointments/${visit}/cancel`, { reason: 'prov' })).status).toBe(200);
    expect((await manager.get(path)).body).toMatchObject({ seats: { taken: 0 } });
    expect((await manager.call('DELETE', path)).status).toBe(204);
    expect([(await manager.get(path)).status, (await manager.call('DELETE', path)).status, await laneZero(place), await at()]).toEqual([404, 404, 0, 2]);

    // Whoever is first: a seat is taken in a session that goes on, or the session is closed; never both.
    for (let round = 0; round < 5; round += 1) {
      const again = await manager.post('/group-sessions', { opening: next!.id });
      expect(again.status).toBe(201);
      const [seat, closed] = await Promise.all([harbor.post('/holds', { opening: next!.id }), manager.call('DELETE', `/group-sessions/${idOf(again)}`)]);
      expect(seat.status).toBe(201);
      expect([204, 409]).toContain(closed.status);
      expect(await broken()).toEqual(NONE);
      expect((await harbor.call('DELETE', `/holds/${idOf(seat)}`)).status).toBe(204);
      if (closed.status === 409) expect((await manager.call('DELETE', `/group-sessions/${idOf(again)}`)).status).toBe(204);
      expect(await laneZero(place)).toBe(0);
    }
  });

  test('P1, P3: to close a day closes the sessions on it that were opened ahead and have no booked seat, also one whose seats are only held, and whoever takes a seat at the same time', async () => {
    const place = await world(2);
    const dateOf = ({ start, zone }: OpeningItem): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(start));
    const found = await search(harbor, place, place.group);
    const day = found.filter((item) => dateOf(item) === dateOf(found[0]!));
    // Far enough apart not to be in one another's way.
    const [empty, held, booked, raced] = [0, 1, 2, 3].map((i) => day[Math.floor((i * (day.length - 1)) / 3)]!) as [GroupOpening, GroupOpening, GroupOpening, GroupOpening];
    const [after] = await harbor.openings(`visitType=${place.group}&site=${place.site}&from=${scheduling.inDays(4)}&to=${scheduling.inDays(5)}`);
    const sessions: string[] = [];
    for (const opening of [empty, held, booked, raced, after!]) sessions.push(idOf(await manager.post('/group-sessions', { opening: opening.id })));
    const hold = await summit.post('/holds', { opening: held.id });
    expect((hold.status === 201 ? hold : await harbor.post('/holds', { opening: held.id })).status).toBe(201);
    await book(booked.id);
    expect((await manager.post('/absences/preview', { provider: place.provider, from: dateOf(empty) })).body).toMatchObject({ groupSessions: 3 });
    const before = Number((await scheduling.sql<{ n: string }>('SELECT deadlocks AS n FROM pg_stat_database WHERE datname = current_database()'))[0]!.n);
    const [closed, seat] = await Promise.all([manager.post('/absences', { provider: place.provider, from: dateOf(empty), reason: 'Ill' }), harbor.post('/appointments', { opening: raced.id, patient: patient() })]);
    expect(closed.status).toBe(201);
    expect([201, 409]).toContain(seat.status);
    const seats = seat.status === 201 ? 2 : 1;
    const left = await Promise.all(sessions.map(async (id) => (await manager.get(`/group-sessions/${id}`)).status));
    // A booking in flight may come behind the end of its session: then it opened one anew. Either way the visit is among those that have to be moved.
    expect([404, ...(seats === 2 ? [200] : [])]).toContain(left[3]);
    expect(left).toEqual([404, 404, 200, left[3], 200]);
    const affected = (await manager.get(`/absences/${idOf(closed)}/visits?limit=50`)).body['items'] as unknown as { visit: { id: string } }[];
    expect(affected).toHaveLength(seats);
    if (seats === 2) expect(affected.map(({ visit }) => visit.id)).toContain(idOf(seat));
    expect(await laneZero(place)).toBe(2 * (seats + 1));
    expect(await scheduling.sql(`SELECT practice_id FROM audit_entry WHERE action = 'group-session.closed' AND entity_id = ANY ($1)`, [sessions])).toEqual(left.filter((status) => status === 404).map(() => ({ practice_id: 'harbor' })));
    expect(Number((await scheduling.sql<{ n: string }>('SELECT deadlocks AS n FROM pg_stat_database WHERE datname = current_database()'))[0]!.n)).toBe(before);
    // Opened again, the day is as free as if none had been there.
    expect((await manager.call('DELETE', `/absences/${idOf(closed)}`)).status).toBe(204);
    expect((await manager.post('/group-sessions', { opening: empty.id })).status).toBe(201);
  });

  test('P1: a session that is opened at the very moment when its day is closed is closed with it or not opened, whoever is first, be it the provider that is closed or the site', async () => {
    const place = await world(2);
    const dateOf = ({ start, zone }: OpeningItem): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(start));
    const found = await search(harbor, place, place.group);
    const opening = found.find((item) => dateOf(item) !== dateOf(found[0]!)) ?? found[0]!;
    const waiting = (n: number) => eventually(`${n} wait for a lock`, async () => Number((await scheduling.sql<{ n: string }>('SELECT count(*) AS n FROM pg_locks WHERE NOT granted'))[0]!.n) >= n);
    for (const closed of [{ provider: place.provider }, { site: place.site }]) for (const first of ['opens', 'closes'] as const) {
      const ask = { opens: () => manager.post('/group-sessions', { opening: opening.id }), closes: () => manager.post('/absences', { ...closed, from: dateOf(opening), reason: 'Ill' }) };
      // Why this lock: both have to come past it, so that each begins before the other has ended.
      await scheduling.admin.query('BEGIN');
      await scheduling.admin.query('SELECT id FROM resource WHERE site_id = $1 OR provider_id = ANY ($2::uuid[]) FOR NO KEY UPDATE', [place.site, [place.provider, place.colleague]]);
      const one = ask[first]();
      await waiting(1);
      const two = ask[first === 'opens' ? 'closes' : 'opens']();
      await waiting(2);
      await scheduling.admin.query('COMMIT');
      const [opened, day] = first === 'opens' ? [await one, await two] : [await two, await one];
      expect(day).toMatchObject({ status: 201 });
      expect([201, 409]).toContain(opened.status);
      expect(await scheduling.sql('SELECT id FROM group_session WHERE open AND site_id = $1', [place.site])).toEqual([]);
      expect(await laneZero(place)).toBe(0);
      expect((await manager.call('DELETE', `/absences/${idOf(day)}`)).status).toBe(204);
    }
  });

  test('seats are not made fewer than are taken, nor a group visit one for one, while sessions are still to take place; both are refused with what to do', async () => {
    const place = await world(4);
    const [opening, later] = await search(harbor, place, place.group);
    const path = `/visit-types/${place.group}`;
    const change = async (more: object): Promise<HttpResult> => manager.call('PUT', path, { ...(await manager.get(path)).body, ...more });
    const visits = [await book(opening!.id), await book(opening!.id), await book(opening!.id)];
    const ahead = idOf(await manager.post('/group-sessions', { opening: later!.id }));
    expect(await change({ seats: 2 })).toMatchObject({ status: 409, body: { code: 'more-seats-taken', taken: 3 } });
    expect(await change({ seats: null })).toMatchObject({ status: 409, body: { code: 'group-sessions-go-on', sessions: 2, detail: expect.stringContaining('another visit type') } });
    expect(await change({ seats: 3 })).toMatchObject({ status: 200, body: { seats: 3 } });
    expect(await harbor.post('/holds', { opening: opening!.id })).toMatchObject({ status: 409, body: { code: 'opening-taken' } });
    for (const visit of visits) expect((await harbor.post(`/appointments/${visit}/cancel`, { reason: 'prov' })).status).toBe(200);
    expect(await change({ seats: null })).toMatchObject({ status: 409, body: { sessions: 1 } });
    expect((await manager.call('DELETE', `/group-sessions/${ahead}`)).status).toBe(204);
    expect(await change({ seats: null })).toMatchObject({ status: 200, body: { seats: null } });
  });

  test('P1: whoever takes a seat, or opens a session, while its seats are made fewer: either the change is refused or they do not get in', async () => {
    for (let round = 0; round < 6; round += 1) {
      const place = await world(4);
      const [opening] = await search(harbor, place, place.group);
      const path = `/visit-types/${place.group}`;
      if (round % 2 === 0) await book(opening!.id);
      const body = { ...(await manager.get(path)).body, seats: round < 3 ? 2 : null };
      const [changed, ...seats] = await Promise.all([manager.call('PUT', path, body), ...Array.from({ length: 4 }, () => harbor.post('/holds', { opening: opening!.id }))]);
      expect([200, 409]).toContain(changed!.status);
      for (const { status } of seats) expect([201, 409]).toContain(status);
      const [row] = await scheduling.sql<{ seats: number | null; taken: number }>(`SELECT v.seats, (SELECT count(*)::int FROM occupancy o JOIN group_session s ON s.id = o.group_session_id WHERE s.visit_type_id = v.id AND o.active AND o.lane >= 100) AS taken FROM visit_type v WHERE v.id = $1`, [place.group]);
      expect(row!.taken).toBeLessThanOrEqual(row!.seats ?? 0);
    }
  });

  test('only the last seat gives the resources back: by cancelling, moving, releasing', async () => {
    const place = await world(4);
    const [at, later] = await search(harbor, place, place.group);
    const visits = [await book(at!.id), await book(at!.id), await book(at!.id)];
    const hold = await harbor.post('/holds', { opening: at!.id });
    const free = async () => (await search(harbor, place, place.single)).filter(({ start }) => start === at!.start).length;
    expect((await harbor.post(`/appointments/${visits[0]!}/cancel`, { reason: 'prov' })).status).toBe(200);
    expect(await harbor.post(`/appointments/${visits[1]!}/reschedule`, { opening: later!.id })).toMatchObject({ status: 200, body: { start: later!.start } });
    expect(await harbor.post(`/appointments/${visits[2]!}/reschedule`, { opening: later!.id })).toMatchObject({ status: 200 });
    expect([await free(), await laneZero(place)]).toEqual([0, 4]);
    expect((await harbor.call('DELETE', `/holds/${idOf(hold)}`)).status).toBe(204);
    expect([await free(), await laneZero(place)]).toEqual([2, 2]);
    expect(await shown(harbor, place, later!.id)).toMatchObject({ seats: { left: 2, of: 4 } });
    // Within one session, too: the same seat again, or another.
    expect(await harbor.post(`/appointments/${visits[1]!}/reschedule`, { opening: later!.id })).toMatchObject({ status: 200 });
    expect(await shown(harbor, place, later!.id)).toMatchObject({ seats: { left: 2, of: 4 } });
    expect((await harbor.post(`/appointments/${visits[2]!}/reschedule`, { opening: at!.id })).status).toBe(200);
    expect((await harbor.post(`/appointments/${visits[1]!}/cancel`, { reason: 'prov' })).status).toBe(200);
    expect(await laneZero(place)).toBe(2);
  });

  test('P1: nobody joins a session that goes on for less long than its visit type has become, neither by search nor by its id; those who have a seat keep it', async () => {
    const place = await world(3);
    const [at] = await search(harbor, place, place.group);
    expect((await manager.post('/group-sessions', { opening: at!.id })).status).toBe(201);
    const visit = await book(at!.id);
    const held = await harbor.post('/holds', { opening: at!.id });
    const { body: type } = await manager.get(`/visit-types/${place.group}`);
    const [behind] = (await search(harbor, place, place.single, `&provider=${place.provider}`)).filter(({ start }) => start === at!.end);
    expect((await harbor.post('/appointments', { opening: behind!.id, patient: patient() })).status).toBe(201);
    for (const longer of [{ durationMinutes: 60 }, { bufferAfterMinutes: 10 }]) {
      expect((await manager.call('PUT', `/visit-types/${place.group}`, { ...type, ...longer })).status).toBe(200);
      expect(await shown(harbor, place, at!.id)).toBeUndefined();
      const refused = await harbor.post('/appointments', { opening: at!.id, patient: patient() });
      expect(refused).toMatchObject({ status: 409, body: { code: 'opening-taken' } });
      expect((refused.body['alternatives'] as unknown as OpeningItem[]).map(({ id }) => id)).not.toContain(at!.id);
    }
    expect(await harbor.post('/appointments', { hold: held.body['id'], patient: patient() })).toMatchObject({ status: 201, body: { end: at!.end } });
    expect((await harbor.get(`/appointments/${visit}`)).body).toMatchObject({ status: 'booked', end: at!.end });
    expect((await manager.call('PUT', `/visit-types/${place.group}`, type)).status).toBe(200);
    expect(await shown(harbor, place, at!.id)).toMatchObject({ seats: { left: 1, of: 3 } });
  });

  test('P3: a session whose only hold is past its time stands in nobody\'s way: neither its provider nor its room, and its hold is booked no more', async () => {
    const place = await world(5);
    const [at, other] = await search(harbor, place, place.group);
    const ofColleague = async () => (await search(harbor, place, place.single, `&provider=${place.colleague}`)).find(({ start }) => start === at!.start);
    const wanted = await ofColleague();
    const [first, second] = [await harbor.post('/holds', { opening: at!.id }), await harbor.post('/holds', { opening: other!.id })];
    expect(await ofColleague()).toBeUndefined();
    scheduling.clock.moveTo(scheduling.clock.offset + 10 * MINUTE);
    // The room of the session, wanted by the colleague who is not in it.
    expect((await harbor.post('/appointments', { opening: wanted!.id, patient: patient() })).status).toBe(201);
    expect((await harbor.post('/holds', { opening: other!.id })).status).toBe(201);
    expect(await harbor.post('/appointments', { hold: first.body['id'], patient: patient() })).toMatchObject({ status: 409, body: { code: 'hold-ended' } });
    expect((await scheduling.sql(`SELECT 1 FROM hold WHERE id = ANY ($1) AND state = 'expired'`, [[first.body['id'], second.body['id']]]))).toHaveLength(2);
  });

  test('a limit of the hours counts sessions, not seats; what is full there is open to who joins what goes on', async () => {
    const place = await world(3);
    for (const { id } of await scheduling.sql<{ id: string }>(`SELECT id FROM availability WHERE provider_id = $1`, [place.provider])) {
      const { body } = await manager.get(`/availability/${id}`);
      expect((await manager.call('PUT', `/availability/${id}`, { ...body, limits: [{ visitType: place.group, most: 1 }] })).status).toBe(200);
    }
    const dayOf = ({ start, zone }: OpeningItem): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(new Date(start));
    const all = await search(harbor, place, place.group);
    const [at] = all;
    const other = all.findLast((item) => dayOf(item) === dayOf(at!))!;
    await Promise.all(Array.from({ length: 6 }, (_, i) => harbor.post('/appointments', { opening: [at!, other][i % 2]!.id, patient: patient() })));
    const sessions = await scheduling.sql<{ opening: string }>(`SELECT opening FROM group_session WHERE open AND provider_id = $1`, [place.provider]);
    expect(sessions).toHaveLength(1);
    const [going, shut] = sessions[0]!.opening === at!.id ? [at!, other] : [other, at!];
    expect(await harbor.post('/holds', { opening: shut.id })).toMatchObject({ status: 409, body: { code: 'session-limit' } });
    expect((await search(harbor, place, place.group)).filter((item) => dayOf(item) === dayOf(at!))).toEqual([]);
    const [visit] = await scheduling.sql<{ id: string }>(`SELECT id FROM appointment WHERE provider_id = $1 AND starts_at = $2 AND status = 'booked' LIMIT 1`, [place.provider, going.start]);
    expect((await harbor.post(`/appointments/${visit!.id}/cancel`, { reason: 'prov' })).status).toBe(200);
    expect((await search(harbor, place, place.group)).filter((item) => dayOf(item) === dayOf(at!)).map(({ id }) => id)).toEqual([going.id]);
    const { body } = await harbor.get(`/calendar?provider=${place.provider}&site=${place.site}&from=${dayOf(at!)}`);
    const [{ entries }] = body['calendars'] as unknown as [{ entries: { kind: string }[] }];
    expect(entries.filter(({ kind }) => kind === 'block')).toMatchObject([{ limits: [{ most: 1, used: 1 }] }]);
  });

  test('a freed seat is offered to who waits, and the yes joins the session', async () => {
    const place = await world(2, { service: 'annual-physical' });
    const [at] = await search(harbor, place, place.group);
    const [mine] = [await book(at!.id), await book(at!.id)];
    const waiting = await harbor.post('/waitlist-entries', { patient: patient(), service: 'annual-physical', noticeMinutes: 60 });
    expect(waiting.status).toBe(201);
    expect((await harbor.post(`/appointments/${mine!}/cancel`, { reason: 'pat' })).status).toBe(200);
    const offer = await eventually('the seat is offered', async () => ((await harbor.get(`/offers?entry=${idOf(waiting)}`)).body['items'] as unknown as { id: string; state: string; start: string }[]).find(({ state }) => state === 'open'));
    expect(offer.start).toBe(at!.start);
    expect(await shown(harbor, place, at!.id)).toBeUndefined();
    expect(await harbor.post(`/offers/${offer.id}/accept`)).toMatchObject({ status: 200, body: { state: 'accepted' } });
    expect(await laneZero(place)).toBe(2);
  });

  test('P1 P2 P3: whatever many desks do at once with three sessions, seats and resources add up', async () => {
    const place = await world(3);
    const openings = (await search(harbor, place, place.group)).slice(0, 3);
    const singles = (await search(harbor, place, place.single)).filter(({ start }) => openings.some((one) => one.start === start));
    const visits: string[] = [];
    const holds: string[] = [];
    const acts = {
      book: (n: number) => harbor.post('/appointments', { opening: openings[n % 3]!.id, patient: patient() }).then((answer) => answer.status === 201 && visits.push(idOf(answer))),
      single: (n: number) => harbor.post('/holds', { opening: singles[n % singles.length]!.id }).then((answer) => answer.status === 201 && holds.push(idOf(answer))),
      hold: (n: number) => harbor.post('/holds', { opening: openings[n % 3]!.id }).then((answer) => answer.status === 201 && holds.push(idOf(answer))),
      release: (n: number) => (holds.length === 0 ? Promise.resolve(true) : harbor.call('DELETE', `/holds/${holds[n % holds.length]!}`)),
      cancel: (n: number) => (visits.length === 0 ? Promise.resolve(true) : harbor.post(`/appointments/${visits[n % visits.length]!}/cancel`, { reason: 'prov' })),
      move: (n: number) => (visits.length === 0 ? Promise.resolve(true) : harbor.post(`/appointments/${visits[n % visits.length]!}/reschedule`, { opening: openings[(n + 1) % 3]!.id })),
    };
    const act = fc.tuple(fc.constantFrom<keyof typeof acts>('book', 'book', 'hold', 'single', 'release', 'release', 'cancel', 'cancel', 'move', 'move'), fc.nat(50));
    await fc.assert(fc.asyncProperty(fc.array(act, { minLength: 25, maxLength: 25 }), async (wave) => {
      await Promise.all(wave.map(([what, n]) => acts[what](n)));
      expect(await broken()).toEqual(NONE);
    }), { numRuns: 8, endOnFailure: true });
    for (const hold of holds) await harbor.call('DELETE', `/holds/${hold}`);
    for (const visit of visits) await harbor.post(`/appointments/${visit}/cancel`, { reason: 'prov' });
    expect(await laneZero(place)).toBe(0);
  });
});
