import { MINUTE } from '@slotmesh/kernel';
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
interface World { readonly site: string; readonly provider: string; readonly first: string; readonly other: string }
/** A site of its own, with a provider who gives two visit types of 30 minutes from eight to twelve every day. */
async function world(rules: (types: { first: string; other: string }) => object = () => ({})): Promise<World> {
  const site = await calendar.site();
  const [first, other] = [await made('/visit-types', { service: 'primary-care-visit', name: 'First visit', durationMinutes: 30 }), await made('/visit-types', { service: 'annual-physical', name: 'Physical', durationMinutes: 30 })];
  const provider = await made('/providers', { name: 'Ingrid Solberg, MD', languages: ['en'], visitTypes: [first, other] });
  for (const weekday of [1, 2, 3, 4, 5, 6, 7]) await made('/availability', { provider, site, weekday, from: '08:00', to: '12:00', validFrom: '2026-01-01', ...rules({ first, other }) });
  return { site, provider, first, other };
}
const search = (desk: Desk, { site }: World, visitType: string, days = [2, 4]): Promise<OpeningItem[]> => desk.openings(`visitType=${visitType}&site=${site}&from=${scheduling.inDays(days[0]!)}&to=${scheduling.inDays(days[1]!)}&limit=200`);
const dayOf = ({ start, zone }: OpeningItem): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(new Date(start));
const hourOf = ({ start, zone }: OpeningItem): number => Number(new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit' }).format(new Date(start)));
/** A session that the search saw whole. */
const wholeDay = (items: readonly OpeningItem[]): OpeningItem[] => {
  const date = items.map(dayOf).find((day) => items.filter((item) => dayOf(item) === day).length === 8);
  return items.filter((item) => dayOf(item) === date);
};

describe('blocks kept for visit types', () => {
  test('inside wider hours: search, hold, booking, move and series keep to them, each refusal names the rule, and the calendar shows them', async () => {
    const place = await world();
    const [firsts, others] = [await search(harbor, place, place.first), await search(harbor, place, place.other)];
    const booked = await harbor.post('/appointments', { opening: others.find((item) => hourOf(item) === 8)!.id, patient: patient() });
    const held = others.find((item) => hourOf(item) === 11)!;
    const hold = await harbor.post('/holds', { opening: held.id });
    expect([booked.status, hold.status]).toEqual([201, 201]);
    const blocks: string[] = [];
    for (const weekday of [1, 2, 3, 4, 5, 6, 7]) blocks.push(await made('/availability', { provider: place.provider, site: place.site, weekday, from: '10:00', to: '12:00', validFrom: '2026-01-01', keptFor: { visitTypes: [place.first] } }));

    expect((await search(harbor, place, place.other)).map(hourOf)).not.toEqual(expect.arrayContaining([10]));
    expect((await search(harbor, place, place.other)).every((item) => hourOf(item) < 10)).toBe(true);
    expect((await search(harbor, place, place.first)).filter((item) => hourOf(item) >= 10).map(({ id }) => id)).toEqual(firsts.filter((item) => hourOf(item) >= 10 && item.start !== held.start).map(({ id }) => id));
    const kept = others.find((item) => hourOf(item) === 10)!;
    const refusal = { status: 422, body: { code: 'kept-for', releasedAt: null } };
    expect(await harbor.post('/holds', { opening: kept.id })).toMatchObject(refusal);
    expect(await harbor.post('/appointments', { opening: kept.id, patient: patient() })).toMatchObject(refusal);
    expect(await harbor.post(`/appointments/${String(booked.body['id'])}/reschedule`, { opening: kept.id })).toMatchObject(refusal);
    expect(await harbor.post('/series', { opening: kept.id, rule: 'FREQ=WEEKLY;COUNT=2', patient: patient() })).toMatchObject({ status: 409, body: { clashes: [{ reason: 'kept-for' }, { reason: 'kept-for' }] } });
    // What was held before the block was there is decided again.
    expect(await harbor.post('/appointments', { hold: hold.body['id'], patient: patient() })).toMatchObject({ status: 409, body: { code: 'opening-taken' } });
    expect((await harbor.post('/holds', { opening: firsts.find((item) => item.start === kept.start)!.id })).status).toBe(201);

    const { body } = await harbor.get(`/calendar?provider=${place.provider}&site=${place.site}&from=${dayOf(kept)}`);
    const [{ entries }] = body['calendars'] as unknown as [{ entries: { kind: string; keptFor?: { visitTypes: string[] } }[] }];
    expect(entries.filter(({ kind }) => kind === 'block')).toMatchObject([{ keptFor: { visitTypes: [place.first] } }]);

    // Released so many hours before it begins: then it is anybody's.
    for (const id of blocks) {
      const block = await manager.get(`/availability/${id}`);
      expect((await manager.call('PUT', `/availability/${id}`, { ...block.body, keptFor: { visitTypes: [place.first], releaseHours: 200 } })).status).toBe(200);
    }
    expect((await search(harbor, place, place.other)).map(hourOf)).toContain(11);
    expect((await harbor.post('/holds', { opening: others.findLast((item) => hourOf(item) === 11)!.id })).status).toBe(201);
    const far = (await search(harbor, place, place.other, [12, 14]));
    expect(far.length).toBeGreaterThan(0);
    expect(far.every((item) => hourOf(item) < 10)).toBe(true);
  });

  test('P7: what a partner shares is kept from its partners, too, and each sees why', async () => {
    const summit = await scheduling.desk('manager@summit.example');
    const query = `service=dermatology-consult&practice=summit&from=${scheduling.inDays(3)}&to=${scheduling.inDays(12)}&limit=200`;
    const found = await harbor.openings(query);
    const { provider, site } = found[0]!;
    for (const { id } of await scheduling.sql<{ id: string }>(`SELECT id FROM availability WHERE provider_id = $1`, [provider.id])) {
      const { body } = await summit.get(`/availability/${id}`);
      expect((await summit.call('PUT', `/availability/${id}`, { ...body, keptFor: { services: ['skin-check'] } })).status).toBe(200);
    }
    const mine = (items: readonly OpeningItem[]) => items.filter((item) => item.provider.id === provider.id && item.site.id === site.id);
    expect(mine(found).length).toBeGreaterThan(0);
    // A single date with other hours carries no rule.
    const exceptions = new Set((await scheduling.sql<{ date: string }>(`SELECT date::text FROM availability_exception WHERE provider_id = $1`, [provider.id])).map(({ date }) => date));
    expect(mine(await harbor.openings(query)).filter((item) => !exceptions.has(dayOf(item)))).toEqual([]);
    expect(await harbor.post('/holds', { opening: found[0]!.id })).toMatchObject({ status: 422, body: { code: 'kept-for' } });
    expect(mine(await harbor.openings(query.replace('dermatology-consult', 'skin-check'))).length).toBeGreaterThan(0);
  });
});

describe('at most so many of a type in a session', () => {
  const limited = (most: number, more: object = {}) => world(({ first }) => ({ limits: [{ visitType: first, most, ...more }] }));

  test('P1: 20 desks at once take different times of one session by hold and by booking: exactly as many as it lets in, and search, hold and series say the same', async () => {
    const place = await limited(3);
    const day = wholeDay(await search(harbor, place, place.first));
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? harbor.post('/holds', { opening: day[i % 8]!.id }) : harbor.post('/appointments', { opening: day[i % 8]!.id, patient: patient() }))));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    const refusals = answers.filter(({ status }) => status !== 201).map(({ status, body }) => `${status} ${String(body['code'])}`);
    expect(refusals.filter((refusal) => refusal !== '409 session-limit' && refusal !== '409 opening-taken')).toEqual([]);
    expect(refusals).toContain('409 session-limit');
    const free = await search(harbor, place, place.first);
    expect(free.filter((item) => dayOf(item) === dayOf(day[0]!))).toEqual([]);
    expect((await search(harbor, place, place.other)).filter((item) => dayOf(item) === dayOf(day[0]!))).toHaveLength(5);
    const untaken = (await search(harbor, place, place.other)).find((item) => dayOf(item) === dayOf(day[0]!))!;
    const refused = await harbor.post('/holds', { opening: day.find(({ start }) => start === untaken.start)!.id });
    expect(refused).toMatchObject({ status: 409, body: { code: 'session-limit' } });
    expect((refused.body['alternatives'] as unknown as OpeningItem[]).length).toBeGreaterThan(0);
    expect(await harbor.post('/series/preview', { opening: day.find(({ start }) => start === untaken.start)!.id, rule: 'FREQ=DAILY;COUNT=2', patient: patient() })).toMatchObject({ status: 200, body: { clashes: [{ reason: 'session-limit' }] } });
  });

  test('a move inside the session counts once, a cancelled visit and a hold past its time make room, and what was there before the limit counts', async () => {
    const place = await world();
    const day = wholeDay(await search(harbor, place, place.first));
    const before = await harbor.post('/appointments', { opening: day[0]!.id, patient: patient() });
    for (const { id } of await scheduling.sql<{ id: string }>(`SELECT id FROM availability WHERE provider_id = $1`, [place.provider])) {
      const { body } = await manager.get(`/availability/${id}`);
      expect((await manager.call('PUT', `/availability/${id}`, { ...body, limits: [{ visitType: place.first, most: 2 }] })).status).toBe(200);
    }
    const hold = await harbor.post('/holds', { opening: day[2]!.id });
    expect([before.status, hold.status, (await harbor.post('/holds', { opening: day[4]!.id })).status]).toEqual([201, 201, 409]);
    const path = `/appointments/${String(before.body['id'])}`;
    expect(await harbor.post(`${path}/reschedule`, { opening: day[5]!.id })).toMatchObject({ status: 200 });
    expect((await harbor.post('/holds', { opening: day[4]!.id })).body).toMatchObject({ code: 'session-limit' });
    scheduling.clock.moveTo(scheduling.clock.offset + 10 * MINUTE);
    const late = await harbor.post('/holds', { opening: day[4]!.id });
    expect(late.status).toBe(201);
    expect((await harbor.post(`${path}/cancel`, { reason: 'pat' })).status).toBe(200);
    expect((await harbor.post('/appointments', { opening: day[5]!.id, patient: patient() })).status).toBe(201);
    expect((await harbor.post('/appointments', { hold: late.body['id'], patient: patient() })).status).toBe(201);
    expect((await scheduling.sql(`SELECT 1 FROM hold WHERE id = $1 AND state = 'expired'`, [hold.body['id']]))).toHaveLength(1);
    expect((await harbor.post('/holds', { opening: day[6]!.id })).body).toMatchObject({ code: 'session-limit' });
  });

  const limitsOn = async (place: World, day: OpeningItem) => {
    const { body } = await harbor.get(`/calendar?provider=${place.provider}&site=${place.site}&from=${dayOf(day)}`);
    const [{ entries }] = body['calendars'] as unknown as [{ entries: { kind: string; start: string; limits?: { most: number; used: number }[] }[] }];
    return entries.filter(({ kind }) => kind === 'block').map(({ limits }) => limits?.map(({ most, used }) => [most, used]));
  };

  test('what was held before the limit is booked, also where it is more, and counts before and after: nobody else gets in, and all are shown', async () => {
    const place = await world();
    const day = wholeDay(await search(harbor, place, place.first));
    const holds: HttpResult[] = [];
    for (const { id } of day.slice(0, 3)) holds.push(await harbor.post('/holds', { opening: id }));
    for (const { id } of await scheduling.sql<{ id: string }>(`SELECT id FROM availability WHERE provider_id = $1`, [place.provider])) {
      const { body } = await manager.get(`/availability/${id}`);
      expect((await manager.call('PUT', `/availability/${id}`, { ...body, limits: [{ visitType: place.first, most: 2 }] })).status).toBe(200);
    }
    const full = async (): Promise<void> => {
      expect(await harbor.post('/holds', { opening: day[4]!.id })).toMatchObject({ status: 409, body: { code: 'session-limit' } });
      expect((await search(harbor, place, place.first)).filter((item) => dayOf(item) === dayOf(day[0]!))).toEqual([]);
      expect(await limitsOn(place, day[0]!)).toEqual([[[2, 3]]]);
    };
    await full();
    const visits: string[] = [];
    // Taken anew with what the patient needs, which the hold was not made for.
    const needs = await harbor.post('/patients', { givenName: 'Philippa', familyName: 'Greystone', birthDate: '1948-02-11', phone: '617 555 0164', email: 'philippa.greystone@example.net', needs: ['longer-visit'] });
    for (const [i, hold] of holds.entries()) {
      const booked = await harbor.post('/appointments', { hold: hold.body['id'], patient: i === 1 ? needs.body['id'] : patient() });
      expect(booked.status).toBe(201);
      visits.push(String(booked.body['id']));
      await full();
    }
    for (const [visit, left] of [[visits[0]!, 2], [visits[1]!, 1]] as const) {
      expect((await harbor.post('/holds', { opening: day[5]!.id })).body).toMatchObject({ code: 'session-limit' });
      expect((await harbor.post(`/appointments/${visit}/cancel`, { reason: 'prov' })).status).toBe(200);
      expect(await limitsOn(place, day[0]!)).toEqual([[[2, left]]]);
    }
    const again = await Promise.all([4, 5, 6].map((i) => harbor.post('/holds', { opening: day[i]!.id })));
    expect(again.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  test('each of two blocks that lie over each other counts its own and shows no more than it lets in', async () => {
    const place = await limited(2);
    for (const weekday of [1, 2, 3, 4, 5, 6, 7]) await made('/availability', { provider: place.provider, site: place.site, weekday, from: '10:00', to: '12:00', validFrom: '2026-01-01', limits: [{ visitType: place.first, most: 1 }] });
    const day = wholeDay(await search(harbor, place, place.first));
    const [early, late] = [day.filter((item) => hourOf(item) < 10), day.filter((item) => hourOf(item) >= 10)];
    const answers = await Promise.all([...early, ...late].map((item) => harbor.post('/holds', { opening: item.id })));
    expect(answers.slice(0, 4).filter(({ status }) => status === 201)).toHaveLength(2);
    expect(answers.slice(4).filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await limitsOn(place, day[0]!)).toEqual([[[2, 2]], [[1, 1]]]);
    expect((await search(harbor, place, place.first)).filter((item) => dayOf(item) === dayOf(day[0]!))).toEqual([]);
  });
});
