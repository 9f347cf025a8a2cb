import { Clock, DAY, type Instant, MovableClock, formatInstant, newId, parseInstant, plusMs } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { Idleness } from '@slotmesh/platform';
import { register } from 'prom-client';
import { z } from 'zod';
import { RunningCapacity } from '../../test/running-capacity';
import { WatchNoShowModels } from './commands/watch-no-show-models';
import { nextTraining } from './domain/watched-model';
import { VisitsOfPatientsRepository } from './persistence/visits-of-patients.repository';

/** 300 days before today, 20 visits of summit each; every third patient misses more, and a long lead adds to it. Chance comes from md5 and is the same each time. */
const VISITS = `
  WITH n AS (SELECT n, ('x' || substr(md5('a' || n), 1, 6))::bit(24)::int / 16777216.0 AS a, ('x' || substr(md5('b' || n), 1, 6))::bit(24)::int / 16777216.0 AS b, ('x' || substr(md5('c' || n), 1, 6))::bit(24)::int / 16777216.0 AS c FROM generate_series(1, 6000) AS n),
  made AS (SELECT n, (b * 399)::int AS patient, (a * a * 40)::int AS lead, c AS luck, date_trunc('day', $1::timestamptz) - interval '1 day' * (301 - (n - 1) / 20) + interval '15 hours' + interval '20 minutes' * (n % 20) AS start_at FROM n),
  told AS (SELECT *, CASE WHEN luck < 0.05 + 0.005 * lead + CASE WHEN patient % 3 = 0 THEN 0.25 ELSE 0 END THEN 'noshow' ELSE 'fulfilled' END AS status FROM made)
  INSERT INTO visit (id, revision, status, host, booking, site, provider, visit_type, service, modality, start_at, end_at, zone, day, booked_at, took_time, changed_at, patient, settled_at)
  SELECT md5('visit' || n)::uuid, 1, status, 'summit', 'summit', md5('site')::uuid, md5('provider')::uuid, md5('type')::uuid, CASE WHEN n % 3 = 0 THEN 'hiv-care' ELSE 'checkup' END, 'in-person', start_at, start_at + interval '20 minutes', 'America/Denver',
    (start_at AT TIME ZONE 'America/Denver')::date, start_at - interval '1 day' * lead - interval '1 hour', true, start_at + interval '2 hours', md5('patient' || patient)::uuid, start_at + interval '2 hours' FROM told`;

/** Forty patients who book today for tomorrow noon, each of another one of the first forty. */
const BOOKED = `
  INSERT INTO visit (id, revision, status, host, booking, site, provider, visit_type, service, modality, start_at, end_at, zone, day, booked_at, took_time, changed_at, patient)
  SELECT md5('ahead' || p)::uuid, 1, 'booked', $2, $2, md5('site')::uuid, md5('provider')::uuid, md5('type')::uuid, 'checkup', 'in-person', at, at + interval '20 minutes', 'America/Denver', (at AT TIME ZONE 'America/Denver')::date, $1::timestamptz, true, $1::timestamptz, md5('patient' || p)::uuid
  FROM (SELECT p, date_trunc('day', $1::timestamptz) + interval '2 days 19 hours' AS at FROM generate_series(1, 40) AS p) made`;

