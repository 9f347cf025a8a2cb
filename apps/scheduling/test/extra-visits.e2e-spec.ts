import { HOUR, formatInstant, parseInstant, plusMs } from '@slotmesh/kernel';
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
interface Place { readonly visitType: string; readonly provider: string; readonly site: string }
/** A site that is open day and night. */
async function world(hours: object = {}, type: object = {}, rooms = 0): Promise<Place> {
  const site = await calendar.site();
  const visitType = await made('/visit-types', { service: 'primary-care-visit', name: 'Visit', durationMinutes: 30, ...type });
  for (let room = 0; room < rooms; room += 1) await made('/resources', { site, kind: 'room', name: `Room ${room}` });
  const provider = await made('/providers', { name: 'Ingrid Solberg, MD', languages: ['en'], visitTypes: [visitType] });
  for (const weekday of [1, 2, 3, 4, 5, 6, 7]) await made('/availability', { provider, site, weekday, from: '00:00', to: '24:00', validFrom: '2026-01-01', ...hours });
  return { visitType, provider, site };
}
const search = ({ visitType, site }: Place): Promise<OpeningItem[]> => harbor.openings(`visitType=${visitType}&site=${site}&from=${scheduling.inDays(2)}&to=${scheduling.inDays(3)}&limit=200`);
const urgent = (desk: Desk, place: Place, start: string, more: object = {}): Promise<HttpResult> => desk.post('/appointments', { at: { ...place, start }, urgent: { reason: 'chest pain since this morning' }, patient: patient(), ...more });
const walkIn = (desk: Desk, place: Place, more: object = {}): Promise<HttpResult> => desk.post('/appointments', { at: place, walkIn: true, patient: patient(), ...more });
const calendarOf = async ({ provider, site }: Place, at: string): Promise<{ kind: string; id: string; beside?: string | null }[]> => {
  const date = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York', dateStyle: 'short' }).format(new Date(at));
  const { body } = await harbor.get(`/calendar?provider=${provider}&site=${site}&from=${date}`);
  return (body['calendars'] as unknown as [{ entries: { kind: string; id: string; beside?: string | null }[] }])[0].entries;
};

