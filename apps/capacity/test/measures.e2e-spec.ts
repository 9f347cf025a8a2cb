import { newId } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import fc from 'fast-check';
import { RunningCapacity, day, partnership } from './running-capacity';

const path = (from = day, to = day) => `/measures/shared-visits?from=${from}&to=${to}`;
const statuses = ['cancelled', 'fulfilled', 'noshow', 'booked'] as const;
interface Cell { host: string; booking: string; service: string; day: string; hidden: boolean; opens: boolean; booked: number | null; cancelled: number | null; fulfilled: number | null; noShow: number | null; unmarked: number | null; open: number | null }
const parts = (cell: Cell) => [cell.cancelled, cell.fulfilled, cell.noShow, cell.unmarked, cell.open];

describe('shared visits over HTTP', () => {
  let capacity: RunningCapacity;

  beforeAll(async () => {
    capacity = await RunningCapacity.start();
  });
  afterAll(() => capacity.stop());

  /** Rows as the consumer leaves them, so that many worlds can be tried in a second. */
  async function world(cells: readonly { host: string; booking: string; counts: readonly number[] }[]): Promise<void> {
    await capacity.admin.query('TRUNCATE visit, practice');
    await capacity.admin.query(`INSERT INTO practice SELECT id, id, 'America/Denver', CASE WHEN id <> 'lakeside' THEN $1::uuid END, true, now() FROM unnest('{harbor,summit,desert,lakeside}'::text[]) AS p(id)`, [partnership]);
    const rows = cells.flatMap(({ host, booking, counts }) => counts.flatMap((count, index) => Array.from({ length: count }, () => ({ id: newId(), host, booking, status: statuses[index] ?? 'booked', end: index === 4 ? '2100-01-01T00:00:00Z' : `${day}T16:30:00Z` }))));
    await capacity.admin.query(
      `INSERT INTO visit SELECT r.id, 1, r.status, r.host, r.booking, r.id, r.id, r.id, 'skin-check', 'in-person', $2::timestamptz, r."end", 'America/Denver', $3::date, $2::timestamptz, true, $2::timestamptz
       FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, host text, booking text, status text, "end" timestamptz)`,
      [JSON.stringify(rows), `${day}T16:00:00Z`, day],
    );
  }

  it('P18: states its definition, its clock, what it lacks, and takes its time from the clock', async () => {
    const { status, body } = await capacity.get('manager@harbor.example', path());
    expect(status).toBe(200);
    expect(body.definition).toMatchObject({ id: 'shared-visits', version: 2 });
    expect(Object.keys(body.definition)).toEqual(['id', 'version', 'title', 'numerator', 'denominator', 'exclusions', 'clock', 'hiding']);
    expect(Math.abs(Date.parse(body.asOf) - capacity.now)).toBeLessThan(5_000);
    expect(body.missing.map((source: { source: string }) => source.source).sort()).toEqual(['scheduling.agreement.v1', 'scheduling.appointment.v1', 'scheduling.hold.v1', 'scheduling.practice.v1', 'scheduling.visit-type.v1']);
  });

  it('P18: a practice that took no part sees what was booked alone, to ten, and no line where it was under eleven; host and booking practice see all', async () => {
    const count = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 11, max: 30 }));
    const counts = fc.tuple(count, count, count, count, count).filter((all) => all.some((one) => one > 0));
    await fc.assert(fc.asyncProperty(counts, counts, async (a, b) => {
      await world([{ host: 'summit', booking: 'desert', counts: a }, { host: 'desert', booking: 'summit', counts: b }]);
      const told = [{ host: 'desert', counts: b }, { host: 'summit', counts: a }].map(({ host, counts: truth }) => ({ host, total: truth.reduce((sum, one) => sum + one, 0) })).filter(({ total }) => total >= 11);
      const foreign: Cell[] = (await capacity.get('manager@harbor.example', path())).body.items;
      expect(foreign).toEqual(told.map(({ host, total }) => ({ host, booking: host === 'summit' ? 'desert' : 'summit', service: 'skin-check', day, booked: Math.round(total / 10) * 10, cancelled: null, fulfilled: null, noShow: null, unmarked: null, open: null, hidden: true, opens: false })));
      const own: Cell[] = (await capacity.get('manager@summit.example', path())).body.items;
      expect(own.map((cell) => [cell.host, ...parts(cell)])).toEqual([['desert', ...b], ['summit', ...a]]);
      expect((await capacity.get('operator@network.example', path())).body.items).toEqual(foreign);
    }), { numRuns: 25 });
  });

  it('P21: a practice outside the partnership sees nothing, and the database gives nobody a row of others', async () => {
    await world([{ host: 'summit', booking: 'desert', counts: [20, 20, 20, 20, 20] }]);
    expect((await capacity.get('manager@lakeside.example', path())).body.items).toEqual([]);
    expect((await capacity.get('manager@harbor.example', path())).body.items).toHaveLength(1);
    const query = `host=summit&booking=desert&service=skin-check&day=${day}`;
    for (const other of ['manager@harbor.example', 'manager@lakeside.example', 'operator@network.example']) expect((await capacity.get(other, `/measures/shared-visits/rows?${query}`)).body).toMatchObject({ status: 403, code: 'rows-not-yours' });
  });

  it('names a sensitive service to host and booking practice and, in the numbers of others, to nobody', async () => {
    await world([{ host: 'summit', booking: 'desert', counts: [20, 20, 20, 20, 20] }]);
    for (const sensitive of [true, false]) {
      await capacity.service('skin-check', sensitive);
      const seen = async (subject: string): Promise<string[]> => (await capacity.get(subject, path())).body.items.map(({ service }: { service: string }) => service);
      await eventually('it is known', async () => (await seen('manager@harbor.example'))[0] === (sensitive ? 'other' : 'skin-check'));
      if (sensitive) expect((await capacity.get('operator@network.example', path())).text).not.toContain('skin-check');
      for (const party of ['manager@summit.example', 'manager@desert.example']) expect(await seen(party)).toEqual(['skin-check']);
    }
  });

  it('P18: a number opens into exactly the rows behind it', async () => {
    await world([{ host: 'summit', booking: 'desert', counts: [3, 4, 2, 1, 5] }]);
    const [cell]: Cell[] = (await capacity.get('manager@desert.example', path())).body.items;
    const query = `host=summit&booking=desert&service=skin-check&day=${day}`;
    for (const name of ['booked', 'cancelled', 'fulfilled', 'noShow', 'unmarked', 'open'] as const) {
      const ids: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const { body } = await capacity.get('manager@desert.example', `/measures/shared-visits/rows?${query}&count=${name}&limit=4${cursor ? `&cursor=${cursor}` : ''}`);
        ids.push(...body.items.map((row: { appointment: string }) => row.appointment));
        cursor = body.nextCursor;
      }
      expect(new Set(ids).size).toBe(cell![name]);
      expect(ids).toHaveLength(cell![name]!);
    }
    const audit = await capacity.admin.query(`SELECT count(*) AS n FROM audit_entry WHERE action = 'measure.opened'`);
    expect(Number(audit.rows[0].n)).toBeGreaterThan(6);
  });

  it('names parked records as missing', async () => {
    const visit = capacity.visit();
    await capacity.events.publish({ type: 'scheduling.appointment.booked.v1', topic: 'scheduling.appointment.v1', schema: (await import('zod')).z.any(), summary: '' }, { key: visit.id, host: 'summit', time: capacity.now }, { nothing: true });
    const missing = await eventually('the record is parked', async () => {
      const { body } = await capacity.get('manager@harbor.example', path());
      return body.missing.find((source: { why: string }) => source.why.includes('park'));
    });
    expect(missing).toEqual({ source: 'scheduling.appointment.v1', why: '1 record waits in the park' });
  });

  it('answers bad requests with a problem that names field and rule', async () => {
    expect((await capacity.get('manager@harbor.example', path('2026-07-02', '2026-07-01'))).body).toMatchObject({ status: 400, errors: [{ pointer: '/to', detail: 'must not lie before from' }] });
    expect((await capacity.get('manager@harbor.example', path('2026-02-30', '2026-07-01'))).body).toMatchObject({ status: 400, errors: [{ pointer: '/from' }] });
    expect((await capacity.get('manager@harbor.example', `${path()}&serivce=skin-check`)).body).toMatchObject({ status: 400, errors: [{ pointer: '/serivce', detail: 'is not known here: known are from, to' }] });
    expect((await capacity.get('manager@harbor.example', '/measures/activity/rows?from=2026-07-01&to=2026-07-01&serivce=skin-check')).body).toMatchObject({ status: 400, detail: 'Please correct: serivce is not known here; did you mean service?' });
    expect((await capacity.post('manager@harbor.example', '/trials/preview?foo=1', { csv: 'start' })).body).toMatchObject({ status: 400, errors: [{ pointer: '/foo' }] });
    expect((await capacity.get('manager@harbor.example', '/measures?service=skin-check')).body).toMatchObject({ status: 400, detail: 'Please correct: service is not known here: this address takes no query' });
    expect((await capacity.get('manager@harbor.example', '/measures')).status).toBe(200);
    expect((await capacity.get('manager@harbor.example', '/what-if/7')).body).toMatchObject({ status: 400, errors: [{ pointer: '/id', detail: expect.stringContaining('must be an id') }] });
    expect((await capacity.get('manager@harbor.example', '/measures/shared-visits/rows?host=summit')).body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(['/booking', '/service', '/day']);
  });

  it('answers what is too broken to be a request, and a body that cannot be read, with a problem that says what to do', async () => {
    const url = `${await capacity.app!.getUrl()}/api/capacity/v1`;
    const authorization = `Bearer ${await capacity.identity.tokenFor('manager@harbor.example')}`;
    const answer = async (path: string, init: RequestInit) => {
      const response = await fetch(`${url}${path}`, init);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      return response.json();
    };
    expect(await answer('/measures', { headers: { 'x-large': 'x'.repeat(20_000) } })).toMatchObject({ status: 431, code: 'http-431', detail: expect.stringContaining('Send a shorter address, or fewer cookies and headers.') });
    const body = (text: string | undefined, type: string) => answer('/what-if', { method: 'POST', ...(text === undefined ? {} : { body: text }), headers: { authorization, 'content-type': type } });
    expect(await body('{"name": "Maria', 'application/json')).toMatchObject({ status: 400, detail: 'The body is no valid JSON. Check its quotes, commas and brackets, and send it again.' });
    expect(await body(undefined, 'application/json')).toMatchObject({ status: 400, detail: expect.stringContaining('The body is empty') });
    expect(await body('<a/>', 'application/xml')).toMatchObject({ status: 415, detail: expect.stringContaining('Send application/json') });
  });
});
