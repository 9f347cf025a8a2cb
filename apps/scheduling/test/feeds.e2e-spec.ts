import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Desk, type HttpResult, RunningScheduling } from './running-scheduling';

type Report = { readonly kind: string; readonly name: string; readonly state: string; readonly taken: number; readonly busy: number; readonly lines: number; readonly mended: Record<string, number>; readonly refused: Record<string, number> };
const KINDS = [['locations', 'Location'], ['schedules', 'Schedule'], ['slots', 'Slot']] as const;
const samples = join(__dirname, 'samples/feed');
const data = process.env['SLOTMESH_DATA'];
const manifestOf = (folder: string): Record<string, unknown> => JSON.parse(readFileSync(join(folder, 'bulk-publish.json'), 'utf8')) as Record<string, unknown>;

let scheduling: RunningScheduling;
let operator: Desk;
let harbor: Desk;
beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  [operator, harbor] = await Promise.all([scheduling.desk('operator@network.example'), scheduling.desk('frontdesk@harbor.example')]);
});
afterAll(async () => scheduling.stop());

interface Sent { readonly kind: string; readonly name: string; readonly hash: string; readonly lines: readonly string[] }
const filesOf = (folder: string, change: (text: string) => string = (text) => text): Sent[] => KINDS.flatMap(([word, kind]) => readdirSync(folder).sort().filter((name) => name.startsWith(word)).map((name) => {
  const text = change(readFileSync(join(folder, name), 'utf8'));
  return { kind, name, hash: createHash('sha256').update(text).digest('hex'), lines: text.split('\n') };
}));
async function send(id: string, { lines, ...file }: Sent, from: number, to = lines.length): Promise<HttpResult> {
  return operator.post(`/connections/${id}/files`, { ...file, from, lines: lines.slice(from, to), last: to === lines.length });
}
/** As the import tool does it, in small chunks. */
async function importFrom(folder: string, files = filesOf(folder), chunk = 7, manifest = manifestOf(folder)): Promise<{ id: string; practice: string; reports: Report[] }> {
  const connected = await operator.post('/connections', { manifest });
  expect([200, 201]).toContain(connected.status);
  const id = String(connected.body['id']);
  for (const file of files) {
    for (let from = 0; from < file.lines.length; from += chunk) {
      const answer = await send(id, file, from, Math.min(from + chunk, file.lines.length));
      expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
    }
  }
  return { id, practice: String(connected.body['practice']), reports: (await operator.get(`/connections/${id}`)).body['files'] as unknown as Report[] };
}
const state = async (): Promise<unknown> => scheduling.sql(`SELECT (SELECT json_agg(s ORDER BY s.id) FROM site s) AS sites, (SELECT json_agg(c ORDER BY c.id) FROM feed_schedule c) AS schedules, (SELECT json_agg(t ORDER BY t.schedule_id, t.starts_at) FROM feed_slot t) AS slots,
  (SELECT json_agg(a ORDER BY a.id) FROM agreement a) AS agreements, (SELECT json_agg(p ORDER BY p.id) FROM practice p) AS practices`);
/** Without what the ledger tells of days as it comes round to them. */
const eventsOf = async (): Promise<unknown> => scheduling.sql(`SELECT topic, sum(last)::int AS n FROM event_sequence WHERE topic <> 'scheduling.shared-time.v1' GROUP BY topic ORDER BY topic`);
const july = 'service=vaccination&from=2031-07-01T00:00:00Z&to=2031-07-20T00:00:00Z';

