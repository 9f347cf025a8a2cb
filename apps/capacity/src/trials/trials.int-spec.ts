import { addDays, parseLocalDate } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { RunningCapacity } from '../../test/running-capacity';

const candidate = 'manager@lakeside.example';
/** A year of five days a week, and 22 visits on each; every tenth is called off. */
const lines = Array.from({ length: 52 * 5 }, (_, n) => addDays(parseLocalDate('2025-01-06'), Math.floor(n / 5) * 7 + (n % 5))).flatMap((day) => Array.from({ length: 22 }, (_, nth) => `Jane Doe ${nth},${day}T09:00,${addDays(day, -7)},${nth % 10 === 9 ? 'cancelled' : 'attended'},30`));
const csv = ['name,start,booked,status,duration', ...lines].join('\n');
/** 44 weeks of it, which a body of JSON may have. */
const small = csv.split('\n').slice(0, 1 + 44 * 5 * 22).join('\n');

describe('a trial before joining', () => {
  let capacity: RunningCapacity;
  beforeAll(async () => {
    capacity = await RunningCapacity.start();
    await capacity.knowsPractices();
  });
  afterAll(() => capacity.stop());

  /** How many rows each table has. */
  /** Without what a worker seals of the audit a moment later. */
  const rows = async () => {
    const { rows: tables } = await capacity.admin.query<{ name: string }>(`SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND relname <> 'audit_seal' ORDER BY relname`);
    const counts: [string, number][] = [];
    for (const { name } of tables) counts.push([name, Number((await capacity.admin.query(`SELECT count(*) AS n FROM ${name}`)).rows[0].n)]);
    return counts;
  };
  const text = async (path: string, body: string | Uint8Array<ArrayBuffer>) => {
    const response = await fetch(`${await capacity.app!.getUrl()}/api/capacity/v1${path}`, { method: 'POST', body, headers: { 'content-type': 'text/csv', authorization: `Bearer ${await capacity.identity.tokenFor(candidate)}` } });
    return { status: response.status, body: await response.json() };
  };

  test('the preview shows mapping, counts and unread lines, and keeps nothing; neither does a file that cannot be used, or is too large', async () => {
    const before = await rows();
    const preview = await text('/trials/preview', `${csv}\nJane Doe,nonsense,2025-01-01,attended,30`);
    expect(preview).toMatchObject({
      status: 200, body: {
        mapping: { start: 'start', booked: 'booked', status: 'status', duration: 'duration' }, rows: 5_721, unreadLines: 1, unread: [{ line: 5_722, reason: expect.stringContaining('no date') }], kept: 5_200, calledOff: 520, weeks: 52, days: 260, from: '2025-01-06', to: '2026-01-02', notEnough: null,
        rates: { slotsPerDay: 20, slotsAreEstimated: true, daysPerWeek: 5, load: 1, visitMinutes: 30, cancelRate: 0.091, leadDays: 7 },
      },
    });
    expect(JSON.stringify(preview.body)).not.toMatch(/Jane|nonsense/);
    expect((await capacity.post(candidate, '/trials/preview', { csv: small, mapping: { start: 'booked' }, slotsPerDay: 18 })).body).toMatchObject({ mapping: { start: 'booked' }, rates: { slotsPerDay: 18, slotsAreEstimated: false } });
    expect(await capacity.post(candidate, '/trials', { csv: small, mapping: {} })).toMatchObject({ status: 400 });
    const unread = small.replaceAll('attended', 'da gewesen');
    expect(await capacity.post(candidate, '/trials', { csv: unread, yes: true })).toMatchObject({ status: 422, body: { code: 'too-much-unread', unreadLines: 4_400, rows: 4_840 } });
    expect(await text('/trials/preview', unread)).toMatchObject({ status: 200, body: { rates: null, notEnough: expect.stringContaining('4400 of 4840 lines') } });
    expect(await capacity.post(candidate, '/trials', { csv: 'Jane Doe,2025-01-01', yes: true })).toMatchObject({ status: 422, body: { code: 'column-missing' } });
    expect(await text('/trials?yes=true', csv.split('\n').slice(0, 500).join('\n'))).toMatchObject({ status: 422, body: { code: 'file-too-short', weeks: 5 } });
    expect(await capacity.post(candidate, '/trials', { csv: small, yes: true, partnership: '0193580e-0000-8000-8000-000000000001' })).toMatchObject({ status: 403 });
    expect((await text('/trials/preview', 'x'.repeat(4 * 1_048_576 + 1))).status).toBe(413);
    expect(await rows()).toEqual(before);
  });

  test('a file is read in the encoding that it was written in, which the preview tells; what is no text is refused and says how to save it', async () => {
    const german = small.replaceAll('Jane Doe', 'Jörg Groß').replace('start', 'Tag für Besuch');
    const mapped = '/trials/preview?start=Tag%20f%C3%BCr%20Besuch';
    const utf16 = Buffer.from(`\uFEFF${german}`, 'utf16le');
    for (const [encoding, bytes] of [['utf-8', Buffer.from(german)], ['windows-1252', Buffer.from(german, 'latin1')], ['utf-16le', utf16], ['utf-16be', Buffer.from(utf16).swap16()]] as const)
      expect(await text(mapped, Uint8Array.from(bytes))).toMatchObject({ status: 200, body: { encoding, mapping: { start: 'Tag für Besuch', booked: 'booked' }, rows: 4_840, unreadLines: 0 } });
    expect((await capacity.post(candidate, '/trials/preview', { csv: small })).body.encoding).toBeNull();
    expect(await text('/trials/preview', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0xe9))).toMatchObject({ status: 422, body: { code: 'file-not-text', detail: expect.stringContaining('CSV UTF-8') } });
    expect(await text('/trials/preview', german)).toMatchObject({ status: 422, body: { code: 'column-missing', role: 'start', detail: expect.stringContaining('?start=') } });
    expect(await text('/trials/preview', small.replaceAll(',', ';'))).toMatchObject({ status: 422, body: { code: 'columns-not-apart', detail: expect.stringContaining('separated by commas') } });
    expect(await text('/trials/preview', ','.repeat(3_900_000))).toMatchObject({ status: 422, body: { code: 'too-many-columns' } });
    for (const stray of ['yes=true', 'share=2', 'foo=1']) expect(await text(`/trials/preview?${stray}`, small)).toMatchObject({ status: 400, body: { detail: expect.stringContaining('known are start, booked, status, service, duration, slotsPerDay') } });
    expect((await text('/trials/preview', '')).status).toBe(400);
  });

  test('with a yes it keeps counts by day alone, simulates the candidate beside an invented equal partner, is read by it alone, and is forgotten with what was simulated', async () => {
    const loaded = await capacity.post(candidate, '/trials', { csv: `${small}\nJane Doe,soon,,attended,30`, yes: true, runs: 20 }, 'mine');
    expect(loaded).toMatchObject({ status: 202, body: { id: expect.any(String), whatIf: expect.any(String), rows: 4_841, unreadLines: 1, rates: { load: 1 } } });
    expect((await capacity.post(candidate, '/trials', { csv: `${small}\nJane Doe,soon,,attended,30`, yes: true, runs: 20 }, 'mine')).body).toEqual(loaded.body);
    expect(await capacity.post(candidate, '/trials', { csv: small.replace('Jane', 'Jade'), yes: true, runs: 20 }, 'mine')).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    expect(await capacity.post(candidate, '/trials', { csv: small, yes: true, runs: 21 }, 'mine')).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    const { id, whatIf } = loaded.body;
    const { state, answer } = await eventually('it was simulated', async () => { const { body } = await capacity.get(candidate, `/what-if/${whatIf}`); return ['done', 'failed'].includes(body.state) ? body : null; });
    expect([state, answer.verdict, answer.sharingHelps]).toEqual(['done', 'shorter', true]);
    expect(answer.sentence).toContain('Patients of your practice would wait');
    // Alone nothing is lent; beside a partner both lend.
    const lent = (which: { practice: string; outcomes: { lentPerWeek: { mean: number } } }[]) => which.map(({ practice, outcomes }) => [practice, outcomes.lentPerWeek.mean > 0]);
    expect([lent(answer.present), lent(answer.changed)]).toEqual([[['lakeside', false], ['invented-partner', false], ['together', false]], [['lakeside', true], ['invented-partner', true], ['together', true]]]);
    const { rows: kept } = await capacity.admin.query(`SELECT concat(t::text, w::text) AS all FROM trial t JOIN what_if w ON w.id = t.what_if`);
    expect(kept).toHaveLength(1);
    expect(kept[0].all).not.toMatch(/Jane|attended|09:00/);
    for (const who of ['manager@harbor.example', 'operator@network.example']) for (const path of [`/trials/${id}`, `/what-if/${whatIf}`]) expect((await capacity.get(who, path)).status).toBe(404);
    expect((await capacity.delete('manager@harbor.example', `/trials/${id}`)).status).toBe(404);
    expect([(await capacity.delete(candidate, `/trials/${id}`)).status, (await capacity.delete(candidate, `/trials/${id}`)).status]).toEqual([204, 404]);
    expect((await capacity.admin.query('SELECT (SELECT count(*)::int FROM trial) AS trials, (SELECT count(*)::int FROM what_if) AS questions')).rows).toEqual([{ trials: 0, questions: 0 }]);
  });

  test('forgotten while it runs, its thread ends and leaves nothing', async () => {
    const { body: { id, whatIf } } = await capacity.post(candidate, '/trials', { csv: small, yes: true, runs: 200, slotsPerDay: 300 });
    await eventually('it runs', async () => { const { body } = await capacity.get(candidate, `/what-if/${whatIf}`); return body.state === 'running' && body.progress.done > 0; });
    expect((await capacity.delete(candidate, `/trials/${id}`)).status).toBe(204);
    expect((await capacity.get(candidate, `/what-if/${whatIf}`)).status).toBe(404);
    const { body: next } = await capacity.post(candidate, '/what-if', { practices: [{ id: 'lakeside', slotsPerDay: 5, load: 0.5 }], advice: true, runs: 20 });
    expect(await eventually('the next runs', async () => { const { body } = await capacity.get(candidate, `/what-if/${next.id}`); return body.state === 'done' ? body.state : null; })).toBe('done');
    expect((await capacity.admin.query('SELECT id FROM what_if')).rows).toEqual([{ id: next.id }]);
  });

  test('P18: beside a partnership of which too little is known it is refused and says what; an operator names the partnership', async () => {
    const before = await rows();
    expect(await capacity.post('manager@summit.example', '/trials', { csv: small, yes: true })).toMatchObject({ status: 422, body: { code: 'too-little-known', missing: [expect.stringContaining('Practice desert'), expect.stringContaining('Practice harbor')] } });
    const { rows: [{ partnership }] } = await capacity.admin.query(`SELECT partnership FROM practice WHERE id = 'summit'`);
    expect(await capacity.post('operator@network.example', '/trials', { csv: small, yes: true, partnership })).toMatchObject({ status: 422, body: { code: 'too-little-known', missing: { length: 3 } } });
    expect(await rows()).toEqual(before);
    expect((await capacity.post('manager@summit.example', '/trials', { csv: small, yes: true, beside: 'invented', runs: 20 })).status).toBe(202);
  });
});
