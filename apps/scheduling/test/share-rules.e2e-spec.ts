import { type Desk, type OpeningItem, RunningScheduling } from './running-scheduling';

let scheduling: RunningScheduling;
let harbor: Desk;
let desert: Desk;
let summit: Desk;
let summitManager: Desk;
const patients: Record<string, string[]> = { harbor: [], desert: [], summit: [] };

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  [harbor, desert, summit, summitManager] = await Promise.all(['frontdesk@harbor.example', 'frontdesk@desert.example', 'frontdesk@summit.example', 'manager@summit.example'].map((subject) => scheduling.desk(subject))) as [Desk, Desk, Desk, Desk];
  for (const { id, practice } of await scheduling.sql<{ id: string; practice: string }>(`SELECT id, practice_id AS practice FROM patient WHERE given_by IS NULL ORDER BY id`)) patients[practice]?.push(id);
});
afterAll(async () => scheduling.stop());

const patient = (practice = 'harbor'): string => patients[practice]!.pop()!;
const BASE = { opensDaysBefore: 60, returnsHoursBefore: 2, dailyQuota: 16 };
/** What summit shares from now on, with these fields beside what the sample has. */
async function share(...rules: object[]): Promise<void> {
  const all = rules.map((rule, i) => ({ id: `summit-${i}-${String(++made)}`, host: 'summit', services: ['dermatology-consult', 'skin-check'], ...BASE, ...rule }));
  // Why past the trigger: what was agreed is never rewritten, and a test wants it now.
  await scheduling.sql(`BEGIN; SET LOCAL session_replication_role = replica; UPDATE agreement_version SET terms = jsonb_set(terms, '{rules}', (SELECT coalesce(jsonb_agg(r) FILTER (WHERE r->>'host' <> 'summit'), '[]') FROM jsonb_array_elements(terms->'rules') r) || '${JSON.stringify(all)}'::jsonb); COMMIT`);
}
let made = 0;
const search = (days = 2, more = '', desk = harbor) => desk.get(`/openings?service=dermatology-consult&practice=summit&from=${scheduling.inDays(days)}&to=${scheduling.inDays(days + 12)}&limit=200${more}`);
const openings = async (days = 2, more = '', desk = harbor): Promise<OpeningItem[]> => (await search(days, more, desk)).body['items'] as unknown as OpeningItem[];
const leftOut = async (days = 2, more = ''): Promise<string[]> => ((await search(days, more)).body['leftOut'] as unknown as { reason: string }[]).map(({ reason }) => reason);
const dateOf = ({ start, zone }: OpeningItem): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(start));
const weekOf = (item: OpeningItem): string => { const day = new Date(`${dateOf(item)}T00:00:00Z`); day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7)); return day.toISOString().slice(0, 10); };
/** One opening per provider and half-hour, so that none stands in another's way. */
const apart = (items: OpeningItem[]): OpeningItem[] => items.filter((item, i) => !items.slice(0, i).some((other) => other.start < item.end && item.start < other.end));

