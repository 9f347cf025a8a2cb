import { AppointmentCancelled, AppointmentConfirmed, AppointmentRescheduled } from '@slotmesh/contracts';
import { DAY, HOUR, MINUTE, addDays, describeDate, describeTime, localDateOf, parseInstant, parseZone } from '@slotmesh/kernel';
import { type NeighbourEvents, eventually, neighbourEvents } from '@slotmesh/testing';
import { type Page, PatientBrowser } from './patient-browser';
import { Desk, type OpeningItem, RunningScheduling } from './running-scheduling';

interface Visit { readonly id: string; readonly patient: string; readonly opening: OpeningItem; readonly url: string; readonly token: string }
interface Who { readonly birthDate?: string; readonly language?: 'en' | 'es' }

const BORN = '1986-05-14';
let scheduling: RunningScheduling;
let events: NeighbourEvents;
let harbor: Desk;
let summit: Desk;

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  [harbor, summit] = [await scheduling.desk('frontdesk@harbor.example'), await scheduling.desk('frontdesk@summit.example')];
  events = await neighbourEvents(scheduling.topics, [AppointmentConfirmed, AppointmentCancelled, AppointmentRescheduled]);
});
afterAll(async () => {
  await events.stop();
  await scheduling.stop();
});

let people = 0;
async function patientOf(desk: Desk, { birthDate = BORN, language = 'en' }: Who = {}): Promise<string> {
  people += 1;
  const letters = String(people).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!);
  const added = await desk.post('/patients', { givenName: 'Quentina', familyName: `Farraday${letters}`, birthDate, language, email: `q${people}@example.com` });
  expect(added.status).toBe(201);
  return String(added.body['id']);
}
const openingsOf = (desk: Desk, practice: string, service: string, days = 3): Promise<OpeningItem[]> => desk.openings(`service=${service}&practice=${practice}&from=${scheduling.inDays(days)}&to=${scheduling.inDays(days + 20)}&limit=60`);

/** A booked visit with the patient's link to it. `at`: which of the openings from three days ahead. */
async function visitOf(who: Who & { readonly desk?: Desk; readonly practice?: string; readonly service?: string; readonly confidential?: boolean; readonly days?: number } = {}): Promise<Visit> {
  const { desk = harbor, practice = 'harbor', service = 'primary-care-visit', days = 3 } = who;
  const patient = await patientOf(desk, who);
  const [opening] = await openingsOf(desk, practice, service, days);
  const booked = await desk.post('/appointments', { opening: opening!.id, patient, reason: 'a rash that itches', ...(who.confidential ? { confidential: true } : {}) });
  expect(booked.status).toBe(201);
  const id = String(booked.body['id']);
  const link = await (practice === 'harbor' ? harbor : summit).post(`/appointments/${id}/patient-links`);
  expect(link.status).toBe(201);
  return { id, patient, opening: opening!, url: String(link.body['url']), token: String(link.body['url']).split('/a/')[1]! };
}
const browser = (): PatientBrowser => new PatientBrowser(scheduling.url);
const fieldsOf = (date: string): Record<string, string> => ({ year: date.slice(0, 4), month: String(Number(date.slice(5, 7))), day: String(Number(date.slice(8))) });
/** Opens a link and gives the birth date, as a person does. */
async function opened(url: string, birthDate = BORN): Promise<{ readonly who: PatientBrowser; readonly page: Page }> {
  const who = browser();
  const answer = await who.submit(await who.open(url), '/open', fieldsOf(birthDate));
  expect({ status: answer.status, text: answer.text() }).toEqual({ status: 303, text: '' });
  return { who, page: await who.follow(answer) };
}
const rowOf = async (id: string): Promise<{ status: string; participation: string; revision: number; version: number; starts_at: Date }> => (await scheduling.sql<{ status: string; participation: string; revision: number; version: number; starts_at: Date }>('SELECT status, participation, revision, version, starts_at FROM appointment WHERE id = $1', [id]))[0]!;
const auditOf = async (id: string): Promise<string[]> => (await scheduling.sql<{ action: string }>(`SELECT action FROM audit_entry WHERE entity_id = $1 AND actor_kind = 'patient' ORDER BY at, id`, [id])).map(({ action }) => action);
const later = (ms: number): void => void scheduling.clock.moveTo(scheduling.clock.offset + ms);
const timeText = ({ start, zone }: { readonly start: string; readonly zone: string }, language: string): string => `${describeDate(parseInstant(start), parseZone(zone), language)} ${describeTime(parseInstant(start), parseZone(zone), language, 'long')}`;

