import { Desk, type HttpResult, type OpeningItem, RunningScheduling, TAKEN_TWICE } from './running-scheduling';

let scheduling: RunningScheduling;
let harbor: Desk;
let summit: Desk;
let desert: Desk;
let lakeside: Desk;
let patients: string[];

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  [harbor, summit, desert, lakeside] = await Promise.all(['harbor', 'summit', 'desert', 'lakeside'].map((practice) => scheduling.desk(`frontdesk@${practice}.example`))) as [Desk, Desk, Desk, Desk];
  patients = await patientsOf('harbor');
});
afterAll(async () => scheduling.stop());

interface Visit { readonly id: string; readonly start: string; readonly zone: string; readonly status: string; readonly provider: string; readonly plannedDate: string; readonly movedByItself: boolean; readonly series: string }
interface Clash { readonly date: string; readonly reason: string; readonly alternatives: readonly OpeningItem[] }
const patientsOf = async (practice: string): Promise<string[]> => (await scheduling.sql<{ id: string }>('SELECT id FROM patient WHERE practice_id = $1 ORDER BY id', [practice])).map(({ id }) => id);
let used = 0;
const patient = (): string => patients[used++ % patients.length]!;
const visitsOf = ({ body }: HttpResult): Visit[] => body['visits'] as unknown as Visit[];
const clashesOf = ({ body }: HttpResult): Clash[] => body['clashes'] as unknown as Clash[];
const wallTime = ({ start, zone }: { start: string; zone: string }): string => new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(new Date(start));
const localDay = ({ start, zone }: { start: string; zone: string }): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(start));
const find = (desk: Desk, service: string, practice: string, from: number, days = 6): Promise<OpeningItem[]> => desk.openings(`service=${service}&practice=${practice}&from=${scheduling.inDays(from)}&to=${scheduling.inDays(from + days)}&limit=200`);
const path = (booked: HttpResult): string => `/series/${String(booked.body['id'])}`;
const count = async (table: string): Promise<number> => Number((await scheduling.sql<{ n: string }>(`SELECT count(*) AS n FROM ${table}`))[0]!.n);
/** An opening from which on a rule clashes nowhere. */
async function clear(desk: Desk, service: string, practice: string, rule: string, from = 3): Promise<OpeningItem> {
  for (const opening of (await find(desk, service, practice, from)).filter((_, i) => i % 5 === 0)) {
    const seen = await desk.post('/series/preview', { rule, opening: opening.id, patient: desk === harbor ? patients.at(-1) : (await patientsOf(practice)).at(-1) });
    if (seen.status === 200 && clashesOf(seen).length === 0) return opening;
  }
  throw new Error(`no ${service} at ${practice} is free at every date`);
}
const BROKEN: Readonly<Record<string, string>> = {
  'P1 a resource twice': TAKEN_TWICE,
  'P2 a visit without its time': `SELECT a.id FROM appointment a JOIN visit_type v ON v.id = a.visit_type_id WHERE (SELECT count(*) FROM occupancy o WHERE o.appointment_id = a.id AND o.active) <> CASE a.status WHEN 'cancelled' THEN 0 ELSE 1 + jsonb_array_length(v.needs) END`,
  'P7 a quota that was not counted exactly': `SELECT q.id FROM quota_use q WHERE q.used <> (SELECT count(*) FROM hold h WHERE h.state = 'active' AND q.id = ANY (h.quota_ids)) + (SELECT count(*) FROM appointment a WHERE q.id = ANY (a.quota_ids))`,
  'P7 a visit that counts on another day': `SELECT a.id FROM appointment a JOIN quota_use q ON q.id = ANY (a.quota_ids) WHERE q.day <> (a.starts_at AT TIME ZONE a.zone)::date`,
  'P8 a person not where the visit is': `SELECT a.id FROM appointment a LEFT JOIN person_time t ON t.appointment_id = a.id AND t.active WHERE coalesce(t.during = tstzrange(a.starts_at, a.ends_at), false) <> (a.status <> 'cancelled')`,
  'a series without a visit': `SELECT s.id FROM series s WHERE NOT EXISTS (SELECT FROM appointment a WHERE a.series_id = s.id)`,
};
const broken = () => scheduling.whatIsBroken(BROKEN);
afterEach(async () => expect(await broken()).toEqual({}));
const deadlocks = async (): Promise<number> => Number((await scheduling.sql<{ n: string }>('SELECT deadlocks AS n FROM pg_stat_database WHERE datname = current_database()'))[0]!.n);