describe('a publication as input', () => {
  let id: string;
  let reports: Report[];
  beforeAll(async () => {
    ({ id, reports } = await importFrom(samples));
  });

  test('is taken whole: counted, mended and refused by rule, whatever the chunks', () => {
    expect(reports.map(({ kind, taken, busy, state: is }) => [kind, taken, busy, is])).toEqual([['Location', 4, 0, 'taken'], ['Schedule', 4, 0, 'taken'], ['Slot', 11, 2, 'taken']]);
    expect(reports[0]!.mended).toEqual({ 'phone left out: no such number can exist': 1, 'postal code: lost zeros given back': 2, 'zone: told by the position, the state has two': 1 });
    expect(reports[1]!.refused).toEqual({ 'actor: its Location is not in the feed, or was refused': 1, 'actor: must name a Location': 1, 'serviceType: no immunization': 1 });
    expect(reports[2]!.mended).toMatchObject({ 'key: given twice, the later line stands': 1, 'time: the wall time stands, its offset was that of the other season': 3 });
    expect(Object.values(reports[2]!.refused)).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });

  test('gives the same result when it is read again, and changes nothing', async () => {
    const [before, events] = [await state(), await eventsOf()];
    expect((await importFrom(samples, undefined, 100)).reports).toEqual(reports);
    expect(await state()).toEqual(before);
    expect(await eventsOf()).toEqual(events);
  });

  test('P7: becomes a practice without staff, joined by an agreement of its own that shares all', async () => {
    expect((await harbor.get('/practices/sunrise-pharmacy')).body).toMatchObject({ staffed: false, partnership: expect.any(String) });
    const agreements = (await harbor.get('/agreements')).body['items'] as unknown as { version: number; practices: string[] }[];
    expect(agreements.map(({ version, practices }) => [version, practices])).toEqual([[1, ['desert', 'harbor', 'summit']], [1, ['desert', 'harbor', 'summit', 'sunrise-pharmacy']]]);
    const told = await scheduling.sql<{ topic: string; n: number }>(`SELECT topic, count(*)::int AS n FROM event_sequence WHERE key = 'sunrise-pharmacy' OR key IN (SELECT id::text FROM site WHERE practice_id = 'sunrise-pharmacy') GROUP BY topic ORDER BY topic`);
    expect(told).toEqual([{ topic: 'scheduling.practice.v1', n: 1 }, { topic: 'scheduling.site.v1', n: 4 }]);
  });

  test('an import that was cut short goes on where it ended; one that runs ahead is told where to go on', async () => {
    const changed = filesOf(samples, (text) => text.replace('"valueInteger": 33', '"valueInteger": 34')).find(({ kind }) => kind === 'Slot')!;
    expect(await send(id, changed, 5)).toMatchObject({ status: 409, body: { code: 'lines-missing', lines: 0 } });
    await send(id, changed, 0, 6);
    expect(await send(id, changed, 9)).toMatchObject({ status: 409, body: { code: 'lines-missing', lines: 6 } });
    expect(await send(id, changed, 3)).toMatchObject({ status: 200, body: { state: 'taken', taken: 11, lines: changed.lines.length } });
    const shorter = { ...changed, hash: 'b'.repeat(64), lines: changed.lines.slice(0, 4) };
    expect(await send(id, shorter, 0)).toMatchObject({ status: 200, body: { taken: 4 } });
    expect(await scheduling.sql('SELECT count(*)::int AS n FROM feed_slot')).toEqual([{ n: 4 }]);
    expect((await importFrom(samples)).reports[2]).toEqual(reports[2]);
  });

  test('a place that changes has what hangs on it read again', async () => {
    const moved = filesOf(samples, (text) => text.replace('12 Linden Street', '14 Linden Street'));
    await send(id, moved[0]!, 0);
    expect(((await operator.get(`/connections/${id}`)).body['files'] as unknown as Report[]).map(({ state: is }) => is)).toEqual(['taken', 'stale', 'stale']);
    expect((await harbor.openings(july)).map(({ site }) => site)).toContainEqual({ id: expect.any(String), name: 'Sunrise Pharmacy, 14 Linden Street, Millbrook' });
    expect((await importFrom(samples)).reports.map(({ taken }) => taken)).toEqual([4, 4, 11]);
  });
});

