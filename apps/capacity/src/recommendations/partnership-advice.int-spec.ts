import { RecommendationDecided, RecommendationMade, RecommendationMeasured, RecommendationWithdrawn } from '@slotmesh/contracts';
import { instantOfDate, localDateOf, localTimeOf, parseZone, weekdayOf } from '@slotmesh/kernel';
import { type NeighbourEvents, eventually, neighbourEvents } from '@slotmesh/testing';
import { RunningCapacity, partnership } from '../../test/running-capacity';
import { weeksOfVisits } from '../../test/weeks-of-visits';
import { LookAtPartnerships } from './commands/look-at-partnerships';
import { LookForAdvice } from './commands/look-for-advice';

const events = [RecommendationMade, RecommendationWithdrawn, RecommendationDecided, RecommendationMeasured] as const;
interface Listed { readonly id: string; readonly kind: string; readonly service: string | null; readonly now: number; readonly expected: { readonly value: number; readonly high: number }; readonly plan?: string; readonly title: string; readonly reason: string; readonly cost: string; readonly effect: { readonly value: number; readonly low: number | null }; readonly afterwards: object | null }

describe('recommendations for a partnership', () => {
  let capacity: RunningCapacity;
  let heard: NeighbourEvents;
  beforeAll(async () => {
    capacity = await RunningCapacity.start();
    heard = await neighbourEvents(capacity.topics, [...events]);
    // Its turn is over before anything is known, as on a first start.
    for (const id of ['harbor', 'summit', 'desert', 'lakeside']) await capacity.practice(id);
    await capacity.settled();
  });
  afterAll(async () => { await heard.stop(); await capacity.stop(); });

  const lookAgain = async (): Promise<void> => {
    await capacity.admin.query(`UPDATE partnership_turn SET next_at = now() - interval '1 minute'`);
    await Promise.all([capacity.app!.get(LookAtPartnerships, { strict: false }).execute(), capacity.settled()]);
    await capacity.settled();
  };
  const listed = async (practice: string, state = 'open'): Promise<Listed[]> => (await capacity.get(`manager@${practice}.example`, `/recommendations?state=${state}`)).body.items;
  const ofKind = async (practice: string, kind: string): Promise<Listed | undefined> => (await listed(practice)).find((one) => one.kind === kind);

  test('is looked at once a week on Monday at 05:00, and says nothing where too little is known', async () => {
    const { rows } = await capacity.admin.query('SELECT partnership, next_at FROM partnership_turn');
    const [zone, next] = [parseZone('America/Denver'), instantOfDate(rows[0].next_at)];
    expect([rows.length, rows[0].partnership, weekdayOf(localDateOf(next, zone)), localTimeOf(next, zone)]).toEqual([1, partnership, 1, '05:00']);
    for (const practice of ['harbor', 'summit', 'desert']) expect(await listed(practice)).toEqual([]);
  });

  test('P18: tells each practice how much to share and which slots to release by which stored plan, with the effect and the cost', async () => {
    for (const [practice, requests] of [['harbor', 22], ['summit', 14], ['desert', 19]] as const) await weeksOfVisits(capacity, practice, requests);
    await lookAgain();
    const [busiest, lender] = [await ofKind('harbor', 'share-time'), await ofKind('summit', 'share-time')];
    expect(busiest).toMatchObject({ title: expect.stringMatching(/^Share \d+ %/), sure: 'simulated', measure: 'third-next-available-working-days', reason: expect.stringContaining('Busiest is your practice.') });
    expect(busiest!.expected.high).toBeLessThan(busiest!.now);
    expect(lender).toMatchObject({ effect: { value: busiest!.effect.value, low: null }, reason: expect.stringContaining('Busiest is harbor.') });
    expect(await ofKind('harbor', 'release-slots')).toBeUndefined();
    const release = await ofKind('summit', 'release-slots');
    expect(release).toMatchObject({ service: 'skin-check', title: expect.stringMatching(/^Release \d+ slots? for skin-check to harbor in the week of \d{4}-\d\d-\d\d$/), effect: { low: expect.any(Number) }, cost: expect.stringContaining('minutes of your time') });
    const plan = (await capacity.get('manager@summit.example', `/quota-plans/${release!.plan}`)).body;
    expect(plan).toMatchObject({ madeBy: null, inputs: null, solution: { lends: expect.arrayContaining([expect.objectContaining({ lender: 'summit', borrower: 'harbor' })]) } });
    const terms = { practices: ['harbor', 'summit', 'desert'], rules: [] };
    expect((await capacity.post('manager@summit.example', `/quota-plans/${release!.plan}/amendment`, { terms, effectiveFrom: '2027-01-01T00:00:00Z' })).body.rules).toEqual(expect.arrayContaining([expect.objectContaining({ host: 'summit', partners: ['harbor'] })]));
    expect(await listed('lakeside')).toEqual([]);

    const [before, ids] = [await listed('summit'), (await listed('summit')).map(({ id }) => id)];
    await lookAgain();
    // The same numbers in the same week say the same, but for the plan, which is stored anew.
    expect((await listed('summit')).map(({ plan: _, ...one }) => ({ ...one, lookedAt: null }))).toEqual(before.map(({ plan: _, ...one }) => ({ ...one, lookedAt: null })));
    expect((await listed('summit')).map(({ id }) => id)).toEqual(ids);
    // A look at a single practice knows nothing of it and ends nothing.
    await capacity.admin.query(`UPDATE recommendation_turn SET next_at = now() - interval '1 minute'`);
    await capacity.app!.get(LookForAdvice, { strict: false }).execute();
    await capacity.settled();
    expect((await listed('summit')).map(({ id }) => id)).toEqual(ids);
  });

  test('P9: what is advised, decided and measured is told on Kafka once each, without what people wrote', async () => {
    const [share, release] = [await ofKind('summit', 'share-time'), await ofKind('summit', 'release-slots')];
    await capacity.post('manager@summit.example', `/recommendations/${share!.id}/decision`, { decision: 'taken', why: 'Mrs Jones asked for it' });
    await capacity.admin.query(`UPDATE recommendation SET decided_at = decided_at - interval '29 days' WHERE id = $1`, [share!.id]);
    await capacity.admin.query(`INSERT INTO access_wait (snapshot, host, site, provider, visit_type, service, patients, day, third_at, days, working_days, horizon_days) SELECT gen_random_uuid(), 'summit', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'skin-check', 'all', (now() - n * interval '1 day')::date, now(), 2, CASE WHEN n > 29 THEN 4 ELSE 1 END, 90 FROM generate_series(2, 55) AS n`);
    for (let look = 0; look < 2; look++) {
      await capacity.admin.query(`UPDATE recommendation_turn SET next_at = now() - interval '1 minute'`);
      await capacity.settled();
    }
    const measured = await eventually('it is measured', () => heard.gathered(RecommendationMeasured).find(({ data }) => data.id === share!.id));
    expect(measured.data).toMatchObject({ practice: 'summit', kind: 'share-time', measure: 'third-next-available-working-days', before: 4, after: expect.any(Number), expected: { value: share!.expected.value } });
    expect((await listed('summit', 'taken'))[0]).toMatchObject({ id: share!.id, afterwards: { before: 4, isOver: true } });
    // Everything that was advised ends with what was known.
    await capacity.admin.query(`DELETE FROM supply_day WHERE host = 'desert'`);
    await lookAgain();
    const withdrawn = await eventually('it is withdrawn', () => heard.gathered(RecommendationWithdrawn).find(({ data }) => data.id === release!.id));
    expect(withdrawn.data).toMatchObject({ practice: 'summit', kind: 'release-slots', service: 'skin-check' });
    expect([await ofKind('harbor', 'share-time'), await ofKind('summit', 'release-slots')]).toEqual([undefined, undefined]);
    const ofSummit = events.map((definition) => heard.gathered(definition).filter(({ data }) => data.practice === 'summit').map(({ data }) => data.kind));
    expect(ofSummit.map((kinds) => kinds.filter((kind) => ['share-time', 'release-slots'].includes(kind)).sort())).toEqual([['release-slots', 'share-time'], ['release-slots'], ['share-time'], ['share-time']]);
    expect(JSON.stringify(events.map((definition) => heard.gathered(definition)))).not.toContain('Jones');
  });

  test('two processes look at a partnership once a week', async () => {
    const plans = async (): Promise<number> => (await capacity.admin.query('SELECT count(*)::int AS n FROM quota_plan')).rows[0].n;
    await weeksOfVisits(capacity, 'desert', 0);
    await capacity.settled();
    const before = await plans();
    await capacity.admin.query(`UPDATE partnership_turn SET next_at = now() - interval '1 minute'`);
    const look = capacity.app!.get(LookAtPartnerships, { strict: false });
    await Promise.all([look.execute(), look.execute(), look.execute()]);
    await capacity.settled();
    expect(await plans()).toBe(before + 1);
  });
});
