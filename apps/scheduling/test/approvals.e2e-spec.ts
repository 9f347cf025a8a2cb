import { AppointmentBooked, AppointmentCancelled, AppointmentStatusChanged } from '@slotmesh/contracts';
import { DAY, HOUR, type Instant, type LocalTime, MINUTE, instantOf, parseInstant, parseLocalDate, parseZone, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { ApprovalSweeper } from '../src/approvals/approval.sweeper';
import { LapseRequests } from '../src/approvals/commands/lapse-requests';
import { PatientBrowser } from './patient-browser';
import { type Desk, type HttpResult, type OpeningItem, RunningScheduling, TAKEN_TWICE } from './running-scheduling';

let scheduling: RunningScheduling;
let harbor: Desk;
let desert: Desk;
let summit: Desk;
let lakeside: Desk;
let summitManager: Desk;
const patients: Record<string, string[]> = { harbor: [], desert: [], summit: [] };

beforeAll(async () => {
  scheduling = await RunningScheduling.start({ listenTo: [AppointmentBooked, AppointmentCancelled, AppointmentStatusChanged] });
  [harbor, desert, summit, lakeside, summitManager] = await Promise.all(['frontdesk@harbor.example', 'frontdesk@desert.example', 'frontdesk@summit.example', 'frontdesk@lakeside.example', 'manager@summit.example'].map((subject) => scheduling.desk(subject))) as [Desk, Desk, Desk, Desk, Desk];
  for (const { id, practice } of await scheduling.sql<{ id: string; practice: string }>('SELECT id, practice_id AS practice FROM patient ORDER BY id')) patients[practice]?.push(id);
  // Ten in the morning in Denver, noon in Boston: nobody's quiet hours.
  advanceTo(parseInstant(`${new Date(plusMs(scheduling.now(), DAY)).toISOString().slice(0, 10)}T17:00:00Z`));
  await asksFirst(24);
});
afterAll(async () => scheduling.stop());

const advanceTo = (at: Instant): number => scheduling.clock.moveTo(at - Date.now());
const patient = (practice = 'harbor'): string => patients[practice]!.pop()!;
/** All of summit's providers from now on. */
async function asksFirst(hours: number | null): Promise<void> {
  for (const { id } of await scheduling.sql<{ id: string }>(`SELECT id FROM provider WHERE practice_id = 'summit' ORDER BY id`)) expect((await summitManager.call('PUT', `/providers/${id}/partner-settings`, { visitsPerDay: null, approvalHours: hours })).status).toBe(200);
}
type Found = OpeningItem & { readonly approval?: { readonly withinHours: number; readonly by: string }; readonly why: string };
const openings = async (desk: Desk, days = 2, more = ''): Promise<Found[]> => (await desk.openings(`service=dermatology-consult&practice=summit&from=${scheduling.inDays(days)}&to=${scheduling.inDays(days + 10)}&limit=200${more}`)) as Found[];
/** So many that stand in nobody's way. */
async function apart(desk: Desk, count: number, days = 2): Promise<Found[]> {
  const chosen: Found[] = [];
  for (const item of await openings(desk, days)) if (chosen.length < count && !chosen.some((other) => other.start < item.end && item.start < other.end)) chosen.push(item);
  expect(chosen).toHaveLength(count);
  return chosen;
}
interface Shown { readonly id: string; readonly status: string; readonly revision: number; readonly start: string; readonly zone: string; readonly approval: { readonly by: string; readonly state: string } | null; readonly allowed: string[] }
const shown = ({ body }: HttpResult): Shown => body as unknown as Shown;
const read = async (desk: Desk, id: string): Promise<Shown> => shown(await desk.get(`/appointments/${id}`));
const requests = async (desk: Desk, query = ''): Promise<Shown[]> => (await desk.get(`/approval-requests?limit=200${query}`)).body['items'] as unknown as Shown[];
async function request(opening: Found, who = patient(), desk = harbor): Promise<string> {
  const booked = await desk.post('/appointments', { opening: opening.id, patient: who });
  expect(booked).toMatchObject({ status: 201, body: { status: 'pending', approval: { state: 'waiting' } } });
  return String(booked.body['id']);
}
const answers = (id: string) => [AppointmentBooked, AppointmentStatusChanged, AppointmentCancelled].flatMap((definition) => scheduling.events.gathered<typeof AppointmentBooked | typeof AppointmentStatusChanged | typeof AppointmentCancelled>(definition)).filter(({ key }) => key === id)
  .sort((a, b) => a.sequence - b.sequence).map(({ data: { appointment, by } }) => `${appointment.status} ${appointment.approval?.state ?? 'at once'} by ${by.kind}`);
const heard = (id: string, count: number) => eventually('what was published', () => (answers(id).length >= count ? answers(id) : null));

/** What must be true of the tables whatever happened before. */
const BROKEN: Readonly<Record<string, string>> = {
  'P1 a resource taken twice': TAKEN_TWICE,
  'P2 a visit, or a request, without its time': `SELECT a.id FROM appointment a WHERE a.status IN ('pending', 'booked') AND (SELECT count(*) FROM occupancy o JOIN resource r ON r.id = o.resource_id WHERE o.appointment_id = a.id AND o.active AND r.provider_id = a.provider_id AND o.during @> tstzrange(a.starts_at, a.ends_at)) <> 1`,
  'P2 time kept by a visit that is off': `SELECT a.id FROM appointment a JOIN occupancy o ON o.appointment_id = a.id AND o.active WHERE a.status = 'cancelled'`,
  'P7 a quota that was not counted exactly': `SELECT q.id FROM quota_use q WHERE q.used <> (SELECT count(*) FROM hold h WHERE h.state = 'active' AND q.id = ANY (h.quota_ids)) + (SELECT count(*) FROM appointment a WHERE q.id = ANY (a.quota_ids))`,
  'P8 a visit without its person, or a person kept by one that is off': `SELECT a.id FROM appointment a LEFT JOIN person_time t ON t.appointment_id = a.id AND t.active WHERE (t.appointment_id IS NOT NULL) <> (a.status <> 'cancelled')`,
  'a request that waits and is answered, or neither': `SELECT id FROM appointment WHERE (approval = 'waiting') <> (status = 'pending') OR (approval = 'approved' AND status = 'cancelled' AND cancel_reason IS NULL)`,
  'a request that waits beyond its deadline': `SELECT id FROM appointment WHERE status = 'pending' AND (approve_by IS NULL OR approve_by >= starts_at - interval '2 hours' + interval '1 second')`,
};
const broken = () => scheduling.whatIsBroken(BROKEN);
const deadlocks = async (): Promise<number> => Number((await scheduling.sql<{ n: string }>('SELECT deadlocks AS n FROM pg_stat_database WHERE datname = current_database()'))[0]!.n);
/** Freed times are looked at, and holds that are over ended, a moment later: until then they may be offered to who begins to wait, or still count as taken. */
const leftoversAreGone = () => eventually('nothing of before is left', async () =>
  (await scheduling.sql(`SELECT id FROM offer_round WHERE next_at IS NOT NULL UNION ALL SELECT id FROM hold WHERE state = 'active' AND expires_at <= $1`, [new Date(scheduling.now())])).length === 0);

describe('a provider who answers partners first', () => {
  test('P7: is narrowed by the own manager alone; partners see until when they would have an answer, the own practice sees and books as before', async () => {
    const [{ provider }] = (await openings(harbor)) as [Found];
    const path = `/providers/${provider.id}/partner-settings`;
    expect((await summit.call('PUT', path, { visitsPerDay: null, approvalHours: 4 })).status).toBe(403);
    expect((await (await scheduling.desk('manager@harbor.example')).call('PUT', path, { visitsPerDay: null, approvalHours: 4 })).status).toBe(404);
    for (const approvalHours of [0, 169, 1.5, '4']) expect((await summitManager.call('PUT', path, { visitsPerDay: null, approvalHours })).status).toBe(400);
    expect(await summitManager.call('PUT', path, { visitsPerDay: null })).toMatchObject({ status: 200, body: { visitsPerDay: null, approvalHours: 24 } });
    const seen = await openings(harbor);
    for (const { approval, why } of seen) expect([approval?.withinHours, Math.round((Date.parse(approval!.by) - scheduling.now()) / HOUR), why.includes('on approval within 24 h')]).toEqual([24, 24, true]);
    const own = await openings(summit);
    expect(seen.every(({ id }) => own.some((item) => item.id === id))).toBe(true);
    expect(own.filter((item) => 'approval' in item || item.why.includes('approval'))).toEqual([]);
    expect(await harbor.post('/holds', { opening: seen[0]!.id })).toMatchObject({ status: 201, body: { approval: { withinHours: 24, by: expect.any(String) } } });
    const held = await summit.post('/holds', { opening: seen.find(({ start }) => start > seen[0]!.end)!.id });
    expect([held.status, 'approval' in held.body]).toEqual([201, false]);
    expect(await summit.post('/appointments', { hold: held.body['id'], patient: patient('summit') })).toMatchObject({ status: 201, body: { status: 'booked', approval: null } });
    expect(await scheduling.sql(`SELECT details FROM audit_entry WHERE action = 'provider.partner-approval-set' AND entity_id = $1`, [provider.id])).toEqual([{ details: { before: null, after: 24 } }]);
  });

  test('P1 P4 P7 P8: a request takes everything at once and is no visit before the host, and nobody else, says yes', async () => {
    const [at] = (await apart(harbor, 1)) as [Found];
    const who = patient();
    const key = { 'idempotency-key': 'a request' };
    const asked = await harbor.post('/appointments', { opening: at.id, patient: who }, key);
    expect(asked).toMatchObject({ status: 201, body: { status: 'pending', revision: 1, approval: { state: 'waiting', by: expect.any(String) }, zone: 'America/Denver' } });
    const { id, approval } = shown(asked);
    expect(Math.abs(Date.parse(approval!.by) - scheduling.now() - 24 * HOUR)).toBeLessThan(60_000);
    expect(await harbor.post('/appointments', { opening: at.id, patient: who }, key)).toMatchObject({ status: 201, body: asked.body });
    expect(await summit.post('/appointments', { opening: at.id, patient: patient('summit') })).toMatchObject({ status: 409, body: { code: 'opening-taken' } });
    const beside = (await harbor.openings(`service=primary-care-visit&practice=harbor&from=${at.start}&to=${at.end}&limit=50`)).find((item) => item.start < at.end && at.start < item.end);
    if (beside) expect(await harbor.post('/appointments', { opening: beside.id, patient: who })).toMatchObject({ status: 409, body: { code: 'another-visit-then' } });
    expect(await broken()).toEqual({});

    expect((await requests(summit)).map((one) => one.id)).toContain(id);
    expect((await requests(harbor, '&side=booking')).map((one) => one.id)).toContain(id);
    for (const [desk, query] of [[harbor, ''], [desert, ''], [desert, '&side=booking'], [lakeside, ''], [summit, '&side=booking'], [summit, '&state=refused']] as const) expect((await requests(desk, query)).map((one) => one.id)).not.toContain(id);
    for (const step of ['approve', 'decline']) {
      expect(await harbor.post(`/appointments/${id}/${step}`)).toMatchObject({ status: 403, body: { code: 'host-decides' } });
      for (const stranger of [desert, lakeside]) expect(await stranger.post(`/appointments/${id}/${step}`)).toMatchObject({ status: 404 });
      expect(await scheduling.sql(`SELECT details->>'code' AS code FROM audit_entry WHERE action = 'access.refused' AND actor_subject = 'frontdesk@harbor.example' AND entity_id LIKE $1`, [`%/${step}`])).toEqual([{ code: 'host-decides' }]);
    }
    for (const [step, body] of [['confirm', {}], ['arrive', {}], ['check-in', {}], ['no-show', {}], ['reschedule', { opening: (await openings(summit, 6))[0]!.id }]] as const) expect(await summit.post(`/appointments/${id}/${step}`, body)).toMatchObject({ status: 409, body: { code: 'transition-not-allowed', allowed: ['approve', 'decline', 'cancel', 'enter-in-error'] } });
    expect(await summit.post(`/appointments/${id}/approve`, {}, { 'if-match': '"7"' })).toMatchObject({ status: 412 });
    const yes = await summit.post(`/appointments/${id}/approve`, {}, { 'if-match': '"1"', 'idempotency-key': 'a yes' });
    expect(yes).toMatchObject({ status: 200, body: { status: 'booked', revision: 2, approval: { state: 'approved' } } });
    expect((await summit.post(`/appointments/${id}/approve`, {}, { 'if-match': '"1"', 'idempotency-key': 'a yes' })).body).toEqual(yes.body);
    expect(await summit.post(`/appointments/${id}/approve`)).toMatchObject({ status: 409, body: { code: 'transition-not-allowed' } });
    expect(await summit.post(`/appointments/${id}/decline`)).toMatchObject({ status: 409 });
    expect((await harbor.post('/appointments', { opening: at.id, patient: who }, key)).body).toEqual(asked.body);
    expect(await read(harbor, id)).toMatchObject({ status: 'booked' });
    expect(await heard(id, 2)).toEqual(['pending waiting by booking', 'booked approved by host']);
    expect(scheduling.events.gathered(AppointmentStatusChanged).find((event) => event.key === id)?.data.previous).toBe('pending');
    expect(await broken()).toEqual({});
  });

  test('a no, and a request that is taken back, free the time for everybody, and who asked sees what was refused', async () => {
    const [one, two, three] = (await apart(harbor, 3)) as [Found, Found, Found];
    const ids = [await request(one), await request(two), await request(three)] as const;
    const added = await harbor.post('/patients', { givenName: 'Quentina', familyName: 'Farraday', birthDate: '1986-05-14', language: 'en', email: 'quentina@example.com' });
    const mine = await request((await apart(harbor, 1, 4))[0]!, String(added.body['id']));
    expect(await summit.post(`/appointments/${ids[0]}/decline`, { reason: 'oth' })).toMatchObject({ status: 200, body: { status: 'cancelled', cancelReason: 'oth', approval: { state: 'declined' } } });
    expect(await harbor.post(`/appointments/${ids[1]}/cancel`, { reason: 'pat' })).toMatchObject({ status: 200, body: { status: 'cancelled', approval: { state: 'withdrawn' } } });
    expect(await summit.post(`/appointments/${ids[2]}/cancel`, { reason: 'oth' })).toMatchObject({ status: 200, body: { approval: { state: 'declined' } } });
    expect((await heard(ids[0], 2)).at(-1)).toBe('cancelled declined by host');
    expect((await heard(ids[1], 2)).at(-1)).toBe('cancelled withdrawn by booking');
    expect((await requests(harbor, '&side=booking&state=refused')).map(({ id }) => id).sort()).toEqual([ids[0], ids[2]].sort());
    expect((await requests(summit)).map(({ id }) => id)).not.toEqual(expect.arrayContaining([ids[0]]));
    for (const item of [one, two]) expect(await desert.post('/holds', { opening: item.id })).toMatchObject({ status: 201 });

    // The patient's own page, too, knows a request: nothing to confirm, and it can be taken back.
    const browser = new PatientBrowser(scheduling.url);
    const url = String((await summit.post(`/appointments/${mine}/patient-links`)).body['url']);
    await browser.submit(await browser.open(url), '/open', { year: '1986', month: '5', day: '14' });
    const page = await browser.open(url);
    expect(page.text()).toContain('Requested. The practice has not answered yet.');
    expect(page.links().filter((link) => /\/move/.test(link))).toEqual([]);
    expect(page.forms().filter(({ action }) => /confirm/.test(action))).toEqual([]);
    const cancel = page.links().find((link) => /\/cancel/.test(link));
    await browser.submit(await browser.open(cancel!), '/cancel');
    expect(await read(harbor, mine)).toMatchObject({ status: 'cancelled', approval: { state: 'withdrawn' } });
    expect(await scheduling.sql('SELECT id FROM patient_mark')).toEqual([]);
    expect(await broken()).toEqual({});
  });

  test('P3: a request that nobody answers lapses at its deadline, and the time is offered to who waits at the host; a partner, who might be told no, is offered nothing', async () => {
    await leftoversAreGone();
    await asksFirst(2);
    const [at] = (await apart(harbor, 1)) as [Found];
    const waits = async (desk: Desk, id: string) => String((await desk.post('/waitlist-entries', { patient: id, service: 'dermatology-consult', noticeMinutes: 60, practices: ['summit'] })).body['id']);
    const partners = await waits(harbor, patient());
    const own = await waits(summit, patient('summit'));
    const id = await request(at);
    const { approval } = await read(harbor, id);
    advanceTo(plusMs(parseInstant(approval!.by), -2_000));
    expect(await read(harbor, id)).toMatchObject({ status: 'pending' });
    advanceTo(parseInstant(approval!.by));
    await eventually('the request has lapsed', async () => (await read(harbor, id)).status === 'cancelled');
    expect(await read(harbor, id)).toMatchObject({ status: 'cancelled', cancelReason: 'oth', approval: { state: 'lapsed' }, revision: 2 });
    expect(await heard(id, 2)).toEqual(['pending waiting by booking', 'cancelled lapsed by system']);
    expect((await requests(harbor, '&side=booking&state=refused')).find((one) => one.id === id)).toMatchObject({ zone: 'America/Denver', approval: { state: 'lapsed' } });
    expect(await summit.post(`/appointments/${id}/approve`)).toMatchObject({ status: 409 });
    const offers = async (desk: Desk, entry: string) => (await desk.get(`/waitlist-entries/${entry}`)).body['offers'] as unknown as { state: string; start: string; id: string }[];
    const made = await eventually('the time is offered', async () => ((await offers(summit, own)).length > 0 ? offers(summit, own) : null));
    expect(made).toMatchObject([{ start: at.start, state: 'open' }]);
    expect((await summit.post(`/offers/${made[0]!.id}/decline`)).status).toBe(200);
    await eventually('the round has ended', async () => (await scheduling.sql('SELECT id FROM offer_round WHERE next_at IS NOT NULL')).length === 0);
    expect(await offers(harbor, partners)).toEqual([]);

    // What was offered to a partner while its provider booked at once is not turned into a request by the yes.
    await asksFirst(null);
    const visit = await summit.post('/appointments', { opening: at.id, patient: patient('summit') });
    await summit.post(`/waitlist-entries/${own}/withdraw`);
    await summit.post(`/appointments/${String(visit.body['id'])}/cancel`, { reason: 'pat' });
    const [offer] = await eventually('it is offered to the partner', async () => ((await offers(harbor, partners)).length > 0 ? offers(harbor, partners) : null));
    await asksFirst(24);
    expect(await harbor.post(`/offers/${offer!.id}/accept`)).toMatchObject({ status: 409, body: { code: 'opening-taken' } });
    expect(await scheduling.sql(`SELECT id FROM appointment WHERE status = 'pending'`)).toEqual([]);
    await harbor.post(`/waitlist-entries/${partners}/withdraw`);
    expect(await broken()).toEqual({});
  });

  test('nobody waits for an answer when the time returns or the notice begins: the deadline comes before, and nearer than that there is nothing to ask for', async () => {
    const at = (await openings(harbor, 1)).find(({ start }) => Date.parse(start) - scheduling.now() > 26 * HOUR)!;
    advanceTo(plusMs(parseInstant(at.start), -10 * HOUR));
    const id = await request(at);
    expect(Date.parse(at.start) - Date.parse((await read(harbor, id)).approval!.by)).toBe(2 * HOUR);
    expect((await summit.post(`/appointments/${id}/decline`, { reason: 'prov' })).status).toBe(200);
    advanceTo(plusMs(parseInstant(at.start), -130 * MINUTE));
    expect((await openings(harbor, 0)).map((item) => item.id)).not.toContain(at.id);
    expect((await openings(summit, 0)).map((item) => item.id)).toContain(at.id);
    expect(await harbor.post('/holds', { opening: at.id })).toMatchObject({ status: 409, body: { code: 'opening-taken' } });
    expect((await harbor.get(`/openings?service=dermatology-consult&practice=summit&from=${scheduling.inDays(0)}&to=${at.end}&limit=200`)).body['leftOut']).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'no-time-to-answer' })]));
  });

  test('P2: what has to be sure at once is refused with a clear word and leaves nothing behind: series, linked visits, moves; the host itself may move', async () => {
    const counts = () => scheduling.sql(`SELECT (SELECT count(*) FROM appointment) AS visits, (SELECT count(*) FROM occupancy WHERE active) AS taken, (SELECT sum(used) FROM quota_use) AS used`);
    await leftoversAreGone();
    const [first, second] = (await apart(harbor, 2, 3)) as [Found, Found];
    const before = await counts();
    const serial = await harbor.post('/series', { rule: 'FREQ=WEEKLY;COUNT=2', opening: first.id, patient: patient() });
    expect(serial).toMatchObject({ status: 409, body: { clashes: [{ reason: 'approval-needed', alternatives: [] }, {}] } });
    const linked = await harbor.post('/visit-chains', { steps: [{ opening: first.id }, { opening: second.id }], patient: patient() });
    expect(linked).toMatchObject({ status: 409, body: { clashes: [{ step: 1, reason: 'approval-needed', alternatives: [] }, { step: 2, reason: 'approval-needed' }] } });
    expect((await harbor.post('/visit-chains/search', { steps: [{ service: 'dermatology-consult', practice: 'summit' }, { service: 'skin-check', practice: 'summit' }] })).body).toMatchObject({ items: [] });
    expect(await counts()).toEqual(before);

    await asksFirst(null);
    const [now, later, other] = (await apart(harbor, 3, 3)) as [Found, Found, Found];
    const booked = await harbor.post('/appointments', { opening: now.id, patient: patient() });
    expect(booked).toMatchObject({ status: 201, body: { status: 'booked', approval: null } });
    const id = String(booked.body['id']);
    await asksFirst(4);
    expect(await harbor.post(`/appointments/${id}/reschedule`, { opening: later.id })).toMatchObject({ status: 422, body: { code: 'approval-needed' } });
    expect(await read(harbor, id)).toMatchObject({ status: 'booked', start: now.start, revision: 1 });
    expect(await summit.post(`/appointments/${id}/reschedule`, { opening: other.id })).toMatchObject({ status: 200, body: { status: 'booked', start: other.start } });
    expect(await broken()).toEqual({});
  });

  test('a request on days that close is not asked to move, because it was never a visit: the host declines it', async () => {
    const at = (await openings(harbor, 9))[0]!;
    const id = await request(at);
    const date = new Intl.DateTimeFormat('en-CA', { timeZone: at.zone }).format(new Date(at.start));
    const absence = String((await summitManager.post('/absences', { provider: at.provider.id, from: date, reason: 'Away' })).body['id']);
    expect((await summit.post(`/absences/${absence}/ask`)).body['items']).toMatchObject([{ visit: id, asked: false, problem: { code: 'transition-not-allowed' } }]);
    expect(await summit.post(`/appointments/${id}/approve`)).toMatchObject({ status: 409, body: { code: 'closed-since' } });
    expect(await read(summit, id)).toMatchObject({ status: 'pending', approval: { state: 'waiting' } });
    expect(await summit.post(`/appointments/${id}/decline`, { reason: 'prov' })).toMatchObject({ status: 200, body: { approval: { state: 'declined' } } });
    expect((await summitManager.call('DELETE', `/absences/${absence}`)).status).toBe(204);
    expect(await broken()).toEqual({});
  });

  test('a request that runs from one block of hours into the next can be approved', async () => {
    const all = await openings(harbor, 8);
    // Not the first date, of which a part is over.
    const { start, zone, provider, site } = all.find((item) => parseInstant(item.start) > plusMs(parseInstant(all[0]!.start), DAY))!;
    const date = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(start));
    expect((await summitManager.post('/availability-exceptions', { provider: provider.id, site: site.id, date, ranges: [{ from: '08:00', to: '11:45' }, { from: '11:45', to: '16:00' }] })).status).toBe(201);
    const border = instantOf(parseLocalDate(date), '11:45' as LocalTime, parseZone(zone));
    const across = await eventually('a time across the border', async () => (await openings(harbor, 8)).find((item) => item.provider.id === provider.id && parseInstant(item.start) < border && border < parseInstant(item.end)));
    const id = await request(across);
    expect(await summit.post(`/appointments/${id}/approve`)).toMatchObject({ status: 200, body: { status: 'booked' } });
    expect(await broken()).toEqual({});
  });

  test('what changes in the setting changes no request that waits, and the list begins with the soonest deadline, page by page', async () => {
    await asksFirst(8);
    const [one, two, three] = (await apart(harbor, 3, 5)) as [Found, Found, Found];
    const slow = await request(one);
    await asksFirst(2);
    const quick = await request(two);
    await asksFirst(null);
    expect((await harbor.post('/appointments', { opening: three.id, patient: patient() })).body).toMatchObject({ status: 'booked' });
    const listed = (await requests(summit)).map(({ id }) => id);
    expect(listed.indexOf(quick)).toBeLessThan(listed.indexOf(slow));
    const page = await summit.get('/approval-requests?limit=1');
    const rest = await summit.get(`/approval-requests?limit=200&cursor=${String(page.body['nextCursor'])}`);
    expect([...(page.body['items'] as unknown as Shown[]), ...(rest.body['items'] as unknown as Shown[])].map(({ id }) => id)).toEqual(listed);
    expect((await summit.get('/approval-requests?cursor=abc')).status).toBe(400);
    expect(await summit.post(`/appointments/${slow}/approve`)).toMatchObject({ status: 200 });
    expect(await summit.post(`/appointments/${quick}/decline`)).toMatchObject({ status: 200 });
    await asksFirst(24);
  });
});