describe('before the birth date is given', () => {
  test('a GET and a HEAD reveal the practice and nothing else, and change nothing', async () => {
    const visit = await visitOf();
    const before = await scheduling.sql('SELECT t::text FROM appointment t WHERE id = $1', [visit.id]);
    for (const [path, status] of [['', 200], ['?lang=es', 200], ['/cancel', 403], ['/move', 403], [`/move/${visit.opening.id}`, 403], ['/visit.ics', 403], ['/confirm', 404], ['/open', 404]] as const) {
      for (const method of ['GET', 'HEAD']) {
        const page = await browser().open(`/a/${visit.token}${path}`, { method });
        expect({ path, method, status: page.status }).toEqual({ path, method, status });
        expect(page.withoutTokens()).not.toMatch(/Farraday|Quentina|rash|primary|Dr\.|\d:\d\d|1986|5\/14/i);
        if (status === 200 && method === 'GET') expect(page.text()).toContain('Harbor Family Medicine');
      }
    }
    expect(await scheduling.sql('SELECT t::text FROM appointment t WHERE id = $1', [visit.id])).toEqual(before);
    expect(await auditOf(visit.id)).toEqual([]);
  });

  test.each<[string, string, string, number, RequestInit]>([
    ['a body that is no JSON', '/a/', '/confirm', 400, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"form":"Quentina' }],
    ['an empty body', '/a/', '/open', 400, { method: 'POST', headers: { 'content-type': 'application/json' } }],
    ['another content type', '/a/', '/cancel', 415, { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<form/>' }],
    ['an address below it that is none', '/a/', '/nothing?name=Quentina', 404, {}],
    ['a method that it does not have', '/a/', '?name=Quentina', 404, { method: 'DELETE' }],
    ['an address that is badly encoded', '/a/', '/%zz', 400, {}],
    ['a part that is too long', '/a/', `/move/${'o'.repeat(501)}`, 400, {}],
    ['an address that is written in another way', '//a/', '/nothing', 404, {}],
    ['capital letters', '/A/', '', 404, {}],
    ['a letter that is encoded', '/%61/', '/nothing', 404, {}],
    ['a link that lost its beginning', '/', '', 404, {}],
  ])('P24: %s is refused by a problem that does not repeat the token', async (_what, before, behind, status, request) => {
    const { token } = await visitOf();
    const response = await fetch(scheduling.url + before + token + behind, request);
    const text = await response.text();
    expect({ status: response.status, type: response.headers.get('content-type') }).toEqual({ status, type: expect.stringContaining('application/problem+json') });
    for (const unsaid of [token, token.slice(8, 40), 'Quentina']) expect(text).not.toContain(unsaid);
    expect(JSON.parse(text)).toMatchObject({ status, code: expect.any(String), instance: expect.stringMatching(/^[a-z0-9{}/%]+$/i) });
  });

  test('the link holds ids only and neither name, date nor contact of anybody', async () => {
    const visit = await visitOf();
    expect(visit.url).toMatch(/^http:\/\/localhost:8080\/a\/[A-Za-z0-9_-]{74}$/);
    const hex = Buffer.from(visit.token, 'base64url').toString('hex');
    const expiry = Math.floor((Date.parse(visit.opening.end) + DAY) / 1_000);
    expect(hex.slice(0, -32)).toBe(`01${visit.id}${visit.patient}${expiry.toString(16).padStart(12, '0')}`.replaceAll('-', ''));
    const again = await harbor.post(`/appointments/${visit.id}/patient-links`);
    expect(again.body['url']).toBe(visit.url);
    expect(Date.parse(String(again.body['expiresAt']))).toBe(expiry * 1_000);
  });

  test('wrong birth dates get one neutral answer; after five the door is locked for 15 minutes, for the right one as well, and all of it is audited', async () => {
    const visit = await visitOf();
    const who = browser();
    const door = await who.open(visit.url);
    const wrong: Page[] = [];
    for (const day of ['1986-05-15', '1986-04-14', '1985-05-14', '2000-01-01']) wrong.push(await who.submit(door, '/open', fieldsOf(day)));
    expect(wrong.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(new Set(wrong.map((page) => page.text())).size).toBe(1);
    expect(wrong[0]!.accessibilityProblems()).toEqual([]);
    expect((await who.submit(door, '/open', { month: '2', day: '30', year: '1986' })).status).toBe(422);
    expect((await who.submit(door, '/open', fieldsOf('1999-09-09'))).status).toBe(429);
    expect((await who.submit(door, '/open', fieldsOf(BORN))).status).toBe(429);
    later(15 * MINUTE - 2_000);
    expect((await who.submit(door, '/open', fieldsOf(BORN))).status).toBe(429);
    later(2_000);
    expect((await who.submit(door, '/open', fieldsOf(BORN))).status).toBe(303);
    expect(await auditOf(visit.id)).toEqual([...Array<string>(5).fill('patient-page.wrong-birth-date'), 'patient-page.locked', 'patient-page.locked', 'patient-page.opened']);
  });

  test('of 20 guesses at once exactly five are looked at, and the right one behind them is not', async () => {
    const visit = await visitOf();
    const who = browser();
    const door = await who.open(visit.url);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => who.submit(door, '/open', fieldsOf(`19${60 + index}-05-14`))));
    const looked = (await auditOf(visit.id)).filter((action) => action === 'patient-page.wrong-birth-date').length;
    expect(answers.every(({ status }) => [403, 429].includes(status))).toBe(true);
    expect(looked).toBe(5);
    expect((await who.submit(door, '/open', fieldsOf(BORN))).status).toBe(429);
  });

  test('guesses at all visits of a patient are counted together: a second visit is not five guesses more', async () => {
    const visit = await visitOf();
    const booked = await harbor.post('/appointments', { opening: (await openingsOf(harbor, 'harbor', 'primary-care-visit', 6))[0]!.id, patient: visit.patient });
    const link = await harbor.post(`/appointments/${String(booked.body['id'])}/patient-links`);
    const who = browser();
    const doors = [await who.open(visit.url), await who.open(String(link.body['url']))];
    const statuses: number[] = [];
    for (let guess = 0; guess < 5; guess += 1) statuses.push((await who.submit(doors[guess % 2]!, '/open', fieldsOf(`19${60 + guess}-05-14`))).status);
    expect(statuses).toEqual([403, 403, 403, 403, 429]);
    for (const door of doors) expect((await who.submit(door, '/open', fieldsOf(BORN))).status).toBe(429);
  });

  test('a date that cannot be is told at its field, without counting', async () => {
    const visit = await visitOf();
    const who = browser();
    const page = await who.submit(await who.open(visit.url), '/open', { month: '13', day: '', year: '84' });
    expect(page.status).toBe(422);
    expect(page.tags('input').filter((input) => input['aria-invalid']).map((input) => input['name'])).toEqual(['month', 'day', 'year']);
    expect(page.links()).toEqual(expect.arrayContaining(['#month', '#day', '#year']));
    expect(page.html).toContain('<title>Error: ');
    expect(page.accessibilityProblems()).toEqual([]);
    expect(await auditOf(visit.id)).toEqual([]);
  });
});

describe('the visit on its page', () => {
  test('shows practice, place, time with its zone in words, provider, phone and what can be done, and nothing about the reason', async () => {
    const visit = await visitOf();
    const { page } = await opened(visit.url);
    expect(page.status).toBe(200);
    const text = page.text();
    const [site] = await scheduling.sql<{ name: string; line: string }>(`SELECT name, address->>'line' AS line FROM site WHERE id = $1`, [visit.opening.site.id]);
    for (const part of ['Harbor Family Medicine', timeText(visit.opening, 'en'), 'Eastern', site!.name, site!.line, 'Please confirm', 'Confirm: I will come', 'Move to another time', 'Cancel the visit']) expect(text).toContain(part);
    expect(text).toMatch(/\(\d{3}\) 555-\d{4}/);
    expect(page.withoutTokens()).not.toMatch(/rash|primary|physical|Farraday|Quentina|UTC|\d{4}-\d\d-\d\dT/i);
    const map = page.tags('a').find((link) => link['href']!.startsWith('https://www.openstreetmap.org/'));
    expect(map).toMatchObject({ rel: 'noreferrer' });
    expect(await auditOf(visit.id)).toEqual(['patient-page.opened', 'patient-page.read']);
  });

  test('speaks Spanish to a patient whose language it is, and switches by a link', async () => {
    const visit = await visitOf({ language: 'es' });
    const { who, page } = await opened(visit.url);
    expect(page.html).toContain('<html lang="es">');
    expect(page.text()).toContain(timeText(visit.opening, 'es'));
    expect(page.text()).toContain('Confirmar: vendré');
    const english = await who.open(page.links().find((href) => href.includes('lang=en'))!);
    expect(english.html).toContain('<html lang="en">');
    expect(english.text()).toContain(timeText(visit.opening, 'en'));
    const sure = await who.open(english.links().find((href) => href.includes('/cancel'))!);
    expect(sure.html).toContain('<html lang="en">');
  });

  test('every page keeps to what markup can show of WCAG 2.2 AA, bears the security headers and runs no script', async () => {
    const visit = await visitOf();
    const { who, page } = await opened(visit.url);
    const times = await who.open(`/a/${visit.token}/move`);
    const sureMove = await who.open(times.links().find((href) => href.includes('/move/o'))!);
    const pages = [await browser().open(visit.url), await browser().open(`${visit.url}?lang=es`), page, times, sureMove, await who.open(`/a/${visit.token}/cancel`), await who.open('/a/nonsense'), await browser().open(`/a/${visit.token}/move`)];
    for (const each of pages) {
      expect({ path: each.path, problems: each.accessibilityProblems() }).toEqual({ path: each.path, problems: [] });
      expect(each.headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
      expect(Object.fromEntries(['cache-control', 'referrer-policy', 'x-content-type-options', 'x-frame-options', 'x-robots-tag'].map((name) => [name, each.headers.get(name)])))
        .toEqual({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'x-robots-tag': 'noindex, nofollow' });
    }
    const first = await fetch(`${scheduling.url}/a/${visit.token}`);
    expect(first.headers.getSetCookie()).toEqual([expect.stringMatching(new RegExp(`; Path=/a/${visit.token}; HttpOnly; SameSite=Strict$`))]);
    const style = await browser().open('/a/page.css');
    expect([style.status, style.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
  });

  test('shows how to prepare where the practice says so, in both languages', async () => {
    const manager = await scheduling.desk('manager@summit.example');
    const visit = await visitOf({ practice: 'summit', desk: summit, service: 'skin-check' });
    const types = (await manager.get('/visit-types?limit=200')).body['items'] as unknown as { id: string; practice: string; service: string }[];
    const type = types.find(({ practice, service }) => practice === 'summit' && service === 'skin-check')!;
    const changed = await manager.call('PUT', `/visit-types/${type.id}`, { ...type, preparation: { en: 'Please wear no <b>make-up</b>.', es: 'Por favor, venga sin maquillaje.' } });
    expect(changed.status).toBe(200);
    const { who, page } = await opened(visit.url);
    expect(page.text()).toContain('How to prepare Please wear no <b>make-up</b>.');
    expect((await who.open(`/a/${visit.token}?lang=es`)).text()).toContain('Por favor, venga sin maquillaje.');
  });

  test('goes into a calendar under the UID and sequence of the invitations, without reason, service or provider', async () => {
    const visit = await visitOf();
    const { who } = await opened(visit.url);
    const file = await who.open(`/a/${visit.token}/visit.ics`);
    expect(file.headers.get('content-type')).toContain('text/calendar');
    const lines = file.html.replaceAll('\r\n ', '').split('\r\n');
    const stamp = (at: string): string => `${at.slice(0, 19).replace(/[-:]/g, '')}Z`;
    expect(lines).toEqual(expect.arrayContaining(['METHOD:PUBLISH', `UID:${visit.id}@slotmesh`, 'SEQUENCE:0', 'SUMMARY:Visit: Harbor Family Medicine', `DTSTART:${stamp(visit.opening.start)}`, `DTEND:${stamp(visit.opening.end)}`]));
    expect(file.html).not.toMatch(/rash|primary|Dr\.|Farraday|Quentina|DESCRIPTION/i);
  });
});

describe('what the patient does', () => {
  test('confirming changes participation only, is the act of the patient, and twice is once', async () => {
    const visit = await visitOf();
    const { who, page } = await opened(visit.url);
    const [first, second] = await Promise.all([who.submit(page, '/confirm'), who.submit(page, '/confirm')]);
    expect([first.status, second.status]).toEqual([303, 303]);
    const after = await who.follow(first);
    expect(after.text()).toContain('Confirmed. Thank you.');
    expect(after.forms()).toEqual([]);
    expect(await rowOf(visit.id)).toMatchObject({ status: 'booked', participation: 'accepted', revision: 1, version: 2 });
    const told = await eventually('the confirmation is published', () => events.gathered(AppointmentConfirmed).filter(({ key }) => key === visit.id).at(0));
    expect(told.data.by).toEqual({ kind: 'patient', practice: null });
    expect((await auditOf(visit.id)).filter((action) => action === 'appointment.confirm')).toHaveLength(1);
  });

  test('cancelling asks once more, frees the time at once and is the act of the patient', async () => {
    const visit = await visitOf();
    const { who, page } = await opened(visit.url);
    const sure = await who.open(page.links().find((href) => href.includes('/cancel'))!);
    expect(sure.text()).toContain('Cancel the visit?');
    expect((await rowOf(visit.id)).status).toBe('booked');
    const after = await who.follow(await who.submit(sure, '/cancel'));
    expect(after.text()).toContain('Cancelled.');
    expect(after.links().filter((href) => /ics|move|cancel/.test(href))).toEqual([]);
    expect(await rowOf(visit.id)).toMatchObject({ status: 'cancelled', revision: 2 });
    const told = await eventually('the cancellation is published', () => events.gathered(AppointmentCancelled).filter(({ key }) => key === visit.id).at(0));
    expect(told.data).toMatchObject({ by: { kind: 'patient', practice: null }, reason: 'pat' });
    expect((await openingsOf(harbor, 'harbor', 'primary-care-visit')).map(({ id }) => id)).toContain(visit.opening.id);
  });

  test('P2, P5: moving shows real openings, asks once more, moves whole, and leads to a link that lasts as long as the new time', async () => {
    const visit = await visitOf();
    const { who, page } = await opened(visit.url);
    const times = await who.open(page.links().find((href) => href.includes('/move'))!);
    const choices = times.links().filter((href) => href.includes('/move/o'));
    expect(choices).toHaveLength(20);
    const sure = await who.open(choices[7]!);
    expect(sure.text()).toContain(timeText(visit.opening, 'en'));
    expect((await rowOf(visit.id)).revision).toBe(1);
    const moved = await who.submit(sure, '/move');
    const after = await who.follow(moved);
    expect(after.text()).toContain('The visit has a new time.');
    expect(moved.headers.get('location')).not.toContain(visit.token);
    const row = await rowOf(visit.id);
    expect(row).toMatchObject({ revision: 2, status: 'booked', participation: 'needs-action' });
    expect(after.text()).toContain(timeText({ start: row.starts_at.toISOString(), zone: visit.opening.zone }, 'en'));
    const told = await eventually('the move is published', () => events.gathered(AppointmentRescheduled).filter(({ key }) => key === visit.id).at(0));
    expect(told.data.by).toEqual({ kind: 'patient', practice: null });
    // The same form once more is the same move, not another one.
    expect((await who.submit(sure, '/move')).status).toBe(303);
    expect((await rowOf(visit.id)).revision).toBe(2);
  });

  test('P5: a time that somebody took meanwhile comes back with fresh ones and says so', async () => {
    const visit = await visitOf();
    const { who, page } = await opened(visit.url);
    const times = await who.open(page.links().find((href) => href.includes('/move'))!);
    const choice = times.links().filter((href) => href.includes('/move/o'))[3]!;
    const sure = await who.open(choice);
    const opening = /\/move\/(o[0-9a-f]+)/.exec(choice)![1]!;
    expect((await harbor.post('/holds', { opening })).status).toBe(201);
    const refused = await who.submit(sure, '/move');
    expect(refused.status).toBe(409);
    expect(refused.text()).toContain('That time is no longer free. Nothing was changed.');
    expect(refused.accessibilityProblems()).toEqual([]);
    const fresh = refused.links().filter((href) => href.includes('/move/o'));
    expect(fresh).toHaveLength(20);
    expect(fresh).not.toContain(choice);
    expect(await rowOf(visit.id)).toMatchObject({ revision: 1, version: 1 });
    expect(await auditOf(visit.id)).toContain('patient-page.move-refused');
  });

  test('times go on behind the last one, and begin on a day that the patient names', async () => {
    const visit = await visitOf();
    const { who } = await opened(visit.url);
    const openingsOn = (page: Page): string[] => page.links().flatMap((href) => /\/move\/(o[0-9a-f]+)/.exec(href)?.[1] ?? []);
    const first = await who.open(`/a/${visit.token}/move`);
    const next = await who.open(first.links().find((href) => href.includes('after='))!);
    const [{ type }] = await scheduling.sql<{ type: string }>('SELECT visit_type_id AS type FROM appointment WHERE id = $1', [visit.id]) as [{ type: string }];
    const all = (await harbor.openings(`visitType=${type}&practice=harbor&patient=${visit.patient}&limit=40`)).map(({ id }) => id);
    expect([...openingsOn(first), ...openingsOn(next)]).toEqual(all);
    const day = addDays(localDateOf(scheduling.now(), parseZone(visit.opening.zone)), 9);
    const later9 = await who.open(`/a/${visit.token}/move?from=${day}`);
    const [begins] = await harbor.openings(`visitType=${type}&practice=harbor&from=${day}T05:00:00Z&limit=1`);
    expect(openingsOn(later9)[0]).toBe(begins!.id);
    const sure = await who.open(later9.links().filter((href) => href.includes('/move/o')).at(-1)!);
    expect(sure.text()).toContain('Move the visit?');
    expect((await who.open(`/a/${visit.token}/move?from=never&after=nothing`)).status).toBe(200);
  });

  test('P8: a time at which the patient has another visit is answered like a taken one, and audited', async () => {
    const visit = await visitOf();
    const { who, page } = await opened(visit.url);
    const sure = await who.open((await who.open(page.links().find((href) => href.includes('/move'))!)).links().find((href) => href.includes('/move/o'))!);
    const list = await openingsOf(harbor, 'harbor', 'primary-care-visit', 5);
    const [{ type }] = await scheduling.sql<{ type: string }>('SELECT visit_type_id AS type FROM appointment WHERE id = $1', [visit.id]) as [{ type: string }];
    const same = (await harbor.openings(`visitType=${type}&practice=harbor&from=${scheduling.inDays(5)}&limit=60`)).find((item) => list.some((one) => one.start === item.start && one.provider.id !== item.provider.id))!;
    const beside = list.find((one) => one.start === same.start && one.provider.id !== same.provider.id)!;
    expect((await harbor.post('/appointments', { opening: beside.id, patient: visit.patient })).status).toBe(201);
    const refused = await who.submit(sure, '/move', { opening: same.id });
    expect(refused.status).toBe(409);
    expect(refused.text()).toContain('That time is no longer free.');
    expect(refused.text()).not.toMatch(/another visit/i);
    const [entry] = await scheduling.sql<{ code: string }>(`SELECT details->>'code' AS code FROM audit_entry WHERE entity_id = $1 AND action = 'patient-page.move-refused'`, [visit.id]);
    expect(entry!.code).toBe('another-visit-then');
  });

  test('another kind of visit of the same practice, and one of another practice, cannot be slipped in as a time', async () => {
    const visit = await visitOf();
    const { who, page } = await opened(visit.url);
    const times = await who.open(page.links().find((href) => href.includes('/move'))!);
    const sure = await who.open(times.links().find((href) => href.includes('/move/o'))!);
    for (const [practice, service] of [['harbor', 'annual-physical'], ['summit', 'dermatology-consult']] as const) {
      const [other] = await openingsOf(harbor, practice, service, 5);
      expect((await who.submit(sure, '/move', { opening: other!.id })).status).toBe(409);
    }
    expect((await who.submit(sure, '/move', { opening: 'made-up' })).status).toBe(409);
    expect(await rowOf(visit.id)).toMatchObject({ revision: 1, version: 1 });
  });

  test('a page whose visit was moved meanwhile changes nothing and shows the present time', async () => {
    for (const action of ['confirm', 'cancel', 'move'] as const) {
      const visit = await visitOf();
      const { who, page } = await opened(visit.url);
      const times = await who.open(`/a/${visit.token}/move`);
      const form = action === 'confirm' ? page : action === 'cancel' ? await who.open(`/a/${visit.token}/cancel`) : await who.open(times.links().filter((href) => href.includes('/move/o'))[5]!);
      const elsewhen = (await openingsOf(harbor, 'harbor', 'primary-care-visit', 6)).at(-1)!;
      expect((await harbor.post(`/appointments/${visit.id}/reschedule`, { opening: elsewhen.id })).status).toBe(200);
      const before = await rowOf(visit.id);
      const answer = await who.submit(form, `/${action}`);
      expect({ action, status: answer.status }).toEqual({ action, status: 409 });
      expect(answer.text()).toContain('Nothing was changed.');
      expect(answer.text()).toContain(timeText(elsewhen, 'en'));
      expect(await rowOf(visit.id)).toEqual(before);
    }
  });

  test("P7: a patient whom a partner booked moves with the partner's rights: sees what is shared with it, and nothing once the agreement has ended", async () => {
    const visit = await visitOf({ practice: 'summit', service: 'dermatology-consult' });
    const { who, page } = await opened(visit.url);
    const times = await who.open(page.links().find((href) => href.includes('/move'))!);
    const choices = times.links().filter((href) => href.includes('/move/o'));
    const shared = new Set((await harbor.openings(`service=dermatology-consult&practice=summit&to=${scheduling.inDays(90)}&limit=200`)).map(({ id }) => id));
    expect(choices.length).toBeGreaterThan(0);
    for (const href of choices) expect(shared).toContain(/\/move\/(o[0-9a-f]+)/.exec(href)![1]);
    const own = (await summit.openings(`service=dermatology-consult&practice=summit&to=${scheduling.inDays(90)}&limit=200`)).find(({ id }) => !shared.has(id));
    const sure = await who.open(choices.at(-1)!);
    if (own) expect((await who.submit(sure, '/move', { opening: own.id })).status).toBe(409);
    await who.follow(await who.submit(sure, '/move'));
    expect((await rowOf(visit.id)).revision).toBe(2);
    const counts = await scheduling.sql<{ n: string }>('SELECT count(*) AS n FROM appointment a, unnest(a.quota_ids) q JOIN quota_use u ON u.id = q WHERE a.id = $1 AND u.day = (a.starts_at AT TIME ZONE a.zone)::date', [visit.id]);
    const [{ quotas }] = await scheduling.sql<{ quotas: number }>('SELECT cardinality(quota_ids) AS quotas FROM appointment WHERE id = $1', [visit.id]) as [{ quotas: number }];
    expect(Number(counts[0]!.n)).toBe(quotas);
    await scheduling.sql(`UPDATE agreement_version SET effective_to = effective_from`);
    try {
      const again = await opened(String((await summit.post(`/appointments/${visit.id}/patient-links`)).body['url']));
      const none = await again.who.open(again.page.links().find((href) => href.includes('/move'))!);
      expect(none.links().filter((href) => href.includes('/move/o'))).toEqual([]);
      expect(none.text()).toContain('There is no other time free at present.');
    } finally {
      await scheduling.sql(`UPDATE agreement_version SET effective_to = NULL`);
    }
  });

  test('a page of a visit that has begun offers nothing to change', async () => {
    const visit = await visitOf({ days: 1 });
    const { who, page } = await opened(visit.url);
    later(Date.parse(visit.opening.start) - scheduling.now() + MINUTE);
    expect((await who.submit(page, '/confirm')).status).toBe(403);
    const again = await opened(visit.url);
    expect(again.page.text()).toContain('This visit can no longer be changed here.');
    expect(again.page.forms()).toEqual([]);
    expect((await again.who.open(`/a/${visit.token}/cancel`)).status).toBe(409);
  });
});

describe('what keeps others out', () => {
  test('a changed, a made-up and a foreign link open nothing and say nothing', async () => {
    const visit = await visitOf();
    const other = visit.token.slice(0, 30) + (visit.token[30] === 'A' ? 'B' : 'A') + visit.token.slice(31);
    const texts = new Set<string>();
    for (const token of [other, 'x', visit.token.slice(0, -1), `${visit.token}A`, Buffer.alloc(55, 1).toString('base64url')]) {
      const page = await browser().open(`/a/${token}`);
      expect({ token, status: page.status }).toEqual({ token, status: 404 });
      expect(page.html).not.toContain('Harbor');
      texts.add(page.text());
    }
    expect(texts.size).toBe(1);
  });

  test('a page closes after 15 minutes and is opened again by the birth date', async () => {
    const visit = await visitOf();
    const { who, page } = await opened(visit.url);
    later(15 * MINUTE);
    expect((await who.submit(page, '/confirm')).status).toBe(403);
    expect((await who.open(visit.url)).text()).toContain('please enter your birth date');
    expect(await rowOf(visit.id)).toMatchObject({ participation: 'needs-action', version: 1 });
  });

  test('the session and the forms of one link do nothing at another', async () => {
    const [mine, yours] = [await visitOf(), await visitOf()];
    const { who, page } = await opened(mine.url);
    const cookie = who.cookieFor(new URL(mine.url).pathname);
    expect(cookie).toMatch(/^visit-page=/);
    const stolen = await browser().open(`/a/${yours.token}`, { headers: { cookie } });
    expect(stolen.text()).toContain('please enter your birth date');
    const form = page.forms()[0]!;
    expect((await who.open(`/a/${yours.token}/confirm`, { form: form.fields })).status).toBe(403);
    expect((await browser().open(`/a/${yours.token}/cancel`, { form: form.fields, headers: { cookie } })).status).toBe(403);
    expect(await rowOf(yours.id)).toMatchObject({ status: 'booked', version: 1 });
  });

  test('a form that another site sends is refused: without the cookie, without the form token, with a wrong one', async () => {
    const visit = await visitOf();
    const { who, page } = await opened(visit.url);
    const { action, fields } = page.forms()[0]!;
    expect((await browser().open(action, { form: fields })).status).toBe(403);
    expect((await who.open(action, { form: { revision: '1' } })).status).toBe(403);
    expect((await who.open(action, { form: { ...fields, form: fields['form']!.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A')) } })).status).toBe(403);
    expect((await who.open(action, { form: { ...fields, revision: 'x' } })).status).toBe(400);
    expect((await browser().open(`/a/${visit.token}/open`, { form: fieldsOf(BORN) })).status).toBe(403);
    expect(await rowOf(visit.id)).toMatchObject({ participation: 'needs-action', version: 1 });
  });

  test('a link ends a day after the visit and then says whom to call; so it does when the patient is erased or has died', async () => {
    const [late, erased, died] = [await visitOf(), await visitOf(), await visitOf()];
    await scheduling.sql(`UPDATE patient SET wrapped_key = NULL WHERE id = $1`, [erased.patient]);
    await scheduling.sql(`UPDATE patient SET deceased = true WHERE id = $1`, [died.patient]);
    for (const visit of [erased, died]) {
      const page = await browser().open(visit.url);
      expect(page.status).toBe(410);
      expect(page.text()).toMatch(/no longer valid.*Call Harbor Family Medicine: \(\d{3}\) 555-\d{4}/);
      expect(page.accessibilityProblems()).toEqual([]);
    }
    later(Date.parse(late.opening.end) + DAY - scheduling.now() - MINUTE);
    expect((await browser().open(late.url)).status).toBe(200);
    later(MINUTE + 1_000);
    expect((await browser().open(late.url)).status).toBe(410);
    expect(await harbor.post(`/appointments/${late.id}/patient-links`)).toMatchObject({ status: 422, body: { code: 'visit-too-long-ago' } });
  });

  test('neither a link nor anything behind it stands in a log, also where the page breaks', async () => {
    const visit = await visitOf();
    const lines: string[] = [];
    const keep = (...parts: unknown[]): void => void lines.push(JSON.stringify(parts));
    scheduling.app.useLogger({ log: keep, error: keep, warn: keep, debug: keep, verbose: keep, fatal: keep });
    await scheduling.sql('ALTER TABLE site RENAME TO site_away');
    try {
      const page = await browser().open(`${visit.url}?lang=es`);
      expect(page.status).toBe(500);
      expect(page.text()).toContain('Algo falló de nuestra parte');
    } finally {
      await scheduling.sql('ALTER TABLE site_away RENAME TO site');
    }
    await browser().open(`/a/${visit.token}/no/such/page`);
    expect(lines.join('\n')).toContain('/a/:token');
    expect(lines.join('\n')).not.toContain(visit.token.slice(0, 40));
  });
});

describe('links for representatives', () => {
  const represent = async (patient: string, over: Record<string, unknown> = {}): Promise<string> => {
    const added = await harbor.post(`/patients/${patient}/representatives`, { relation: 'parent', name: 'Rosalind Farraday', may: ['see-visits', 'book', 'cancel'], validFrom: '2026-01-01', ...over });
    expect(added.status).toBe(201);
    return String(added.body['id']);
  };
  const linkFor = (visit: Visit, representative: string) => harbor.post(`/appointments/${visit.id}/patient-links`, { representative });
  const today = () => localDateOf(scheduling.now(), parseZone('America/New_York'));
  const yearsAgo = (years: number, date = today()): string => `${Number(date.slice(0, 4)) - years}${date.slice(4) === '-02-29' ? '-02-28' : date.slice(4)}`;

  test("opens with the patient's birth date and offers only what was allowed, at the form as well", async () => {
    const born = yearsAgo(9);
    const visit = await visitOf({ birthDate: born });
    const link = await linkFor(visit, await represent(visit.patient, { may: ['see-visits', 'cancel'] }));
    expect(link.status).toBe(201);
    const { who, page } = await opened(String(link.body['url']), born);
    expect(page.text()).toContain('The visit');
    expect(page.text()).not.toContain('Confirm: I will come');
    const at = new URL(String(link.body['url'])).pathname;
    expect((await who.open(`${at}/move`)).status).toBe(409);
    const sure = await who.open(`${at}/cancel`);
    expect((await who.open(`${at}/confirm`, { form: sure.forms()[0]!.fields })).status).toBe(409);
    expect(await rowOf(visit.id)).toMatchObject({ status: 'booked', participation: 'needs-action' });
    await who.follow(await who.submit(sure, '/cancel'));
    expect((await rowOf(visit.id)).status).toBe('cancelled');
    const [entry] = await scheduling.sql<{ actor_subject: string }>(`SELECT actor_subject FROM audit_entry WHERE entity_id = $1 AND action = 'appointment.cancelled'`, [visit.id]);
    expect(entry!.actor_subject).toMatch(/^representative:/);
  });

  test('ends when the representative is removed or out of time, and is not given to one who may not see visits', async () => {
    const born = yearsAgo(9);
    const visit = await visitOf({ birthDate: born });
    const [removed, ending, blind] = [await represent(visit.patient), await represent(visit.patient, { validTo: today() }), await represent(visit.patient, { may: ['book', 'receive-messages'] })];
    expect(await linkFor(visit, blind)).toMatchObject({ status: 422, body: { code: 'representative-may-not-see' } });
    expect(await linkFor(visit, visit.patient)).toMatchObject({ status: 404, body: { code: 'representative-unknown' } });
    const urls = [String((await linkFor(visit, removed)).body['url']), String((await linkFor(visit, ending)).body['url'])];
    const { who, page } = await opened(urls[0]!, born);
    expect((await harbor.call('DELETE', `/patients/${visit.patient}/representatives/${removed}`)).status).toBe(204);
    expect((await who.submit(page, '/confirm')).status).toBe(410);
    later(26 * HOUR);
    expect((await browser().open(urls[1]!)).status).toBe(410);
    expect((await rowOf(visit.id)).participation).toBe('needs-action');
  });

  test("a parent's link ends on the patient's 18th birthday, a guardian's does not", async () => {
    const born = yearsAgo(18, addDays(today(), 2));
    const visit = await visitOf({ birthDate: born, days: 4 });
    const urls = await Promise.all(['parent', 'guardian'].map(async (relation) => String((await linkFor(visit, await represent(visit.patient, { relation }))).body['url'])));
    for (const url of urls) expect((await browser().open(url)).status).toBe(200);
    later(50 * HOUR);
    expect(await Promise.all(urls.map(async (url) => (await browser().open(url)).status))).toEqual([410, 200]);
    expect((await browser().open(visit.url)).status).toBe(200);
  });

  test('there is none to a confidential visit, and one that was made nevertheless opens nothing and says nothing', async () => {
    const born = yearsAgo(15);
    const hidden = await visitOf({ birthDate: born, confidential: true });
    expect((await harbor.get(`/appointments/${hidden.id}`)).body).toMatchObject({ confidential: true });
    const parent = await represent(hidden.patient);
    expect(await linkFor(hidden, parent)).toMatchObject({ status: 422, body: { code: 'visit-confidential' } });
    await scheduling.sql('UPDATE appointment SET confidential = false WHERE id = $1', [hidden.id]);
    const url = String((await linkFor(hidden, parent)).body['url']);
    await scheduling.sql('UPDATE appointment SET confidential = true WHERE id = $1', [hidden.id]);
    const page = await browser().open(url);
    expect(page.status).toBe(404);
    expect(page.text()).toBe((await browser().open('/a/nonsense')).text());
    await opened(hidden.url, born);
  });
});

describe('who gets links', () => {
  test("the host's desk and services do; the booking practice, a stranger and one without the permission do not", async () => {
    const visit = await visitOf({ practice: 'summit', service: 'dermatology-consult' });
    const path = `/appointments/${visit.id}/patient-links`;
    expect(await harbor.post(path)).toMatchObject({ status: 403, body: { code: 'host-decides' } });
    expect((await (await scheduling.desk('frontdesk@lakeside.example')).post(path)).status).toBe(404);
    expect((await (await scheduling.desk('clinician@summit.example')).post(path)).status).toBe(403);
    const service = new Desk(scheduling.url, await scheduling.issuer.serviceToken('notifications'), 'notifications');
    expect(await service.post(path)).toMatchObject({ status: 201, body: { url: visit.url } });
    const issued = await scheduling.sql<{ practice_id: string }>(`SELECT practice_id FROM audit_entry WHERE action = 'patient-link.issued' AND entity_id = $1`, [visit.id]);
    expect(issued).toEqual([{ practice_id: 'summit' }, { practice_id: 'summit' }]);
  });
});

describe('links in messages', () => {
  test('a service gets those of a batch in one answer, without confidential and unknown visits, each in the audit of its host; nobody else gets any', async () => {
    const [own, away, hidden] = [await visitOf(), await visitOf({ practice: 'summit', service: 'dermatology-consult' }), await visitOf({ confidential: true })];
    const service = new Desk(scheduling.url, await scheduling.issuer.serviceToken('notifications'), 'notifications');
    const { status, body } = await service.post('/message-links', { appointments: [own.id, away.id, hidden.id, own.patient] });
    expect(status).toBe(200);
    const items = body['items'] as unknown as { appointment: string; url: string }[];
    expect(new Map(items.map(({ appointment, url }) => [appointment, url]))).toEqual(new Map([[own.id, own.url], [away.id, away.url]]));
    const issued = await scheduling.sql<{ entity_id: string; practice_id: string }>(`SELECT entity_id, practice_id FROM audit_entry WHERE action = 'patient-link.issued' AND actor_kind = 'service' AND entity_id = ANY ($1)`, [[own.id, away.id, hidden.id]]);
    expect(new Map(issued.map((row) => [row.entity_id, row.practice_id]))).toEqual(new Map([[own.id, 'harbor'], [away.id, 'summit']]));
    expect((await harbor.post('/message-links', { appointments: [own.id] })).status).toBe(403);
  });
});

// Why last: the clock goes forward by months here.
describe('on both sides of a change of the clocks', () => {
  test('P6: times are shown by the wall of the site, each with the zone that is in force then', async () => {
    const boston = parseZone('America/New_York');
    later(Date.parse('2027-03-11T15:00:00Z') - scheduling.now());
    const [visit] = [await visitOf({ days: 0 })];
    const { who } = await opened(visit!.url);
    const hours = new Map<string, string[]>();
    for (const day of ['2027-03-12', '2027-03-19']) {
      const page = await who.open(`/a/${visit!.token}/move?from=${day}`);
      expect(page.text()).toContain(describeDate(parseInstant(`${day}T16:00:00Z`), boston, 'en'));
      hours.set(day, page.text().match(/\d{1,2}:\d\d [AP]M E[SD]T/g) ?? []);
    }
    expect([...hours.values()].map((texts) => [...new Set(texts.map((text) => text.slice(-3)))])).toEqual([['EST'], ['EDT']]);
    const [before, after] = [...hours.values()].map((texts) => texts[0]!.slice(0, -4));
    expect(before).toBe(after);
  });
});
