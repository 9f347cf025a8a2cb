import { type Desk, type HttpResult, type OpeningItem, RunningScheduling } from './running-scheduling';

let scheduling: RunningScheduling;
let harbor: Desk;
let manager: Desk;
let patients: string[];

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  [harbor, manager] = await Promise.all(['frontdesk@harbor.example', 'manager@harbor.example'].map((subject) => scheduling.desk(subject))) as [Desk, Desk];
  patients = (await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'harbor' AND needs = '{}' AND NOT deceased ORDER BY id`)).map((row) => row.id);
});
afterAll(async () => {
  // P1 holds whatever the tests did.
  const twice = await scheduling.sql(`SELECT a.id FROM occupancy a JOIN occupancy b ON a.resource_id = b.resource_id AND a.lane = b.lane AND a.id < b.id AND a.during && b.during AND a.active AND b.active`);
  await scheduling.stop();
  expect(twice).toEqual([]);
});

let used = 0;
const patient = (): string => patients[used++ % patients.length]!;
const made = async (path: string, body: object): Promise<string> => {
  const answer = await manager.post(path, body);
  expect(answer).toMatchObject({ status: 201 });
  return String(answer.body['id']);
};
interface World { readonly site: string; readonly type: string; readonly providers: string[] }
/** A site of its own, open day and night, with a visit type of 30 minutes and providers who give it. */
async function world(type: object, equipment: readonly object[] = [], providers = 1, speaks: readonly string[] = ['en']): Promise<World> {
  const site = await made('/sites', { name: `Harbor ${used++}`, zone: 'America/New_York', phone: '617 555 0195', address: { line: '9 Pier Road', city: 'Quincy', state: 'MA', postalCode: '02169' }, latitude: 42.25, longitude: -71 });
  const visitType = await made('/visit-types', { service: 'primary-care-visit', name: 'Visit', durationMinutes: 30, ...type });
  for (const one of equipment) await made('/resources', { site, name: 'One', ...one });
  const ids: string[] = [];
  for (let n = 0; n < providers; n += 1) {
    const provider = await made('/providers', { name: `Ingrid Solberg, MD ${n}`, languages: speaks, visitTypes: [visitType] });
    for (const weekday of [1, 2, 3, 4, 5, 6, 7]) await made('/availability', { provider, site, weekday, from: '00:00', to: '24:00', validFrom: '2026-01-01' });
    ids.push(provider);
  }
  return { site, type: visitType, providers: ids };
}
const search = (desk: Desk, { type, site }: World, more = ''): Promise<OpeningItem[]> => desk.openings(`visitType=${type}&site=${site}&from=${scheduling.inDays(2)}&to=${scheduling.inDays(3)}&limit=200${more}`);
const startsWith = (items: readonly OpeningItem[], provider: string): string[] => items.filter((item) => item.provider.id === provider).map(({ start }) => start);
const after = (start: string, minutes: number): string => new Date(Date.parse(start) + minutes * 60_000).toISOString();
const instants = (texts: readonly string[]): number[] => texts.map((text) => Date.parse(text));
const takenBy = async (appointment: HttpResult): Promise<{ kind: string; minutes: number }[]> => scheduling.sql(
  `SELECT r.kind, extract(epoch FROM upper(o.during) - lower(o.during))::int / 60 AS minutes FROM occupancy o JOIN resource r ON r.id = o.resource_id WHERE o.appointment_id = $1 AND o.active ORDER BY r.kind`, [appointment.body['id']]);

describe('what a visit needs beside its provider', () => {
  test('the short form and the full form are answered in full, and an unknown kind is refused at its field', async () => {
    const { body } = await manager.get(`/visit-types/${(await world({ needs: ['room', { kind: 'device', capability: 'stress-test', bufferAfterMinutes: 10 }] })).type}`);
    expect(body['needs']).toEqual([
      { kind: 'room', capability: null, bufferBeforeMinutes: 0, bufferAfterMinutes: 0 }, { kind: 'device', capability: 'stress-test', bufferBeforeMinutes: 0, bufferAfterMinutes: 10 },
    ]);
    expect(await manager.post('/visit-types', { service: 'echo', name: 'Echo', durationMinutes: 30, needs: ['boat'] })).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  });

  test('the time to clean a room is the time of the room: another provider waits for it, the first one does not', async () => {
    const place = await world({ needs: [{ kind: 'room', bufferAfterMinutes: 30 }] }, [{ kind: 'room' }], 2);
    const other = await world({}, []);
    const [first, second] = place.providers as [string, string];
    expect((await manager.call('PUT', `/providers/${first}`, { name: 'Ingrid Solberg, MD', languages: ['en'], visitTypes: [place.type, other.type] })).status).toBe(200);
    const free = (await search(harbor, place)).filter((item) => item.provider.id === first);
    const at = free[10]!;
    const booked = await harbor.post('/appointments', { opening: at.id, patient: patient() });
    expect(booked.status).toBe(201);
    expect(await takenBy(booked)).toEqual([{ kind: 'provider', minutes: 30 }, { kind: 'room', minutes: 60 }]);
    const found = await search(harbor, place);
    for (const provider of [first, second]) {
      // Half an hour before ends with the cleaning of that visit still to do: the room is not free for it either.
      expect(instants(startsWith(found, provider)).filter((start) => Math.abs(start - Date.parse(at.start)) <= 30 * 60_000)).toEqual([]);
      expect(instants(startsWith(found, provider))).toContain(Date.parse(after(at.start, 60)));
    }
    const withoutRoom = await harbor.openings(`visitType=${other.type}&site=${place.site}&from=${scheduling.inDays(2)}&to=${scheduling.inDays(3)}&limit=200`);
    expect(instants(startsWith(withoutRoom, first))).toContain(Date.parse(after(at.start, 30)));
  });

  test('P1 P2: 40 desks over two providers and one room that is cleaned after each visit: search, hold and booking agree, and no hold takes half', async () => {
    const place = await world({ needs: [{ kind: 'room', bufferBeforeMinutes: 15, bufferAfterMinutes: 15 }, { kind: 'device' }] }, [{ kind: 'room' }, { kind: 'device' }], 2);
    const items = await search(harbor, place);
    const wanted = items.slice(0, 8);
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => harbor.post('/holds', { opening: wanted[i % wanted.length]!.id })));
    const held = answers.filter(({ status }) => status === 201);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect(held.length).toBeGreaterThan(0);
    const kinds = await scheduling.sql<{ n: number }>(`SELECT count(*)::int AS n FROM occupancy o WHERE o.active AND o.hold_id = ANY ($1) GROUP BY o.hold_id`, [held.map(({ body }) => body['id'])]);
    expect(kinds.map(({ n }) => n)).toEqual(held.map(() => 3));
    // P5: whatever is shown now can be held, until it is.
    for (const item of (await search(harbor, place)).slice(0, 3)) {
      const stillShown = (await search(harbor, place)).some(({ id }) => id === item.id);
      expect((await harbor.post('/holds', { opening: item.id })).status).toBe(stillShown ? 201 : 409);
    }
  });

  test('of two rooms the one with the lift is kept for the need that asks for it', async () => {
    const place = await world({ needs: ['room', { kind: 'room', capability: 'lift' }] }, [{ kind: 'room', capabilities: ['lift'] }, { kind: 'room' }], 1);
    const [opening] = await search(harbor, place);
    const booked = await harbor.post('/appointments', { opening: opening!.id, patient: patient() });
    expect(booked.status).toBe(201);
    expect(await takenBy(booked)).toHaveLength(3);
    expect(await search(harbor, await world({ needs: ['room', 'room'] }, [{ kind: 'room' }]))).toEqual([]);
  });

  test('P2: a move takes the room with its own time at the new place and gives the old one back', async () => {
    const place = await world({ needs: [{ kind: 'room', bufferAfterMinutes: 30 }] }, [{ kind: 'room' }]);
    const items = await search(harbor, place);
    const booked = await harbor.post('/appointments', { opening: items[4]!.id, patient: patient() });
    // Half an hour later: only its own cleaning stands in the way, and that goes with it.
    const moved = await harbor.post(`/appointments/${String(booked.body['id'])}/reschedule`, { opening: items[5]!.id });
    expect(moved).toMatchObject({ status: 200, body: { start: items[5]!.start } });
    expect(await takenBy(booked)).toEqual([{ kind: 'provider', minutes: 30 }, { kind: 'room', minutes: 60 }]);
    expect((await search(harbor, place)).map(({ start }) => start)).toContain(items[3]!.start);
  });
});
