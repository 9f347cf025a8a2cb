import { addDays, formatInstant, instantOf, parseLocalDate, parseLocalTime, parseZone } from '@slotmesh/kernel';
import { HarborCalendar } from './harbor-calendar';
import type { Desk, OpeningItem, RunningScheduling } from './running-scheduling';

const zone = parseZone('America/New_York');
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
interface World { readonly site: string; readonly provider: string; readonly first: string; readonly other: string; readonly date: string }
/** A site of its own, with a provider who gives two visit types of 30 minutes from eight to twelve every day; `date` is a day on which nothing is closed. */
async function world(): Promise<World> {
  const site = await calendar.site();
  const [first, other] = [await made('/visit-types', { service: 'primary-care-visit', name: 'First visit', durationMinutes: 30, public: true }), await made('/visit-types', { service: 'annual-physical', name: 'Physical', durationMinutes: 30, public: true })];
  const provider = await made('/providers', { name: 'Ingrid Solberg, MD', languages: ['en'], visitTypes: [first, other] });
  for (const weekday of [1, 2, 3, 4, 5, 6, 7]) await made('/availability', { provider, site, weekday, from: '08:00', to: '12:00', validFrom: '2026-01-01', keptFor: { visitTypes: [other] } });
  const open = await harbor.openings(`visitType=${other}&site=${site}&from=${scheduling.inDays(2)}&to=${scheduling.inDays(5)}&limit=200`);
  const date = open.map(dayOf).find((day) => open.filter((item) => dayOf(item) === day).length === 8)!;
  return { site, provider, first, other, date };
}
const at = (date: string, time: string): string => formatInstant(instantOf(parseLocalDate(date), parseLocalTime(time), zone));
const on = (date: string, { site }: World, visitType: string): Promise<OpeningItem[]> => harbor.openings(`visitType=${visitType}&site=${site}&from=${at(date, '00:00')}&to=${at(date, '24:00')}&limit=200`);
const dayOf = ({ start }: OpeningItem): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(new Date(start));
const timesOf = (items: readonly OpeningItem[]): string[] => items.map(({ start }) => new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(new Date(start)));
const openingAt = (items: readonly OpeningItem[], time: string): string => items[timesOf(items).indexOf(time)]!.id;

