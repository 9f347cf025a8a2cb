import { newId } from '@slotmesh/kernel';
import { RunningCapacity, partnership } from '../../test/running-capacity';
import { reportPdf } from './documents/report-pdf';

const [provider, site, visitType] = [newId(), newId(), newId()];
const PERIOD = 'from=2026-05&to=2026-07';
const MONTHS = ['2026-01', '2026-02', '2026-03', '2026-05', '2026-06', '2026-07'];

describe('access reports', () => {
  let capacity: RunningCapacity;
  const sql = (text: string, values: unknown[] = []) => capacity.admin.query(text, values);
  beforeAll(async () => {
    capacity = await RunningCapacity.start();
    await capacity.knowsPractices();
    await capacity.service('skin-check', false);
    await capacity.service('hiv-test', true);
    await capacity.settled();
    await sql(`INSERT INTO agreement (id, version, partnership, status, practices, effective_from, changed_at) VALUES (gen_random_uuid(), 1, $1, 'in-force', '{harbor,summit}', '2026-04-10T07:00:00Z', now())`, [partnership]);
    for (const month of ['2026-05', '2026-06', '2026-07']) await opens(`${month}-06`, 1_500, 240);
    await sharedVisits(12, '2026-05-05', 'harbor', 'skin-check');
    await sharedVisits(12, '2026-06-08', 'harbor', 'skin-check');
    await sharedVisits(5, '2026-07-06', 'harbor', 'skin-check');
    await sharedVisits(11, '2026-05-11', 'desert', 'hiv-test');
    await waits('harbor', [30, 28, 32, 12, 10, 8], [null, null, null, 4, 5, 3]);
    await waits('summit', [2, 3, 4, 3, 5, 4], [null, null, null, 2, 2, 2]);
    // Thirteen weeks before 10 April: 12 visits in 8 hours; since: 18 in 10.
    await hours('2026-03-03', 480);
    await visits('harbor', 'harbor', 12, '2026-03-03', 'skin-check');
    await hours('2026-05-04', 600);
    await visits('harbor', 'harbor', 18, '2026-05-04', 'skin-check');
    await capacity.counted();
  });
  afterAll(() => capacity.stop());

  const opens = (day: string, offered: number, returned: number) => sql(`INSERT INTO shared_day (id, agreement, host, day, offered, returned, changed_at) VALUES (gen_random_uuid(), gen_random_uuid(), 'summit', $1, $2, $3, now())`, [day, offered, returned]);
  const visits = (host: string, booking: string, count: number, day: string, service: string, status = 'fulfilled') => sql(
    `INSERT INTO visit (id, revision, status, host, booking, site, provider, visit_type, service, modality, start_at, end_at, zone, day, booked_at, request_day, changed_at, took_time)
     SELECT gen_random_uuid(), 1, $9, $1, $2, $3, $4, $5, $6, 'in-person', $7::date + time '16:00', $7::date + time '17:00', 'America/Denver', $7::date, $7::date - 4, $7::date - 4, now(), true FROM generate_series(1, $8::int)`, [host, booking, site, provider, visitType, service, day, count, status]);
  const sharedVisits = (count: number, day: string, booking: string, service: string) => visits('summit', booking, count, day, service);
  const hours = async (day: string, minutes: number) => {
    await sql(`INSERT INTO supply_since VALUES ('harbor', '2025-12-01') ON CONFLICT DO NOTHING`, []);
    await sql(`INSERT INTO supply_day (id, host, provider, day, minutes, shared, changed_at) VALUES (gen_random_uuid(), 'harbor', $1, $2, $3, 0, now())`, [provider, day, minutes]);
  };
  async function waits(practice: string, own: readonly number[], together: readonly (number | null)[]): Promise<void> {
    for (const [index, month] of MONTHS.entries()) {
      await sql(`INSERT INTO access_wait (snapshot, host, site, provider, visit_type, service, patients, day, days, working_days, horizon_days) VALUES (gen_random_uuid(), $1, $2, $3, $4, 'skin-check', 'all', $5, $6, $6, 84)`, [practice, site, provider, visitType, `${month}-06`, own[index]]);
      if (typeof together[index] === 'number') await sql(`INSERT INTO network_wait (snapshot, practice, service, day, host, days, working_days, horizon_days) VALUES (gen_random_uuid(), $1, 'skin-check', $2, 'summit', $3, $3, 84)`, [practice, `${month}-06`, together[index]]);
    }
  }
  const read = async (who: string, query = PERIOD, format = '') => capacity.get(`manager@${who}.example`, `/reports${format}?${query}`);
  const of = async (who: string, practice: string, query = PERIOD) => ((await read(who, query)).body.items as { practice: string }[]).find((item) => item.practice === practice);

  it('P18: says of the own practice what was counted by hand: time opened and used, waits before and since, the choice with partners, visits per provider-hour', async () => {
    expect(await of('harbor', 'harbor')).toEqual({
      practice: 'harbor', name: 'harbor', own: true, since: '2026-04', until: null, monthsOfSharing: 3,
      contribution: { openedHours: 0, usedHours: 0, usedShare: null, returnedHours: 0, returnedShare: null },
      access: [{ service: 'skin-check', thirdNextAvailable: { own: 10, withPartners: 4, soonerAtMost: 6, before: 30, now: 10, change: 'shorter' }, leadTime: { before: 4, now: null } }],
      scaling: { before: 1.5, now: 1.8, ratio: 1.2 },
      finding: {
        said: 'compared',
        text: "harbor opened no time to partners. Over all providers and partners the third next available was sooner in skin-check: 4 days, where one of its own providers had it in 10 days on average. Since it shares, the own third next available is shorter in skin-check (30 days before, 10 days now). "
          + 'Visits per provider-hour were 1.20 times those of the thirteen weeks before. Whether sharing is the reason these numbers cannot tell: other things changed as well.',
      },
    });
    // 75 hours open; 29 visits of harbor and 11 of desert, an hour each; 12 hours went back.
    expect(await of('summit', 'summit')).toMatchObject({
      contribution: { openedHours: 75, usedHours: 40, usedShare: 0.53, returnedHours: 12, returnedShare: 0.16 },
      access: [{ service: 'hiv-test', thirdNextAvailable: { change: null } }, { service: 'skin-check', thirdNextAvailable: { own: 4, withPartners: 2, before: 3, now: 4, change: 'unclear' }, leadTime: { before: null, now: 4 } }], scaling: { ratio: null },
    });
    expect((await read('summit')).body).toMatchObject({
      definition: { id: 'access-report', version: 1 }, viewer: 'summit', use: [{ host: 'summit', booking: 'desert', service: 'hiv-test', visits: 11, hiddenMonths: 0 }, { host: 'summit', booking: 'harbor', service: 'skin-check', visits: 29, hiddenMonths: 0 }], nextCursor: null,
      missing: expect.arrayContaining([{ source: 'scheduling.access.v1', why: 'nothing has been received yet' }]),
    });
  });

  it('P18: partners see no number that their measures hide, nor one that it follows from, and no name of a service that tells why somebody comes', async () => {
    // Five visits of July stand behind the use of that month.
    expect(await of('harbor', 'summit')).toMatchObject({ own: false, contribution: { openedHours: 75, usedHours: null, usedShare: null, returnedHours: null, returnedShare: null }, scaling: { ratio: null } });
    // In May and June harbor itself booked most of what was used: what is left is of too few others. To desert it is of enough.
    expect(await of('harbor', 'summit', 'from=2026-05&to=2026-06')).toMatchObject({ contribution: { openedHours: 50, usedHours: null, usedShare: null } });
    expect(await of('desert', 'summit', 'from=2026-05&to=2026-06')).toMatchObject({ contribution: { openedHours: 50, usedHours: 35, usedShare: 0.7 }, finding: { said: 'too-few-months' } });
    const use = async (who: string, query = PERIOD) => (await read(who, query)).body.use;
    expect(await use('desert')).toEqual([{ host: 'summit', booking: 'desert', service: 'hiv-test', visits: 11, hiddenMonths: 0 }, { host: 'summit', booking: 'harbor', service: 'skin-check', visits: 24, hiddenMonths: 1 }]);
    expect(await use('harbor')).toEqual([{ host: 'summit', booking: 'desert', service: 'other', visits: 11, hiddenMonths: 0 }, { host: 'summit', booking: 'harbor', service: 'skin-check', visits: 29, hiddenMonths: 0 }]);
    expect((await read('harbor')).text).not.toContain('hiv-test');
    // A twelfth visit on another day of May: beside the eleven that the measure shows for one day, the month would tell of one.
    await sharedVisits(1, '2026-05-12', 'desert', 'hiv-test');
    expect(await use('harbor', 'from=2026-05&to=2026-05')).toEqual([{ host: 'summit', booking: 'harbor', service: 'skin-check', visits: 12, hiddenMonths: 0 }]);
    expect((await use('lakeside')) as unknown[]).toEqual([]);
    expect(((await read('lakeside')).body.items as { practice: string; finding: { said: string } }[]).map(({ practice, finding }) => [practice, finding.said])).toEqual([['lakeside', 'not-sharing']]);
  });

  it('is a CSV of one line for each number', async () => {
    const lines = (await read('summit', PERIOD, '/csv')).text.trim().split('\r\n').map((line) => line.split(',').slice(3));
    expect(lines).toContainEqual(['2026-05', '2026-07', 'opened', 'summit', '', '', 'shared-offered', '1', '75', 'hours', '', '', '']);
    expect(lines).toContainEqual(['2026-05', '2026-07', 'wait', 'summit', '', 'skin-check', 'third-next-available', '1', '4', 'days', '3', 'unclear', '']);
    expect(lines).toContainEqual(['2026-05', '2026-07', 'visits', 'summit', 'harbor', 'skin-check', 'shared-visits', '1', '29', 'visits', '', '', '']);
  });

  it('is a PDF with the same words and numbers, the same bytes for the same content', async () => {
    const { body } = await read('harbor');
    const [once, again] = [await reportPdf(body), await reportPdf(JSON.parse(JSON.stringify(body)))];
    expect(again.equals(once)).toBe(true);
    const words = wordsOf(once);
    for (const text of ['Access report 2026-05 to 2026-07', 'May 2026 to July 2026', 'harbor opened no time to partners.', 'Since it shares', 'with partners', 'shared-used 1', 'scheduling.access.v1', body.asOf, body.definition.hiding]) expect(words).toContain(text.replaceAll(/\s/g, ''));
    // What is hidden of a partner is a dash.
    expect(words).toContain('summit2026-0475----');
    expect(words).not.toContain('hiv-test');
    const response = await fetch(`${await capacity.app!.getUrl()}/api/capacity/v1/reports/pdf?${PERIOD}`, { headers: { authorization: `Bearer ${await capacity.identity.tokenFor('manager@harbor.example')}` } });
    expect([response.status, response.headers.get('content-type'), Buffer.from(await response.arrayBuffer()).subarray(0, 5).toString()]).toEqual([200, 'application/pdf', '%PDF-']);
  });

  it('P18: says that it cannot be said where months are too few or nothing is known of those before, and refuses months that are not over', async () => {
    expect(await of('harbor', 'harbor', 'from=2026-04&to=2026-05')).toMatchObject({ finding: { said: 'too-few-months', text: expect.stringContaining('the period has one whole month of that') } });
    expect(await of('desert', 'desert')).toMatchObject({ since: null, finding: { said: 'not-sharing' } });
    // It lapsed before it came into force, and the other ended in June.
    await sql(`INSERT INTO agreement (id, version, partnership, status, practices, effective_from, effective_to, changed_at) VALUES (gen_random_uuid(), 1, $1, 'terminated', '{harbor,summit}', '2025-11-10T07:00:00Z', '2025-11-10T07:00:00Z', now())`, [partnership]);
    expect(await of('harbor', 'harbor')).toMatchObject({ since: '2026-04', until: null, monthsOfSharing: 3 });
    await sql(`UPDATE agreement SET status = 'terminated', effective_to = '2026-06-20T07:00:00Z' WHERE status = 'in-force'`);
    expect(await of('harbor', 'summit')).toMatchObject({ since: '2026-04', until: '2026-06', monthsOfSharing: 1, finding: { said: 'too-few-months' } });
    await sql(`UPDATE agreement SET status = 'in-force', effective_to = NULL WHERE effective_to = '2026-06-20T07:00:00Z'`);
    await sql(`DELETE FROM month_cell WHERE practice = 'harbor' AND month = '2026-02-01'`);
    expect(await of('harbor', 'harbor')).toMatchObject({ access: [{ thirdNextAvailable: { change: null } }], finding: { said: 'no-baseline' } });
    const next = new Date(capacity.now).toISOString().slice(0, 7);
    expect((await read('harbor', `from=2026-05&to=${next}`)).body).toMatchObject({ status: 422, code: 'report-period-not-over' });
    expect((await capacity.get('operator@network.example', `/reports?${PERIOD}`)).body).toMatchObject({ status: 403, code: 'no-partnership-of-its-own' });
  });
});

/** The text of an uncompressed PDF without its spaces: what stands in hexadecimal between kernings. */
const wordsOf = (pdf: Buffer): string => [...pdf.toString('latin1').matchAll(/\[((?:<[0-9a-f]*>|[-\d. ])*)\] TJ/g)].map(([, line]) => [...line!.matchAll(/<([0-9a-f]*)>/g)].map(([, hex]) => Buffer.from(hex!, 'hex').toString('latin1')).join('')).join('').replaceAll(/\s/g, '');
