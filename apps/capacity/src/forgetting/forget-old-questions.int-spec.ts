import { Clock, DAY, MovableClock, newId, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { z } from 'zod';
import { RunningCapacity } from '../../test/running-capacity';
import { ForgetOldQuestions } from './forget-old-questions';

describe('what was asked long ago', () => {
  let capacity: RunningCapacity;
  beforeAll(async () => { capacity = await RunningCapacity.start(); });
  afterAll(() => capacity.stop());

  test('is forgotten: trials and what-ifs after half a year, plans after a year, and never what still runs or is pointed to', async () => {
    const { admin } = capacity;
    const forget = capacity.app!.get(ForgetOldQuestions, { strict: false });
    // It looks once a day, and has looked before anything is there.
    expect(await forget.execute()).toBe(0);
    const daysAgo = (days: number): Date => new Date(plusMs(capacity.now, -days * DAY));
    const whatIf = async (name: string, days: number, state = 'done') => {
      const id = newId();
      await admin.query(`INSERT INTO what_if (id, practice, asked_by, asked_at, question, task, total, state, answer, ended_at, runner, lease_until) VALUES ($1, 'summit', $2, $3, '{}', '{}', 1, $4, CASE WHEN $4 = 'done' THEN '{}'::jsonb END, CASE WHEN $4 = 'done' THEN $3::timestamptz END, CASE WHEN $4 = 'running' THEN gen_random_uuid() END, now() + interval '1 day')`, [id, name, daysAgo(days), state]);
      return id;
    };
    const plan = async (name: string, days: number) => {
      const id = newId();
      await admin.query(`INSERT INTO quota_plan (id, practices, made_by, made_at, inputs, solution) VALUES ($1, ARRAY[$2], NULL, $3, '{}', '{}')`, [id, name, daysAgo(days)]);
      return id;
    };
    const trial = async (name: string, days: number) => admin.query(`INSERT INTO trial (id, practice, loaded_by, loaded_at, what_if, request_hash, lines, unread_lines, days, rates) VALUES ($1, 'summit', $2, $3, $4, '', 0, 0, '[]', '{}')`, [newId(), name, daysAgo(days), await whatIf(`${name} answer`, days)]);
    await whatIf('old', 181);
    await whatIf('young', 178);
    await whatIf('runs', 300, 'running');
    await trial('old trial', 200);
    await trial('young trial', 100);
    await plan('old plan', 366);
    await plan('young plan', 363);
    const pointedTo = await plan('pointed to', 900);
    await admin.query(`INSERT INTO recommendation (id, practice, kind, state, made_at, looked_at, advice) VALUES ($1, 'summit', 'release-slots', 'over', now(), now(), jsonb_build_object('plan', $2::text))`, [newId(), pointedTo]);
    const left = async (): Promise<string[]> => z.array(z.object({ name: z.string() })).parse((await admin.query('SELECT asked_by AS name FROM what_if UNION ALL SELECT loaded_by FROM trial UNION ALL SELECT practices[1] FROM quota_plan ORDER BY name')).rows).map(({ name }) => name);
    const clock = capacity.app!.get(Clock);
    if (!(clock instanceof MovableClock)) throw new Error('the clock cannot be moved');
    clock.moveTo(clock.offset + DAY);
    await eventually('the old is gone', async () => { await forget.execute(); return (await left()).length === 6; });
    expect(await left()).toEqual(['pointed to', 'runs', 'young', 'young plan', 'young trial', 'young trial answer']);
    expect(await forget.execute()).toBe(0);
  });
});
