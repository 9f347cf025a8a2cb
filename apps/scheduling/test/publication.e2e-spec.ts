import { createHash } from 'node:crypto';
import { MINUTE } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { Client } from 'pg';
import { type Desk, type OpeningItem, RunningScheduling } from './running-scheduling';

const PUBLIC_URL = 'https://slots.example';
interface Slot { readonly id: string; readonly schedule: { readonly reference: string }; readonly status: string; readonly start: string; readonly end: string; readonly extension: readonly { readonly valueUrl?: string; readonly valueString?: string }[] }
interface Manifest { readonly transactionTime: string; readonly request: string; readonly output: readonly { readonly type: string; readonly url: string; readonly extension: { readonly state: string[] } }[] }

let scheduling: RunningScheduling;
let harbor: Desk;
beforeAll(async () => {
  scheduling = await RunningScheduling.start({ publicUrl: PUBLIC_URL });
  harbor = await scheduling.desk('frontdesk@harbor.example');
});
afterAll(async () => scheduling.stop());

/** Addresses of the publication lead through the gateway; the test asks the service. */
const ask = (address: string, headers: Record<string, string> = {}): Promise<Response> => {
  const { pathname, search } = new URL(address, PUBLIC_URL);
  return fetch(scheduling.url + pathname + search, { headers });
};
const bulk = '/smart-scheduling/$bulk-publish';
const manifest = async (since = ''): Promise<Manifest> => (await (await ask(`${bulk}${since && `?_since=${since}`}`)).json()) as Manifest;
const textOf = async (from: Manifest, type: string): Promise<string> => (await ask(from.output.find((one) => one.type === type)!.url)).text();
async function read<T>(from: Manifest, type: string): Promise<T[]> {
  return (await textOf(from, type)).split('\n').filter(Boolean).map((line) => JSON.parse(line) as T);
}
const later = (ms: number): void => void scheduling.clock.moveTo(scheduling.clock.offset + ms);
const aMinuteLater = (): void => later(MINUTE);
const published = async (type: string, practice: string): Promise<string[]> => (await scheduling.sql<{ id: string }>('SELECT id FROM published_resource WHERE kind = $1 AND practice_id = $2 AND to_at IS NULL', [type, practice])).map(({ id }) => id);

const took = new Set<string>();
/** Holds a time that only one of the site gives then: otherwise it can still be had. Another one each time: the hold before may be over and still be published as taken, and then nothing would change. */
async function takeOne(): Promise<OpeningItem> {
  const found = await harbor.openings(`service=vaccination&practice=harbor&from=${scheduling.inDays(5)}&to=${scheduling.inDays(20)}&limit=200`);
  const taken = found.find((one) => !took.has(one.id) && found.filter(({ start, site }) => start === one.start && site.id === one.site.id).length === 1)!;
  expect((await harbor.post('/holds', { opening: taken.id })).status).toBe(201);
  took.add(taken.id);
  return taken;
}