describe('a publication that is read again and again', () => {
  const output = ['one', 'two'].map((name) => ({ type: 'Slot', url: `https://twin.example/${name}.ndjson` }));
  const manifest = { transactionTime: '2031-06-30T20:27:12Z', request: 'https://twin.example/$bulk-publish', output };
  const [places, schedules, slots] = filesOf(samples) as [Sent, Sent, Sent];
  const byAddress = [places, schedules, { ...slots, name: output[0]!.url, lines: slots.lines.slice(0, 2), hash: 'a'.repeat(64) }, { ...slots, name: output[1]!.url, lines: slots.lines.slice(2, 5), hash: 'c'.repeat(64) }];
  const stored = () => scheduling.sql(`SELECT count(*)::int AS n FROM feed_slot WHERE practice_id = 'twin'`);

  test('two imports at once give what one gives', async () => {
    const both = await Promise.all([importFrom(samples, byAddress, 2, manifest), importFrom(samples, byAddress, 3, manifest)]);
    expect(both.map(({ id, practice }) => [id, practice])).toEqual([[both[0].id, 'twin'], [both[0].id, 'twin']]);
    expect((await importFrom(samples, byAddress, 9, manifest)).reports.map(({ taken, state: is }) => [taken, is])).toEqual([[4, 'taken'], [4, 'taken'], [2, 'taken'], [3, 'taken']]);
    expect(await stored()).toEqual([{ n: 5 }]);
  });

  test('offers nothing from a file that it no longer names', async () => {
    await operator.post('/connections', { manifest: { ...manifest, output: output.slice(1) } });
    expect(await stored()).toEqual([{ n: 3 }]);
    await importFrom(samples, byAddress, 9, manifest);
    expect(await stored()).toEqual([{ n: 5 }]);
    await operator.post('/connections', { manifest: { ...manifest, output: [] } });
    expect(await stored()).toEqual([{ n: 0 }]);
  });
});

describe('published openings', () => {
  test('are found by service, place and part of day, soonest first, with where they are booked', async () => {
    const all = await harbor.openings(`${july}&limit=100`);
    expect(all).toHaveLength(8);
    expect(all.map(({ start }) => start)).toEqual([...all.map(({ start }) => start)].sort());
    expect(all.find(({ start, zone }) => start === '2031-07-02T13:00:00.000Z' && zone === 'America/New_York')).toMatchObject({
      practice: 'sunrise-pharmacy', service: 'vaccination', bookable: 'link', link: 'https://www.sunrise-pharmacy.example/book', phone: '+18565550142', provider: null, visitType: null, end: '2031-07-03T01:00:00.000Z',
      why: expect.stringContaining('published by sunrise-pharmacy'),
    });
    const phones = await harbor.openings(`${july}&near=30.42,-87.21&radiusKm=20`);
    expect(phones).toEqual([expect.objectContaining({ bookable: 'phone', phone: '+18505550107', distanceKm: 0 }), expect.objectContaining({ bookable: 'phone' })]);
    expect(phones[0]).not.toHaveProperty('link');
    expect(await harbor.openings(`${july}&site=${phones[0]!.site.id}`)).toHaveLength(2);
    expect(await harbor.openings(`${july}&partOfDay=evening`)).toHaveLength(2);
    for (const none of ['practice=harbor', 'modality=video', 'language=en', 'provider=019b0000-0000-7000-8000-000000000000']) expect([none, (await harbor.openings(`${july}&${none}`)).filter(({ practice }) => practice === 'sunrise-pharmacy')]).toEqual([none, []]);
  });

  test('pages cut by start and id give each exactly once, own openings among them', async () => {
    const query = `service=vaccination&practice=sunrise-pharmacy&from=2031-06-25T00:00:00Z&to=2031-07-20T00:00:00Z&limit=3`;
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: HttpResult = await harbor.get(`/openings?${query}${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...(page.body['items'] as unknown as { id: string }[]).map((item) => item.id));
      cursor = page.body['nextCursor'] as unknown as string | null;
    }
    expect(seen).toHaveLength(8);
    expect(new Set(seen).size).toBe(8);
  });

  test('P7: are never held or booked here: 422 says where; who sees nothing of the network is told nothing', async () => {
    const [opening] = await harbor.openings(july);
    const details = { code: 'link-or-phone-only', bookable: expect.stringMatching(/link|phone/) };
    expect(await harbor.post('/holds', { opening: opening!.id })).toMatchObject({ status: 422, body: details });
    const [patient] = await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'harbor' LIMIT 1`);
    expect(await harbor.post('/appointments', { opening: opening!.id, patient: patient!.id })).toMatchObject({ status: 422, body: details });
    const lakeside = await scheduling.desk('frontdesk@lakeside.example');
    expect(await lakeside.openings(july)).toEqual([]);
    expect((await lakeside.post('/holds', { opening: opening!.id })).status).toBe(404);
  });
});