describe('a series over HTTP', () => {
  test('P2, P6: every second week, at a partner: whole, at the wall time of the first, each an ordinary visit of the series', async () => {
    const rule = 'FREQ=WEEKLY;INTERVAL=2;COUNT=4';
    const opening = await clear(harbor, 'dermatology-consult', 'summit', rule);
    const who = patient();
    const key = { 'idempotency-key': 'series-1' };
    const [booked, twin] = await Promise.all([harbor.post('/series', { rule, opening: opening.id, patient: who, reason: 'wound care' }, key), harbor.post('/series', { rule, opening: opening.id, patient: who, reason: 'wound care' }, key)]);
    expect(booked).toMatchObject({ status: 201, body: { host: 'summit', booking: 'harbor', zone: 'America/Denver', rule, clashes: [] } });
    expect(twin.body).toEqual(booked.body);
    const visits = visitsOf(booked);
    expect(visits.map(({ start }) => start)[0]).toBe(opening.start);
    expect(new Set(visits.map(wallTime))).toEqual(new Set([wallTime(opening)]));
    expect(visits.map((visit) => (Date.parse(`${localDay(visit)}T00:00:00Z`) - Date.parse(`${localDay(opening)}T00:00:00Z`)) / 86_400_000)).toEqual([0, 14, 28, 42]);
    expect((await harbor.get(`/appointments/${visits[2]!.id}`)).body).toMatchObject({ status: 'booked', series: booked.body['id'] });
    expect((await summit.get(path(booked))).body).toMatchObject({ id: booked.body['id'], visits: visits.map(({ id }) => ({ id })) });
    expect([(await desert.get(path(booked))).status, (await lakeside.get(path(booked))).status]).toEqual([404, 404]);
    const told = await scheduling.sql<{ payload: { appointment: { series: string } } }>(`SELECT payload FROM outbox WHERE type LIKE '%booked%' AND key = ANY ($1)`, [visits.map(({ id }) => id)]);
    for (const { payload } of told) expect(payload.appointment.series).toBe(booked.body['id']);
  });

  test('P2, P5: one date that is taken leaves nothing booked; the refusal names it with alternatives, and with one of them, without it, or skipping it the rest is booked', async () => {
    const rule = 'FREQ=WEEKLY;COUNT=3';
    const opening = await clear(harbor, 'dermatology-consult', 'summit', rule, 8);
    const { visits: planned } = (await harbor.post('/series/preview', { rule, opening: opening.id, patient: patient() })).body as unknown as { visits: { date: string; opening: string }[] };
    expect((await summit.post('/appointments', { opening: planned[1]!.opening, patient: (await patientsOf('summit'))[0] })).status).toBe(201);
    const before = [await count('appointment'), await count('occupancy'), await count('disclosure')];
    const refused = await harbor.post('/series', { rule, opening: opening.id, patient: patient() }, { 'idempotency-key': 'clash-1' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'series-clash', clashes: [{ date: planned[1]!.date, reason: 'taken' }] } });
    const alternatives = clashesOf(refused)[0]!.alternatives;
    expect(alternatives).toHaveLength(3);
    for (const alternative of alternatives) expect(alternative).toMatchObject({ provider: { id: opening.provider.id }, practice: 'summit', service: 'dermatology-consult' });
    expect([await count('appointment'), await count('occupancy'), await count('disclosure')]).toEqual(before);

    const skipped = await harbor.post('/series', { rule, opening: opening.id, patient: patient(), onClash: 'skip' });
    expect([skipped.status, visitsOf(skipped).map(localDay), clashesOf(skipped).map(({ date }) => date)]).toEqual([201, [planned[0]!.date, planned[2]!.date], [planned[1]!.date]]);
    expect((await harbor.post(`${path(skipped)}/cancel`, { from: planned[0]!.date, reason: 'pat' })).status).toBe(200);
    const without = await harbor.post('/series', { rule, opening: opening.id, patient: patient(), without: [planned[1]!.date] });
    expect([without.status, visitsOf(without).length]).toEqual([201, 2]);
    expect((await harbor.post(`${path(without)}/cancel`, { from: planned[0]!.date, reason: 'pat' })).body).toMatchObject({ changed: visitsOf(without).map(({ id }) => id), left: [] });
    const replaced = await harbor.post('/series', { rule, opening: opening.id, patient: patient(), replacements: { [planned[1]!.date]: alternatives[0]!.id } });
    expect(replaced.status).toBe(201);
    expect(visitsOf(replaced).map(({ start }) => start)).toContain(alternatives[0]!.start);
    expect(await harbor.post('/series', { rule, opening: opening.id, patient: patient(), without: ['2030-01-01'] })).toMatchObject({ status: 422, body: { code: 'date-not-in-series' } });
    expect(await harbor.post('/series', { rule: 'FREQ=WEEKLY', opening: opening.id, patient: patient() })).toMatchObject({ status: 422, body: { code: 'recurrence-rule-refused' } });
    expect(await lakeside.post('/series', { rule, opening: opening.id, patient: (await patientsOf('lakeside'))[0] })).toMatchObject({ status: 404 });
  });

  test('P8: a date on which the patient is elsewhere clashes without saying where, and the refusal is audited', async () => {
    const rule = 'FREQ=WEEKLY;COUNT=3';
    const opening = await clear(harbor, 'dermatology-consult', 'summit', rule, 9);
    const who = patient();
    const { visits: planned } = (await harbor.post('/series/preview', { rule, opening: opening.id, patient: who })).body as unknown as { visits: { date: string; start: string }[] };
    let clashing: string | undefined;
    for (const { date, start } of planned) {
      const [elsewhere] = (await harbor.openings(`service=dermatology-consult&practice=summit&from=${start}&to=${new Date(Date.parse(start) + 1_200_000).toISOString()}`)).filter(({ provider }) => provider.id !== opening.provider.id);
      if (!elsewhere || clashing !== undefined) continue;
      expect((await harbor.post('/appointments', { opening: elsewhere.id, patient: who })).status).toBe(201);
      clashing = date;
    }
    expect(clashing).toBeDefined();
    expect(await harbor.post('/series', { rule, opening: opening.id, patient: who })).toMatchObject({ status: 409, body: { clashes: [{ date: clashing, reason: 'another-visit-then' }] } });
    const [{ n } = { n: '0' }] = await scheduling.sql<{ n: string }>(`SELECT count(*) AS n FROM audit_entry WHERE action = 'appointment.overlap-refused' AND entity_id = $1`, [who]);
    expect(Number(n)).toBe(1);
  });

  test('P8: each date of a series on which the patient is elsewhere counts for the limit of a desk', async () => {
    const desk = await scheduling.desk('manager@harbor.example');
    const [who, rule] = [patient(), 'FREQ=WEEKLY;COUNT=8'];
    const opening = await clear(harbor, 'dermatology-consult', 'summit', rule, 4);
    expect((await harbor.post('/series', { rule, opening: opening.id, patient: who })).status).toBe(201);
    const beside = (await harbor.openings(`service=primary-care-visit&practice=harbor&from=${opening.start}&to=${new Date(Date.parse(opening.start) + 1_200_000).toISOString()}&limit=20`))[0]!;
    let told = 0;
    for (let seen = await desk.post('/series/preview', { rule, opening: beside.id, patient: who }); seen.status === 200; seen = await desk.post('/series/preview', { rule, opening: beside.id, patient: who })) {
      const elsewhere = clashesOf(seen).filter(({ reason }) => reason === 'another-visit-then').length;
      expect(elsewhere).toBeGreaterThan(1);
      told += elsewhere;
    }
    expect([told >= 20, told < 28]).toEqual([true, true]);
  });

  test('P1, P2: a series that moves on by a week takes over its own times; what was moved by itself or called off stays, and is reported', async () => {
    const rule = 'FREQ=WEEKLY;COUNT=5';
    const opening = await clear(harbor, 'dermatology-consult', 'summit', 'FREQ=WEEKLY;COUNT=6', 10);
    const booked = await harbor.post('/series', { rule, opening: opening.id, patient: patient() });
    expect(booked.status).toBe(201);
    const visits = visitsOf(booked);
    const elsewhen = (await find(harbor, 'dermatology-consult', 'summit', 12)).find((item) => localDay(item) !== visits[0]!.plannedDate && wallTime(item) !== wallTime(opening))!;
    expect((await harbor.post(`/appointments/${visits[1]!.id}/reschedule`, { opening: elsewhen.id })).status).toBe(200);
    expect((await harbor.post(`/appointments/${visits[2]!.id}/cancel`, { reason: 'pat' })).status).toBe(200);
    const moved = await harbor.post(`${path(booked)}/reschedule`, { from: visits[1]!.plannedDate, shift: { days: 7 } }, { 'idempotency-key': 'move-1' });
    expect(moved.status).toBe(200);
    expect(moved.body['changed']).toEqual([visits[3]!.id, visits[4]!.id]);
    expect(moved.body['left']).toEqual([{ appointment: visits[0]!.id, plannedDate: visits[0]!.plannedDate, because: 'before-that-date' }, { appointment: visits[1]!.id, plannedDate: visits[1]!.plannedDate, because: 'moved-by-itself' }, { appointment: visits[2]!.id, plannedDate: visits[2]!.plannedDate, because: 'cancelled' }]);
    const after = visitsOf(moved);
    expect(after.find(({ id }) => id === visits[3]!.id)).toMatchObject({ start: visits[4]!.start, movedByItself: false });
    expect(after.find(({ id }) => id === visits[1]!.id)).toMatchObject({ start: elsewhen.start, movedByItself: true });
    expect(after.find(({ id }) => id === visits[0]!.id)).toMatchObject({ start: visits[0]!.start });
    const back = await harbor.post(`${path(booked)}/reschedule`, { from: visits[1]!.plannedDate, opening: visits[1] && (await harbor.openings(`service=dermatology-consult&practice=summit&provider=${opening.provider.id}&from=${visits[1].start}&to=${new Date(Date.parse(visits[1].start) + 60_000).toISOString()}`))[0]?.id, withMoved: true });
    expect(back.status).toBe(200);
    expect(visitsOf(back).find(({ id }) => id === visits[1]!.id)).toMatchObject({ start: visits[1]!.start, movedByItself: false });
    expect(await summit.post(`${path(booked)}/cancel`, { from: visits[1]!.plannedDate, reason: 'prov' })).toMatchObject({ status: 200, body: { changed: { length: 3 } } });
    expect((await harbor.get(`/appointments/${visits[0]!.id}`)).body).toMatchObject({ status: 'booked' });
    expect(await harbor.post(`${path(booked)}/cancel`, { from: visits[1]!.plannedDate, reason: 'pat' })).toMatchObject({ status: 409, body: { code: 'series-no-visit-left' } });
  });

  test('P2: a move of a series to where one date is taken moves nothing and names the date', async () => {
    const rule = 'FREQ=WEEKLY;COUNT=3';
    const opening = await clear(summit, 'dermatology-consult', 'summit', rule, 11);
    const other = await clear(summit, 'dermatology-consult', 'summit', rule, 14);
    const mine = await patientsOf('summit');
    const booked = await summit.post('/series', { rule, opening: opening.id, patient: mine[3] });
    expect(booked.status).toBe(201);
    const { visits: planned } = (await summit.post('/series/preview', { rule, opening: other.id, patient: mine[3] })).body as unknown as { visits: { opening: string }[] };
    expect((await summit.post('/appointments', { opening: planned[2]!.opening, patient: mine[4] })).status).toBe(201);
    const refused = await summit.post(`${path(booked)}/reschedule`, { from: visitsOf(booked)[0]!.plannedDate, opening: other.id });
    expect(refused).toMatchObject({ status: 409, body: { code: 'series-clash', clashes: [{ date: visitsOf(booked)[2]!.plannedDate, reason: 'taken' }] } });
    expect(visitsOf(await summit.get(path(booked))).map(({ start, status }) => [start, status])).toEqual(visitsOf(booked).map(({ start }) => [start, 'booked']));
  });

  test('P6: a visit whose hour the clock skips is moved forward that night, and has the hour of the series again when the series moves off that night', async () => {
    const manager = await scheduling.desk('manager@harbor.example');
    const made = async (what: string, body: object): Promise<string> => String((await manager.post(what, body)).body['id']);
    const site = await made('/sites', { name: 'Harbor by night', zone: 'America/New_York', phone: '617 555 0195', address: { line: '9 Pier Road', city: 'Quincy', state: 'MA', postalCode: '02169' } });
    const visitType = await made('/visit-types', { service: 'primary-care-visit', name: 'Night visit', durationMinutes: 30, horizonDays: 365 });
    const provider = await made('/providers', { name: 'Ingrid Solberg, MD', languages: ['en'], visitTypes: [visitType] });
    for (const weekday of [1, 7]) await made('/availability', { provider, site, weekday, from: '02:00', to: '05:00', validFrom: '2026-01-01' });
    const [opening] = await harbor.openings(`visitType=${visitType}&site=${site}&from=2027-03-07T07:30:00Z&to=2027-03-07T08:00:00Z`);
    const booked = await harbor.post('/series', { rule: 'FREQ=WEEKLY;COUNT=3', opening: opening!.id, patient: patient() });
    const seen = (answer: HttpResult): string[] => visitsOf(answer).map((visit) => `${localDay(visit)} ${wallTime(visit)}`);
    expect(seen(booked)).toEqual(['2027-03-07 02:30', '2027-03-14 03:30', '2027-03-21 02:30']);
    expect(seen(await harbor.post(`${path(booked)}/reschedule`, { from: '2027-03-14', shift: { days: 1 } }))).toEqual(['2027-03-07 02:30', '2027-03-15 02:30', '2027-03-22 02:30']);
    expect(seen(await harbor.post(`${path(booked)}/reschedule`, { from: '2027-03-15', shift: { days: -1 } }))).toEqual(['2027-03-07 02:30', '2027-03-14 03:30', '2027-03-21 02:30']);
  });
});