describe('SMART Scheduling Links out', () => {
  test('publishes what practices make public, without a token, and nothing else', async () => {
    const answer = await ask(bulk);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([200, expect.stringContaining('application/json'), 'public, max-age=60']);
    const now = (await answer.json()) as Manifest;
    expect(now).toMatchObject({ request: `${PUBLIC_URL}${bulk}`, error: [], output: ['Location', 'Schedule', 'Slot'].map((type) => ({ type, url: expect.stringMatching(/^https:\/\/slots\.example\/smart-scheduling\/[a-z]+-\d+\.ndjson$/), extension: { state: ['CO', 'MA'] } })) });
    expect((await ask(now.output[2]!.url)).headers.get('content-type')).toContain('application/fhir+ndjson');
    expect((await read<{ name: string; telecom: object[] }>(now, 'Location')).map(({ name, telecom }) => [name, telecom.length]).sort()).toEqual([['Harbor Family Medicine, Boston', 1], ['Harbor Family Medicine, Worcester', 1], ['Summit Dermatology, Denver', 1]]);
    const slots = await read<Slot>(now, 'Slot');
    expect(slots.length).toBeGreaterThan(500);
    for (const { id, start, end } of slots) expect([id, start, end]).toEqual([expect.stringMatching(/^[A-Za-z0-9.-]{1,64}$/), expect.stringMatching(/T\d\d:\d\d:\d\d-0[4-7]:00$/), expect.stringMatching(/-0[4-7]:00$/)]);
    const all = (await Promise.all(['Location', 'Schedule', 'Slot'].map((type) => textOf(now, type)))).join('');
    for (const secret of ['Thornton', 'Alvarez', 'Desert', 'lakeside', 'primary-care', 'dermatology-consult']) expect(all).not.toContain(secret);
  });

  test('published and imported again gives the same openings: every start, end, site, phone and link', async () => {
    const operator = await scheduling.desk('operator@network.example');
    const now = await manifest();
    const { body: { id } } = await operator.post('/connections', { manifest: now, practice: 'mirror' });
    for (const { type, url } of now.output) {
      const text = await textOf(now, type);
      const lines = text.split('\n');
      for (let from = 0; from < lines.length; from += 1_000) {
        const last = from + 1_000 >= lines.length;
        expect((await operator.post(`/connections/${String(id)}/files`, { kind: type, name: url, hash: createHash('sha256').update(text).digest('hex'), from, lines: lines.slice(from, from + 1_000), last })).status).toBe(200);
      }
    }
    for (const file of (await operator.get(`/connections/${String(id)}`)).body['files'] as unknown as object[]) expect(file).toMatchObject({ mended: {}, refused: {}, state: 'taken' });
    const key = `extract(epoch FROM starts_at)::bigint AS start, extract(epoch FROM ends_at)::bigint AS "end"`;
    const imported = await scheduling.sql<Record<string, string>>(`SELECT c.service_code AS service, s.address, s.zone, t.phone, t.link, ${key} FROM feed_slot t JOIN feed_schedule c ON c.id = t.schedule_id JOIN site s ON s.id = c.site_id WHERE t.practice_id = 'mirror' AND t.free`);
    const sites = new Map((await scheduling.sql<{ id: string; address: object; zone: string; phone: string }>('SELECT id, address, zone, phone FROM site')).map((site) => [site.id, site]));
    const own = new Map<string, object>();
    // From tomorrow: minutes that pass while the test reads take today's times away.
    const [since, until] = [scheduling.inDays(1), scheduling.inDays(29)];
    for (const [practice, service] of [['harbor', 'vaccination'], ['summit', 'skin-check']] as const) {
      // Each practice sees its own calendar whole: sharing rules are about partners, not about what it makes public.
      const desk = await scheduling.desk(`frontdesk@${practice}.example`);
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: { readonly body: object } = await desk.get(`/openings?service=${service}&practice=${practice}&from=${since}&to=${until}&limit=200${cursor && `&cursor=${cursor}`}`);
        const { items, nextCursor } = page.body as { items: { site: { id: string }; start: string; end: string }[]; nextCursor: string | null };
        for (const { site, start, end } of items) own.set(`${site.id} ${start}`, { service, address: sites.get(site.id)!.address, zone: sites.get(site.id)!.zone, phone: sites.get(site.id)!.phone, start: String(Date.parse(start) / 1_000), end: String(Date.parse(end) / 1_000) });
        cursor = nextCursor;
      }
    }
    const inOrder = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
    const links = new Set((await read<Slot>(now, 'Slot')).map(({ extension }) => extension[0]!.valueUrl));
    const within = imported.filter(({ start }) => Number(start) * 1_000 >= Date.parse(since) && Number(start) * 1_000 < Date.parse(until));
    expect(within.every(({ link }) => links.has(link!))).toBe(true);
    expect(new Set(within.map(({ link }) => link)).size).toBe(within.length);
    expect(own.size).toBeGreaterThan(500);
    expect(inOrder(within.map(({ link: _, ...row }) => row))).toEqual(inOrder([...own.values()]));
  });

  test('is computed once a minute at most; an unchanged one is 304 by ETag and by date', async () => {
    const first = await ask(bulk);
    const [etag, modified] = [first.headers.get('etag')!, first.headers.get('last-modified')!];
    expect((await ask(bulk, { 'if-none-match': etag })).status).toBe(304);
    expect((await ask(bulk, { 'if-modified-since': modified })).status).toBe(304);
    expect((await ask(bulk, { 'if-modified-since': new Date(Date.parse(modified) - 1_000).toUTCString() })).status).toBe(200);
    expect((await ask(bulk, { 'if-none-match': '"another"', 'if-modified-since': modified })).status).toBe(200);
    const { output } = (await first.json()) as Manifest;
    const file = await ask(output[2]!.url);
    expect((await ask(output[2]!.url, { 'if-none-match': file.headers.get('etag')! })).status).toBe(304);
  });

  test('a time that is taken comes as busy to who asks for changes, while the files of the manifest before stay what they were', async () => {
    aMinuteLater();
    const before = await manifest();
    const slots = await textOf(before, 'Slot');
    const taken = await takeOne();
    expect((await manifest()).transactionTime).toBe(before.transactionTime);
    aMinuteLater();
    const [after, changes] = await Promise.all([manifest(), manifest(before.transactionTime)]);
    expect(after.transactionTime > before.transactionTime).toBe(true);
    const id = (await read<Slot>(after, 'Slot')).find(({ status, start }) => status === 'busy' && Date.parse(start) === Date.parse(taken.start))!.id;
    const changed = await read<Slot>(changes, 'Slot');
    expect(changed).toContainEqual(expect.objectContaining({ id, status: 'busy' }));
    expect(changed.length).toBeLessThan(200);
    expect(await read(changes, 'Location')).toEqual([]);
    expect(await textOf(before, 'Slot')).toBe(slots);

    later(16 * MINUTE);
    await manifest();
    expect(await (await ask(before.output[2]!.url)).json()).toMatchObject({ status: 410, code: 'publication-over' });
    expect((await ask('/smart-scheduling/slots-99999999999999.ndjson')).status).toBe(410);
    expect((await ask('/smart-scheduling/persons-1.ndjson')).status).toBe(400);
  });

  test('the files of a manifest that was good for long and is replaced now can be fetched for a quarter of an hour more, and no longer', async () => {
    aMinuteLater();
    const before = await manifest();
    const slots = await textOf(before, 'Slot');
    // Nothing else becomes of it for long: the rows that it is made of are as old as it.
    await scheduling.sql(`UPDATE published_resource SET from_at = from_at - interval '40 minutes', to_at = to_at - interval '40 minutes'`);
    await scheduling.sql(`UPDATE publication SET changed_at = changed_at - interval '40 minutes', forgotten_to = forgotten_to - interval '40 minutes'`);
    const old = await manifest();
    expect(Date.parse(old.transactionTime)).toBe(Date.parse(before.transactionTime) - 40 * MINUTE);
    await takeOne();
    aMinuteLater();
    expect((await manifest()).transactionTime > before.transactionTime).toBe(true);
    expect(await textOf(old, 'Slot')).toBe(slots);
    later(14 * MINUTE);
    await manifest();
    expect(await textOf(old, 'Slot')).toBe(slots);
    later(2 * MINUTE);
    await manifest();
    expect(await (await ask(old.output[2]!.url)).json()).toMatchObject({ status: 410 });
  });

  test('while another replica computes, nobody waits for it: the last good one is served', async () => {
    const before = await manifest();
    const replica = new Client({ connectionString: scheduling.database.adminUrl });
    await replica.connect();
    await replica.query('BEGIN');
    await replica.query('SELECT 1 FROM publication FOR UPDATE');
    aMinuteLater();
    const answers = await Promise.all(Array.from({ length: 30 }, () => manifest()));
    expect(new Set(answers.map(({ transactionTime }) => transactionTime))).toEqual(new Set([before.transactionTime]));
    await replica.query('ROLLBACK');
    await replica.end();
    expect((await manifest()).transactionTime >= before.transactionTime).toBe(true);
    const [state] = await scheduling.sql<{ checked: Date }>('SELECT checked_at AS checked FROM publication');
    expect(scheduling.now() - state!.checked.getTime()).toBeLessThan(MINUTE);
  });

  test('after a computation that failed the last good one is served, and the next try is not made by the next reader', async () => {
    const before = await manifest();
    const checked = async (): Promise<number> => (await scheduling.sql<{ checked: Date }>('SELECT checked_at AS checked FROM publication'))[0]!.checked.getTime();
    const was = await checked();
    await scheduling.sql('REVOKE UPDATE ON published_resource FROM scheduling_worker');
    aMinuteLater();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(bulk)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await scheduling.sql('GRANT UPDATE ON published_resource TO scheduling_worker');
    // It would succeed now, and rests.
    expect((await manifest()).transactionTime).toBe(before.transactionTime);
    expect(await checked()).toBe(was);
    await eventually('the next try', async () => {
      await manifest();
      return (await checked()) > was || null;
    });
  });

  test('many readers at once cause one computation and get one answer', async () => {
    aMinuteLater();
    const answers = await Promise.all(Array.from({ length: 40 }, () => manifest()));
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
  });

  test('a deep link leads to a page without script that says how to book and keeps source and booking-referral; nothing changes', async () => {
    const slot = (await read<Slot>(await manifest(), 'Slot')).find(({ status }) => status === 'free')!;
    const link = new URL(slot.extension[0]!.valueUrl!);
    link.searchParams.set('source', 'finder & co');
    link.searchParams.set('booking-referral', '<b>77</b>');
    const rows = await scheduling.sql('SELECT count(*)::int AS n FROM audit_entry');
    const page = await ask(link.href);
    const text = await page.text();
    expect([page.status, page.headers.get('content-security-policy')]).toEqual([200, expect.stringContaining("default-src 'none'")]);
    expect(text).toContain('tel:+1');
    expect(text).toContain('source=finder+%26');
    expect(text).toContain('&#60;b&#62;77&#60;/b&#62;');
    expect(text).not.toMatch(/<script|<b>77/);
    link.searchParams.set('lang', 'es');
    expect(await (await ask(link.href)).text()).toContain('Reserve esta hora');
    expect(await scheduling.sql('SELECT count(*)::int AS n FROM audit_entry')).toEqual(rows);
    for (const unknown of ['1-1-1', 'x', '9999999999-1-1', '%3Cscript%3E']) expect((await ask(`/smart-scheduling/book/${unknown}`)).status).toBe(404);
  });

  test('P4: what the page shows is kept with the booking; a reference stands for one booking, whoever makes it and how many at once, and its publisher learns that it was used and nothing else', async () => {
    const [who, other] = await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'harbor' ORDER BY id LIMIT 2`);
    const found = await harbor.openings(`service=vaccination&practice=harbor&from=${scheduling.inDays(2)}&to=${scheduling.inDays(25)}&limit=200`);
    const starts = [...new Map(found.map((one) => [one.start, one])).values()];
    const used = async (source: string, referral: string) => (await ask(`/smart-scheduling/booking-referrals?${new URLSearchParams({ source, 'booking-referral': referral })}`)).json();
    expect(await used('Finder & Co', 'ref-77')).toEqual({ used: false });
    const link = new URL((await read<Slot>(await manifest(), 'Slot')).find(({ status }) => status === 'free')!.extension[0]!.valueUrl!);
    link.search = new URLSearchParams({ source: 'Finder & Co', 'booking-referral': 'ref-77' }).toString();
    expect(await (await ask(link.href)).text()).toContain('ref-77 (of Finder &#38; Co)');

    const answers = await Promise.all(starts.slice(0, 6).map(({ id }, i) => harbor.post('/appointments', { opening: id, patient: i % 2 === 0 ? who!.id : other!.id, source: i % 3 === 0 ? 'Finder & Co' : 'finder & co', bookingReferral: 'ref-77' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    for (const { body } of answers.filter(({ status }) => status === 409)) expect(body).toMatchObject({ code: 'booking-referral-used' });
    const booked = answers.find(({ status }) => status === 201)!;
    expect(booked.body).toMatchObject({ bookingReferral: 'ref-77', source: expect.stringMatching(/^finder & co$/i) });
    expect((await harbor.get(`/appointments/${String(booked.body['id'])}`)).body).toMatchObject({ bookingReferral: 'ref-77' });
    // What was refused took nothing with it.
    const [kept] = await scheduling.sql<{ visits: number; taken: number }>(`SELECT (SELECT count(*)::int FROM appointment) AS visits, (SELECT count(DISTINCT appointment_id)::int FROM occupancy WHERE active AND appointment_id IS NOT NULL) AS taken`);
    expect(kept).toEqual({ visits: 1, taken: 1 });

    // Another practice, and after it was called off.
    const summit = await scheduling.desk('frontdesk@summit.example');
    const [theirs] = await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'summit' ORDER BY id LIMIT 1`);
    const [opening] = await summit.openings(`service=skin-check&practice=summit&from=${scheduling.inDays(2)}&to=${scheduling.inDays(25)}&limit=5`);
    expect((await harbor.post(`/appointments/${String(booked.body['id'])}/cancel`, { reason: 'pat' })).status).toBe(200);
    expect((await summit.post('/appointments', { opening: opening!.id, patient: theirs!.id, source: 'Finder & Co', bookingReferral: 'ref-77' })).body).toMatchObject({ code: 'booking-referral-used' });
    expect((await summit.post('/appointments', { opening: opening!.id, patient: theirs!.id, bookingReferral: 'ref-78' })).body).toMatchObject({ status: 400, errors: [{ pointer: '/source' }] });
    expect((await summit.post('/appointments', { opening: opening!.id, patient: theirs!.id, source: 'another finder', bookingReferral: 'ref-77' })).status).toBe(201);
    const answer = await ask(`/smart-scheduling/booking-referrals?${new URLSearchParams({ source: 'FINDER & CO', 'booking-referral': 'ref-77' })}`);
    expect([answer.headers.get('cache-control'), await answer.json()]).toEqual(['no-store', { used: true }]);
    expect((await ask('/smart-scheduling/booking-referrals?source=x')).status).toBe(400);
  });

  test('a manager makes a visit type public and takes it back: its times come as busy', async () => {
    const manager = await scheduling.desk('manager@desert.example');
    const types = (await manager.get('/visit-types?practice=desert')).body['items'] as unknown as { id: string; service: string; version: number }[];
    const echo = types.find(({ service }) => service === 'echo')!;
    const put = async (isPublic: boolean, version: number) => (await manager.call('PUT', `/visit-types/${echo.id}`, { ...echo, public: isPublic }, { 'if-match': `"${version}"` })).status;
    expect(await put(true, echo.version)).toBe(200);
    aMinuteLater();
    const shown = (await read<Slot>(await manifest(), 'Slot')).length;
    expect((await published('Slot', 'desert')).length).toBeGreaterThan(10);
    expect(await put(false, echo.version + 1)).toBe(200);
    aMinuteLater();
    const slots = await read<Slot>(await manifest(), 'Slot');
    const own = new Set(await published('Slot', 'desert'));
    expect(new Set(slots.filter(({ id }) => own.has(id)).map(({ status }) => status))).toEqual(new Set(['busy']));
    expect(slots.length).toBeLessThanOrEqual(shown);
  });
});