describe('bad input', () => {
  test('each refusal names the field and the rule', async () => {
    const manifest = manifestOf(samples);
    expect(await operator.post('/connections', { manifest: { ...manifest, request: 'not an address' } })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/manifest/request' }] } });
    expect(await operator.post('/connections', { manifest: { ...manifest, transactionTime: 'yesterday' } })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/manifest/transactionTime' }] } });
    expect(await operator.post('/connections', { manifest, practice: 'other' })).toMatchObject({ status: 409, body: { code: 'already-connected', practice: 'sunrise-pharmacy' } });
    const another = { ...manifest, request: 'http://127.0.0.1:9/$bulk-publish' };
    expect(await operator.post('/connections', { manifest: another })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/practice' }] } });
    expect(await operator.post('/connections', { manifest: another, practice: 'harbor' })).toMatchObject({ status: 409, body: { code: 'practice-taken' } });
    expect(await operator.post('/connections', { manifest: another, practice: 'sunrise-pharmacy' })).toMatchObject({ status: 409, body: { code: 'practice-taken' } });
    expect((await operator.get('/connections/019b0000-0000-7000-8000-000000000000')).body).toMatchObject({ code: 'connection-unknown' });
    expect((await harbor.post('/connections', { manifest })).status).toBe(403);
  });
});

if (data) describe('the recorded feeds, whole', () => {
  test.each([['riteaid-nj-2023-03-24', 'riteaid', 112, 112, 1_542, 112], ['prepmod-wa-2021-09-01', 'prepmod', 2, 2, 49, 0]] as const)('%s, twice', async (folder, practice, locations, schedules, slots, busy) => {
    const path = join(data, folder);
    const sum = (all: readonly Report[], kind: string, count: (report: Report) => number): number => all.filter((report) => report.kind === kind).reduce((total, report) => total + count(report), 0);
    for (let time = 1; time <= 2; time += 1) {
      const { practice: code, reports } = await importFrom(path, undefined, 500);
      expect([code, ...['Location', 'Schedule', 'Slot'].map((kind) => sum(reports, kind, ({ taken }) => taken)), sum(reports, 'Slot', (report) => report.busy)]).toEqual([practice, locations, schedules, slots, busy]);
      expect(reports.flatMap(({ refused }) => Object.keys(refused))).toEqual([]);
      expect(sum(reports, 'Slot', ({ mended }) => mended['time: the wall time stands, its offset was that of the other season'] ?? 0)).toBe(slots);
    }
    expect(await scheduling.sql(`SELECT count(*)::int AS n FROM feed_slot WHERE practice_id = $1`, [practice])).toEqual([{ n: slots }]);
  });

  test('a day of the chain is found with the hours on its doors', async () => {
    const items = await harbor.openings('service=vaccination&practice=riteaid&from=2023-03-25T00:00:00Z&to=2023-03-26T00:00:00Z&limit=200');
    expect(items).toHaveLength(106);
    expect(new Set(items.map(({ start }) => start))).toEqual(new Set(['2023-03-25T12:00:00.000Z', '2023-03-25T13:00:00.000Z']));
    expect(new Set(items.map((item) => (item as unknown as { bookable: string }).bookable))).toEqual(new Set(['link']));
  });
});
