import { AppointmentBooked, AppointmentCallAsked, AppointmentCallWithdrawn, AppointmentCancelled, HoldEnded } from '@slotmesh/contracts';
import { eventually } from '@slotmesh/testing';
import { PatientBrowser } from './patient-browser';
import { Desk, type HttpResult, type OpeningItem, RunningScheduling, TAKEN_TWICE } from './running-scheduling';

let scheduling: RunningScheduling;
let manager: Desk;
let harbor: Desk;
let summit: Desk;
let hostOfSkin: Desk;
const patients: Record<string, string[]> = {};

beforeAll(async () => {
  scheduling = await RunningScheduling.start({ listenTo: [HoldEnded, AppointmentBooked, AppointmentCallAsked, AppointmentCallWithdrawn, AppointmentCancelled] });
  [manager, harbor, summit, hostOfSkin] = await Promise.all(['manager@harbor.example', 'frontdesk@harbor.example', 'frontdesk@summit.example', 'manager@summit.example'].map((subject) => scheduling.desk(subject))) as [Desk, Desk, Desk, Desk];
  for (const practice of ['harbor', 'summit']) patients[practice] = (await scheduling.sql<{ id: string }>('SELECT id FROM patient WHERE practice_id = $1 ORDER BY id', [practice])).map(({ id }) => id);
});
afterAll(async () => scheduling.stop());

const patient = (practice = 'harbor'): string => patients[practice]!.pop()!;
const find = (desk: Desk, query: string, days: number, span = 7): Promise<OpeningItem[]> => desk.openings(`${query}&from=${scheduling.inDays(days)}&to=${scheduling.inDays(days + span)}&limit=200`);
const dateOf = ({ start, zone }: OpeningItem): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(start));
/** Openings of one provider on one day, one behind the other. */
async function dayOf(desk: Desk, query: string, days: number): Promise<OpeningItem[]> {
  const all = await find(desk, query, days);
  const groups = new Map<string, OpeningItem[]>();
  for (const item of all) {
    const group = groups.get(`${item.provider.id} ${dateOf(item)}`) ?? [];
    if (!group.some((other) => item.start < other.end && other.start < item.end)) groups.set(`${item.provider.id} ${dateOf(item)}`, [...group, item]);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length)[0]!;
}
const book = async (desk: Desk, opening: OpeningItem, who: string): Promise<string> => {
  const booked = await desk.post('/appointments', { opening: opening.id, patient: who });
  expect(booked.status).toBe(201);
  return String(booked.body['id']);
};
const close = async (desk: Desk, opening: OpeningItem): Promise<HttpResult> => desk.post('/absences', { provider: opening.provider.id, from: dateOf(opening), reason: 'Ill' });
const agreed = { how: 'phone', by: 'patient' };
interface VisitItem { readonly visit: { readonly id: string }; readonly state: string; readonly movedTo: string | null; readonly settledBy: string | null; readonly agreed: object | null; readonly proposals: { readonly opening: OpeningItem; readonly why: string }[] }
const visitsOf = async (desk: Desk, absence: unknown, query = 'limit=50'): Promise<VisitItem[]> => (await desk.get(`/absences/${String(absence)}/visits?${query}`)).body['items'] as unknown as VisitItem[];
const broken = async () => (await scheduling.sql<{ twice: string; persons: string }>(`SELECT (SELECT count(*) FROM (${TAKEN_TWICE}) t) AS twice,
  (SELECT count(*) FROM appointment a WHERE a.status = 'booked' AND NOT EXISTS (SELECT 1 FROM occupancy o WHERE o.appointment_id = a.id AND o.active)) AS persons`))[0];