describe('what ends while a request waits', () => {
  /** The request, once it does not wait any more. */
  const withdrawn = (id: string) => eventually('it is withdrawn', async () => { const now = await read(harbor, id); return now.status === 'pending' ? null : now; });

  test("P7: when the patient asks that nothing goes to the partner, its requests there are withdrawn, and requests elsewhere and other patients' are not", async () => {
    const [one, two] = (await apart(harbor, 2, 5)) as [Found, Found];
    const [who, other] = [patient(), patient()];
    const [mine, theirs] = [await request(one, who), await request(two, other)];
    expect((await harbor.post(`/patients/${who}/restrictions`, { practice: 'desert' })).status).toBe(201);
    expect(await read(harbor, mine)).toMatchObject({ status: 'pending' });
    expect((await harbor.post(`/patients/${who}/restrictions`, { practice: 'summit' })).status).toBe(201);
    // Whether or not it has been withdrawn by now.
    expect(await summit.post(`/appointments/${mine}/approve`)).toMatchObject({ status: 409, body: { code: expect.stringMatching(/^(request-taken-back|transition-not-allowed)$/) } });
    expect(await withdrawn(mine)).toMatchObject({ status: 'cancelled', cancelReason: 'pat', approval: { state: 'withdrawn' } });
    expect((await heard(mine, 2)).at(-1)).toBe('cancelled withdrawn by booking');
    expect(await summit.post(`/appointments/${mine}/approve`)).toMatchObject({ status: 409, body: { code: 'transition-not-allowed' } });
    expect(await read(harbor, theirs)).toMatchObject({ status: 'pending' });
    expect((await desert.post('/holds', { opening: one.id })).status).toBe(201);
    expect(await summit.post(`/appointments/${theirs}/decline`)).toMatchObject({ status: 200 });
    expect(await broken()).toEqual({});
  });

  test('P7 P8: a request and a restriction at one moment: no request of the patient is left to wait, in whatever order they come', async () => {
    const before = await deadlocks();
    const times = await apart(harbor, 8, 5);
    for (let n = 0; n < times.length; n += 2) {
      const who = patient();
      const first = await request(times[n]!, who);
      const [asked, restricted] = await Promise.all([harbor.post('/appointments', { opening: times[n + 1]!.id, patient: who }), harbor.post(`/patients/${who}/restrictions`, { practice: null })]);
      expect([restricted.status, [201, 422].includes(asked.status)]).toEqual([201, true]);
      for (const id of [first, ...(asked.status === 201 ? [String(asked.body['id'])] : [])]) expect(await withdrawn(id)).toMatchObject({ status: 'cancelled', approval: { state: 'withdrawn' } });
    }
    expect(await broken()).toEqual({});
    expect((await deadlocks()) - before).toBe(0);
  });
});