describe('an urgent extra visit', () => {
  test('is put beside what is there, by permission, with a reason that is audited; the calendar shows it, and it is moved and cancelled like any', async () => {
    const place = await world();
    const [taken, free] = await search(place);
    const ordinary = await harbor.post('/appointments', { opening: taken!.id, patient: patient() });
    expect(ordinary.status).toBe(201);
    expect(await urgent(harbor, place, taken!.start)).toMatchObject({ status: 403, body: { code: 'urgent-not-permitted' } });
    const extra = await urgent(manager, place, taken!.start);
    expect(extra).toMatchObject({ status: 201, body: { start: taken!.start, status: 'booked' } });
    const id = String(extra.body['id']);
    expect(await scheduling.sql(`SELECT details FROM audit_entry WHERE action = 'appointment.urgent' AND entity_id = $1`, [id])).toMatchObject([{ details: { reason: 'chest pain since this morning' } }]);
    const visits = (await calendarOf(place, taken!.start)).filter(({ kind }) => kind === 'visit');
    expect(visits.map((visit) => [visit.id, visit.beside]).sort()).toEqual([[id, 'urgent'], [String(ordinary.body['id']), null]].sort());
    // At any minute, and the ordinary calendar stays what it was.
    const minute = formatInstant(plusMs(parseInstant(free!.start), 7 * 60_000));
    const between = await urgent(manager, place, minute);
    expect(between.status).toBe(201);
    expect((await search(place)).map(({ id: opening }) => opening)).toContain(free!.id);
    expect(await manager.post(`/appointments/${id}/reschedule`, { opening: free!.id })).toMatchObject({ status: 200, body: { start: free!.start } });
    expect((await calendarOf(place, taken!.start)).find((visit) => visit.id === id)).toMatchObject({ beside: null });
    expect(await harbor.post(`/appointments/${String(between.body['id'])}/cancel`, { reason: 'prov' })).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  });

  test('P1 P8: 20 at once at one minute: five lanes and no more, a room is never shared, nobody is in two places', async () => {
    const [place, roomy] = [await world(), await world({}, { needs: ['room'] }, 2)];
    const [at] = await search(place);
    const answers = await Promise.all(Array.from({ length: 20 }, () => urgent(manager, place, at!.start)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    const [there] = await search(roomy);
    const inRooms = await Promise.all(Array.from({ length: 8 }, () => urgent(manager, roomy, there!.start)));
    expect(inRooms.filter(({ status }) => status === 201)).toHaveLength(2);
    const who = patient();
    const other = formatInstant(plusMs(parseInstant(at!.start), 3 * HOUR));
    expect((await urgent(manager, place, other, { patient: who })).status).toBe(201);
    expect(await urgent(manager, place, other, { patient: who })).toMatchObject({ status: 409, body: { code: 'another-visit-then' } });
  });

  test('P7: is in the own calendar only, in hours that are open, in the future, and asked for in one way', async () => {
    const place = await world({ from: '08:00', to: '12:00' });
    const [at] = await search(place);
    const [theirs] = await scheduling.sql<{ visitType: string; provider: string; site: string }>(
      `SELECT v.id AS "visitType", p.id AS provider, s.id AS site FROM visit_type v JOIN provider_visit_type g ON g.visit_type_id = v.id JOIN provider p ON p.id = g.provider_id JOIN site s ON s.practice_id = v.practice_id WHERE v.practice_id = 'summit' LIMIT 1`);
    expect(await urgent(manager, theirs!, at!.start)).toMatchObject({ status: 404, body: { code: 'opening-never-bookable' } });
    expect(await walkIn(manager, theirs!)).toMatchObject({ status: 404, body: { code: 'opening-never-bookable' } });
    expect(await urgent(manager, place, formatInstant(plusMs(parseInstant(at!.start), 12 * HOUR)))).toMatchObject({ status: 422, body: { code: 'not-open-then' } });
    expect(await urgent(manager, place, formatInstant(plusMs(scheduling.now(), -24 * HOUR)))).toMatchObject({ status: 422, body: { code: 'not-open-then' } });
    for (const body of [{ at: place }, { at: place, urgent: { reason: 'chest pain' } }, { at: { ...place, start: at!.start }, walkIn: true }, { opening: at!.id, urgent: { reason: 'chest pain' } }, { at: { ...place, start: at!.start }, urgent: { reason: 'x' } }]) {
      expect(await manager.post('/appointments', { ...body, patient: patient() })).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    }
    const group = await world({ walkIns: 1 }, { seats: 4 });
    expect(await urgent(manager, group, at!.start)).toMatchObject({ status: 422, body: { code: 'group-has-no-extra-visit' } });
  });
});

describe('people who walk in', () => {
  // Today may be a holiday.
  beforeAll(async () => {
    const [open] = await search(await world());
    scheduling.clock.moveTo(parseInstant(open!.start) + HOUR - Date.now());
  });

  test('P1: as many at one time as the hours keep lanes for; each has arrived, and search and ordinary calendar know nothing of it', async () => {
    const place = await world({ walkIns: 2 });
    const before = await harbor.openings(`visitType=${place.visitType}&site=${place.site}&from=${scheduling.inDays(0)}&to=${scheduling.inDays(1)}&limit=200`);
    const answers = await Promise.all(Array.from({ length: 12 }, () => walkIn(harbor, place)));
    const seen = answers.filter(({ status }) => status === 201);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, ...Array.from({ length: 10 }, () => 409)]);
    expect(seen.map(({ body }) => body['status'])).toEqual(['arrived', 'arrived']);
    const after = await harbor.openings(`visitType=${place.visitType}&site=${place.site}&from=${scheduling.inDays(0)}&to=${scheduling.inDays(1)}&limit=200`);
    expect(after.map(({ id }) => id)).toEqual(expect.arrayContaining(before.slice(1).map(({ id }) => id)));
    expect((await calendarOf(place, formatInstant(scheduling.now()))).filter(({ kind }) => kind === 'visit').map(({ beside }) => beside)).toEqual(['walk-in', 'walk-in']);
    // P4: the same request again is the same visit.
    const who = patient();
    expect((await harbor.post(`/appointments/${String(seen[0]!.body['id'])}/cancel`, { reason: 'oth' })).status).toBe(200);
    const twice = [await harbor.post('/appointments', { at: place, walkIn: true, patient: who }, { 'idempotency-key': 'walk' }), await harbor.post('/appointments', { at: place, walkIn: true, patient: who }, { 'idempotency-key': 'walk' })];
    expect(twice.map(({ status }) => status)).toEqual([201, 201]);
    expect(twice[0]!.body['id']).toBe(twice[1]!.body['id']);
    expect(await harbor.post(`/appointments/${String(twice[0]!.body['id'])}/complete`)).toMatchObject({ status: 200, body: { status: 'fulfilled' } });
  });

  test('are not taken where the hours keep nothing for them', async () => {
    expect(await walkIn(harbor, await world())).toMatchObject({ status: 422, body: { code: 'no-walk-ins' } });
  });
});