describe('rules on the hours of a single date', () => {
  test('are read as they were written, hold in search, hold, booking and publication as soon as they are there, and the calendar shows them with the date that they are of', async () => {
    const place = await world();
    expect(await on(place.date, place, place.first)).toEqual([]);
    const ranges = [{ from: '08:00', to: '10:00' }, { from: '10:00', to: '12:00', keptFor: { visitTypes: [place.first] }, limits: [{ visitType: place.first, most: 2 }] }];
    const body = { provider: place.provider, site: place.site, date: place.date, ranges };
    const added = await manager.post('/availability-exceptions', body);
    const none = { overbook: null, walkIns: 0, keptFor: null, limits: [] };
    expect(added).toMatchObject({ status: 201, body: { ranges: [{ from: '08:00', to: '10:00', ...none }, { ...none, from: '10:00', to: '12:00', keptFor: { visitTypes: [place.first], services: [], releaseHours: null }, limits: [{ visitType: place.first, most: 2, releaseHours: null }] }] } });
    const path = `/availability-exceptions/${String(added.body['id'])}`;
    expect((await manager.get(path)).body).toEqual(added.body);

    const [firsts, others] = [await on(place.date, place, place.first), await on(place.date, place, place.other)];
    // What the usual hours are kept for rests on the date.
    expect(timesOf(firsts)).toEqual(['08:00', '08:30', '09:00', '09:30', '10:00', '10:30', '11:00', '11:30']);
    expect(timesOf(others)).toEqual(['08:00', '08:30', '09:00', '09:30']);
    const next = String(addDays(parseLocalDate(place.date), 1));
    expect(timesOf(await on(next, place, place.first))).toEqual([]);
    expect((await fetch(`${scheduling.url}/smart-scheduling/$bulk-publish`)).status).toBe(200);
    const published = await scheduling.sql<{ start: Date }>(`SELECT starts_at AS start FROM published_resource r JOIN visit_type v ON v.ref::text = split_part(r.schedule_id, '-', 1)
      WHERE r.kind = 'Slot' AND r.to_at IS NULL AND r.free AND r.location_id = $1 AND v.id = $2 AND starts_at >= $3 AND starts_at < $4 ORDER BY starts_at`, [place.site, place.other, at(place.date, '00:00'), at(place.date, '24:00')]);
    expect(published.map(({ start }) => start.toISOString().slice(0, 19))).toEqual(others.map(({ start }) => start.slice(0, 19)));

    // A hold of before the rule is decided again by it.
    const before = await harbor.post('/holds', { opening: openingAt(others, '09:00') });
    expect((await manager.call('PUT', path, { ...body, ranges: [{ from: '08:00', to: '12:00', keptFor: { visitTypes: [place.first] } }] })).status).toBe(200);
    expect(await on(place.date, place, place.other)).toEqual([]);
    expect(await harbor.post('/holds', { opening: openingAt(others, '09:30') })).toMatchObject({ status: 422, body: { code: 'kept-for', releasedAt: null } });
    expect(await harbor.post('/appointments', { opening: openingAt(others, '09:30'), patient: patient() })).toMatchObject({ status: 422, body: { code: 'kept-for' } });
    expect(await harbor.post('/appointments', { hold: before.body['id'], patient: patient() })).toMatchObject({ status: 409, body: { code: 'opening-taken' } });
    expect((await harbor.post('/appointments', { opening: openingAt(firsts, '10:00'), patient: patient() })).status).toBe(201);

    expect((await manager.call('PUT', path, body)).status).toBe(200);
    const { body: shown } = await harbor.get(`/calendar?provider=${place.provider}&site=${place.site}&from=${place.date}&days=2`);
    const [{ entries }] = shown['calendars'] as unknown as [{ entries: { kind: string; id: string; of: string; start: string }[] }];
    expect(entries.filter(({ kind }) => kind === 'block')).toMatchObject([
      { id: added.body['id'], of: 'date', start: at(place.date, '10:00'), keptFor: { visitTypes: [place.first] }, limits: [{ visitType: place.first, most: 2, used: 1 }] },
      { of: 'week', start: at(next, '08:00'), keptFor: { visitTypes: [place.other] } },
    ]);
    // Away with it: the usual rule is back.
    expect((await manager.call('DELETE', path)).status).toBe(204);
    expect(await on(place.date, place, place.first)).toEqual([]);
  });

  test('P1: 20 desks at once take different times of a date with a limit, by hold and by booking: as many as it lets in; ranges beside it have limits of their own', async () => {
    const place = await world();
    const limits = (most: number) => ({ limits: [{ visitType: place.first, most }] });
    await made('/availability-exceptions', { provider: place.provider, site: place.site, date: place.date, ranges: [{ from: '08:00', to: '12:00', ...limits(3) }, { from: '13:00', to: '17:00', ...limits(1) }] });
    const day = await on(place.date, place, place.first);
    const [morning, afternoon] = [day.slice(0, 8), day.slice(8)];
    const ask = (items: readonly OpeningItem[], i: number) => (i % 2 === 0 ? harbor.post('/holds', { opening: items[i % 8]!.id }) : harbor.post('/appointments', { opening: items[i % 8]!.id, patient: patient() }));
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(morning, i)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.filter(({ status, body }) => status !== 201 && body['code'] !== 'session-limit' && body['code'] !== 'opening-taken')).toEqual([]);
    expect(timesOf(await on(place.date, place, place.first))).toEqual(timesOf(afternoon));
    const later = await Promise.all(Array.from({ length: 6 }, (_, i) => ask(afternoon, i)));
    expect(later.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await on(place.date, place, place.first)).toEqual([]);
    expect((await on(place.date, place, place.other)).length).toBe(12);
  });

  test('P1: overbooking and people who walk in are let by the hours of the date, as many as they say, where the usual hours say nothing', async () => {
    const place = await world();
    await made('/availability-exceptions', { provider: place.provider, site: place.site, date: place.date, ranges: [{ from: '08:00', to: '10:00', overbook: { lanes: 1, visitTypes: [place.first] }, walkIns: 2 }, { from: '10:00', to: '12:00' }] });
    const firsts = await on(place.date, place, place.first);
    const beside = (time: string) => Promise.all(Array.from({ length: 6 }, () => manager.post('/appointments', { opening: openingAt(firsts, time), patient: patient(), overbook: true })));
    const count = (answers: readonly { status: number }[]): number => answers.filter(({ status }) => status === 201).length;
    expect([count(await beside('09:00')), count(await beside('11:00'))]).toEqual([2, 1]);
    scheduling.clock.moveTo(Date.parse(at(place.date, '08:30')) - Date.now());
    const walkIn = () => harbor.post('/appointments', { at: { visitType: place.first, provider: place.provider, site: place.site }, walkIn: true, patient: patient() });
    expect(count(await Promise.all(Array.from({ length: 6 }, walkIn)))).toBe(2);
    scheduling.clock.moveTo(Date.parse(at(place.date, '10:30')) - Date.now());
    expect(await walkIn()).toMatchObject({ status: 422, body: { code: 'no-walk-ins' } });
  });

  test('of desks that write one date at once one is first, and the others are told which', async () => {
    const place = await world();
    const body = { provider: place.provider, site: place.site, date: place.date, ranges: [{ from: '08:00', to: '10:00' }] };
    const answers = await Promise.all(Array.from({ length: 4 }, () => manager.post('/availability-exceptions', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    const first = answers.find(({ status }) => status === 201)!;
    for (const answer of answers.filter(({ status }) => status === 409)) expect(answer.body).toMatchObject({ code: 'exception-exists', exception: first.body['id'] });
    const days = Array.from({ length: 2 }, (_, i) => String(addDays(parseLocalDate(place.date), 5 + i)));
    const [one, two] = await Promise.all(days.map((date) => manager.post('/availability-exceptions', { ...body, date })));
    const moved = await Promise.all([one!, two!].map(({ body: { id } }) => manager.call('PUT', `/availability-exceptions/${String(id)}`, { ...body, date: String(addDays(parseLocalDate(place.date), 9)) })));
    expect(moved.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('name visit types of the own practice, and each range once', async () => {
    const place = await world();
    const [theirs] = await scheduling.sql<{ id: string }>(`SELECT id FROM visit_type WHERE practice_id = 'summit' LIMIT 1`);
    const write = (ranges: object[]) => manager.post('/availability-exceptions', { provider: place.provider, site: place.site, date: place.date, ranges });
    const range = { from: '08:00', to: '10:00' };
    for (const ranges of [[{ ...range, keptFor: { visitTypes: [theirs!.id] } }], [{ ...range, limits: [{ visitType: theirs!.id, most: 1 }] }], [{ ...range, overbook: { lanes: 1, visitTypes: [theirs!.id] } }], [range, { ...range, walkIns: 1 }], [{ ...range, keptFor: {} }], [{ ...range, walkIns: 11 }]]) {
      expect(await write(ranges)).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    }
  });
});
