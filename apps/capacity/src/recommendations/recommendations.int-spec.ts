import { RecallChanged, RecallRecorded, type RecallSnapshot, type Wire, practiceId, type recallSnapshot } from '@slotmesh/contracts';
import { DAY, type LocalDate, addDays, addMonths, formatInstant, localDateOf, newId, parseLocalDate, parseZone, plusMs } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { RunningCapacity, partnership } from '../../test/running-capacity';
import { LookForAdvice } from './commands/look-for-advice';
import { FactsRepository } from './persistence/facts.repository';

const DENVER = parseZone('America/Denver');

describe('recommendations', () => {
  let capacity: RunningCapacity;
  let today: LocalDate;
  beforeAll(async () => {
    capacity = await RunningCapacity.start();
    today = localDateOf(capacity.now, DENVER);
    await capacity.admin.query(`INSERT INTO practice SELECT id, id, 'America/Denver', CASE WHEN id <> 'lakeside' THEN $1::uuid END, true, now() FROM unnest('{harbor,summit,desert,lakeside}'::text[]) AS p(id)`, [partnership]);
  });
  afterAll(() => capacity.stop());

  const lookAgain = async (): Promise<void> => {
    await capacity.admin.query(`UPDATE recommendation_turn SET next_at = now() - interval '1 minute'`);
    const look = capacity.app!.get(LookForAdvice, { strict: false });
    while ((await look.execute()) > 0);
  };
  const listed = async (who = 'manager@summit.example', state = 'open') => (await capacity.get(who, `/recommendations?state=${state}`)).body.items as { id: string; kind: string; service: string; now: number; reason: string; afterwards: object | null; decided: { by: string; why: string } | null }[];

  it('P18: says once what the numbers carry, keeps it up to date, ends it when it no longer holds, and afterwards tells what happened', async () => {
    const recall = (over: Partial<Wire<typeof recallSnapshot>>): Wire<typeof recallSnapshot> => ({ id: newId(), practice: 'summit', patient: newId(), kind: 'screening', revision: 1, state: 'open', reason: null, due: addDays(today, -20), zone: 'America/Denver', appointment: null, ...over });
    const [late, later, coming, ofOthers] = [recall({}), recall({}), recall({ due: addDays(today, -3) }), recall({ practice: 'harbor' })];
    for (const one of [late, later, coming, ofOthers]) await capacity.tell(RecallRecorded, one.id, one.practice, { recall: one });
    await capacity.admin.query(
      `INSERT INTO access_wait (snapshot, host, site, provider, visit_type, service, patients, day, third_at, days, working_days, horizon_days)
       SELECT gen_random_uuid(), 'summit', gen_random_uuid(), $2, gen_random_uuid(), 'skin-check', 'all', $1::date - n, now(), CASE WHEN $1::date - n >= date_trunc('week', $1::date)::date - 28 THEN 12 ELSE 5 END, 9, 90 FROM generate_series(1, 80) AS n`, [today, newId()]);
    await capacity.admin.query(`INSERT INTO network_wait (snapshot, practice, service, day, host, third_at, days, working_days, horizon_days, own, own_days) SELECT gen_random_uuid(), 'summit', 'skin-check', $1::date - n, 'desert', now(), 4, 3, 90, true, 12 FROM generate_series(1, 80) AS n`, [today]);
    await capacity.settled();
    await lookAgain();
    expect((await listed()).map(({ kind, service, now }) => [kind, service, now])).toEqual([['overdue-recalls', 'screening', null], ['rising-wait', 'skin-check', 12], ['sooner-at-partners', 'skin-check', null]]);
    expect((await listed())[0]!.reason).toBe('2 recalls (screening) are open and due for more than two weeks.');
    expect((await listed('manager@harbor.example')).map(({ kind }) => kind)).toEqual(['overdue-recalls']);
    expect(await listed('manager@lakeside.example')).toEqual([]);

    await capacity.tell(RecallChanged, late.id, 'summit', { recall: { ...late, revision: 2, state: 'booked' satisfies RecallSnapshot['state'], appointment: newId() } });
    await capacity.settled();
    const [first, second, third] = await listed();
    expect(third!.reason).toContain("With partners' time the third opening for skin-check came 8.0 days sooner than in own time alone");
    await lookAgain();
    expect((await listed()).map(({ id, reason }) => [id, reason])).toEqual([[first!.id, '1 recall (screening) is open and due for more than two weeks.'], ...[second!, third!].map(({ id, reason }) => [id, reason])]);

    expect((await capacity.post('manager@harbor.example', `/recommendations/${second!.id}/decision`, { decision: 'taken', why: 'not mine' })).status).toBe(404);
    expect((await capacity.post('frontdesk@summit.example', `/recommendations/${second!.id}/decision`, { decision: 'taken', why: 'not allowed' })).status).toBe(403);
    expect((await capacity.post('manager@summit.example', `/recommendations/${second!.id}/decision`, { decision: 'taken', why: 'desks offer desert first' })).status).toBe(204);
    expect((await capacity.post('manager@summit.example', `/recommendations/${second!.id}/decision`, { decision: 'dismissed', why: 'once more' })).body).toMatchObject({ status: 409, code: 'recommendation-decided' });
    await capacity.tell(RecallChanged, later.id, 'summit', { recall: { ...later, revision: 2, state: 'booked', appointment: newId() } });
    await capacity.settled();
    await lookAgain();
    // Taken advice is not said again for four weeks, and what no longer holds is over.
    expect((await listed()).map(({ id }) => id)).toEqual([third!.id]);
    expect((await listed('manager@summit.example', 'over')).map(({ id }) => id)).toEqual([first!.id]);
    const [taken] = await listed('manager@summit.example', 'taken');
    expect(taken).toMatchObject({ id: second!.id, decided: { why: 'desks offer desert first' }, afterwards: { before: expect.any(Number), after: null, isOver: false, expected: null } });
    await capacity.admin.query(`UPDATE recommendation SET decided_at = decided_at - interval '40 days' WHERE id = $1`, [second!.id]);
    expect((await listed('manager@summit.example', 'taken'))[0]).toMatchObject({ afterwards: { before: 5, after: expect.any(Number), isOver: true } });
    await lookAgain();
    expect((await listed()).map(({ kind }) => kind)).toEqual(['rising-wait', 'sooner-at-partners']);
  });

  it('takes how long a visit takes from recent visits, and from visit types where there were none', async () => {
    await capacity.admin.query(`INSERT INTO shared_day (id, agreement, host, day, offered, returned, changed_at) SELECT gen_random_uuid(), gen_random_uuid(), 'desert', $1::date - n, 120, 90, now() FROM generate_series(1, 20) AS n`, [today]);
    await capacity.admin.query(`INSERT INTO visit_type (id, practice, service, name, duration_minutes, modality, changed_at) VALUES (gen_random_uuid(), 'desert', 'echo', 'Echo', 90, 'in-person', now())`);
    const patients = async () => {
      await lookAgain();
      return (await capacity.admin.query(`SELECT (advice ->> 'patients')::int AS n FROM recommendation WHERE practice = 'desert' AND kind = 'shared-time-unused' AND state = 'open'`)).rows.map(({ n }) => n);
    };
    expect(await patients()).toEqual([20]);
    await capacity.admin.query(
      `INSERT INTO visit (id, revision, status, host, booking, site, provider, visit_type, service, modality, start_at, end_at, zone, day, booked_at, request_day, changed_at, took_time)
       SELECT gen_random_uuid(), 1, 'fulfilled', 'desert', 'desert', gen_random_uuid(), $2, gen_random_uuid(), 'echo', 'in-person', $1::date - n + time '16:00', $1::date - n + make_interval(hours => 16, mins => CASE WHEN n = 1 THEN 240 ELSE 60 END), 'America/Denver', $1::date - n, now(), $1::date - n, now(), true FROM generate_series(1, 5) AS n`, [today, newId()]);
    expect(await patients()).toEqual([30]);
    await capacity.admin.query(`DELETE FROM shared_day WHERE host = 'desert'`);
    await lookAgain();
  });

  it('P18: learns of partners no more than the practice may read, and months no earlier', async () => {
    const month = (back: number) => addMonths(parseLocalDate(`${formatInstant(capacity.now).slice(0, 7)}-01`), -back);
    const told = formatInstant(plusMs(capacity.now, -3 * DAY)).slice(0, 7) === formatInstant(capacity.now).slice(0, 7) ? 1 : 2;
    await capacity.admin.query(`INSERT INTO month_cell (measure, practice, service, month, numerator, denominator, people, rest) VALUES ('third-next-available', 'harbor', 'mammogram', $1, 200, 10, NULL, NULL), ('third-next-available', 'harbor', 'mammogram', $2, 90, 10, NULL, NULL), ('third-next-available', 'harbor', 'mri', $1, 500, 10, 3, 500)`, [month(told), month(told - 1)]);
    await capacity.admin.query(`INSERT INTO empty_search (id, practice, service, hour, searches, changed_at) SELECT gen_random_uuid(), 'desert', service, $1::date - interval '8 days', 1, now() FROM unnest('{mammogram,mri}'::text[]) AS s(service)`, [today]);
    const { services } = await capacity.app!.get(UnitOfWork, { strict: false }).run(workerFor('test', practiceId.parse('desert')), (tx) => capacity.app!.get(FactsRepository, { strict: false }).of(tx, 'desert', today));
    expect(services.map(({ service, waitOfPartners }) => [service, waitOfPartners])).toEqual([['mammogram', 20], ['mri', null]]);
    await capacity.admin.query(`DELETE FROM empty_search`);
  });

  it('P18: shows the care gap among more open recommendations than fit, though it is the oldest', async () => {
    await capacity.admin.query(
      `INSERT INTO recommendation (id, practice, kind, service, state, made_at, looked_at, advice)
       SELECT gen_random_uuid(), 'lakeside', CASE n WHEN 0 THEN 'referrals-without-visit' ELSE 'time-to-lend' END, 's' || n, 'open', $1::date - 60 + n, now(),
         jsonb_build_object('kind', CASE n WHEN 0 THEN 'referrals-without-visit' ELSE 'time-to-lend' END, 'service', 's' || n, 'title', 't', 'reason', 'r', 'measure', NULL, 'now', NULL, 'unit', NULL, 'expected', NULL, 'cost', 'c', 'sure', 'measured', 'patients', 100 - n) FROM generate_series(0, 55) AS n`, [today]);
    const all = await listed('manager@lakeside.example');
    expect([all.length, all[0]!.kind, all[1]!.service, all.at(-1)!.service]).toEqual([50, 'referrals-without-visit', 's1', 's49']);
    await capacity.admin.query(`DELETE FROM recommendation WHERE practice = 'lakeside'`);
  });

  it('two processes look at a practice once a morning', async () => {
    await capacity.admin.query(`UPDATE recommendation_turn SET next_at = now() - interval '1 minute'`);
    const look = capacity.app!.get(LookForAdvice, { strict: false });
    await Promise.all([look.execute(), look.execute(), look.execute()]);
    const { rows } = await capacity.admin.query(`SELECT practice, count(*)::int AS n FROM recommendation WHERE state = 'open' GROUP BY practice ORDER BY practice`);
    expect(rows).toEqual([{ practice: 'harbor', n: 1 }, { practice: 'summit', n: 2 }]);
    expect((await capacity.admin.query(`SELECT FROM recommendation_turn WHERE next_at <= now()`)).rowCount).toBe(0);
  });
});