describe('series under concurrency', () => {
  test('P1, P2: desks of three practices book, move and call off series over the same rooms and days at once: each whole or not at all, no overlap, no deadlock', async () => {
    const before = await deadlocks();
    const openings = (await find(summit, 'dermatology-consult', 'summit', 15)).filter((_, i) => i % 4 === 0).slice(0, 12);
    const own = new Map<Desk, string[]>([[harbor, patients], [summit, await patientsOf('summit')], [desert, await patientsOf('desert')]]);
    const answers: HttpResult[] = [];
    const desks = [...own.keys()];
    const size = 4;
    await Promise.all(Array.from({ length: 9 }, async (_, n) => {
      const desk = desks[n % 3]!;
      for (let i = 0; i < 4; i += 1) {
        // Half of them begin late and go in other steps, so that what one takes first the other takes last.
        const opening = openings[(n * 5 + i * 3) % openings.length]!;
        const booked = await desk.post('/series', { rule: `FREQ=WEEKLY;INTERVAL=${1 + (n % 2)};COUNT=${size}`, opening: opening.id, patient: own.get(desk)![(20 + n * 4 + i) % own.get(desk)!.length] });
        answers.push(booked);
        if (booked.status !== 201) continue;
        const from = visitsOf(booked)[i % 2]!.plannedDate;
        answers.push(await desk.post(`${path(booked)}/reschedule`, { from, shift: { days: i % 2 ? -1 : 7 } }));
        if (i % 2) answers.push(await desk.post(`${path(booked)}/cancel`, { from, reason: 'pat' }));
      }
    }));
    for (const { status, body } of answers) expect([status, body['code']]).toEqual([status, status < 300 ? undefined : 'series-clash']);
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(3);
    const partly = await scheduling.sql(`SELECT series_id FROM appointment WHERE series_id IN (SELECT id FROM series WHERE rule LIKE '%COUNT=${size}') GROUP BY 1 HAVING count(*) <> ${size}`);
    expect(partly).toEqual([]);
    expect((await deadlocks()) - before).toBe(0);
  });
});