describe('close this day', () => {
  test('takes the time out of search, ends the holds on it, and lists what is affected with moves that say why; nothing moves by itself', async () => {
    const day = await dayOf(harbor, 'service=primary-care-visit&practice=harbor', 5);
    expect(day.length).toBeGreaterThan(4);
    const [first, second, third] = [await book(harbor, day[0]!, patient()), await book(harbor, day[1]!, patient()), await book(harbor, day[2]!, patient())];
    const held = await harbor.post('/holds', { opening: day[3]!.id });
    expect((await manager.post('/absences/preview', { provider: day[0]!.provider.id, from: dateOf(day[0]!) })).body).toMatchObject({ visits: [first, second, third].sort(), holds: 1, offerRounds: 0 });

    expect((await harbor.post('/absences', { provider: day[0]!.provider.id, from: dateOf(day[0]!), reason: 'Ill' })).status).toBe(403);
    const closed = await close(manager, day[0]!);
    expect(closed).toMatchObject({ status: 201, body: { state: 'closed', visits: { unresolved: 3, moved: 0, kept: 0, cancelled: 0, over: 0 } } });
    const absence = closed.body['id'];
    expect((await find(harbor, 'service=primary-care-visit&practice=harbor', 5)).filter((item) => item.provider.id === day[0]!.provider.id && dateOf(item) === dateOf(day[0]!))).toEqual([]);
    expect(await harbor.post('/appointments', { hold: held.body['id'], patient: patient() })).toMatchObject({ status: 409, body: { code: 'hold-ended' } });
    await eventually('the end of the hold is told', () => scheduling.events.gathered(HoldEnded).some(({ data }) => data.id === held.body['id'] && data.outcome === 'released'));

    const visits = await visitsOf(harbor, absence);
    expect(visits.map(({ visit, state }) => [visit.id, state])).toEqual([[first, 'unresolved'], [second, 'unresolved'], [third, 'unresolved']]);
    for (const { proposals } of visits) {
      expect(proposals).toHaveLength(3);
      expect(proposals[0]!.why).toMatch(/^same provider; (a day|\d+ days) (later|earlier)$/);
    }
    expect((await harbor.get(`/appointments/${first}`)).body).toMatchObject({ status: 'booked', start: day[0]!.start, revision: 1 });

    const asked = await harbor.post(`/absences/${String(absence)}/ask`);
    expect(asked).toMatchObject({ status: 200, body: { items: [first, second, third].map((visit) => ({ visit, asked: true, proposals: 3 })) } });
    const call = await eventually('the call is asked for', () => scheduling.events.gathered(AppointmentCallAsked).find(({ key }) => key === first));
    expect(call).toMatchObject({ host: 'harbor', data: { reason: 'absence', proposals: visits[0]!.proposals.map(({ opening }) => ({ opening: opening.id })) } });
    expect((await summit.post(`/absences/${String(absence)}/ask`)).status).toBe(404);

    const target = visits[0]!.proposals[0]!.opening;
    const moved = await harbor.post(`/absences/${String(absence)}/moves`, { visit: first, opening: target.id, agreed });
    expect(moved).toMatchObject({ status: 200, body: { visit: first, appointment: first } });
    expect((await harbor.get(`/appointments/${first}`)).body).toMatchObject({ status: 'booked', start: target.start, revision: 2 });
    expect((await harbor.post(`/absences/${String(absence)}/moves`, { visit: first, opening: target.id, agreed })).body).toEqual(moved.body);
    expect(await harbor.post(`/absences/${String(absence)}/moves`, { visit: second, opening: target.id, agreed })).toMatchObject({ status: 409, body: { code: 'opening-taken' } });
    expect((await harbor.post(`/absences/${String(absence)}/keep`, { visit: second, reason: 'comes in for this one' })).status).toBe(204);
    await eventually('the call about a visit that is kept is taken back', () => scheduling.events.gathered(AppointmentCallWithdrawn).some(({ key }) => key === second));
    expect((await harbor.post(`/absences/${String(absence)}/ask`, { visits: [second, third] })).body['items']).toMatchObject([{ visit: second, asked: false, problem: { code: 'visit-not-affected' } }, { visit: third, asked: true }]);
    expect((await harbor.post(`/appointments/${third}/cancel`, { reason: 'prov' })).status).toBe(200);
    expect((await visitsOf(harbor, absence)).map(({ state }) => state)).toEqual(['moved', 'kept', 'cancelled']);
    expect((await visitsOf(harbor, absence))[1]).toMatchObject({ note: 'comes in for this one' });
    expect(JSON.stringify(await scheduling.sql('SELECT * FROM absence_visit'))).not.toContain('comes in');
    expect((await visitsOf(harbor, absence))[0]).toMatchObject({ agreed, settledBy: expect.any(String), movedTo: first });

    const waits = await harbor.post('/waitlist-entries', { patient: patient(), service: 'primary-care-visit', practices: ['harbor'], earliest: dateOf(day[0]!), latest: dateOf(day[0]!) });
    expect(waits.status).toBe(201);
    expect((await manager.call('DELETE', `/absences/${String(absence)}`)).status).toBe(204);
    expect((await harbor.get(`/absences/${String(absence)}`)).body).toMatchObject({ state: 'lifted', visits: { moved: 1, kept: 1, cancelled: 1 } });
    expect((await harbor.get(`/appointments/${first}`)).body).toMatchObject({ start: target.start });
    expect((await find(harbor, 'service=primary-care-visit&practice=harbor', 5)).map(({ id }) => id)).toContain(day[3]!.id);
    await eventually('what is open again is offered to who waits', async () => (await scheduling.sql<{ n: number }>('SELECT count(*)::int AS n FROM offer_round WHERE freed_by IS NULL AND host_id = $1', ['harbor']))[0]!.n > 0);
    expect(await broken()).toEqual({ twice: '0', persons: '0' });
  });

  test('the patient who was asked chooses one of the proposed times on the own page, and the visit is settled', async () => {
    const day = await dayOf(harbor, 'service=primary-care-visit&practice=harbor', 24);
    const added = await harbor.post('/patients', { givenName: 'Quentina', familyName: 'Farraday', birthDate: '1986-05-14', language: 'en', email: 'quentina@example.com' });
    const visit = await book(harbor, day[0]!, String(added.body['id']));
    const url = String((await harbor.post(`/appointments/${visit}/patient-links`)).body['url']);
    const absence = String((await close(manager, day[0]!)).body['id']);
    const browser = new PatientBrowser(scheduling.url);
    const read = async () => browser.open(url);
    await browser.submit(await read(), '/open', { year: '1986', month: '5', day: '14' });
    expect((await read()).text()).not.toContain('cannot take place');
    expect((await harbor.post(`/absences/${absence}/ask`, { visits: [visit] })).body['items']).toMatchObject([{ visit, asked: true }]);
    const page = await read();
    expect(page.text()).toMatch(/This visit cannot take place at this time.*Times that we suggest/);
    expect(page.text()).not.toMatch(/\bIll\b|Confirm: I will come/);
    const [{ proposals }] = (await visitsOf(harbor, absence)) as [VisitItem];
    const offered = page.links().filter((link) => /\/move\/o/.test(link));
    expect(offered).toHaveLength(3);
    expect(offered[0]).toContain(proposals[0]!.opening.id);
    const moved = await browser.submit(await browser.open(offered[0]!), '/move');
    expect((await browser.follow(moved)).text()).toContain('The visit has a new time');
    expect((await harbor.get(`/appointments/${visit}`)).body).toMatchObject({ status: 'booked', start: proposals[0]!.opening.start, revision: 2 });
    expect(await visitsOf(harbor, absence)).toMatchObject([{ state: 'moved', movedTo: visit, agreed: { how: 'page', by: 'patient' } }]);
    expect((await harbor.post(`/absences/${absence}/ask`, { visits: [visit] })).body['items']).toMatchObject([{ asked: false, problem: { code: 'visit-not-affected' } }]);
    expect((await harbor.post(`/absences/${absence}/moves`, { visit, opening: proposals[1]!.opening.id, agreed })).body).toMatchObject({ code: 'visit-moved-already' });
    expect(await broken()).toEqual({ twice: '0', persons: '0' });
  });

  test('days that are open again take back the calls that were asked for, and only those', async () => {
    const day = await dayOf(harbor, 'service=primary-care-visit&practice=harbor', 15);
    const booked = await Promise.all(day.slice(0, 2).map((opening) => harbor.post('/appointments', { opening: opening.id, patient: patient() })));
    const [asked, silent] = booked.map(({ body }) => String(body['id'])) as [string, string];
    const absence = String((await close(manager, day[0]!)).body['id']);
    expect((await harbor.post(`/absences/${absence}/ask`, { visits: [asked] })).body['items']).toMatchObject([{ visit: asked, asked: true }]);
    expect((await manager.call('DELETE', `/absences/${absence}`)).status).toBe(204);
    expect((await manager.call('DELETE', `/absences/${absence}`)).status).toBe(204);
    await eventually('the call is taken back', () => scheduling.events.gathered(AppointmentCallWithdrawn).some(({ key }) => key === asked));
    expect(scheduling.events.gathered(AppointmentCallWithdrawn).filter(({ key }) => key === asked || key === silent)).toMatchObject([{ host: 'harbor', data: { reason: 'absence', appointment: { id: asked, status: 'booked' } } }]);
  });

  test('P1: a booking in flight either sees the closure or is in the list', async () => {
    const day = await dayOf(harbor, 'service=annual-physical&practice=harbor', 12);
    const [closed, ...answers] = await Promise.all([close(manager, day[0]!), ...day.map((opening) => harbor.post('/appointments', { opening: opening.id, patient: patient() }))]);
    expect(closed!.status).toBe(201);
    for (const { status } of answers) expect([201, 409]).toContain(status);
    const inside = answers.filter(({ status }) => status === 201).map(({ body }) => String(body['id']));
    expect((await visitsOf(harbor, closed!.body['id'])).map(({ visit }) => visit.id).sort()).toEqual(inside.sort());
    expect(await broken()).toEqual({ twice: '0', persons: '0' });
  });

  test('P2: many are carried out each whole or not, at a partner as one new visit and the end of the old; sent again it goes on and moves nothing twice', async () => {
    const type = await manager.post('/visit-types', { service: 'dermatology-consult', name: 'A look at the skin', durationMinutes: 30 });
    expect(type.status).toBe(201);
    const [giver] = await find(harbor, 'service=primary-care-visit&practice=harbor', 20);
    const { body: provider } = await manager.get(`/providers/${giver!.provider.id}`);
    expect((await manager.call('PUT', `/providers/${giver!.provider.id}`, { ...provider, visitTypes: [...(provider['visitTypes'] as unknown as string[]), type.body['id']] })).status).toBe(200);
    const day = await dayOf(harbor, 'service=dermatology-consult&practice=harbor', 20);
    const who = [patient(), patient()];
    const [one, two] = [await book(harbor, day[0]!, who[0]!), await book(harbor, day[1]!, who[1]!)];
    const absence = (await close(manager, day[0]!)).body['id'];
    const partner = (await find(harbor, 'service=dermatology-consult&practice=summit', 20))[0]!;
    const [other] = await find(harbor, 'service=cardiology-consult&practice=desert', 20);
    expect(await harbor.post(`/absences/${String(absence)}/moves`, { visit: one, opening: other!.id, agreed })).toMatchObject({ status: 422, body: { code: 'another-service' } });
    const moves = [{ visit: one, opening: partner.id, agreed }, { visit: two, opening: partner.id, agreed }];
    const once = await harbor.post(`/absences/${String(absence)}/carry-out`, { moves });
    expect(once.body['items']).toMatchObject([{ visit: one, moved: true }, { visit: two, moved: false, problem: { code: 'opening-taken' } }]);
    const [{ appointment }] = once.body['items'] as unknown as [{ appointment: string }];
    expect((await harbor.get(`/appointments/${appointment}`)).body).toMatchObject({ status: 'booked', host: 'summit', booking: 'harbor', bookingPatient: who[0] });
    expect((await harbor.get(`/appointments/${one}`)).body).toMatchObject({ status: 'cancelled', cancelReason: 'prov' });
    expect((await harbor.get(`/appointments/${two}`)).body).toMatchObject({ status: 'booked', start: day[1]!.start });
    const told = await eventually('both sides of the move are published', () => {
      const [ended, made] = [scheduling.events.gathered(AppointmentCancelled).find(({ key }) => key === one), scheduling.events.gathered(AppointmentBooked).find(({ key }) => key === appointment)];
      return ended && made && [ended.data.goesOn, made.data.replaces, made.data.appointment.askedAt === ended.data.appointment.bookedAt];
    });
    expect(told).toEqual([true, one, true]);
    const [, retry] = await visitsOf(harbor, absence);
    const again = await harbor.post(`/absences/${String(absence)}/carry-out`, { moves: [moves[0], { ...moves[1], opening: retry!.proposals[0]!.opening.id }] });
    expect(again.body['items']).toEqual([{ visit: one, moved: true, appointment }, { visit: two, moved: true, appointment: two }]);
    expect(Number((await scheduling.sql<{ n: string }>(`SELECT count(*) AS n FROM appointment WHERE host_id = 'summit' AND starts_at = $1 AND provider_id = $2`, [partner.start, partner.provider.id]))[0]!.n)).toBe(1);
    expect(await broken()).toEqual({ twice: '0', persons: '0' });
  });

  test("P7: a partner's visit is proposed the own calendar only, and no third practice is booked for it; the offers on the day are withdrawn", async () => {
    const day = await dayOf(harbor, 'service=dermatology-consult&practice=summit', 27);
    const visit = await book(harbor, day[0]!, patient());
    const given = await book(summit, day[1]!, patient('summit'));
    const entry = await harbor.post('/waitlist-entries', { patient: patient(), service: 'dermatology-consult', noticeMinutes: 60 });
    await summit.post(`/appointments/${given}/cancel`, { reason: 'pat' });
    await eventually('the time is held for a round', async () => (await scheduling.sql(`SELECT 1 FROM offer_round WHERE freed_by = $1 AND (state = 'open' OR next_at > freed_at)`, [given])).length > 0);
    const absence = (await close(hostOfSkin, day[0]!)).body['id'];
    expect(await scheduling.sql(`SELECT state FROM offer_round WHERE freed_by = $1`, [given])).toEqual([{ state: 'not-open' }]);
    expect(await scheduling.sql(`SELECT count(*)::int AS open FROM offer WHERE entry_id = $1 AND state = 'open'`, [entry.body['id']])).toEqual([{ open: 0 }]);
    const [affected] = await visitsOf(summit, absence);
    expect(affected).toMatchObject({ visit: { id: visit }, state: 'unresolved' });
    expect(new Set(affected!.proposals.map(({ opening }) => opening.practice))).toEqual(new Set(['summit']));
    const third = (await find(summit, 'service=cardiology-consult&practice=desert', 20))[0]!;
    expect(await summit.post(`/absences/${String(absence)}/moves`, { visit, opening: third.id, agreed })).toMatchObject({ status: 422, body: { code: 'booking-practice-moves' } });
    expect((await harbor.get(`/absences/${String(absence)}`)).status).toBe(404);
    expect(await summit.post(`/absences/${String(absence)}/moves`, { visit, opening: affected!.proposals[0]!.opening.id, agreed })).toMatchObject({ status: 200, body: { appointment: visit } });
    expect((await harbor.get(`/appointments/${visit}`)).body).toMatchObject({ status: 'booked', start: affected!.proposals[0]!.opening.start });
    expect(await broken()).toEqual({ twice: '0', persons: '0' });
  });

  test('an affected visit of a chain keeps its gaps: proposals do, another time is taken on purpose only, and one that goes to a partner stays in the chain', async () => {
    const who = patient();
    const days = await Promise.all([33, 34].map((day) => dayOf(harbor, 'service=dermatology-consult&practice=harbor', day)));
    const [skin, chat] = [days[0]![0]!, (await find(harbor, `service=primary-care-visit&practice=harbor&patient=${who}`, 33, 20)).find(({ start }) => start > days[0]![0]!.end)!];
    const booked = await harbor.post('/visit-chains', { steps: [{ opening: skin.id }, { opening: chat.id, maxGap: { minutes: 24 * 60 * 6 } }], patient: who });
    expect(booked.status).toBe(201);
    const [{ visit: first }, { visit: second }] = booked.body['steps'] as unknown as [{ visit: { id: string } }, { visit: { id: string } }];
    const absence = String((await close(manager, skin)).body['id']);
    const [affected] = await visitsOf(harbor, absence);
    for (const { opening } of affected!.proposals) expect([opening.end <= chat.start, Date.parse(chat.start) - Date.parse(opening.end) <= 6 * 86_400_000]).toEqual([true, true]);
    const late = (await find(harbor, 'service=dermatology-consult&practice=harbor', 45)).find(({ start }) => start > chat.end)!;
    expect(await harbor.post(`/absences/${absence}/moves`, { visit: first.id, opening: late.id, agreed })).toMatchObject({ status: 409, body: { code: 'visit-chain-gap', steps: [1, 2] } });
    const there = (await find(harbor, 'service=dermatology-consult&practice=summit', 45)).find(({ start }) => start > chat.end)!;
    expect(await harbor.post(`/absences/${absence}/moves`, { visit: first.id, opening: there.id, agreed })).toMatchObject({ status: 409, body: { code: 'visit-chain-gap' } });
    const moved = await harbor.post(`/absences/${absence}/moves`, { visit: first.id, opening: there.id, agreed, breakGaps: true });
    expect(moved.status).toBe(200);
    expect((await harbor.get(`/visit-chains/${String(booked.body['id'])}`)).body).toMatchObject({ steps: [{ visit: { id: moved.body['appointment'], host: 'summit', status: 'booked' } }, { visit: { id: second.id } }] });
    expect(await scheduling.sql(`SELECT 1 AS n FROM audit_entry WHERE action = 'absence.gap-broken' AND entity_id = $1`, [first.id])).toEqual([{ n: 1 }]);
    expect(await broken()).toEqual({ twice: '0', persons: '0' });
  });

  test('P4: the same move sent twice at once, beside a move of the chain, is carried out once, and both are told so', async () => {
    const who = patient();
    const skin = (await dayOf(harbor, 'service=dermatology-consult&practice=harbor', 54))[0]!;
    const behind = (days: number): string => new Date(Date.parse(skin.end) + days * 86_400_000).toISOString();
    const chats = await harbor.openings(`service=primary-care-visit&practice=harbor&patient=${who}&from=${behind(4)}&to=${behind(9)}&limit=200`);
    const booked = await harbor.post('/visit-chains', { steps: [{ opening: skin.id }, { opening: chats[0]!.id, maxGap: { minutes: 24 * 60 * 12 } }], patient: who });
    expect(booked.status).toBe(201);
    const [{ visit: { id: first } }] = booked.body['steps'] as unknown as [{ visit: { id: string } }];
    const absence = String((await close(manager, skin)).body['id']);
    const [affected] = await visitsOf(harbor, absence);
    const move = { visit: first, opening: affected!.proposals[0]!.opening.id, agreed };
    // Why this lock: both have looked at the visit before either moves it.
    await scheduling.admin.query('BEGIN');
    await scheduling.admin.query('SELECT id FROM appointment WHERE id = $1 FOR NO KEY UPDATE', [first]);
    const twins = [harbor.post(`/absences/${absence}/moves`, move), harbor.post(`/absences/${absence}/moves`, move)];
    await eventually('both wait', async () => Number((await scheduling.sql<{ n: string }>('SELECT count(*) AS n FROM pg_locks WHERE NOT granted'))[0]!.n) >= 2);
    const chain = harbor.post(`/visit-chains/${String(booked.body['id'])}/move`, { from: 2, steps: [{ opening: chats.at(-1)!.id }] });
    await scheduling.admin.query('COMMIT');
    expect((await Promise.all(twins)).map(({ status, body }) => [status, body])).toEqual([[200, { visit: first, appointment: first }], [200, { visit: first, appointment: first }]]);
    expect([200, 409]).toContain((await chain).status);
    expect(await scheduling.sql(`SELECT 1 AS n FROM audit_entry WHERE action = 'absence.visit-moved' AND entity_id = $1`, [first])).toEqual([{ n: 1 }]);
    expect((await harbor.get(`/appointments/${first}`)).body).toMatchObject({ status: 'booked', start: affected!.proposals[0]!.opening.start, revision: 2 });
    expect(await broken()).toEqual({ twice: '0', persons: '0' });
  });
});
