import { Desk, type OpeningItem, RunningScheduling } from './running-scheduling';

interface Range { readonly start: string; readonly end: string }
interface Entry extends Range {
  readonly kind: string; readonly id: string; readonly reason?: string; readonly heldBy?: string; readonly practice?: { id: string } | null;
  readonly bookedBy?: { practice: string; partner: boolean }; readonly patient?: { id: string; name: { given: string; family: string } | null };
}
interface Day { readonly provider: { id: string }; readonly site: { id: string }; readonly zone: string; readonly days: (Range & { date: string; minutes: number })[]; readonly hours: Range[]; readonly entries: Entry[]; readonly taken: Range[]; readonly free: Range[] }

let scheduling: RunningScheduling;
let harbor: Desk;
let summit: Desk;
let manager: Desk;
let patient: string;

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  [harbor, summit, manager] = await Promise.all(['frontdesk@harbor.example', 'frontdesk@summit.example', 'manager@summit.example'].map((subject) => scheduling.desk(subject))) as [Desk, Desk, Desk];
  patient = (await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'harbor' ORDER BY id LIMIT 1`))[0]!.id;
});
afterAll(async () => scheduling.stop());

const dateIn = (at: string, zone: string): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(new Date(at));
const calendarsOf = async (desk: Desk, query: string): Promise<Day[]> => {
  const { status, body } = await desk.get(`/calendar?${query}`);
  expect({ query, status, body: status === 200 ? null : body }).toEqual({ query, status: 200, body: null });
  return body['calendars'] as unknown as Day[];
};
const meets = (a: Range, b: Range): boolean => a.start < b.end && b.start < a.end;

describe('the calendar of a practice', () => {
  test('shows hours, closures, holds of desk, partner and the visit that a partner booked, in one call; and a partner sees none of it', async () => {
    const found = await harbor.openings(`service=dermatology-consult&practice=summit&from=${scheduling.inDays(3)}&to=${scheduling.inDays(12)}&limit=100`);
    const first = found[0]!;
    const date = dateIn(first.start, first.zone);
    const free = (taken: readonly Range[]): OpeningItem => found.find((item) => item.provider.id === first.provider.id && item.site.id === first.site.id && dateIn(item.start, item.zone) === date && !taken.some((range) => Date.parse(range.end) + 3_600_000 > Date.parse(item.start)))!;
    const booked = await harbor.post('/appointments', { opening: first.id, patient });
    const partnerTime = free([first]);
    const partnerHold = await harbor.post('/holds', { opening: partnerTime.id });
    const ownTime = free([first, partnerTime]);
    const ownHold = await summit.post('/holds', { opening: ownTime.id });
    const closed = { start: ownTime.end, end: new Date(Date.parse(ownTime.end) + 3_600_000).toISOString() };
    const closure = await manager.post('/closures', { provider: first.provider.id, time: closed, reason: 'a training' });
    expect([booked.status, partnerHold.status, ownHold.status, closure.status]).toEqual([201, 201, 201, 201]);

    const query = `provider=${first.provider.id}&site=${first.site.id}&from=${date}`;
    const [day] = await calendarsOf(summit, query);
    expect(day).toMatchObject({ provider: { id: first.provider.id }, site: { id: first.site.id }, zone: 'America/Denver', days: [{ date, minutes: 1_440 }] });
    const entry = (id: unknown): Entry | undefined => day!.entries.find((one) => one.id === id);
    expect(entry(booked.body['id'])).toMatchObject({ kind: 'visit', start: first.start, end: first.end, bookedBy: { practice: 'harbor', partner: true }, patient: { name: { given: expect.any(String), family: expect.any(String) } } });
    expect(entry(booked.body['id'])!.patient!.id).not.toBe(patient);
    expect(entry(partnerHold.body['id'])).toMatchObject({ kind: 'hold', heldBy: 'partner', practice: { id: 'harbor' }, expiresAt: partnerHold.body['expiresAt'] });
    expect(entry(ownHold.body['id'])).toMatchObject({ kind: 'hold', heldBy: 'own-desk', practice: null });
    expect(entry(closure.body['id'])).toMatchObject({ kind: 'closure', ...closed, reason: 'a training', of: 'provider' });
    expect(day!.hours.some((range) => meets(range, first))).toBe(true);
    for (const one of [first, partnerTime, ownTime, closed]) expect(day!.free.some((range) => meets(range, one))).toBe(false);
    expect(day!.free.length).toBeGreaterThan(0);

    for (const stranger of [harbor, await scheduling.desk('frontdesk@lakeside.example')]) expect(await stranger.get(`/calendar?${query}`)).toMatchObject({ status: 404, body: { code: 'calendar-unknown' } });

    scheduling.clock.moveTo(scheduling.clock.offset + 60 * 60_000);
    const [later] = await calendarsOf(summit, query);
    expect(later!.entries.filter(({ kind }) => kind === 'hold')).toEqual([]);
    expect(later!.free.some((range) => meets(range, ownTime))).toBe(true);
  });

  test('P23: who the patients are is shown to who may read patients, and each of them leaves an audit row', async () => {
    const [visit] = await scheduling.sql<{ site_id: string; day: string; patient_id: string }>(`SELECT site_id, (starts_at AT TIME ZONE zone)::date::text AS day, patient_id FROM appointment WHERE host_id = 'summit' AND status = 'booked' LIMIT 1`);
    const query = `site=${visit!.site_id}&from=${visit!.day}`;
    const rows = async (): Promise<string[]> => (await scheduling.sql<{ actor_subject: string }>(`SELECT actor_subject FROM audit_entry WHERE action = 'calendar.read' AND patient_id = $1`, [visit!.patient_id])).map((row) => row.actor_subject);
    const before = (await rows()).length;
    const names = (days: Day[]) => days.flatMap(({ entries }) => entries.filter(({ kind }) => kind === 'visit').map((entry) => entry.patient!.name));
    expect(names(await calendarsOf(await scheduling.desk('auditor@summit.example'), query))).toContain(null);
    expect((await rows()).length).toBe(before);
    expect(names(await calendarsOf(await scheduling.desk('manager@summit.example'), query))).not.toContain(null);
    expect((await rows()).slice(before)).toEqual(['manager@summit.example']);
  });

  test('answers 304 to who knows it already, until something changes', async () => {
    const [opening] = await summit.openings(`service=skin-check&practice=summit&from=${scheduling.inDays(5)}&to=${scheduling.inDays(12)}&limit=1`);
    const path = `/calendar?provider=${opening!.provider.id}&from=${dateIn(opening!.start, opening!.zone)}`;
    const etag = (await summit.get(path)).headers.get('etag')!;
    expect((await summit.call('GET', path, undefined, { 'if-none-match': etag })).status).toBe(304);
    expect((await summit.post('/holds', { opening: opening!.id })).status).toBe(201);
    expect((await summit.call('GET', path, undefined, { 'if-none-match': etag })).status).toBe(200);
  });

  test('P6: the days on which the clock changes have 23 and 25 hours, and working hours keep their wall time over them', async () => {
    const [place] = await scheduling.sql<{ provider_id: string; site_id: string }>(`SELECT provider_id, site_id FROM availability WHERE practice_id = 'summit' ORDER BY id LIMIT 1`);
    const week = async (from: string): Promise<Day> => (await calendarsOf(summit, `provider=${place!.provider_id}&site=${place!.site_id}&from=${from}&days=7`))[0]!;
    const spring = await week('2027-03-11');
    expect(spring.days.map(({ minutes }) => minutes)).toEqual([1_440, 1_440, 1_440, 23 * 60, 1_440, 1_440, 1_440]);
    expect(spring.days[3]).toEqual({ date: '2027-03-14', start: '2027-03-14T07:00:00.000Z', end: '2027-03-15T06:00:00.000Z', minutes: 23 * 60 });
    expect((await week('2027-11-04')).days[3]).toEqual({ date: '2027-11-07', start: '2027-11-07T06:00:00.000Z', end: '2027-11-08T07:00:00.000Z', minutes: 25 * 60 });
    const wall = new Set(spring.hours.map(({ start }) => new Intl.DateTimeFormat('en-GB', { timeZone: spring.zone, timeStyle: 'short' }).format(new Date(start))));
    const utc = new Set(spring.hours.map(({ start }) => start.slice(11, 16)));
    expect(utc.size).toBeGreaterThan(wall.size);
  });

  test('refuses a question that names neither site nor provider, or more than a week', async () => {
    for (const query of ['from=2027-01-04', `site=019b0000-0000-7000-8000-000000000000&from=2027-01-04&days=8`, 'site=x&from=2027-01-04', 'from=tomorrow']) expect((await summit.get(`/calendar?${query}`)).status).toBe(400);
  });
});