describe('no-shows and overbooking, from the visits that capacity has read', () => {
  let capacity: RunningCapacity;
  beforeAll(async () => {
    capacity = await RunningCapacity.start();
    await capacity.service('hiv-care', true);
    await capacity.service('checkup', false);
    await capacity.settled();
    await capacity.admin.query(VISITS, [formatInstant(capacity.now)]);
    for (const id of ['summit', 'desert']) await capacity.practice(id);
    capacity.identity.people.set('desk@summit.example', { practice: 'summit', roles: ['front-desk'] });
    await capacity.settled();
  });
  afterAll(() => capacity.stop());

  async function advise(subject: string, body: object) {
    const response = await fetch(`${await capacity.app!.getUrl()}/api/capacity/v1/overbooking-advice`, { method: 'POST', headers: { authorization: `Bearer ${await capacity.identity.tokenFor(subject)}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
    return { status: response.status, body: JSON.parse(await response.text()) };
  }

  it('P9: keeps whose visit it was and when its present outcome was told, and no time of telling while there is none', async () => {
    const [kept, reopened] = [capacity.visit({ host: 'harbor' }), capacity.visit({ host: 'harbor' })];
    for (const visit of [kept, reopened]) { await capacity.book(visit); await capacity.goOn(visit, 'fulfilled'); await capacity.goOn(visit, 'fulfilled'); }
    await capacity.goOn(reopened, 'arrived');
    await capacity.settled();
    const { rows } = await capacity.admin.query('SELECT id, patient, settled_at IS NOT NULL AS told, settled_at < changed_at AS first FROM visit WHERE id = ANY($1)', [[kept.id, reopened.id]]);
    expect(Object.fromEntries(rows.map(({ id, ...rest }) => [id, rest]))).toEqual({ [kept.id]: { patient: kept.patient, told: true, first: true }, [reopened.id]: { patient: reopened.patient, told: false, first: null } });
  });

  it('P18 P20 P21: a practice reads the card of its own model, the same each time; sensitive services are no input, another practice has none, an operator no practice', async () => {
    const { status, body, text } = await capacity.get('manager@summit.example', '/no-show-model');
    expect([status, body.refusal]).toEqual([200, null]);
    expect(body.card.leadOneDayOrMore.auc).toBeGreaterThan(0.6);
    expect(body.card).toMatchObject({ useful: true, use: expect.stringContaining('double-books') });
    expect(body.card.inputs).toEqual(expect.arrayContaining(['service:checkup', 'service:other']));
    expect(text).not.toContain('hiv-care');
    expect(body.drift).toMatchObject({ alarm: false, visits: expect.any(Number) });
    expect(body.drift.visits).toBeGreaterThan(500);
    expect((await capacity.get('manager@summit.example', '/no-show-model')).body.card).toEqual(body.card);
    expect((await capacity.get('manager@desert.example', '/no-show-model')).body).toMatchObject({ card: null, drift: null, refusal: { reason: 'too-few-visits', sentence: expect.stringContaining('0 visits have an outcome') } });
    expect((await capacity.get('operator@network.example', '/no-show-model')).body).toMatchObject({ status: 422, code: 'model-of-no-practice' });
  });

  it('P20: the model of a month is made once and kept; only where more of its visits have been read since is it made again', async () => {
    const made = async () => Number((await capacity.admin.query(`SELECT count(*) AS n FROM audit_entry WHERE action = 'no-show-model.made' AND practice_id = 'summit'`)).rows[0].n);
    const lookedAt = async () => {
      await capacity.admin.query(`UPDATE no_show_model SET due_at = '2020-01-01' WHERE practice = 'summit'`);
      while ((await capacity.app!.get(WatchNoShowModels, { strict: false }).execute()) > 0);
      await capacity.settled();
      return (await capacity.get('manager@summit.example', '/no-show-model')).body;
    };
    expect(await made()).toBe(1);
    const { card } = await lookedAt();
    await capacity.admin.query(`DELETE FROM visit WHERE start_at < $1::timestamptz - interval '295 days' AND host = 'summit'`, [formatInstant(capacity.now)]);
    expect([(await lookedAt()).card, await made()]).toEqual([card, 1]);
    await capacity.admin.query('DELETE FROM visit WHERE host = $1', ['summit']);
    await capacity.admin.query(VISITS, [formatInstant(capacity.now)]);
    await capacity.admin.query(`UPDATE no_show_model SET visits = visits - 1 WHERE practice = 'summit'`);
    expect([(await lookedAt()).card, await made()]).toEqual([card, 2]);
  });

  it('P9 P20: what keeps one practice from its model keeps no other from theirs, and is said and tried again the next day', async () => {
    // Comes first by its name, and one of its visits is in no known zone.
    await capacity.practice('alpha');
    await capacity.settled();
    await capacity.admin.query(`INSERT INTO visit (id, revision, status, host, booking, site, provider, visit_type, service, modality, start_at, end_at, zone, day, booked_at, took_time, changed_at, patient, settled_at)
      SELECT md5('alpha')::uuid, revision, status, 'alpha', 'alpha', site, provider, visit_type, service, modality, start_at, end_at, 'Nowhere/At-All', day, booked_at, took_time, changed_at, patient, settled_at FROM visit WHERE host = 'summit' ORDER BY start_at LIMIT 1`);
    await capacity.admin.query(`UPDATE no_show_model SET due_at = CASE practice WHEN 'alpha' THEN '2020-01-01' ELSE '2020-01-02' END::timestamptz`);
    await capacity.settled();
    const due = async () => (await capacity.admin.query('SELECT practice, due_at > $1 AND due_at <= $1::timestamptz + $2 AS ahead FROM no_show_model ORDER BY practice', [formatInstant(capacity.now), '7 days'])).rows;
    expect(await due()).toEqual(['alpha', 'desert', 'summit'].map((practice) => ({ practice, ahead: true })));
    capacity.identity.people.set('manager@alpha.example', { practice: 'alpha', roles: ['manager'] });
    // It had a refusal before it failed; where there was nothing yet, the failure is said.
    await capacity.admin.query(`DELETE FROM no_show_model WHERE practice = 'alpha'`);
    await capacity.settled();
    expect((await capacity.get('manager@alpha.example', '/no-show-model')).body).toMatchObject({ card: null, refusal: { reason: 'failed', sentence: expect.stringContaining('tried again the next day') } });
    await capacity.admin.query(`DELETE FROM visit WHERE host = 'alpha'`);
    await capacity.admin.query(`UPDATE no_show_model SET due_at = '2020-01-01' WHERE practice = 'alpha'`);
    await capacity.settled();
    expect((await capacity.get('manager@alpha.example', '/no-show-model')).body.refusal.reason).toBe('too-few-visits');
    await capacity.admin.query(`DELETE FROM practice WHERE id = 'alpha'; DELETE FROM no_show_model WHERE practice = 'alpha'`);
  });

  it('P20 P21 P23: the switch decides whether outreach is ordered by the score, nobody sees a score, and an alarm or an older version stops it', async () => {
    const now = formatInstant(capacity.now);
    await capacity.admin.query(BOOKED, [now, 'summit']);
    const url = `${await capacity.app!.getUrl()}/api/capacity/v1/no-show-model/switch`;
    const put = async (subject: string, wanted: boolean, ifMatch: string) => {
      const response = await fetch(url, { method: 'PUT', headers: { authorization: `Bearer ${await capacity.identity.tokenFor(subject)}`, 'content-type': 'application/json', 'if-match': ifMatch }, body: JSON.stringify({ wanted, reason: 'agreed in the team' }) });
      return { status: response.status, etag: response.headers.get('etag'), body: JSON.parse(await response.text()) };
    };
    const from = formatInstant(plusMs(capacity.now, DAY)).slice(0, 10);
    const order = async (subject: string) => (await capacity.get(subject, `/outreach-order?from=${from}&to=${formatInstant(plusMs(capacity.now, 3 * DAY)).slice(0, 10)}`)).body;
    expect(await order('desk@summit.example')).toMatchObject({ scoring: 'off', why: expect.stringContaining('switched'), items: [] });
    expect((await put('desk@summit.example', true, '"0"')).status).toBe(403);
    expect(await put('manager@summit.example', true, '"0"')).toMatchObject({ status: 200, etag: '"1"', body: { scoring: 'on', why: null, switch: { wanted: true, version: 1, reason: 'agreed in the team' } } });
    expect(await put('manager@summit.example', false, '"0"')).toMatchObject({ status: 412, body: { code: 'version-changed' } });

    const ordered = await order('desk@summit.example');
    const patientOf = new Map((await capacity.admin.query(`SELECT md5('ahead' || p)::uuid::text AS id, p FROM generate_series(1, 40) AS p`)).rows.map(({ id, p }) => [id, Number(p)]));
    const items: { appointment: string; band: string }[] = ordered.items;
    expect([ordered.scoring, items.length, Object.keys(items[0]!)]).toEqual(['on', 40, ['appointment', 'band']]);
    // Every third patient misses more.
    const often = (part: typeof items) => part.filter(({ appointment }) => patientOf.get(appointment)! % 3 === 0).length;
    expect(often(items.slice(0, 13))).toBeGreaterThan(9);
    expect(items.map(({ band }) => band).join()).toMatch(/^(first,)*(later,?)*$/);
    expect(await order('manager@desert.example')).toMatchObject({ scoring: 'off', items: [] });
    expect((await capacity.admin.query(`SELECT details->>'visits' AS visits FROM audit_entry WHERE action = 'outreach-order.read'`)).rows).toEqual([{ visits: '40' }]);

    // Of the test slice all scores are as low as none has been since: the look of this week gives the alarm.
    const { rows: [kept] } = await capacity.admin.query(`SELECT trained->'testScores' AS scores FROM no_show_model WHERE practice = 'summit'`);
    const setScores = (scores: readonly number[]) => capacity.admin.query(`UPDATE no_show_model SET trained = jsonb_set(trained, '{testScores}', $1) WHERE practice = 'summit'`, [JSON.stringify(scores)]);
    const lookedAt = async () => {
      await capacity.admin.query(`UPDATE no_show_model SET due_at = '2020-01-01' WHERE practice = 'summit'`);
      while ((await capacity.app!.get(WatchNoShowModels, { strict: false }).execute()) > 0);
      await capacity.settled();
      return (await capacity.get('manager@summit.example', '/no-show-model')).body;
    };
    await setScores(kept.scores.map((_: number, n: number) => n / 1e9));
    expect(await lookedAt()).toMatchObject({ drift: { alarm: true }, alarmedAt: expect.any(String), scoring: 'off', why: expect.stringContaining('nobody has looked') });
    await setScores(kept.scores);
    // Neither a look without an alarm, nor one with too few visits, nor another month's model ends it.
    expect(await lookedAt()).toMatchObject({ drift: { alarm: false }, alarmedAt: expect.any(String), scoring: 'off' });
    await setScores(kept.scores.slice(0, 100));
    expect(await lookedAt()).toMatchObject({ drift: { alarm: false, stability: null }, alarmedAt: expect.any(String), scoring: 'off' });
    await capacity.admin.query(`UPDATE no_show_model SET trained_at = trained_at - interval '40 days' WHERE practice = 'summit'`);
    const anew = await lookedAt();
    expect([anew.card.useful, anew.drift.alarm, anew.scoring, typeof anew.alarmedAt]).toEqual([true, false, 'off', 'string']);
    expect(await order('desk@summit.example')).toMatchObject({ scoring: 'off', why: expect.stringContaining('drift'), items: [] });
    expect(await register.getSingleMetricAsString('no_show_model_drift_alarm')).toContain('no_show_model_drift_alarm{practice="summit"} 1');
    expect(await put('manager@summit.example', true, '"1"')).toMatchObject({ status: 200, body: { scoring: 'on', why: null, alarmedAt: null, switch: { version: 2 } } });
    expect((await order('desk@summit.example')).items).toHaveLength(40);
    expect(await register.getSingleMetricAsString('no_show_model_drift_alarm')).toMatch(/no_show_model_drift_alarm\{practice="summit"\} 0\n?$/);
    expect((await put('manager@summit.example', false, '"2"')).body).toMatchObject({ scoring: 'off', switch: { wanted: false, version: 3 } });
    expect((await order('desk@summit.example')).items).toEqual([]);
    await capacity.admin.query(`DELETE FROM visit WHERE status = 'booked' AND host = 'summit'`);
  });

  it('of a large practice reads every second or fourth patient with all of their visits, over the whole time', async () => {
    const visits = new VisitsOfPatientsRepository();
    const [all, some] = await capacity.app!.get(UnitOfWork, { strict: false }).run(workerFor('test', null), async (tx) => [await visits.settled(tx, 'summit', tx.now), await visits.settled(tx, 'summit', tx.now, 2_000)] as const);
    expect(all).toHaveLength(6000);
    const patients = new Set(some.map(({ patient }) => patient));
    expect(patients.size).toBeGreaterThan(60);
    expect(patients.size).toBeLessThan(150);
    expect(some).toEqual(all.filter(({ patient }) => patients.has(patient)));
  });

  it('advises a session from a rate that is given, or from the own one with its interval, and says none where it loses', async () => {
    const session = { slots: 12, slotMinutes: 20 };
    expect((await advise('manager@summit.example', { ...session, showProbability: 0.9 })).body).toMatchObject({ advice: 'none', extra: 0, sentence: expect.stringContaining('Do not overbook') });
    expect((await advise('operator@network.example', { ...session, showProbability: 0.7 })).body).toMatchObject({ advice: 'overbook', extra: 4, advised: { bookings: 16, utility: 9.618 } });
    const { rows: [own] } = await capacity.admin.query(`SELECT avg((status = 'fulfilled')::int)::float AS rate FROM visit WHERE host = 'summit' AND service = 'checkup'`);
    const { status, body } = await advise('manager@summit.example', { ...session, service: 'checkup' });
    expect([status, body.rate.from, body.rate.visits]).toEqual([200, 'own-visits', 4000]);
    expect(body.rate.rate).toBeCloseTo(own.rate, 9);
    expect(body.rate.low).toBeLessThan(own.rate);
    expect((await advise('manager@desert.example', session)).body).toMatchObject({ status: 422, code: 'too-few-visits-for-rate' });
    expect((await advise('operator@network.example', session)).body).toMatchObject({ status: 422, code: 'rate-needed' });
  });

  it('P20: a session that names a patient is refused, and the wait of each band stands beside the advice', async () => {
    const session = { slots: 4, slotMinutes: 20, showProbability: 0.8 };
    for (const named of [{ ...session, patient: newId() }, { ...session, booked: [{ band: 'missed-before', showProbability: 0.6, bookingsPerSlot: [1, 1, 0, 0], patients: [newId()] }] }]) {
      expect((await advise('manager@summit.example', named)).status).toBe(400);
    }
    const { body } = await advise('manager@summit.example', { ...session, booked: [{ band: 'missed-before', showProbability: 0.6, bookingsPerSlot: [2, 2, 0, 0] }, { band: 'none-missed', showProbability: 0.9, bookingsPerSlot: [0, 0, 0, 1] }] });
    expect(body.waitByBand).toMatchObject({ gap: true, bands: [{ band: 'missed-before', bookings: 4 }, { band: 'none-missed', bookings: 1 }] });
    expect(body.waitByBand.bands[0].waitMinutesPerSeen).toBeGreaterThan(body.waitByBand.bands[1].waitMinutesPerSeen);
  });
  it('P20: the clock hears when the model is looked at next, which is each week, and when the month turns another one is made', async () => {
    const clock = capacity.app!.get(Clock);
    if (!(clock instanceof MovableClock)) throw new Error('the clock cannot be moved');
    const nextDue = async () => parseInstant(z.string().parse((await capacity.app!.get(Idleness).state()).nextDue));
    const goTo = async (at: Instant) => { clock.moveTo(clock.offset + (at - clock.now()) + 1_000); await capacity.settled(); };
    const model = async () => (await capacity.get('manager@summit.example', '/no-show-model')).body as { trainedAt: string; watchedAt: string; card: { version: string } };
    const before = await model();
    const turn = nextTraining(capacity.now);
    const looks = [before.watchedAt];
    while (capacity.now < turn) {
      const due = await nextDue();
      expect(due - capacity.now).toBeLessThanOrEqual(DAY);
      await goTo(due);
      const { watchedAt, trainedAt, card } = await model();
      if (capacity.now < turn) expect([trainedAt, card]).toEqual([before.trainedAt, before.card]);
      if (watchedAt !== looks.at(-1)) looks.push(watchedAt);
    }
    const gaps = looks.slice(1).map((at, i) => (parseInstant(at) - parseInstant(looks[i]!)) / DAY);
    expect(gaps.every((days) => days > 0 && days < 7.1)).toBe(true);
    const after = await model();
    expect([after.trainedAt > before.trainedAt, after.card.version > before.card.version, looks.length]).toEqual([true, true, 1 + Math.ceil(gaps.reduce((sum, days) => sum + days, 0) / 7)]);
  }, 120_000);
});
