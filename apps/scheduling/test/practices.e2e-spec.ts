import { AvailabilityDefined, AvailabilityExceptionDefined, AvailabilityExceptionRemoved, AvailabilityRemoved, ClosureDefined, ClosureRemoved, type EventDefinition } from '@slotmesh/contracts';
import { eventually } from '@slotmesh/testing';
import { type Desk, RunningScheduling } from './running-scheduling';

interface Item { readonly id: string; readonly practice: string; readonly version: number; readonly reason?: string | null }

let scheduling: RunningScheduling;
let harbor: Desk;
let manager: Desk;
let summit: Desk;
let lakeside: Desk;

beforeAll(async () => {
  scheduling = await RunningScheduling.start({ fromNothing: true, listenTo: [AvailabilityDefined, AvailabilityExceptionDefined, ClosureDefined] });
  [harbor, manager, summit, lakeside] = await Promise.all(['frontdesk@harbor.example', 'manager@harbor.example', 'manager@summit.example', 'manager@lakeside.example'].map((subject) => scheduling.desk(subject))) as [Desk, Desk, Desk, Desk];
});
afterAll(async () => scheduling.stop());

const items = async (desk: Desk, path: string): Promise<Item[]> => {
  const { status, body } = await desk.get(path);
  expect(status).toBe(200);
  return body['items'] as unknown as Item[];
};
const shared = ['sites', 'providers', 'resources', 'visit-types'];
const calendars = { availability: 'availability', 'availability-exceptions': 'availability-exception', closures: 'closure' };