describe('several answers at once', () => {
  let lapse: LapseRequests;
  beforeAll(async () => {
    await scheduling.app.get(ApprovalSweeper, { strict: false }).onModuleDestroy();
    lapse = scheduling.app.get(LapseRequests, { strict: false });
  });

  test('P7: a request whose patient restricts sharing is refused a yes also before anybody has withdrawn it, and the answer says no reason', async () => {
    await asksFirst(24);
    const [at] = (await apart(harbor, 1, 4)) as [Found];
    const who = patient();
    const id = await request(at, who);
    expect((await harbor.post(`/patients/${who}/restrictions`, { practice: 'summit', reason: 'an ex-husband works there' })).status).toBe(201);
    const refused = await summit.post(`/appointments/${id}/approve`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'request-taken-back' } });
    expect(JSON.stringify(refused.body)).not.toMatch(/restrict|husband/);
    expect(await lapse.execute()).toBe(1);
    expect(await read(harbor, id)).toMatchObject({ status: 'cancelled', approval: { state: 'withdrawn' } });
    expect(await broken()).toEqual({});
  });
  const kinds: readonly (readonly [string, (id: string) => Promise<HttpResult>])[] = [
    ['approve', (id) => summit.post(`/appointments/${id}/approve`)], ['approve again', (id) => summitManager.post(`/appointments/${id}/approve`)],
    ['decline', (id) => summit.post(`/appointments/${id}/decline`)], ['cancel', (id) => harbor.post(`/appointments/${id}/cancel`, { reason: 'pat' })],
  ];
  const isYes = (name: string) => name.startsWith('approve');

  test.each([[['approve', 'approve again']], [['approve', 'decline']], [['decline', 'cancel']], [['approve', 'approve again', 'decline', 'decline']]])('P1 P7: of %j exactly one is the answer, and the time is neither lost nor taken twice', async (names) => {
    const before = await deadlocks();
    for (const at of await apart(harbor, 3, 4)) {
      const id = await request(at);
      const given = await Promise.all(names.map((name) => kinds.find(([kind]) => kind === name)![1](id)));
      expect(given.map(({ status }) => status).sort()).toEqual([200, ...names.slice(1).map(() => 409)]);
      const winner = names[given.findIndex(({ status }) => status === 200)]!;
      expect(await read(harbor, id)).toMatchObject({ status: isYes(winner) ? 'booked' : 'cancelled' });
      expect(await heard(id, 2)).toHaveLength(2);
      if (isYes(winner)) await harbor.post(`/appointments/${id}/cancel`, { reason: 'pat' });
    }
    expect(await broken()).toEqual({});
    expect((await deadlocks()) - before).toBe(0);
  });

  test('a yes and a call that takes the request back at one moment: either it was never a visit, or a visit that was approved is called off', async () => {
    for (const at of await apart(harbor, 4, 4)) {
      const id = await request(at);
      const [yes, off] = await Promise.all([kinds[0]![1](id), kinds[3]![1](id)]);
      expect(off!.status).toBe(200);
      expect([200, 409]).toContain(yes!.status);
      expect(await read(harbor, id)).toMatchObject({ status: 'cancelled', approval: { state: yes!.status === 200 ? 'approved' : 'withdrawn' } });
    }
    expect(await broken()).toEqual({});
  });

  test('P3: a yes at the deadline is either in time or too late, whether or not anybody looked at the request meanwhile', async () => {
    const before = await deadlocks();
    await asksFirst(1);
    for (const [round, at] of (await apart(harbor, 5, 3)).entries()) {
      const id = await request(at);
      const { approval } = await read(summit, id);
      advanceTo(plusMs(parseInstant(approval!.by), -30));
      const ended: number[] = [];
      const given = await Promise.all([0, 15, 30, 45, 60].flatMap((ms) => [
        new Promise((resolve) => setTimeout(resolve, ms + round * 3)).then(() => summit.post(`/appointments/${id}/approve`)),
        new Promise((resolve) => setTimeout(resolve, ms)).then(() => lapse.execute()).then((count) => void ended.push(count)),
      ]));
      const yes = given.filter((answer) => answer?.status === 200).length;
      expect(yes + ended.reduce((sum, count) => sum + count, 0)).toBe(1);
      for (const answer of given) if (answer && answer.status !== 200) expect(answer).toMatchObject({ status: 409, body: { code: expect.stringMatching(/^(approval-too-late|transition-not-allowed)$/) } });
      expect(await read(harbor, id)).toMatchObject(yes === 1 ? { status: 'booked', approval: { state: 'approved' } } : { status: 'cancelled', approval: { state: 'lapsed' } });
    }
    const late = await request((await apart(harbor, 1, 3))[0]!);
    advanceTo(parseInstant((await read(summit, late)).approval!.by));
    expect(await summit.post(`/appointments/${late}/approve`)).toMatchObject({ status: 409, body: { code: 'approval-too-late', approveBy: expect.any(String) } });
    expect(await lapse.execute()).toBe(1);
    expect(await read(harbor, late)).toMatchObject({ approval: { state: 'lapsed' } });
    expect(await broken()).toEqual({});
    expect((await deadlocks()) - before).toBe(0);
  });

  test('P1: thirty desks ask for one time: one request, and the time is free for all when it is declined', async () => {
    await asksFirst(24);
    const [at] = (await apart(harbor, 1, 4)) as [Found];
    const tried = await Promise.all(Array.from({ length: 30 }, (_, i) => (i % 2 ? harbor : desert).post('/appointments', { opening: at.id, patient: patients[i % 2 ? 'harbor' : 'desert']![i]! })));
    expect(tried.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(tried.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    expect((await summit.post(`/appointments/${String(tried.find(({ status }) => status === 201)!.body['id'])}/decline`)).status).toBe(200);
    expect((await desert.post('/holds', { opening: at.id })).status).toBe(201);
    expect(await broken()).toEqual({});
  });
});

