import { FeedbackGiven, InboxReceived, InboxSettled } from '@slotmesh/contracts';
import { DAY, HOUR, type Instant, formatInstant, newId, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { type Desk, RunningScheduling } from '../../test/running-scheduling';
import { monthBegun } from './domain/standards';

interface Item { readonly practice: string; readonly measure: string; readonly state: string; readonly value: number | null; readonly cases: number | null }

const CASES = 12;
let scheduling: RunningScheduling;
let reader: Desk;
let agreement: string;
let asOf: Instant;

/** Visits at summit that begin ten days before the month that is measured ends. */
async function visits(count: number, { booking = 'harbor', under = agreement, startsAt = plusMs(asOf, -10 * DAY) }: { readonly booking?: string; readonly under?: string | null; readonly startsAt?: Instant } = {}): Promise<string[]> {
  return (await scheduling.sql<{ id: string }>(
    `INSERT INTO appointment (id, revision, status, participation, host_id, booking_id, patient_id, person_id, site_id, provider_id, visit_type_id, service_code, modality, zone, starts_at, ends_at, booked_at, booked_by, changed_at, agreement_id)
     SELECT gen_random_uuid(), 1, 'fulfilled', 'accepted', 'summit', $1, p.id, p.person_id, (SELECT id FROM site WHERE practice_id = 'summit' LIMIT 1), (SELECT id FROM provider WHERE practice_id = 'summit' LIMIT 1), v.id, v.service_code, 'in-person', 'UTC', $3::timestamptz, $3::timestamptz + interval '30 minutes', $3, 's', $3, $2
     FROM generate_series(1, $4::int), (SELECT id, person_id FROM patient WHERE practice_id = 'summit' ORDER BY id LIMIT 1) AS p, (SELECT id, service_code FROM visit_type WHERE practice_id = 'summit' ORDER BY id LIMIT 1) AS v RETURNING id`, [booking, under, formatInstant(startsAt), count])).map(({ id }) => id);
}
async function measured(measure: string): Promise<Item | undefined> {
  const { status, body } = await reader.get(`/agreements/${agreement}/standards`);
  expect(status).toBe(200);
  return (body['items'] as unknown as Item[]).find((one) => one.practice === 'summit' && one.measure === measure);
}

beforeAll(async () => {
  scheduling = await RunningScheduling.start({ listenTo: [] });
  reader = await scheduling.desk('manager@harbor.example');
  asOf = monthBegun(scheduling.now());
  const limits = { 'poor-feedback-percent': { limit: 20 }, 'texts-answered-hours': { limit: 4 } };
  // Another agreement like the seeded one, with standards: what was proposed is never rewritten.
  agreement = newId();
  await scheduling.sql(`INSERT INTO agreement SELECT (jsonb_populate_record(a, jsonb_build_object('id', $1::text))).* FROM agreement a`, [agreement]);
  await scheduling.sql(`INSERT INTO agreement_version SELECT (jsonb_populate_record(v, jsonb_build_object('agreement_id', $1::text, 'terms', v.terms || jsonb_build_object('standards', $2::jsonb)))).* FROM agreement_version v`, [agreement, JSON.stringify(limits)]);
});
afterAll(() => scheduling.stop());

describe('standards made of what patients say', () => {
  it('P9: measures how many answered 1 or 2 after a visit, the last answer of each, of visits that others booked under the agreement and by the end of the month alone', async () => {
    const of = await visits(CASES);
    const [own] = await visits(1, { booking: 'summit', under: null });
    const [later] = await visits(1, { startsAt: plusMs(asOf, HOUR) });
    const says = (appointment: string, score: number, days = -5, host = 'summit') => scheduling.events.publish(FeedbackGiven, { key: appointment, host, booking: 'harbor', time: scheduling.now() }, { id: newId(), host, patient: newId(), message: newId(), appointment, score, at: formatInstant(plusMs(asOf, days * DAY)) });
    for (const [i, visit] of of.slice(2).entries()) await says(visit, i === 0 ? 2 : 5);
    await eventually('ten are known', async () => (await scheduling.sql('SELECT FROM visit_feedback')).length === CASES - 2);
    expect(await measured('poor-feedback-percent')).toMatchObject({ state: 'too-few', value: null, cases: null });
    for (const visit of of.slice(0, 2)) await says(visit, 1);
    for (const [visit, score] of [[own!, 1], [later!, 1], [newId(), 1]] as const) await says(visit, score);
    await eventually('all are known', async () => (await scheduling.sql('SELECT FROM visit_feedback')).length === CASES + 2);
    expect(await measured('poor-feedback-percent')).toMatchObject({ state: 'breached', value: 25, cases: CASES });
    // A mind was changed; what was said before that comes late, and so does what no visit of that host is.
    await says(of[0]!, 3, -4);
    await says(of[0]!, 2, -6);
    await says(of[11]!, 1, -3, 'desert');
    await says(of[10]!, 4);
    await eventually('the last is known', async () => (await scheduling.sql('SELECT FROM visit_feedback WHERE appointment_id = $1 AND score = 4', [of[10]])).length === 1);
    await eventually('the mind was changed', async () => (await measured('poor-feedback-percent'))?.state === 'kept');
    expect(await measured('poor-feedback-percent')).toMatchObject({ value: 16.67, cases: CASES });
    // Said when the month was over: no case of it.
    await says(of[1]!, 1, 1);
    await eventually('one case fewer', async () => (await measured('poor-feedback-percent'))?.cases === CASES - 1);
    expect((await measured('poor-feedback-percent'))?.value).toBe(9.09);
  });

  it('P9: measures within how many hours nine of ten texts about such visits were read or answered; one that waits counts with its waiting, and one without a visit is left out', async () => {
    const [of] = await visits(1);
    const [own] = await visits(1, { booking: 'summit', under: null });
    const [cameAt, time, host] = [plusMs(asOf, -5 * DAY), scheduling.now(), 'summit'];
    async function text(appointment: string | null, { hours, at = cameAt }: { readonly hours: number | null; readonly at?: Instant }): Promise<string> {
      const id = newId();
      await scheduling.events.publish(InboxReceived, { key: id, host, time }, { id, host, appointment, receivedAt: formatInstant(at) });
      if (hours !== null) await settle(id, hours, at);
      return id;
    }
    const settle = (id: string, hours: number, at = cameAt) => scheduling.events.publish(InboxSettled, { key: id, host, time }, { id, host, receivedAt: formatInstant(at), settledAt: formatInstant(plusMs(at, hours * HOUR)) });
    for (let i = 1; i < CASES; i++) await text(of!, { hours: i === 1 ? 3 : 2 });
    const waits = await text(of!, { hours: null });
    for (const [appointment, at] of [[null, cameAt], [own!, cameAt], [newId(), cameAt], [of!, plusMs(asOf, HOUR)], [of!, plusMs(asOf, -150 * DAY)]] as const) await text(appointment, { hours: null, at });
    // Nine of ten of twelve are eleven.
    await eventually('all are known', async () => { const texts = await scheduling.sql<{ settled: boolean }>('SELECT settled_at IS NOT NULL AS settled FROM visit_text'); return texts.length === CASES + 3 && texts.filter(({ settled }) => settled).length === CASES - 1; });
    expect(await measured('texts-answered-hours')).toMatchObject({ state: 'kept', value: 3, cases: CASES });
    const second = await text(of!, { hours: null });
    await eventually('two of thirteen wait', async () => (await measured('texts-answered-hours'))?.state === 'breached');
    expect(await measured('texts-answered-hours')).toMatchObject({ value: 120, cases: CASES + 1 });
    // Read when the month was over: it waited until its end.
    await settle(waits, 6 * 24);
    await settle(second, 4);
    await eventually('one was read in time', async () => (await measured('texts-answered-hours'))?.state === 'kept');
    expect(await measured('texts-answered-hours')).toMatchObject({ value: 4, cases: CASES + 1 });
  });
});
