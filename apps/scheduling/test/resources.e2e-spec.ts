import { HarborCalendar } from './harbor-calendar';
import type { Desk, HttpResult, OpeningItem, RunningScheduling } from './running-scheduling';

let calendar: HarborCalendar;
let scheduling: RunningScheduling;
let harbor: Desk;
let manager: Desk;

beforeAll(async () => {
  calendar = await HarborCalendar.start();
  ({ scheduling, harbor, manager } = calendar);
});
afterAll(async () => calendar.stop());

const patient = (): string => calendar.patient();
const made = (path: string, body: object): Promise<string> => calendar.made(path, body);
interface World { readonly site: string; readonly type: string; readonly providers: string[] }
/** A site of its own, open day and night, with a visit type of 30 minutes and providers who give it. */
async function world(type: object, equipment: readonly object[] = [], providers = 1, speaks: readonly string[] = ['en']): Promise<World> {
  const site = await calendar.site();
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

describe('what the patient needs of a visit', () => {
  let named = 0;
  const withNeeds = (needs: string[], language = 'es'): Promise<string> => made('/patients', { givenName: 'Ana', familyName: `Reyes${letters(named++)}`, birthDate: '1980-05-05', email: `ana${named}@mail.example`, language, needs });
  const letters = (n: number): string => [...String(n)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
  const needy = async (): Promise<World> => world({ needs: ['room'], longerVisitMinutes: 15 }, [{ kind: 'room' }, { kind: 'room', capabilities: ['wheelchair'] }, { kind: 'interpreter', capabilities: ['es', 'sign'] }], 2);

  test('is taken with the booking, shown to the host, and only what is free for it is shown by the search', async () => {
    const place = await needy();
    const ana = await withNeeds(['interpreter', 'wheelchair', 'longer-visit', 'text-only']);
    const shown = await search(harbor, place, `&patient=${ana}`);
    expect(Date.parse(shown[0]!.end) - Date.parse(shown[0]!.start)).toBe(45 * 60_000);
    const booked = await harbor.post('/appointments', { opening: shown[4]!.id, patient: ana });
    expect(booked).toMatchObject({ status: 201, body: { end: shown[4]!.end, needs: ['interpreter', 'wheelchair', 'longer-visit'], extraMinutes: 15, needsToArrange: [] } });
    expect(await takenBy(booked)).toEqual([{ kind: 'interpreter', minutes: 45 }, { kind: 'provider', minutes: 45 }, { kind: 'room', minutes: 45 }]);
    const seen = await harbor.get(`/appointments/${String(booked.body['id'])}`);
    expect(seen.body['resources']).toMatchObject([{ kind: 'interpreter' }, { kind: 'provider' }, { kind: 'room' }]);
    // The other provider is free then, but not the interpreter: one who needs none sees the time, one who needs one does not.
    const other = place.providers.find((id) => id !== shown[4]!.provider.id)!;
    expect(startsWith(await search(harbor, place), other)).toContain(shown[4]!.start);
    expect(startsWith(await search(harbor, place, `&patient=${await withNeeds(['sign-language'])}`), other)).not.toContain(shown[4]!.start);
  });

  test('P2 P5: what the hold has not taken is taken at the booking, or nothing is: 409 with fresh alternatives, and the hold stays', async () => {
    const place = await needy();
    const [first, second] = place.providers as [string, string];
    const items = await search(harbor, place);
    const at = (provider: string, n: number): OpeningItem => items.filter((item) => item.provider.id === provider)[n]!;
    const [ana, eva] = [await withNeeds(['interpreter']), await withNeeds(['interpreter'])];
    const holds = await Promise.all([harbor.post('/holds', { opening: at(first, 6).id }), harbor.post('/holds', { opening: at(second, 6).id })]);
    expect(holds.map(({ status }) => status)).toEqual([201, 201]);
    expect(await harbor.post('/appointments', { hold: holds[0]!.body['id'], patient: ana })).toMatchObject({ status: 201, body: { needs: ['interpreter'] } });
    const refused = await harbor.post('/appointments', { hold: holds[1]!.body['id'], patient: eva });
    expect(refused).toMatchObject({ status: 409, body: { code: 'opening-taken' } });
    const { id } = (refused.body['alternatives'] as unknown as OpeningItem[])[0]!;
    expect(await harbor.get(`/holds/${String(holds[1]!.body['id'])}`)).toMatchObject({ status: 200, body: { state: 'active' } });
    expect((await harbor.post('/appointments', { hold: holds[1]!.body['id'], patient: patient() })).status).toBe(201);
    expect(id).not.toBe(at(second, 6).id);
  });

  test('a hold for a patient keeps the interpreter; booked for another, who needs none, it gives the interpreter back', async () => {
    const place = await needy();
    const [opening] = await search(harbor, place);
    const hold = await harbor.post('/holds', { opening: opening!.id, patient: await withNeeds(['interpreter', 'longer-visit']) });
    expect(hold).toMatchObject({ status: 201, body: { start: opening!.start, end: after(opening!.start, 45) } });
    expect(await scheduling.sql(`SELECT 1 FROM occupancy WHERE hold_id = $1 AND active`, [hold.body['id']])).toHaveLength(3);
    const booked = await harbor.post('/appointments', { hold: hold.body['id'], patient: patient() });
    expect(booked).toMatchObject({ status: 201, body: { end: opening!.end, needs: [], extraMinutes: 0 } });
    expect(await takenBy(booked)).toEqual([{ kind: 'provider', minutes: 30 }, { kind: 'room', minutes: 30 }]);
    expect((await harbor.post('/holds', { opening: opening!.id, patient: '00000000-0000-4000-8000-000000000000' })).status).toBe(404);
  });

  test('goes along when the visit moves', async () => {
    const place = await needy();
    const ana = await withNeeds(['interpreter', 'longer-visit']);
    const shown = await search(harbor, place, `&patient=${ana}`);
    const booked = await harbor.post('/appointments', { opening: shown[2]!.id, patient: ana });
    expect(await harbor.post(`/appointments/${String(booked.body['id'])}/reschedule`, { opening: shown[20]!.id })).toMatchObject({ status: 200, body: { start: shown[20]!.start, end: shown[20]!.end, extraMinutes: 15 } });
    expect(await takenBy(booked)).toEqual([{ kind: 'interpreter', minutes: 45 }, { kind: 'provider', minutes: 45 }, { kind: 'room', minutes: 45 }]);
  });

  test('the site without a fitting room is left out with a reason; no interpreter is taken where the provider speaks the language', async () => {
    await needy();
    const place = await world({ needs: ['room'] }, [{ kind: 'room' }], 1, ['en', 'es']);
    const wheelchair = await withNeeds(['wheelchair']);
    const { body } = await harbor.get(`/openings?visitType=${place.type}&patient=${wheelchair}&from=${scheduling.inDays(2)}&to=${scheduling.inDays(3)}`);
    expect(body).toMatchObject({ items: [], leftOut: [{ reason: 'the site has no room that takes a wheelchair' }] });
    const [opening] = await search(harbor, place);
    expect((await harbor.post('/appointments', { opening: opening!.id, patient: wheelchair })).status).toBe(409);
    const booked = await harbor.post('/appointments', { opening: opening!.id, patient: await withNeeds(['interpreter']) });
    expect(booked).toMatchObject({ status: 201, body: { needs: ['interpreter'], needsToArrange: [] } });
    expect(await takenBy(booked)).toHaveLength(2);
  });

  test("P7: a partner's patient, whose needs the host keeps no resource for, is booked with a note to the host; who may not know of the time learns nothing by a need", async () => {
    const ana = await withNeeds(['sign-language', 'longer-visit']);
    const [opening] = await harbor.openings(`service=dermatology-consult&from=${scheduling.inDays(3)}&to=${scheduling.inDays(9)}&patient=${ana}`);
    const booked = await harbor.post('/appointments', { opening: opening!.id, patient: ana });
    expect(booked).toMatchObject({ status: 201, body: { host: 'summit', needsToArrange: ['sign-language', 'longer-visit'] } });
    const path = `/appointments/${String(booked.body['id'])}`;
    expect((await (await scheduling.desk('frontdesk@summit.example')).get(path)).body).toMatchObject({ needs: ['sign-language', 'longer-visit'], needsToArrange: ['sign-language', 'longer-visit'], resources: [{ kind: 'provider' }, { kind: 'room' }] });
    expect((await harbor.get(path)).body['resources']).toBeNull();
    const lakeside = await scheduling.desk('frontdesk@lakeside.example');
    const theirs = await lakeside.post('/patients', { givenName: 'Eva', familyName: 'Stone', birthDate: '1970-01-01', email: 'eva@mail.example', needs: ['wheelchair'] });
    const place = await world({ needs: ['room'] }, [{ kind: 'room' }]);
    expect((await lakeside.post('/holds', { opening: (await search(harbor, place))[0]!.id, patient: theirs.body['id'] })).status).toBe(404);
  });

  test('P1: 30 patients who need the one interpreter, at overlapping times with two providers: nobody shares, nobody goes without', async () => {
    const place = await needy();
    const who = await Promise.all(Array.from({ length: 30 }, () => withNeeds(['interpreter', 'longer-visit'])));
    const wanted = (await search(harbor, place, `&patient=${who[0]!}`)).slice(0, 10);
    const answers = await Promise.all(who.map(async (ana, i) => {
      if (i % 2 === 0) return harbor.post('/appointments', { opening: wanted[i % wanted.length]!.id, patient: ana });
      const hold = await harbor.post('/holds', { opening: wanted[i % wanted.length]!.id });
      return hold.status === 201 ? harbor.post('/appointments', { hold: hold.body['id'], patient: ana }) : hold;
    }));
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    const booked = answers.filter(({ status }) => status === 201);
    expect(booked.length).toBeGreaterThan(0);
    for (const one of booked) expect((await takenBy(one)).map(({ kind }) => kind)).toEqual(['interpreter', 'provider', 'room']);
  });
});

describe('overbooking', () => {
  const session = async (lanes: number, more: { needs?: object[]; equipment?: object[] } = {}): Promise<World> => {
    const place = await world({ needs: more.needs ?? [] }, more.equipment ?? []);
    for (const { id } of await scheduling.sql<{ id: string }>(`SELECT id FROM availability WHERE provider_id = $1`, [place.providers[0]])) {
      const { body } = await manager.get(`/availability/${id}`);
      expect(await manager.call('PUT', `/availability/${id}`, { ...body, overbook: { lanes, visitTypes: [place.type] } })).toMatchObject({ status: 200, body: { overbook: { lanes } } });
    }
    return place;
  };
  const lanesOf = async (place: World): Promise<number[]> => (await scheduling.sql<{ lane: number }>(
    `SELECT o.lane FROM occupancy o JOIN resource r ON r.id = o.resource_id WHERE r.provider_id = $1 AND o.active ORDER BY o.lane`, [place.providers[0]])).map(({ lane }) => lane);

  test('P1: 20 desks put visits beside another at once: as many as the session allows, each in a lane of its own, and the search shows none of it', async () => {
    const place = await session(2);
    const [opening] = await search(harbor, place);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 === 0
      ? manager.post('/holds', { opening: opening!.id, overbook: true }) : manager.post('/appointments', { opening: opening!.id, patient: patient(), overbook: true }))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, ...Array.from({ length: 17 }, () => 409)]);
    expect(await lanesOf(place)).toEqual([0, 1, 2]);
    expect((await search(manager, place)).map(({ id }) => id)).not.toContain(opening!.id);
  });

  test('only on purpose, by permission, in the own calendar, and where the hours allow it', async () => {
    const [allowed, plain] = [await session(1), await world({})];
    const [opening] = await search(harbor, allowed);
    const [other] = await search(harbor, plain);
    const booked = await harbor.post('/appointments', { opening: opening!.id, patient: patient() });
    expect((await harbor.post('/appointments', { opening: other!.id, patient: patient() })).status).toBe(201);
    expect((await manager.post('/holds', { opening: opening!.id })).status).toBe(409);
    expect(await harbor.post('/holds', { opening: opening!.id, overbook: true })).toMatchObject({ status: 403, body: { code: 'overbook-not-permitted' } });
    expect((await manager.post('/holds', { opening: other!.id, overbook: true })).status).toBe(409);
    const theirs = await manager.openings(`service=dermatology-consult&from=${scheduling.inDays(3)}&to=${scheduling.inDays(9)}`);
    expect((await manager.post('/holds', { opening: theirs[0]!.id, overbook: true })).status).toBe(403);
    const hold = await manager.post('/holds', { opening: opening!.id, overbook: true });
    const beside = await manager.post('/appointments', { hold: hold.body['id'], patient: patient() });
    expect(beside.status).toBe(201);
    expect((await manager.get(`/appointments/${String(beside.body['id'])}`)).body['resources']).toMatchObject([{ kind: 'provider', lane: 1 }]);
    // The ordinary time comes free: search and hold agree that it is.
    expect((await harbor.post(`/appointments/${String(booked.body['id'])}/cancel`, { reason: 'prov' })).status).toBe(200);
    expect((await search(harbor, allowed)).map(({ id }) => id)).toContain(opening!.id);
    expect((await harbor.post('/holds', { opening: opening!.id })).status).toBe(201);
  });

  test('a hold beside another visit keeps its lane where it is taken anew for a patient who needs more minutes, also by who may not overbook', async () => {
    const place = await session(1);
    await manager.call('PUT', `/visit-types/${place.type}`, { ...(await manager.get(`/visit-types/${place.type}`)).body, longerVisitMinutes: 15 });
    const [opening] = await search(harbor, place);
    expect((await harbor.post('/appointments', { opening: opening!.id, patient: patient() })).status).toBe(201);
    const who = await made('/patients', { givenName: 'Odo', familyName: 'Slowly', birthDate: '1950-05-05', needs: ['longer-visit'] });
    const hold = await manager.post('/holds', { opening: opening!.id, overbook: true });
    const booked = await manager.post('/appointments', { hold: hold.body['id'], patient: who });
    expect(booked).toMatchObject({ status: 201, body: { extraMinutes: 15 } });
    expect((await manager.get(`/appointments/${String(booked.body['id'])}`)).body['resources']).toMatchObject([{ kind: 'provider', lane: 1 }]);
  });

  test('a room is never overbooked', async () => {
    const place = await session(3, { needs: [{ kind: 'room' }], equipment: [{ kind: 'room' }, { kind: 'room' }] });
    const [opening] = await search(harbor, place);
    const answers = await Promise.all(Array.from({ length: 8 }, () => manager.post('/holds', { opening: opening!.id, overbook: true })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    expect(await lanesOf(place)).toEqual([0, 1]);
  });
});
