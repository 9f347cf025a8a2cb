import { formatInstant, newId, parseInstant, plusMs, MINUTE } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import fc from 'fast-check';
import { type Round, RunningCapacity, partnership } from './running-capacity';

const path = (from = '2026-07', to = from) => `/measures/backfill?from=${from}&to=${to}`;
const outcomes: readonly Pick<Round, 'outcome' | 'offers'>[] = [{ outcome: 'filled', offers: 2 }, { outcome: 'taken-by-desk', offers: 1 }, { outcome: 'exhausted', offers: 3 }, { outcome: 'nobody-waits', offers: 0 }];
const total = (counts: readonly number[]): number => counts.reduce((sum, one) => sum + one, 0);

describe('backfill over HTTP', () => {
  let capacity: RunningCapacity;
  beforeAll(async () => {
    capacity = await RunningCapacity.start();
    await capacity.admin.query(`INSERT INTO practice SELECT id, id, 'America/Denver', CASE WHEN id <> 'lakeside' THEN $1::uuid END, true, now() FROM unnest('{harbor,summit,desert,lakeside}'::text[]) AS p(id)`, [partnership]);
  });
  afterAll(() => capacity.stop());
  beforeEach(() => capacity.admin.query('TRUNCATE offer_round'));

  /** Rows as the consumer leaves them: how many of each outcome. */
  async function world(host: string, counts: readonly number[], month = '2026-07'): Promise<void> {
    const rows = counts.flatMap((count, index) => Array.from({ length: count }, () => ({ id: newId(), ...outcomes[index] })));
    await capacity.admin.query(
      `INSERT INTO offer_round SELECT r.id, $2, 'skin-check', r.id, r.id, r.id, $3::date + 20, $3::date + 20, 'America/Denver', r.id, $3::date + 10, $3::date + 10 + interval '20 minutes', $3::date, r.outcome, r.offers, NULL, now()
       FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, outcome text, offers int)`, [JSON.stringify(rows), host, `${month}-01`]);
  }

  it('P9: is made from events, each counted once, in the month that the site had when the round ended', async () => {
    const rounds = [1, 2, 3, 4, 30].map((minutes) => capacity.round({ at: formatInstant(plusMs(parseInstant('2026-07-10T16:00:00Z'), minutes * MINUTE)) }));
    rounds.push(capacity.round({ outcome: 'exhausted', offers: 5, appointment: null }), capacity.round({ outcome: 'not-open', offers: 1, appointment: null }), capacity.round({ outcome: 'not-open', offers: 0, appointment: null, freedBy: null }));
    // Still July in Denver, August in UTC.
    rounds.push(capacity.round({ outcome: 'taken-by-desk', offers: 1, appointment: null, at: '2026-08-01T05:59:00Z' }), capacity.round({ at: '2026-08-01T06:00:00Z' }));
    for (const round of fc.sample(fc.shuffledSubarray(rounds, { minLength: rounds.length, maxLength: rounds.length }), 1)[0]!) await capacity.roundEnded(round);
    const july = { host: 'summit', service: 'skin-check', month: '2026-07', offered: 8, filled: 5, takenByDesk: 1, unfilled: 2, unoffered: 1, offers: 17, filledShare: 0.63, offersPerFill: 3.4, minutesMedian: 3, minutesP90: 20, hidden: false, opens: true };
    await eventually('all rounds are counted', async () => (await capacity.admin.query('SELECT FROM offer_round')).rowCount === rounds.length);
    const { body } = await capacity.get('manager@summit.example', path('2026-07', '2026-08'));
    expect(body.items).toMatchObject([july, { month: '2026-08', offered: 1, filled: 1, filledShare: 1 }]);
    expect(body.definition).toMatchObject({ id: 'backfill', version: 1 });
    expect(Math.abs(Date.parse(body.asOf) - capacity.now)).toBeLessThan(5_000);
    expect([body.sources.map(({ source }: { source: string }) => source).sort(), body.missing]).toEqual([['scheduling.offer-round.v1', 'scheduling.practice.v1'], []]);
    const csv = (await capacity.get('manager@summit.example', path().replace('?', '/csv?'))).text;
    expect(csv.split('\r\n').slice(1)).toEqual([expect.stringMatching(/^backfill,1,[^,]+,summit,skin-check,2026-07,8,5,1,2,1,17,0\.63,3\.4,3,20,false$/), '']);
  });

  it('P18: who is not the host sees no count under 11 and nothing that one could be computed from; the host sees all', async () => {
    const count = fc.oneof(fc.integer({ min: 0, max: 13 }), fc.integer({ min: 11, max: 30 }));
    await fc.assert(fc.asyncProperty(fc.tuple(count, count, count, count).filter((all) => total(all) > 0), async (counts) => {
      await capacity.admin.query('TRUNCATE offer_round');
      await world('summit', counts);
      const [filled, takenByDesk, unfilled, unoffered] = counts;
      const [offered, offers] = [total(counts.slice(0, 3)), 2 * filled + takenByDesk + 3 * unfilled];
      const [own] = (await capacity.get('manager@summit.example', path())).body.items;
      expect(own).toMatchObject({ offered, filled, takenByDesk, unfilled, unoffered, offers, hidden: false, opens: true, minutesMedian: filled > 0 ? 20 : null });
      const shown = Math.min(filled, takenByDesk, unfilled) >= 11;
      const parts = shown ? { filled, takenByDesk, unfilled, offers, minutesMedian: 20, minutesP90: 20 } : { filled: null, takenByDesk: null, unfilled: null, offers: null, filledShare: null, offersPerFill: null, minutesMedian: null, minutesP90: null };
      for (const other of ['manager@harbor.example', 'operator@network.example']) {
        const [cell] = (await capacity.get(other, path())).body.items;
        expect(cell).toMatchObject({ ...parts, offered: offered >= 11 ? offered : null, unoffered: unoffered >= 11 ? unoffered : null, opens: false, hidden: !shown || unoffered < 11 });
      }
      expect((await capacity.get('manager@harbor.example', path().replace('?', '/csv?'))).text).toContain(shown ? `,${filled},${takenByDesk},` : ',,,,');
    }), { numRuns: 25 });
  });

  it('P18, P21: a month under way is the host\'s alone, and a practice outside the partnership sees nothing', async () => {
    const month = formatInstant(capacity.now).slice(0, 7);
    for (const one of ['2026-07', month]) await world('summit', [20, 20, 20, 20], one);
    const months = async (subject: string): Promise<string[]> => (await capacity.get(subject, path('2026-07', month))).body.items.map((cell: { month: string }) => cell.month);
    expect([await months('manager@summit.example'), await months('manager@harbor.example'), await months('operator@network.example'), await months('manager@lakeside.example')]).toEqual([['2026-07', month], ['2026-07'], ['2026-07'], []]);
  });

  it('P18: a number opens into exactly the rows behind it, for the host only, and that is audited', async () => {
    await world('summit', [3, 1, 4, 2]);
    const [cell] = (await capacity.get('manager@summit.example', path())).body.items;
    for (const name of ['offered', 'filled', 'takenByDesk', 'unfilled', 'unoffered'] as const) {
      const ids: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const { body } = await capacity.get('manager@summit.example', `/measures/backfill/rows?host=summit&service=skin-check&month=2026-07&count=${name}&limit=2${cursor ? `&cursor=${cursor}` : ''}`);
        ids.push(...body.items.map(({ round }: { round: string }) => round));
        cursor = body.nextCursor;
      }
      expect([name, ids.length, new Set(ids).size]).toEqual([name, cell[name], cell[name]]);
    }
    for (const other of ['manager@harbor.example', 'operator@network.example']) expect((await capacity.get(other, '/measures/backfill/rows?host=summit&service=skin-check&month=2026-07')).body).toMatchObject({ status: 403, code: 'rows-not-yours' });
    const audit = await capacity.admin.query(`SELECT FROM audit_entry WHERE action = 'measure.opened' AND entity_id = 'backfill'`);
    expect(audit.rowCount).toBeGreaterThan(5);
  });

  it('answers bad requests with a problem that names field and rule', async () => {
    expect((await capacity.get('manager@harbor.example', path('2026-08', '2026-07'))).body).toMatchObject({ status: 400, errors: [{ pointer: '/to', detail: 'must not lie before from' }] });
    expect((await capacity.get('manager@harbor.example', path('2026-07', '2028-07'))).body).toMatchObject({ status: 400, errors: [{ pointer: '/to', detail: 'must lie within 24 months of from' }] });
    expect((await capacity.get('manager@harbor.example', path('0000-01', '2026-13'))).body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/from', '/to']);
  });
});