describe('what an agreement shares', () => {
  test("P7: a week's quota holds against twelve desks at once, is told in a sentence, and follows a visit into another week", async () => {
    await share({ weeklyQuota: 3 });
    const items = apart(await openings(8));
    const week = weekOf(items.at(-1)!);
    const inWeek = items.filter((item) => weekOf(item) === week).slice(0, 12);
    const holds = await Promise.all(inWeek.map((item, i) => (i % 2 ? harbor : desert).post('/holds', { opening: item.id })));
    expect(holds.map(({ status }) => status).sort()).toEqual([201, 201, 201, ...inWeek.slice(3).map(() => 409)]);
    expect(await leftOut(8)).toContain("not offered: summit's weekly quota of 3 is used");
    expect((await openings(8)).filter((item) => weekOf(item) === week)).toEqual([]);
    const mine = holds.find(({ status }, i) => status === 201 && i % 2 === 1) ?? holds.find(({ status }) => status === 201)!;
    const desk = holds.indexOf(mine) % 2 ? harbor : desert;
    const booked = await desk.post('/appointments', { hold: mine.body['id'], patient: patient(desk === harbor ? 'harbor' : 'desert') });
    expect(booked.status).toBe(201);
    const [next] = await openings(15, '', desk).then((all) => all.filter((item) => weekOf(item) > week));
    expect((await desk.post(`/appointments/${String(booked.body['id'])}/reschedule`, { opening: next!.id })).status).toBe(200);
    const [free] = (await openings(8)).filter((item) => weekOf(item) === week);
    expect((await harbor.post('/holds', { opening: free!.id })).status).toBe(201);
    const counts = await scheduling.sql<{ day: string; used: number }>(`SELECT day::text, used FROM quota_use WHERE period = 'week' ORDER BY day`);
    expect(counts).toEqual([{ day: week, used: 3 }, { day: weekOf(next!), used: 1 }]);
  });

  test('P7: a share of the day is counted by what fits into its hours', async () => {
    await share({ dailyQuota: null, dailySharePercent: 10 });
    const day = dateOf((await openings(4))[0]!);
    const items = apart((await openings(4)).filter((item) => dateOf(item) === day));
    const answers: number[] = [];
    for (const item of items.slice(0, 8)) answers.push((await harbor.post('/holds', { opening: item.id })).status);
    const taken = answers.filter((status) => status === 201).length;
    // Three providers with some eight to ten hours of half-hour visits each, or two of them.
    expect(taken).toBeGreaterThanOrEqual(2);
    expect(taken).toBeLessThanOrEqual(6);
    expect(answers).toEqual([...Array<number>(taken).fill(201), ...answers.slice(taken).map(() => 409)]);
    expect(await leftOut(4)).toContain(`not offered: summit's daily quota of ${taken} is used`);
  });

  test('P7: while own patients wait, partners see only what is near, at search and hold alike', async () => {
    await share({ ownFirstDays: 4 });
    const before = await openings(2);
    const far = before.at(-1)!;
    const waits = await summit.post('/waitlist-entries', { patient: patient('summit'), service: 'dermatology-consult', noticeMinutes: 60 });
    expect(waits.status).toBe(201);
    const near = await openings(2);
    expect(near.length).toBeLessThan(before.length);
    expect(near.every(({ start }) => start < scheduling.inDays(5))).toBe(true);
    expect(await leftOut(2)).toContain("not offered: summit's own patients wait for this service and come first");
    expect(await harbor.post('/holds', { opening: far.id })).toMatchObject({ status: 409, body: { code: 'opening-taken' } });
    expect((await summit.post('/holds', { opening: far.id })).status).toBe(201);
    expect((await summit.post(`/waitlist-entries/${String(waits.body['id'])}/withdraw`)).status).toBe(200);
    expect((await openings(2)).length).toBeGreaterThan(near.length);
  });

  test('P7: a host that is full for its own lends nothing; what is known of it is a minute old at most', async () => {
    await share({ guardDays: 6 });
    const [open] = await openings(9);
    expect(open).toBeDefined();
    const days = { firstDay: scheduling.inDays(-1).slice(0, 10), lastDay: scheduling.inDays(8).slice(0, 10) };
    const closures = await Promise.all([...new Set((await openings(2)).map(({ site }) => site.id))].map((site) => summitManager.post('/closures', { site, days, reason: 'a flood' })));
    for (const closure of closures) expect(closure.status).toBe(201);
    scheduling.clock.moveTo(scheduling.clock.offset + 61_000);
    expect(await openings(9)).toEqual([]);
    expect(await leftOut(9)).toContain('not offered: summit lends no time while its own patients wait longer than 6 days for one');
    expect(await harbor.post('/holds', { opening: open!.id })).toMatchObject({ status: 409, body: { code: 'opening-taken' } });
    await share({ guardDays: 6, leastPerDay: 1 });
    expect((await openings(9)).map(({ id }) => id)).toContain(open!.id);
    await scheduling.sql('DELETE FROM closure WHERE reason = $1', ['a flood']);
    await share({ guardDays: 6 });
    scheduling.clock.moveTo(scheduling.clock.offset + 61_000);
    expect((await harbor.post('/holds', { opening: open!.id })).status).toBe(201);
  });

  test('P7: only with a referral, only for new patients, not with a payer: a condition in the search, decided at the booking', async () => {
    await share({ onlyFor: ['referrals'] }, { notPayers: ['self-pay'], noContract: ['self-pay'] });
    const [one, two] = apart(await openings(3)) as (OpeningItem & { why: string })[];
    expect(one!.why).toContain('only with a referral; not with self-pay');
    const who = patient();
    expect(await harbor.post('/appointments', { opening: one!.id, patient: who })).toMatchObject({ status: 422, body: { code: 'not-shared', reason: 'only-for', detail: 'This time is not offered: summit shares this time only with a referral.' } });
    const hold = await harbor.post('/holds', { opening: one!.id });
    expect(hold.status).toBe(201);
    expect(await harbor.post('/appointments', { hold: hold.body['id'], patient: who })).toMatchObject({ status: 422, body: { code: 'not-shared' } });
    expect(await openings(3, `&patient=${who}`)).toEqual([]);
    const sent = await harbor.post('/referrals', { patient: who, to: { practice: 'summit' }, service: 'dermatology-consult', reason: 'a mole', urgency: 'routine' });
    expect(sent.status).toBe(201);
    for (const step of ['receive', 'accept']) expect((await summit.post(`/referrals/${String(sent.body['id'])}/${step}`)).status).toBe(200);
    expect((await openings(3, `&patient=${who}`)).length).toBeGreaterThan(0);
    await scheduling.sql(`UPDATE patient SET payer = 'self-pay' WHERE id = $1`, [who]);
    expect(await harbor.post('/appointments', { hold: hold.body['id'], patient: who, referral: sent.body['id'] })).toMatchObject({ status: 422, body: { reason: 'payer' } });
    await scheduling.sql('UPDATE patient SET payer = NULL WHERE id = $1', [who]);
    const booked = await harbor.post('/appointments', { hold: hold.body['id'], patient: who, referral: sent.body['id'] });
    expect(booked.status).toBe(201);
    await scheduling.sql(`UPDATE appointment SET status = 'fulfilled', starts_at = starts_at - interval '30 days', ends_at = ends_at - interval '30 days' WHERE id = $1`, [booked.body['id']]);
    await share({ onlyFor: ['new-patients'] });
    expect(await harbor.post('/appointments', { opening: two!.id, patient: who })).toMatchObject({ status: 422, body: { reason: 'only-for' } });
    expect((await harbor.post('/appointments', { opening: two!.id, patient: patient() })).status).toBe(201);
  });

  test('P7: a visit behind an approved amendment is let pass by both versions and counts once; what the amendment closes is closed at once', async () => {
    await share({ dailyQuota: 2 });
    const change = scheduling.inDays(20);
    const amend = (rules: object[]) => scheduling.sql(`INSERT INTO agreement_version (agreement_id, version, status, practices, effective_from, terms, hash, drafted_for, authors, drafted_at)
      SELECT agreement_id, 2, 'approved', practices, $1, terms || jsonb_build_object('rules', $2::jsonb), repeat('0', 64), drafted_for, '{}', drafted_at FROM agreement_version WHERE version = 1`, [change, JSON.stringify(rules)]);
    const [{ rules }] = await scheduling.sql<{ rules: { id: string; host: string }[] }>(`SELECT terms->'rules' AS rules FROM agreement_version WHERE version = 1`) as [{ rules: { id: string; host: string }[] }];
    await scheduling.sql(`UPDATE agreement_version SET effective_to = $1`, [change]);
    expect(await leftOut(22)).toContainEqual(expect.stringContaining('not offered: the agreement with summit is not in force on'));
    await amend(rules.map((rule) => ({ ...rule, dailyQuota: 1 })));
    const day = dateOf((await openings(23))[0]!);
    const [one, two] = apart((await openings(23)).filter((item) => dateOf(item) === day));
    expect((await harbor.post('/appointments', { opening: one!.id, patient: patient() })).status).toBe(201);
    expect(await harbor.post('/holds', { opening: two!.id })).toMatchObject({ status: 409 });
    const mine = rules.find(({ host }) => host === 'summit')!;
    expect(await scheduling.sql('SELECT used FROM quota_use WHERE rule = $1 AND day = $2', [mine.id, day])).toEqual([{ used: 1 }]);
    await scheduling.sql(`BEGIN; SET LOCAL session_replication_role = replica; UPDATE agreement_version SET terms = jsonb_set(terms, '{rules}', '[]') WHERE version = 2; COMMIT`);
    expect(await openings(23)).toEqual([]);
    expect((await openings(3)).length).toBeGreaterThan(0);
    await scheduling.sql(`BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM agreement_version WHERE version = 2; UPDATE agreement_version SET effective_to = NULL; COMMIT`);
  });

  test("P7: a provider's own limit holds for all partners at once, against desks that book at one moment; its manager sets it, nobody else", async () => {
    await share({ dailyQuota: 40 });
    const all = await openings(5);
    const day = dateOf(all[0]!);
    const provider = all[0]!.provider.id;
    const items = all.filter((item) => dateOf(item) === day && item.provider.id === provider).filter((item, i, list) => !list.slice(0, i).some((other) => other.start < item.end && item.start < other.end)).slice(0, 8);
    const path = `/providers/${provider}/partner-settings`;
    expect((await summit.call('PUT', path, { visitsPerDay: 2 })).status).toBe(403);
    expect((await (await scheduling.desk('manager@harbor.example')).call('PUT', path, { visitsPerDay: 99 })).status).toBe(404);
    expect(await summitManager.call('PUT', path, { visitsPerDay: 2 })).toMatchObject({ status: 200, body: { visitsPerDay: 2 } });
    const holds = await Promise.all(items.map((item, i) => (i % 2 ? harbor : desert).post('/holds', { opening: item.id })));
    expect(holds.map(({ status }) => status).sort()).toEqual([201, 201, ...items.slice(2).map(() => 409)]);
    expect((await openings(5)).filter((item) => dateOf(item) === day && item.provider.id === provider)).toEqual([]);
    expect(await leftOut(5)).toContain('not offered: the provider takes 2 partner visits a day, and summit has them');
    expect((await summit.post('/holds', { opening: items[holds.findIndex(({ status }) => status === 409)]!.id })).status).toBe(201);
    expect(await summitManager.call('PUT', path, { visitsPerDay: null })).toMatchObject({ status: 200 });
    expect((await openings(5)).some((item) => dateOf(item) === day && item.provider.id === provider)).toBe(true);
    expect((await summitManager.get(path)).body).toEqual({ visitsPerDay: null, approvalHours: null });
    expect(await scheduling.sql(`SELECT details FROM audit_entry WHERE action = 'provider.partner-visits-limited' ORDER BY id`)).toEqual([{ details: { before: null, after: 2 } }, { details: { before: 2, after: null } }]);
  });

  test('rules are drafted with their price, a short return by default, and payers only on the stated fact', async () => {
    const draft = (rule: object) => summitManager.post('/agreements', { name: 'Skin', practices: ['harbor', 'summit'], effectiveFrom: scheduling.inDays(30), neighbours: [['harbor', 'summit']], rules: [{ id: 'skin', host: 'summit', services: ['skin-check'], ...rule }] });
    expect(await draft({ notPayers: ['medicaid'] })).toMatchObject({ status: 400, body: { code: 'invalid-request', errors: [{ pointer: '/rules/0/notPayers' }] } });
    expect(await draft({ notPayers: ['medicaid'], noContract: ['medicaid'], returnsHoursBefore: 48 })).toMatchObject({ status: 201, body: { priceOfReturn: { skin: expect.stringMatching(/2 days before: patients wait 2\.00 working days/) } } });
    expect(await draft({})).toMatchObject({ status: 201, body: { rules: [{ returnsHoursBefore: 2 }], terms: { neighbours: [['harbor', 'summit']] } } });
  });
});