describe('reference data over HTTP', () => {
  test.each(shared)('P21: %s are read by partners, written by their owner, and not seen by a practice of no partnership', async (noun) => {
    const practices = new Set((await items(harbor, `/${noun}?limit=200`)).map(({ practice }) => practice));
    expect([...practices].sort()).toEqual(['desert', 'harbor', 'summit']);
    const [theirs] = await items(harbor, `/${noun}?practice=summit`);
    expect((await manager.get(`/${noun}/${theirs!.id}`)).status).toBe(200);
    expect((await lakeside.get(`/${noun}/${theirs!.id}`)).status).toBe(404);
    expect(new Set((await items(lakeside, `/${noun}?limit=200`)).map(({ practice }) => practice))).toEqual(new Set(['lakeside']));
    const { status, body } = await summit.get(`/${noun}/${theirs!.id}`);
    expect(status).toBe(200);
    expect((await harbor.call('PUT', `/${noun}/${theirs!.id}`, body)).status).toBe(403);
    expect([400, 404]).toContain((await manager.call('PUT', `/${noun}/${theirs!.id}`, body)).status);
    expect([400, 404]).toContain((await lakeside.call('PUT', `/${noun}/${theirs!.id}`, body)).status);
    expect((await summit.get(`/${noun}/${theirs!.id}`)).body).toEqual(body);
    // What was read can be sent back as it is; a provider's own entry among the resources is changed with the provider.
    const sentBack = await summit.call('PUT', `/${noun}/${theirs!.id}`, body);
    expect(sentBack.status).toBe(body['kind'] === 'provider' ? 400 : 200);
  });

  test.each(Object.entries(calendars))('P7: %s are read and written by their own practice: a partner gets what /calendar answers, whatever the agreement, and finds what is shared as openings', async (noun, name) => {
    const [theirs] = await items(summit, `/${noun}?limit=1`);
    const path = `/${noun}/${theirs!.id}`;
    for (const [desk, practice] of [[harbor, 'harbor'], [manager, 'harbor'], [summit, 'summit'], [lakeside, 'lakeside']] as const) {
      const all = await items(desk, `/${noun}?limit=200`);
      expect({ practice, seen: [...new Set(all.map((item) => item.practice))] }).toEqual({ practice, seen: [practice] });
      expect(await items(desk, `/${noun}?practice=${practice}&limit=200`)).toEqual(all);
      if (desk === summit) continue;
      for (const refused of [path, `/${noun}?practice=summit`, `/${noun}?practice=nobody`]) {
        const answer = await desk.get(refused);
        expect(answer).toMatchObject({ status: 404, body: { code: `${name}-unknown`, detail: expect.stringContaining('/openings') } });
        expect(JSON.stringify(answer.body)).not.toMatch(/provider|weekday|ranges|firstDay/);
      }
    }
    const { status, body } = await summit.get(path);
    expect(status).toBe(200);
    expect((await harbor.call('PUT', path, body)).status).toBe(403);
    for (const desk of [manager, lakeside]) expect([400, 404]).toContain((await desk.call('PUT', path, body)).status);
    for (const desk of [manager, lakeside]) expect((await desk.call('DELETE', path)).status).toBe(404);
    expect((await summit.get(path)).body).toEqual(body);
    // What was read can be sent back as it is.
    expect((await summit.call('PUT', path, body)).status).toBe(200);
    expect((await harbor.openings(`service=dermatology-consult&practice=summit&from=${scheduling.inDays(1)}&to=${scheduling.inDays(15)}&limit=5`)).length).toBeGreaterThan(0);
  });

  test('a manager opens a site with a provider, a visit type, hours and a room, and the time can be searched', async () => {
    const made = async (path: string, body: object): Promise<Item> => {
      const answer = await manager.post(path, body);
      expect(answer).toMatchObject({ status: 201, body: { practice: 'harbor', version: 1 } });
      return answer.body as unknown as Item;
    };
    const site = await made('/sites', { name: 'Harbor, Quincy', zone: 'America/New_York', phone: '617 555 0195', address: { line: '9 Pier Road', city: 'Quincy', state: 'MA', postalCode: '02169' }, latitude: 42.25, longitude: -71 });
    const type = await made('/visit-types', { service: 'primary-care-visit', name: 'Walk-in', durationMinutes: 20, needs: ['room'] });
    const provider = await made('/providers', { name: 'Ingrid Solberg, MD', languages: ['en'], visitTypes: [type.id] });
    await made('/resources', { site: site.id, kind: 'room', name: 'Room 9' });
    for (const weekday of [1, 2, 3, 4, 5, 6, 7]) await made('/availability', { provider: provider.id, site: site.id, weekday, from: '00:00', to: '24:00', validFrom: '2026-01-01' });
    const openings = () => harbor.openings(`provider=${provider.id}&service=primary-care-visit&from=${scheduling.inDays(1)}&to=${scheduling.inDays(3)}&limit=5`);
    expect(await openings()).toHaveLength(5);
    await made('/closures', { site: site.id, time: { start: scheduling.inDays(0), end: scheduling.inDays(4) }, reason: 'Pipes burst' });
    expect(await openings()).toEqual([]);
    const events = await scheduling.sql<{ n: string }>(`SELECT last AS n FROM event_sequence WHERE key = ANY ($1)`, [[site.id, type.id, provider.id]]);
    expect(events).toHaveLength(3);
  });

  test('a change needs the version that was read, and tells the other services', async () => {
    const [own] = await items(manager, '/sites?practice=harbor');
    const read = await manager.get(`/sites/${own!.id}`);
    const body = { ...read.body, name: 'Harbor, by the sea' };
    const changes = await Promise.all(Array.from({ length: 5 }, () => manager.call('PUT', `/sites/${own!.id}`, body, { 'if-match': read.headers.get('etag')! })));
    expect(changes.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412]);
    expect((await harbor.get(`/sites/${own!.id}`)).body).toMatchObject({ name: 'Harbor, by the sea', version: 2 });
    const [sequence] = await scheduling.sql<{ last: string }>('SELECT last FROM event_sequence WHERE key = $1', [own!.id]);
    expect(sequence!.last).toBe('2');
  });

  test.each([
    ['/sites', '/phone', { name: 'A', zone: 'America/Denver', phone: '12', address: { line: 'a', city: 'b', state: 'CO', postalCode: '1' } }],
    ['/sites', '/zone', { name: 'A', zone: 'Denver', phone: '+13035550195', address: { line: 'a', city: 'b', state: 'CO', postalCode: '1' } }],
    ['/visit-types', '/service', { service: 'alchemy', name: 'A', durationMinutes: 30 }],
    ['/visit-types', '/durationMinutes', { service: 'echo', name: 'A', durationMinutes: 0 }],
    ['/closures', '/days', { reason: 'neither' }],
    ['/closures', '/days/lastDay', { reason: 'back', days: { firstDay: '2027-01-02', lastDay: '2027-01-01' } }],
  ])('POST %s refuses bad input at %s', async (path, pointer, body) => {
    expect(await manager.post(path, body)).toMatchObject({ status: 400, body: { code: 'invalid-request', errors: [{ pointer }] } });
  });

  test("hours at a partner's site or with a partner's provider are refused at their field", async () => {
    const [site] = await items(manager, '/sites?practice=summit');
    const [provider] = await items(manager, '/providers?practice=harbor');
    const body = { provider: provider!.id, site: site!.id, weekday: 1, from: '09:00', to: '12:00', validFrom: '2026-01-01' };
    expect(await manager.post('/availability', body)).toMatchObject({ status: 400, body: { errors: [{ pointer: '/site' }] } });
    expect(await manager.post('/availability', { ...body, from: '24:00' })).toMatchObject({ status: 400, body: { code: 'hours-invalid' } });
  });

  test('P9: hours, other hours and closures leave as they change: who replays the topics from their start has the calendars as they are, and no reason', async () => {
    const [provider] = await items(manager, '/providers?practice=harbor');
    const [site] = await items(manager, '/sites?practice=harbor');
    const place = { provider: provider!.id, site: site!.id };
    const written: [string, object, object][] = [
      ['/availability', { ...place, weekday: 7, from: '09:00', to: '11:00', validFrom: '2026-01-01' }, { walkIns: 2, to: '12:00' }],
      ['/availability-exceptions', { ...place, date: '2031-05-05', ranges: [] }, { ranges: [{ from: '22:00', to: '02:00', overbook: { lanes: 1 } }] }],
      ['/closures', { site: site!.id, days: { firstDay: '2031-05-05', lastDay: '2031-05-06' }, reason: 'the roof' }, { days: null, time: { start: '2031-05-05T12:00:00Z', end: '2031-05-05T13:00:00Z' } }],
    ];
    for (const [path, body, change] of written) {
      for (const keep of [true, false]) {
        const made = await manager.post(path, body);
        const one = `${path}/${String(made.body['id'])}`;
        expect([made.status, (await manager.call('PUT', one, { ...body, ...change })).status]).toEqual([201, 200]);
        if (!keep) expect((await manager.call('DELETE', one)).status).toBe(204);
        if (path === '/availability-exceptions' && keep) expect((await manager.call('DELETE', one)).status).toBe(204);
      }
    }
    const absence = await manager.post('/absences', { provider: provider!.id, from: '2031-06-02', to: '2031-06-03', reason: 'a fever' });
    expect(absence.status).toBe(201);
    const replayed = (defined: EventDefinition, removed: EventDefinition): Map<string, object> => {
      const steps = [...scheduling.events.gathered(defined).map((event) => ({ ...event, gone: false })), ...scheduling.events.gathered(removed).map((event) => ({ ...event, gone: true }))].sort((a, b) => a.sequence - b.sequence);
      const present = new Map<string, object>();
      for (const { key, data, gone } of steps) {
        if (gone) present.delete(key);
        else present.set(key, data as object);
      }
      return present;
    };
    for (const [path, defined, removed] of [['/availability', AvailabilityDefined, AvailabilityRemoved], ['/availability-exceptions', AvailabilityExceptionDefined, AvailabilityExceptionRemoved], ['/closures', ClosureDefined, ClosureRemoved]] as const) {
      const ids = (await scheduling.sql<{ id: string }>(`SELECT id FROM ${path.slice(1).replace('-', '_').replace(/s$/, '')}`)).map(({ id }) => id).sort();
      await eventually(`${path} have left`, async () => JSON.stringify([...replayed(defined, removed).keys()].sort()) === JSON.stringify(ids));
      const present = replayed(defined, removed);
      expect(scheduling.events.gathered(removed).length).toBeGreaterThan(0);
      for (const desk of [manager, summit, lakeside]) {
        for (const { version: _version, reason: _reason, ...item } of await items(desk, `${path}?limit=200`)) {
          const data = present.get(item.id)!;
          expect(JSON.parse(JSON.stringify(data))).not.toHaveProperty('reason');
          expect(defined.schema.parse(item)).toEqual(data);
        }
      }
    }
  });

  test('why a provider is away is told to the own practice only', async () => {
    const operator = await scheduling.desk('operator@network.example');
    const told = await items(summit, '/closures?practice=summit');
    expect(told.every(({ reason }) => typeof reason === 'string')).toBe(true);
    expect(await items(operator, '/closures?practice=summit')).toEqual(told.map((item) => ({ ...item, reason: null })));
  });

  test('practices, services and the agreement in force are read by their members', async () => {
    expect((await items(harbor, '/practices')).map(({ id }) => id)).toEqual(['desert', 'harbor', 'summit']);
    expect((await items(lakeside, '/practices')).map(({ id }) => id)).toEqual(['lakeside']);
    expect(await items(harbor, '/services')).toHaveLength(7);
    const [agreement] = await items(harbor, '/agreements');
    expect((await harbor.get(`/agreements/${agreement!.id}`)).body).toMatchObject({ status: 'in-force', practices: ['desert', 'harbor', 'summit'] });
    expect(await items(lakeside, '/agreements')).toEqual([]);
    expect((await lakeside.get(`/agreements/${agreement!.id}`)).status).toBe(404);
    expect(await manager.call('PUT', '/practices/harbor', { name: 'Harbor Family Medicine', phone: '+16175550190', email: 'hello@harbor.example' }, { 'if-match': '"7"' })).toMatchObject({ status: 412 });
    expect((await manager.call('PUT', '/practices/summit', { name: 'Mine', phone: '+16175550190', email: 'hello@harbor.example' })).status).toBe(404);
  });

  test('the API document shows what a change of a site takes and what of it is only read', async () => {
    const { status, body } = await harbor.get('/openapi.json');
    expect(status).toBe(200);
    expect(body).toMatchObject({ paths: { '/api/scheduling/v1/sites/{id}': { put: { requestBody: { content: { 'application/json': { schema: { properties: { name: { type: 'string' }, version: { readOnly: true } } } } } } } } } });
  });
});
