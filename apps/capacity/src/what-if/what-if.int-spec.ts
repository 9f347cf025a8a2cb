import { once } from 'node:events';
import { addDays, newId, parseLocalDate } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { Client } from 'pg';
import { RunningCapacity, partnership } from '../../test/running-capacity';

const manager = 'manager@summit.example';
const given = (loads: readonly number[]) => loads.map((load, p) => ({ id: ['summit', 'harbor', 'desert'][p], slotsPerDay: 20, load }));
const unequal = given([1.1, 0.97, 0.88]);
/** Five times as many years as are usual, of four times as many patients: long enough to be met in the middle. */
const long = { practices: [...unequal, ...unequal.map((one) => ({ ...one, id: `${one.id}-2` }))].map((one) => ({ ...one, slotsPerDay: 100 })), changes: [{ kind: 'rules', rules: { share: 0.1 } }], runs: 200 };

describe('what-if', () => {
  let capacity: RunningCapacity;
  beforeAll(async () => {
    capacity = await RunningCapacity.start();
    await capacity.knowsPractices();
  });
  afterAll(() => capacity.stop());

  const ask = async (question: object, who = manager, key?: string) => {
    const asked = await capacity.post(who, '/what-if', question, key);
    expect([asked.status, asked.body]).toEqual([202, expect.objectContaining({ id: expect.any(String), state: expect.stringMatching(/queued|running|done/) })]);
    return String(asked.body.id);
  };
  const read = async (id: string, who = manager) => (await capacity.get(who, `/what-if/${id}`)).body;
  const ended = (id: string, who = manager) => eventually(`what-if ${id} ends`, async () => { const found = await read(id, who); return ['queued', 'running'].includes(found.state) ? null : found; });
  const lineOf = (lines: { practice: string; outcomes: Record<string, { mean: number; low: number | null; high: number | null }> }[], practice: string) => lines.find((line) => line.practice === practice)!.outcomes;

  /** Thirteen weeks of 600 minutes each weekday and so many half hours asked for on each. */
  const weeksOf = async (practice: string, requests: number, weeks = 13) => {
    await capacity.admin.query(`INSERT INTO supply_day (id, host, provider, day, minutes, shared, changed_at) SELECT gen_random_uuid(), $1, gen_random_uuid(), d, 600, 0, now() FROM generate_series(date_trunc('week', $2::timestamptz AT TIME ZONE 'UTC') - $3::int * interval '7 days', date_trunc('week', $2::timestamptz AT TIME ZONE 'UTC') - interval '1 day', '1 day') d WHERE extract(isodow FROM d) < 6`, [practice, new Date(capacity.now), weeks]);
    await capacity.admin.query(
      `INSERT INTO visit (id, revision, status, host, booking, site, provider, visit_type, service, modality, start_at, end_at, zone, day, request_day, booked_at, took_time, changed_at)
       SELECT gen_random_uuid(), 1, 'fulfilled', $1, $1, gen_random_uuid(), s.provider, gen_random_uuid(), 'skin-check', 'in-person', s.day + interval '16 hours', s.day + interval '16 hours 30 minutes', 'UTC', s.day, s.day, s.day, true, now() FROM supply_day s CROSS JOIN generate_series(1, $2) WHERE s.host = $1`, [practice, requests]);
  };

  test('the same question and seed give the same answer, with intervals and the present beside it; another seed another', async () => {
    const question = { practices: unequal, changes: [{ kind: 'rules', rules: { share: 0.2 } }, { kind: 'add-slots', practice: 'desert', slotsPerDay: 1 }], runs: 20, seed: 7 };
    const [one, twin, other] = [await ended(await ask(question)), await ended(await ask(question)), await ended(await ask({ ...question, seed: 8 }))];
    expect(one).toMatchObject({ state: 'done', failure: null, progress: { done: 60, total: 60 }, question: { seed: 7, runs: 20 }, answer: { version: 1, verdict: 'shorter', sharingHelps: true, sentence: expect.stringContaining('Patients of your practice would wait') } });
    expect(JSON.stringify(twin.answer)).toBe(JSON.stringify(one.answer));
    expect(JSON.stringify(other.answer)).not.toBe(JSON.stringify(one.answer));
    const [before, after, difference] = [one.answer.present, one.answer.changed, one.answer.difference].map((lines) => lineOf(lines, 'summit')['waitDays']!);
    expect(difference!.mean).toBeCloseTo(after!.mean - before!.mean, 2);
    expect(difference!.high).toBeLessThan(0);
  });

  test('says honestly that sharing will not help where all are overloaded, as a change and as advice', async () => {
    const [change, advice] = [await ended(await ask({ practices: given([1.04, 1.04, 1.04]), changes: [{ kind: 'rules', rules: { share: 0.2 } }], runs: 20 })), await ended(await ask({ practices: given([1.04, 1.04, 1.04]), advice: true, runs: 20 }))];
    expect(change.answer).toMatchObject({ sharingHelps: false, sentence: expect.stringContaining('Sharing will not help here: patients ask for more than all practices together have') });
    expect(advice.answer).toMatchObject({ verdict: 'sharing-will-not-help', sharingHelps: false, rules: null, missing: { slotsPerDay: expect.any(Number) } });
  });

  test('P4: asked again with the same key there is one, another question is refused, and what cannot be tried is told at once', async () => {
    const question = { practices: given([0.5]), advice: true, runs: 20 };
    const [id, again] = [await ask(question, manager, 'once'), await ask(question, manager, 'once')];
    expect(again).toBe(id);
    expect(await capacity.post(manager, '/what-if', { ...question, seed: 2 }, 'once')).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    expect(await capacity.post(manager, '/what-if', { practices: unequal, changes: [{ kind: 'partner-leaves', practice: 'nobody' }] })).toMatchObject({ status: 400, body: { code: 'not-in-partnership' } });
    expect((await capacity.post(manager, '/what-if', { practices: unequal })).status).toBe(400);
    expect(await capacity.post(manager, '/what-if', { ...long, practices: long.practices.map((one) => ({ ...one, slotsPerDay: 300 })) })).toMatchObject({ status: 422, body: { code: 'too-much-to-simulate' } });
    // What changes add counts as well, however often it is said.
    const repeated = (change: object) => capacity.post(manager, '/what-if', { practices: [{ id: 'summit', slotsPerDay: 100, load: 1 }], changes: new Array(20).fill(change), runs: 20 });
    expect(await repeated({ kind: 'demand', practice: null, factor: 3 })).toMatchObject({ status: 422, body: { code: 'changes-too-large', detail: expect.stringContaining('more than 3 requests for each slot') } });
    expect(await repeated({ kind: 'add-slots', practice: 'summit', slotsPerDay: 200 })).toMatchObject({ status: 422, body: { code: 'changes-too-large' } });
    expect(await capacity.post(manager, '/what-if', { ...long, changes: [{ kind: 'rules', rules: { share: 0.1 } }, { kind: 'demand', practice: null, factor: 2.5 }] })).toMatchObject({ status: 422, body: { code: 'too-much-to-simulate' } });
    expect((await ended(id)).state).toBe('done');
  });

  test('P9: where the database breaks as an answer is written, it is left to its lease and answered again, not told to have failed', async () => {
    // A sequence goes on also where the statement is rolled back.
    await capacity.admin.query(`CREATE SEQUENCE broken; CREATE FUNCTION break_at_end() RETURNS trigger SECURITY DEFINER LANGUAGE plpgsql AS $$ BEGIN IF NEW.state = 'done' AND NEW.question->>'seed' = '77' THEN PERFORM nextval('broken'); RAISE EXCEPTION 'shutting down' USING ERRCODE = '57P01'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER break_at_end BEFORE UPDATE ON what_if FOR EACH ROW EXECUTE FUNCTION break_at_end()`);
    const id = await ask({ practices: given([0.5]), advice: true, runs: 20, seed: 77 });
    await eventually('it broke', async () => (await capacity.admin.query('SELECT is_called FROM broken')).rows[0].is_called);
    await capacity.admin.query('DROP TRIGGER break_at_end ON what_if; DROP FUNCTION break_at_end');
    await eventually('another begins it when its lease is over', async () => {
      await capacity.admin.query(`UPDATE what_if SET lease_until = now() - interval '1 second' WHERE id = $1 AND state = 'running' AND attempts = 1`, [id]);
      return (await capacity.admin.query('SELECT attempts FROM what_if WHERE id = $1', [id])).rows[0].attempts === 2;
    });
    expect(await ended(id)).toMatchObject({ state: 'done', failure: null, answer: { verdict: 'nothing-to-gain' } });
  });

  test('P9: what cannot be read any more fails with a sentence and keeps nobody else waiting', async () => {
    const whole = await ended(await ask({ practices: given([0.5]), advice: true, runs: 20 }));
    const broken = newId();
    await capacity.admin.query(`INSERT INTO what_if (id, practice, asked_by, asked_at, question, task, total) SELECT $1, practice, asked_by, '2020-01-01', question, jsonb_set(task, '{partnership,rules,share}', '1.2'), total FROM what_if WHERE id = $2`, [broken, whole.id]);
    expect((await ended(await ask({ practices: given([0.5]), advice: true, runs: 20 }, 'manager@harbor.example'), 'manager@harbor.example')).state).toBe('done');
    expect(await ended(broken)).toMatchObject({ state: 'failed', answer: null, failure: expect.stringContaining('cannot be read') });
  });

  test('P18: from what is known of the partnership it answers for partners only rounded outcomes, and refuses with what is missing', async () => {
    const today = { changes: [{ kind: 'rules', rules: { share: 0.2 } }], runs: 20 };
    await weeksOf('summit', 22);
    await weeksOf('desert', 18);
    // Opened three times and withdrawn twice: a tenth stood open, not three.
    await capacity.admin.query(`INSERT INTO shared_day (id, agreement, host, day, offered, withdrawn, taken_back, changed_at) SELECT gen_random_uuid(), gen_random_uuid(), host, day, 180, 60, 60, now() FROM supply_day WHERE host = 'summit'`);
    await weeksOf('harbor', 0, 5);
    expect(await capacity.post(manager, '/what-if', today)).toMatchObject({ status: 422, body: { code: 'too-little-known', detail: expect.stringContaining('Practice harbor has scheduled time in fewer than 8 of the last 13 weeks') } });
    await capacity.admin.query(`DELETE FROM supply_day WHERE host = 'harbor'`);
    await weeksOf('harbor', 19);
    const id = await ask(today);
    const { answer, state } = await ended(id);
    expect([state, answer.sharingHelps]).toEqual(['done', true]);
    const { rows: [row] } = await capacity.admin.query(`SELECT task FROM what_if WHERE id = $1`, [id]);
    expect(row.task.partnership.rules.share).toBe(0.1);
    expect(row.task.partnership.practices).toEqual([['desert', 0.9], ['harbor', 0.95], ['summit', 1.1]].map(([name, load]) => expect.objectContaining({ id: name, slotsPerDay: 20, load })));
    for (const lines of [answer.present, answer.changed, answer.difference]) {
      expect(Object.keys(lineOf(lines, 'summit'))).toContain('utilisation');
      for (const partner of ['desert', 'harbor']) {
        const outcomes = lineOf(lines, partner);
        expect(Object.keys(outcomes).sort()).toEqual(['borrowedPerWeek', 'elsewhere', 'gaveUp', 'lentPerWeek', 'ownThirdNextDays', 'thirdNextDays', 'waitDays']);
        for (const { mean, low, high } of Object.values(outcomes)) expect([mean * 100, low, high]).toEqual([expect.closeTo(Math.round(mean * 100), 6), null, null]);
        expect(Number.isInteger(outcomes['lentPerWeek']!.mean)).toBe(true);
      }
      expect(lineOf(lines, 'together')).not.toHaveProperty('utilisation');
    }
    expect(JSON.stringify(await read(id))).not.toMatch(/slotsPerDay|"load"/);
    // What is known of partners cannot be read by the role under which requests run, nor the row by another practice.
    const app = new Client({ connectionString: capacity.database.appUrl });
    await app.connect();
    try {
      const seenBy = async (practice: string) => { await app.query(`SELECT set_config('slotmesh.tenant', $1, false)`, [practice]); return (await app.query('SELECT FROM what_if WHERE id = $1', [id])).rowCount; };
      expect([await seenBy('summit'), await seenBy('harbor'), await seenBy('')]).toEqual([1, 0, 0]);
      await expect(app.query('SELECT task FROM what_if')).rejects.toThrow('permission denied');
    } finally {
      await app.end();
    }
    expect((await capacity.get('manager@harbor.example', `/what-if/${id}`)).status).toBe(404);
    expect(await capacity.post('operator@network.example', '/what-if', today)).toMatchObject({ status: 422, body: { code: 'operators-give-practices' } });
    const ofOperator = await ask({ practices: given([0.5]), advice: true, runs: 20 }, 'operator@network.example');
    expect((await ended(ofOperator, 'operator@network.example')).state).toBe('done');
    expect((await capacity.get(manager, `/what-if/${ofOperator}`)).status).toBe(404);
    // A trial of a candidate beside the same partnership tells as little of it.
    const visits = Array.from({ length: 50 }, (_, n) => addDays(parseLocalDate('2025-01-06'), Math.floor(n / 5) * 7 + (n % 5))).flatMap((date) => Array.from({ length: 21 }, () => date));
    const trial = (await capacity.post('operator@network.example', '/trials', { csv: ['date', ...visits].join('\n'), yes: true, slotsPerDay: 20, partnership, runs: 20 })).body;
    const joined = await ended(trial.whatIf, 'operator@network.example');
    expect(joined.answer.changed.map(({ practice }: { practice: string }) => practice)).toEqual(['candidate', 'desert', 'harbor', 'summit', 'together']);
    expect([lineOf(joined.answer.changed, 'candidate')['utilisation'], lineOf(joined.answer.changed, 'harbor')['utilisation']]).toEqual([expect.objectContaining({ low: expect.any(Number) }), undefined]);
    expect(lineOf(joined.answer.difference, 'candidate')['waitDays']!.high).toBeLessThan(0);
    expect(JSON.stringify(joined)).not.toMatch(/slotsPerDay|"load"/);
  });

  test('progress rises, a third waits while two run, and cancelled in the middle it ends without an answer', async () => {
    const ids = [await ask(long), await ask(long), await ask(long)];
    const first = await eventually('the first moves', async () => { const found = await read(ids[0]!); return found.progress.done > 0 ? found.progress.done : null; });
    expect(await eventually('it moves on', async () => { const { progress, state } = await read(ids[0]!); return progress.done > first ? state : null; })).toBe('running');
    // Who has none running comes before a third of who has, even where it asked later.
    const ofAnother = await ask(long, 'manager@harbor.example');
    expect([(await read(ids[2]!)).state, (await read(ofAnother, 'manager@harbor.example')).state]).toEqual(['queued', 'queued']);
    await capacity.delete(manager, `/what-if/${ids[0]}`);
    await eventually('it runs', async () => (await read(ofAnother, 'manager@harbor.example')).state === 'running');
    expect((await read(ids[2]!)).state).toBe('queued');
    await capacity.delete('manager@harbor.example', `/what-if/${ofAnother}`);
    for (const id of ids) expect((await capacity.delete(manager, `/what-if/${id}`)).status).toBe(204);
    for (const id of ids) expect(await read(id)).toMatchObject({ state: 'cancelled', answer: null, endedAt: expect.any(String) });
    // Both places are free again: a short one gets through.
    const short = await ask({ practices: given([0.5]), advice: true, runs: 20 });
    expect((await ended(short)).state).toBe('done');
    expect(await capacity.delete(manager, `/what-if/${short}`)).toMatchObject({ status: 409, body: { code: 'what-if-over' } });
    expect((await read(ids[0]!)).state).toBe('cancelled');
  });

  test('P21: the list has what the own practice asked, the newest first with the sentence of its answer, page by page', async () => {
    const [first, second] = [await ask({ practices: given([0.5]), advice: true, runs: 20 }, 'manager@desert.example'), await ask({ practices: unequal, changes: [{ kind: 'demand', practice: null, factor: 1.1 }], runs: 20 }, 'manager@desert.example')];
    for (const id of [first, second]) await ended(id, 'manager@desert.example');
    const page = (await capacity.get('manager@desert.example', '/what-if?limit=1')).body;
    expect(page.items).toEqual([expect.objectContaining({ id: second, state: 'done', kind: 'changes', practices: 'given', verdict: 'longer', sentence: expect.stringContaining('would wait') })]);
    const rest = (await capacity.get('manager@desert.example', `/what-if?limit=1&cursor=${page.nextCursor}`)).body;
    expect(rest).toEqual({ items: [expect.objectContaining({ id: first, kind: 'advice', verdict: 'nothing-to-gain' })], nextCursor: null });
    expect((await capacity.get('manager@lakeside.example', '/what-if')).body).toEqual({ items: [], nextCursor: null });
  });

  test('P9: a run that takes too long ends with a sentence and gives its place back', async () => {
    await capacity.stopProcess();
    await capacity.startProcess({ WHAT_IF_MOST_SECONDS: 1 });
    const id = await ask(long);
    expect(await ended(id)).toMatchObject({ state: 'failed', answer: null, failure: expect.stringContaining('did not come to its end in the time') });
    await capacity.stopProcess();
    await capacity.startProcess();
    const short = await ask({ practices: given([0.5]), advice: true, runs: 20 });
    expect((await ended(short)).state).toBe('done');
  });

  test('P9: what a process left at its end, or when it was killed with -9, another begins again with the same answer, and never before the lease is over', async () => {
    const question = { practices: unequal, changes: [{ kind: 'demand', practice: null, factor: 1.1 }], runs: 200 };
    const whole = await ended(await ask(question));
    const leftBehind = await ask(long);
    await eventually('it runs', async () => (await read(leftBehind)).state === 'running');
    await capacity.stopProcess();
    expect((await capacity.admin.query('SELECT state, runner FROM what_if WHERE id = $1', [leftBehind])).rows).toEqual([{ state: 'queued', runner: null }]);
    await capacity.admin.query(`UPDATE what_if SET state = 'cancelled' WHERE id = $1`, [leftBehind]);
    const [killed, alive, hopeless] = [newId(), newId(), newId()];
    await capacity.admin.query(`INSERT INTO what_if (id, practice, asked_by, asked_at, question, task, total) SELECT $1, practice, asked_by, asked_at, question, task, total FROM what_if WHERE id = $2`, [killed, whole.id]);
    const child = capacity.startChild();
    try {
      await eventually('the other process is in the middle of it', async () => (await capacity.admin.query(`SELECT FROM what_if WHERE id = $1 AND state = 'running' AND done > 0`, [killed])).rowCount === 1);
    } finally {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    // The lease runs out.
    expect((await capacity.admin.query(`UPDATE what_if SET lease_until = now() - interval '1 second' WHERE id = $1 AND state = 'running' AND runner IS NOT NULL AND lease_until > now()`, [killed])).rowCount).toBe(1);
    for (const [id, lease, attempts] of [[alive, '1 hour', 1], [hopeless, '-1 second', 3]]) {
      await capacity.admin.query(`INSERT INTO what_if (id, practice, asked_by, asked_at, question, task, state, done, total, runner, lease_until, attempts) SELECT $1, practice, asked_by, asked_at, question, task, 'running', 30, total, gen_random_uuid(), now() + $3::interval, $4 FROM what_if WHERE id = $2`, [id, whole.id, lease, attempts]);
    }
    await capacity.startProcess();
    expect((await ended(killed)).answer).toEqual(whole.answer);
    expect((await capacity.admin.query('SELECT attempts FROM what_if WHERE id = $1', [killed])).rows).toEqual([{ attempts: 2 }]);
    expect(await ended(hopeless)).toMatchObject({ state: 'failed', answer: null, failure: expect.stringContaining('never came to its end') });
    expect(await read(alive)).toMatchObject({ state: 'running', progress: { done: 30 } });
  });
});