describe('long files', () => {
  test('come in parts of a bounded size, together each line once, also of what changed', async () => {
    const small = await RunningScheduling.start({ publicUrl: PUBLIC_URL, environment: { PUBLICATION_FILE_LINES: '400' } });
    try {
      const get = (address: string): Promise<Response> => fetch(small.url + new URL(address, PUBLIC_URL).pathname + new URL(address, PUBLIC_URL).search);
      const [{ output }, since] = [(await (await get(bulk)).json()) as Manifest, (await (await get(`${bulk}?_since=2020-01-01T00:00:00Z`)).json()) as Manifest];
      for (const parts of [output, since.output].map((files) => files.filter(({ type }) => type === 'Slot'))) {
        expect(parts.length).toBeGreaterThan(2);
        const files = await Promise.all(parts.map(async ({ url }) => (await (await get(url)).text()).split('\n').filter(Boolean)));
        expect(files.slice(0, -1).every(({ length }) => length === 400)).toBe(true);
        const ids = files.flat().map((line) => (JSON.parse(line) as Slot).id);
        const [{ n }] = (await small.sql<{ n: number }>(`SELECT count(*)::int AS n FROM published_resource WHERE kind = 'Slot' AND to_at IS NULL`)) as [{ n: number }];
        expect([ids.length, new Set(ids).size]).toEqual([n, n]);
        const { pathname, search } = new URL(parts.at(-1)!.url);
        expect((await get(pathname.replace(/-\d+\.ndjson$/, '-9999.ndjson') + search)).status).toBe(410);
      }
    } finally {
      await small.stop();
    }
  });
});