// Last, because from then on nothing new is offered.
test('P7: a request for a time behind an exit that was confirmed since cannot be approved, nor honoured; before the exit it can', async () => {
  const [at] = (await apart(harbor, 1, 5)) as [Found];
  const id = await request(at);
  const leaves = (exitAt: Instant) => scheduling.sql(`UPDATE exit_plan SET exit_at = $1 WHERE practice_id = 'summit'`, [new Date(exitAt)]);
  expect((await summitManager.post('/exit-plans', { reason: 'the partners retire' })).status).toBe(201);
  const plan = String((await summitManager.get('/exit-plans')).body['items']![0]!['id']);
  expect((await (await scheduling.desk('owner@summit.example')).post(`/exit-plans/${plan}/confirm`)).status).toBe(200);
  await leaves(plusMs(parseInstant(at.start), -HOUR));
  expect(await summit.post(`/appointments/${id}/approve`)).toMatchObject({ status: 422, body: { code: 'not-shared', reason: 'ends-before-visit' } });
  expect(await read(harbor, id)).toMatchObject({ status: 'pending', approval: { state: 'waiting' } });
  expect(await summitManager.post(`/exit-plans/${plan}/honour`, { visits: [id] })).toMatchObject({ status: 422, body: { code: 'not-to-honour' } });
  await leaves(plusMs(parseInstant(at.end), HOUR));
  expect(await summit.post(`/appointments/${id}/approve`)).toMatchObject({ status: 200, body: { status: 'booked' } });
  expect(await broken()).toEqual({});
});
