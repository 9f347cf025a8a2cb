import { AppointmentRescheduled } from '@slotmesh/contracts';
import { formatInstant } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { RunRounds } from '../src/waitlist/commands/run-rounds';
import { Desk, type HttpResult, type OpeningItem, RunningScheduling, TAKEN_TWICE } from './running-scheduling';

let scheduling: RunningScheduling;
let harbor: Desk;
let summit: Desk;
let desert: Desk;
let lakeside: Desk;
let whose: Map<Desk, string[]>;

beforeAll(async () => {
  scheduling = await RunningScheduling.start({ listenTo: [AppointmentRescheduled] });
  // Why: at noon in Boston nobody's quiet hours keep an offer back.
  const day = 86_400_000;
  scheduling.clock.moveTo(scheduling.clock.offset + ((17 * 3_600_000 - (scheduling.now() % day) + day) % day));
  [harbor, summit, desert, lakeside] = await Promise.all(['harbor', 'summit', 'desert', 'lakeside'].map((practice) => scheduling.desk(`frontdesk@${practice}.example`))) as [Desk, Desk, Desk, Desk];
  const patientsOf = async (practice: string): Promise<string[]> => (await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = $1 AND needs = '{}' AND NOT deceased ORDER BY id`, [practice])).map(({ id }) => id);
  whose = new Map([[harbor, await patientsOf('harbor')], [summit, await patientsOf('summit')], [desert, await patientsOf('desert')], [lakeside, await patientsOf('lakeside')]]);
});
afterAll(async () => scheduling.stop());

interface Visit { readonly id: string; readonly start: string; readonly end: string; readonly host: string; readonly status: string; readonly chain: string }
interface Step { readonly step: number; readonly visit: Visit | null }
interface Chain { readonly start: string; readonly end: string; readonly steps: readonly OpeningItem[] }
let used = 0;
const patient = (desk = harbor): string => whose.get(desk)![used++ % whose.get(desk)!.length]!;
const stepsOf = ({ body }: HttpResult): Step[] => body['steps'] as unknown as Step[];
const minutes = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 60_000;
const dayOf = (at: string, zone: string): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(at));
const find = (desk: Desk, service: string, practice: string, from: number, days: number): Promise<OpeningItem[]> => desk.openings(`service=${service}&practice=${practice}&from=${scheduling.inDays(from)}&to=${scheduling.inDays(from + days)}&limit=200`);
const search = async (desk: Desk, body: object): Promise<Chain[]> => {
  const answer = await desk.post('/visit-chains/search', body);
  expect(answer).toMatchObject({ status: 200, body: { lookedUntil: null } });
  return answer.body['items'] as unknown as Chain[];
};
const GAPS = [{ minGap: { minutes: 30 }, maxGap: { minutes: 24 * 60 } }, { minGap: { days: 7 }, maxGap: { days: 14 } }];
/** Consult in Phoenix, the echo there within a day, and the own doctor a week or two later. */
const asked = (more: object = {}) => ({ steps: [{ service: 'cardiology-consult' }, { service: 'echo', ...GAPS[0] }, { service: 'primary-care-visit', practice: 'harbor', ...GAPS[1] }], from: scheduling.inDays(3), ...more });
const bookable = (chain: Chain) => chain.steps.map(({ id }, i) => ({ opening: id, ...(i === 0 ? {} : GAPS[i - 1]) }));
const BROKEN: Readonly<Record<string, string>> = {
  'P1 a resource twice': TAKEN_TWICE,
  'P2 a visit without its time': `SELECT a.id FROM appointment a JOIN visit_type v ON v.id = a.visit_type_id WHERE (SELECT count(*) FROM occupancy o WHERE o.appointment_id = a.id AND o.active) <> CASE a.status WHEN 'cancelled' THEN 0 ELSE 1 + jsonb_array_length(v.needs) END`,
  'P2 linked visits that are not whole': `SELECT c.id FROM visit_chain c WHERE (SELECT count(DISTINCT a.chain_step) FROM appointment a WHERE a.chain_id = c.id) <> jsonb_array_length(c.gaps) + 1`,
  'P7 a quota that was not counted exactly': `SELECT q.id FROM quota_use q WHERE q.used <> (SELECT count(*) FROM hold h WHERE h.state = 'active' AND q.id = ANY (h.quota_ids)) + (SELECT count(*) FROM appointment a WHERE q.id = ANY (a.quota_ids))`,
  'P8 a person not where the visit is': `SELECT a.id FROM appointment a LEFT JOIN person_time t ON t.appointment_id = a.id AND t.active WHERE coalesce(t.during = tstzrange(a.starts_at, a.ends_at), false) <> (a.status <> 'cancelled')`,
};
afterEach(async () => {
  for (const [promise, sql] of Object.entries(BROKEN)) expect({ promise, rows: await scheduling.sql(sql) }).toEqual({ promise, rows: [] });
});
const deadlocks = async (): Promise<number> => Number((await scheduling.sql<{ n: string }>('SELECT deadlocks AS n FROM pg_stat_database WHERE datname = current_database()'))[0]!.n);

describe('linked visits over HTTP', () => {
  test('P2: a consult, an echo and a follow-up at two practices are found by their gaps, earliest end first, and booked as one', async () => {
    const who = patient();
    const found = await search(harbor, asked({ patient: who, limit: 4 }));
    expect(found).toHaveLength(4);
    expect(found.map(({ end }) => end)).toEqual(found.map(({ end }) => end).sort());
    for (const { steps: [consult, echo, followUp] } of found) {
      expect([consult!.practice, echo!.practice, followUp!.practice]).toEqual(['desert', 'desert', 'harbor']);
      expect(minutes(consult!.end, echo!.start)).toBeGreaterThanOrEqual(30);
      expect(minutes(consult!.end, echo!.start)).toBeLessThanOrEqual(24 * 60);
      const days = (Date.parse(dayOf(followUp!.start, echo!.zone)) - Date.parse(dayOf(echo!.end, echo!.zone))) / 86_400_000;
      expect([days >= 7, days <= 14]).toEqual([true, true]);
    }
    const ask = { steps: bookable(found[0]!), patient: who, reason: 'chest pain on stairs' };
    const [booked, twin] = await Promise.all([harbor.post('/visit-chains', ask, { 'idempotency-key': 'chain-1' }), harbor.post('/visit-chains', ask, { 'idempotency-key': 'chain-1' })]);
    expect(booked.status).toBe(201);
    expect(twin.body).toEqual(booked.body);
    const visits = stepsOf(booked).map(({ visit }) => visit!);
    expect(visits.map(({ start }) => start)).toEqual(found[0]!.steps.map(({ start }) => start));
    const path = `/visit-chains/${String(booked.body['id'])}`;
    expect((await harbor.get(path)).body).toMatchObject({ steps: [{ step: 1, minGap: null }, { step: 2, ...GAPS[0] }, { step: 3, ...GAPS[1], visit: { id: visits[2]!.id, chain: booked.body['id'] } }] });
    // P7: a host sees its own visits and that there are others.
    expect(stepsOf(await desert.get(path)).map(({ visit }) => visit?.id ?? null)).toEqual([visits[0]!.id, visits[1]!.id, null]);
    expect([(await summit.get(path)).status, (await lakeside.get(path)).status, (await summit.post(`${path}/cancel`)).status]).toEqual([404, 404, 404]);
    expect((await harbor.get(`/appointments/${visits[1]!.id}`)).body).toMatchObject({ linked: [{ appointment: visits[0]!.id, step: 1 }, { appointment: visits[2]!.id, step: 3, host: 'harbor' }] });
    expect((await desert.get(`/appointments/${visits[1]!.id}`)).body).toMatchObject({ linked: [{ appointment: visits[0]!.id }] });
    const told = await scheduling.sql<{ chain: string }>(`SELECT payload->'appointment'->>'chain' AS chain FROM outbox WHERE type LIKE '%booked%' AND key = ANY ($1)`, [visits.map(({ id }) => id)]);
    for (const { chain } of told) expect(chain).toBe(booked.body['id']);

    expect(await harbor.post(`/appointments/${visits[0]!.id}/cancel`, { reason: 'pat' })).toMatchObject({ status: 200, body: { linked: [{ appointment: visits[1]!.id, step: 2 }, { appointment: visits[2]!.id, step: 3 }] } });
    const off = await harbor.post(`${path}/cancel`, { from: 2, reason: 'pat' });
    expect(off).toMatchObject({ status: 200, body: { changed: [visits[1]!.id, visits[2]!.id] } });
    expect(stepsOf(off).map(({ visit }) => visit!.status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(await harbor.post(`${path}/cancel`)).toMatchObject({ status: 409, body: { code: 'visit-chain-no-visit-left' } });
  });

  test('P2, P5: where one step is taken nothing is booked; the refusal names it with openings that keep the gaps, and with one of them all are booked', async () => {
    const [chain] = await search(harbor, asked({ from: scheduling.inDays(5), limit: 1 }));
    const echo = chain!.steps[1]!;
    expect((await desert.post('/appointments', { opening: echo.id, patient: patient(desert) })).status).toBe(201);
    const before = await scheduling.sql('SELECT (SELECT count(*) FROM appointment) AS a, (SELECT count(*) FROM occupancy) AS o, (SELECT count(*) FROM disclosure) AS d, (SELECT count(*) FROM visit_chain) AS c');
    const later = new Date(Date.parse(echo.start) + 10 * 86_400_000).toISOString();
    const [followUp] = await harbor.openings(`service=primary-care-visit&practice=harbor&from=${later}&to=${new Date(Date.parse(later) + 3 * 86_400_000).toISOString()}`);
    const [who, steps] = [patient(), bookable({ ...chain!, steps: [chain!.steps[0]!, echo, followUp!] })];
    const refused = await harbor.post('/visit-chains', { steps, patient: who }, { 'idempotency-key': 'chain-clash' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'visit-chain-clash', clashes: [{ step: 2, opening: echo.id, reason: 'taken' }] } });
    expect(await scheduling.sql('SELECT (SELECT count(*) FROM appointment) AS a, (SELECT count(*) FROM occupancy) AS o, (SELECT count(*) FROM disclosure) AS d, (SELECT count(*) FROM visit_chain) AS c')).toEqual(before);
    const { alternatives } = (refused.body['clashes'] as unknown as { alternatives: OpeningItem[] }[])[0]!;
    expect(alternatives.length).toBeGreaterThan(0);
    for (const one of alternatives) {
      expect(one.service).toBe('echo');
      expect(minutes(chain!.steps[0]!.end, one.start)).toBeGreaterThanOrEqual(30);
      expect(minutes(chain!.steps[0]!.end, one.start)).toBeLessThanOrEqual(24 * 60);
    }
    expect((await harbor.post('/visit-chains', { steps: steps.map((step, i) => (i === 1 ? { ...step, opening: alternatives[0]!.id } : step)), patient: who })).status).toBe(201);

    const narrow = await harbor.post('/visit-chains', { steps: [{ opening: chain!.steps[0]!.id }, { opening: alternatives.at(-1)!.id, maxGap: { minutes: 1 } }], patient: patient() });
    expect(narrow).toMatchObject({ status: 409, body: { code: 'visit-chain-clash' } });
    expect(await harbor.post('/visit-chains', { steps: [...steps].reverse(), patient: patient() })).toMatchObject({ status: 422, body: { code: 'steps-out-of-order', step: 2 } });
    expect(await harbor.post('/visit-chains', { steps: [{ opening: chain!.steps[0]!.id }, { opening: chain!.steps[1]!.id, minGap: { minutes: 5 }, maxGap: { minutes: 1 } }], patient: patient() })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/steps/1/maxGap' }] } });
    // P7: who may not see a calendar learns nothing of it, neither by search nor by an id that it was given.
    expect(await search(lakeside, { steps: [{ service: 'cardiology-consult' }, { service: 'echo' }] })).toEqual([]);
    const guessed = await lakeside.post('/visit-chains', { steps, patient: patient(lakeside) });
    expect(guessed).toMatchObject({ status: 409, body: { clashes: [{ step: 1, reason: 'no-hours-then', alternatives: [] }, { step: 2, reason: 'no-hours-then' }, { step: 3, reason: 'no-hours-then' }], chains: [] } });
    expect(JSON.stringify(guessed.body)).not.toMatch(/desert|harbor|Phoenix|America/);
  });

  test('one of them moves where the gaps hold; where one breaks it is refused, also to its host, who is not told when the other is, and done on purpose only', async () => {
    const [chain] = await search(harbor, asked({ from: scheduling.inDays(8), limit: 1 }));
    const booked = await harbor.post('/visit-chains', { steps: bookable(chain!), patient: patient() });
    expect(booked.status).toBe(201);
    const [consult, echo, followUp] = stepsOf(booked).map(({ visit }) => visit!);
    const echoes = await harbor.openings(`service=echo&practice=desert&from=${scheduling.inDays(8)}&to=${scheduling.inDays(30)}&limit=200`);
    const late = echoes.find(({ start }) => minutes(consult!.end, start) > 24 * 60)!;
    for (const desk of [harbor, desert]) {
      const refused = await desk.post(`/appointments/${echo!.id}/reschedule`, { opening: late.id });
      expect(refused).toMatchObject({ status: 409, body: { code: 'visit-chain-gap', steps: [1, 2] } });
      expect(JSON.stringify(refused.body)).not.toContain(consult!.start);
    }
    const consults = await desert.openings(`service=cardiology-consult&practice=desert&from=${echo!.end}&to=${scheduling.inDays(30)}&limit=20`);
    expect(await desert.post(`/appointments/${consult!.id}/reschedule`, { opening: consults[0]!.id })).toMatchObject({ status: 409, body: { code: 'visit-chain-gap', steps: [1, 2] } });
    const fits = echoes.find(({ start, id }) => id !== chain!.steps[1]!.id && minutes(consult!.end, start) >= 30 && minutes(consult!.end, start) <= 24 * 60 && dayOf(start, 'America/Phoenix') === dayOf(echo!.start, 'America/Phoenix'));
    if (fits) expect((await harbor.post(`/appointments/${echo!.id}/reschedule`, { opening: fits.id })).status).toBe(200);
    expect((await harbor.post(`/appointments/${echo!.id}/reschedule`, { opening: late.id, breakGaps: true })).status).toBe(200);
    expect(await scheduling.sql(`SELECT details->'gapBroken' AS broken FROM audit_entry WHERE action = 'appointment.rescheduled' AND entity_id = $1 ORDER BY at DESC, id DESC LIMIT 1`, [echo!.id])).toEqual([{ broken: true }]);
    // What was called off holds nothing together any more.
    expect((await harbor.post(`/appointments/${followUp!.id}/cancel`)).status).toBe(200);
    expect((await harbor.get(`/appointments/${consult!.id}`)).body).toMatchObject({ linked: [{ appointment: echo!.id }] });
  });

  test('P2: an offer that would take the place of one of them is made only where the gaps hold, and the new visit takes its place among the others', async () => {
    const [chain] = await search(harbor, asked({ from: scheduling.inDays(20), limit: 1 }));
    const who = patient();
    const [consult, echo, followUp] = stepsOf(await harbor.post('/visit-chains', { steps: bookable(chain!), patient: who })).map(({ visit }) => visit!);
    const followUps = (await harbor.openings(`service=primary-care-visit&practice=harbor&from=${scheduling.inDays(3)}&to=${followUp!.start}&limit=200`)).filter(({ id }) => id !== chain!.steps[2]!.id);
    const days = (at: string): number => (Date.parse(dayOf(at, 'America/Phoenix')) - Date.parse(dayOf(echo!.end, 'America/Phoenix'))) / 86_400_000;
    const tooEarly = followUps.find(({ start }) => days(start) < 7)!;
    const later = (await harbor.openings(`service=primary-care-visit&practice=harbor&from=${new Date(Date.parse(followUp!.start) + 86_400_000).toISOString()}&to=${scheduling.inDays(50)}&limit=200`)).filter(({ start }) => days(start) <= 14).at(-1);
    expect((await harbor.post(`/appointments/${followUp!.id}/reschedule`, { opening: later!.id })).status).toBe(200);
    const waiting = await harbor.post('/waitlist-entries', { patient: who, service: 'primary-care-visit', noticeMinutes: 60, channels: [], replaces: followUp!.id });
    expect(waiting.status).toBe(201);
    const openOffers = async (): Promise<{ id: string }[]> => (await harbor.get('/offers?state=open')).body['items'] as unknown as { id: string }[];
    const freed = async (opening: string): Promise<string> => {
      const booked = await harbor.post('/appointments', { opening, patient: patient() });
      expect((await harbor.post(`/appointments/${String(booked.body['id'])}/cancel`, { reason: 'pat' })).status).toBe(200);
      return String(booked.body['id']);
    };
    const rounds = scheduling.app.get(RunRounds, { strict: false });
    const settled = async (visit: string): Promise<void> => void (await eventually('the round has begun', async () => {
      await rounds.execute();
      return (await scheduling.sql(`SELECT id FROM offer_round WHERE freed_by = $1 AND state = 'new'`, [visit])).length === 0;
    }));
    await settled(await freed(tooEarly.id));
    expect(await openOffers()).toEqual([]);
    await settled(await freed(chain!.steps[2]!.id));
    const [offer] = await openOffers();
    const accepted = await harbor.post(`/offers/${offer!.id}/accept`);
    expect(accepted.status).toBe(200);
    expect(stepsOf(await harbor.get(`/visit-chains/${consult!.chain}`)).map(({ visit }) => [visit!.status, visit!.start])).toEqual([['booked', consult!.start], ['booked', echo!.start], ['booked', followUp!.start]]);
  });

  test('two visits of one chain that move at once never break the gap between them', async () => {
    const before = await deadlocks();
    for (let round = 0; round < 6; round += 1) {
      const [chain] = await search(harbor, { steps: [{ service: 'cardiology-consult' }, { service: 'echo', minGap: { minutes: 0 }, maxGap: { minutes: 26 * 60 } }], from: scheduling.inDays(14 + round * 3), limit: 1 });
      const booked = await harbor.post('/visit-chains', { steps: [{ opening: chain!.steps[0]!.id }, { opening: chain!.steps[1]!.id, maxGap: { minutes: 26 * 60 } }], patient: patient() });
      expect(booked.status).toBe(201);
      const [consult, echo] = stepsOf(booked).map(({ visit }) => visit!);
      const day = { from: consult!.start, to: new Date(Date.parse(echo!.end) + 40 * 3_600_000).toISOString() };
      const [earlier, later] = [await desert.openings(`service=cardiology-consult&practice=desert&from=${scheduling.inDays(13 + round * 3)}&to=${consult!.start}&limit=200`), await desert.openings(`service=echo&practice=desert&from=${echo!.start}&to=${day.to}&limit=200`)];
      const apart = [earlier.filter(({ end }) => minutes(end, echo!.start) <= 26 * 60)[0], later.filter(({ start }) => minutes(consult!.end, start) <= 26 * 60).at(-1)];
      if (!apart[0] || !apart[1] || minutes(apart[0].end, apart[1].start) <= 26 * 60) continue;
      const answers = await Promise.all([harbor.post(`/appointments/${consult!.id}/reschedule`, { opening: apart[0].id }), desert.post(`/appointments/${echo!.id}/reschedule`, { opening: apart[1].id })]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    }
    expect((await deadlocks()) - before).toBe(0);
  });

  test('P1, P2: desks of three practices book chains over the same times in opposite orders: each whole or nothing, no deadlock, no overlap', async () => {
    const before = await deadlocks();
    const kinds = [['vaccination', 'harbor'], ['skin-check', 'summit'], ['echo', 'desert']] as const;
    const on = new Map<string, OpeningItem[]>();
    let days = 0;
    for (let day = 20; days < 3; day += 1) {
      const all = await Promise.all(kinds.map(([service, practice]) => find(harbor, service, practice, day, 1)));
      if (all.some((openings) => openings.length < 4)) continue;
      for (const [i, [, practice]] of kinds.entries()) on.set(`${days} ${practice}`, all[i]!.slice(0, 4));
      days += 1;
    }
    const answers: HttpResult[] = [];
    await Promise.all(Array.from({ length: 24 }, async (_, n) => {
      const desk = [harbor, summit, desert][n % 3]!;
      const order = n % 2 === 0 ? kinds : [...kinds].reverse();
      const steps = order.flatMap(([, practice], i) => { const [one] = (on.get(`${i} ${practice}`) ?? []).slice((n >> 1) % 3); return one ? [{ opening: one.id }] : []; });
      answers.push(await desk.post('/visit-chains', { steps, patient: patient(desk) }));
    }));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    for (const { status, body } of answers) if (status === 409) expect(body).toMatchObject({ code: 'visit-chain-clash' });
    const made = answers.filter(({ status }) => status === 201);
    expect(Number((await scheduling.sql<{ n: string }>(`SELECT count(*) AS n FROM visit_chain WHERE id = ANY ($1)`, [made.map(({ body }) => body['id'])]))[0]!.n)).toBe(made.length);
    expect((await deadlocks()) - before).toBe(0);
  });

  const chainFrom = async (day: number, who: string, limit = 1): Promise<Chain[]> => search(harbor, asked({ from: scheduling.inDays(day), patient: who, limit }));
  const bookedChain = async (chain: Chain, who: string): Promise<{ readonly id: string; readonly visits: readonly Visit[] }> => {
    const booked = await harbor.post('/visit-chains', { steps: bookable(chain), patient: who });
    expect(booked.status).toBe(201);
    return { id: String(booked.body['id']), visits: stepsOf(booked).map(({ visit }) => visit!) };
  };
  const to = ({ steps }: Chain, from = 1) => steps.slice(from - 1).map(({ id }) => ({ opening: id }));

  test('P2, P4: a chain over two practices moves as a whole: the same appointments, one event for each, the old times free at once; who only hosts a part of it does not move it', async () => {
    const who = patient();
    const [first] = await chainFrom(10, who);
    const { id, visits } = await bookedChain(first!, who);
    const [second] = await chainFrom(17, who);
    const ask = { steps: to(second!) };
    expect(await desert.post(`/visit-chains/${id}/move`, ask)).toMatchObject({ status: 403, body: { code: 'booking-practice-moves' } });
    expect([(await summit.post(`/visit-chains/${id}/move`, ask)).status, (await lakeside.post(`/visit-chains/${id}/move`, ask)).status]).toEqual([404, 404]);
    expect(await harbor.post(`/visit-chains/${id}/move`, { steps: ask.steps.slice(1) })).toMatchObject({ status: 422, body: { code: 'visit-chain-steps', steps: [1, 2, 3] } });
    const [elsewhere] = await find(harbor, 'skin-check', 'summit', 17, 20);
    expect(await harbor.post(`/visit-chains/${id}/move`, { from: 3, steps: [{ opening: elsewhere!.id }] })).toMatchObject({ status: 422, body: { code: 'visit-chain-step-elsewhere', step: 3 } });
    expect(await harbor.post(`/visit-chains/${id}/move`, { steps: ask.steps.map((step) => ({ ...step, version: 7 })) })).toMatchObject({ status: 412, body: { code: 'appointment-changed' } });

    const [moved, twin] = await Promise.all([harbor.post(`/visit-chains/${id}/move`, ask, { 'idempotency-key': 'move-1' }), harbor.post(`/visit-chains/${id}/move`, ask, { 'idempotency-key': 'move-1' })]);
    expect(moved).toMatchObject({ status: 200, body: { id, changed: visits.map((visit) => visit.id) } });
    expect(twin.body).toEqual(moved.body);
    expect(stepsOf(moved).map(({ visit }) => visit)).toMatchObject(visits.map((visit, i) => ({ id: visit.id, host: visit.host, chain: id, status: 'booked', revision: 2, start: second!.steps[i]!.start })));
    expect(stepsOf(await desert.get(`/visit-chains/${id}`)).map(({ visit }) => visit?.start ?? null)).toEqual([second!.steps[0]!.start, second!.steps[1]!.start, null]);
    for (const [i, { id: opening }] of first!.steps.entries()) expect((await (i === 2 ? harbor : desert).post('/holds', { opening })).status).toBe(201);
    const told = await eventually('each move is told', () => {
      const events = scheduling.events.gathered(AppointmentRescheduled).filter(({ key }) => visits.some((visit) => visit.id === key));
      return events.length >= 3 && events;
    });
    expect(told.map(({ key, data }) => [key, formatInstant(data.previousStart), formatInstant(data.appointment.start), data.appointment.revision]).sort()).toEqual(visits.map((visit, i) => [visit.id, visit.start, second!.steps[i]!.start, 2]).sort());
  });

  test('P2, P5: where one step is taken or breaks a gap to what stays nothing moves; the refusal names it, with openings of the same practice that keep the gaps', async () => {
    const who = patient();
    const [first] = await chainFrom(24, who);
    const { id, visits } = await bookedChain(first!, who);
    const [soon] = await chainFrom(30, who);
    const late = Date.parse(soon!.steps[1]!.start) + 10 * 86_400_000;
    const [followUp] = await harbor.openings(`service=primary-care-visit&practice=harbor&from=${new Date(late).toISOString()}&to=${new Date(late + 3 * 86_400_000).toISOString()}&patient=${who}`);
    const second = { ...soon!, steps: [soon!.steps[0]!, soon!.steps[1]!, followUp!] };
    expect((await desert.post('/appointments', { opening: second.steps[1]!.id, patient: patient(desert) })).status).toBe(201);
    const counts = 'SELECT (SELECT sum(revision) FROM appointment) AS a, (SELECT count(*) FROM occupancy WHERE active) AS o, (SELECT count(*) FROM offer_round) AS r, (SELECT sum(used) FROM quota_use) AS q';
    const before = await scheduling.sql(counts);
    const refused = await harbor.post(`/visit-chains/${id}/move`, { steps: to(second) });
    expect(refused).toMatchObject({ status: 409, body: { code: 'visit-chain-clash', clashes: [{ step: 2, opening: second.steps[1]!.id, reason: 'taken' }] } });
    const { alternatives } = (refused.body['clashes'] as unknown as { alternatives: OpeningItem[] }[])[0]!;
    expect(alternatives.length).toBeGreaterThan(0);
    for (const one of alternatives) expect(one).toMatchObject({ service: 'echo', practice: 'desert' });
    const alone = await harbor.post(`/visit-chains/${id}/move`, { from: 2, steps: to(second, 2).map((step, i) => (i === 0 ? { opening: alternatives[0]!.id } : step)) });
    expect(alone).toMatchObject({ status: 409, body: { code: 'visit-chain-clash', clashes: [{ step: 2, reason: 'visit-chain-gap' }] } });
    expect(await scheduling.sql(counts)).toEqual(before);

    const [third] = await chainFrom(30, who);
    expect((await harbor.post(`/visit-chains/${id}/move`, { steps: to(third!) })).status).toBe(200);
    const broken = await harbor.post(`/visit-chains/${id}/move`, { from: 2, steps: [{ opening: first!.steps[1]!.id }, { opening: first!.steps[2]!.id }], breakGaps: true });
    expect(broken).toMatchObject({ status: 200, body: { changed: [visits[1]!.id, visits[2]!.id] } });
    expect(stepsOf(broken).map(({ visit }) => visit!.start)).toEqual([third!.steps[0]!.start, first!.steps[1]!.start, first!.steps[2]!.start]);
  });

  test('a chain that moves is asked as it was at booking: a red flag of any step stops it with its instruction, other answers are pointed at where they were sent, and nothing moves', async () => {
    const manager = await scheduling.desk('manager@summit.example');
    const who = patient();
    const soon = scheduling.inDays(26);
    const [flu] = await harbor.openings(`service=vaccination&practice=harbor&from=${soon}&to=${scheduling.inDays(30)}&patient=${who}`);
    const afterwards = (service: string, from: string) => harbor.openings(`service=${service}&practice=summit&from=${from}&to=${scheduling.inDays(40)}&limit=200&patient=${who}`);
    const skins = await afterwards('skin-check', flu!.end);
    const consults = await afterwards('dermatology-consult', skins[0]!.end);
    const booked = await harbor.post('/visit-chains', { steps: [flu!, skins[0]!, consults[0]!].map(({ id }) => ({ opening: id })), patient: who });
    expect(booked.status).toBe(201);
    const [id, visits] = [String(booked.body['id']), stepsOf(booked).map(({ visit }) => visit!)];
    // Why asked only now: what the visits were booked with says nothing to it.
    const question = (name: string, more: object) => ({ id: name, text: { en: `${name}?`, es: `¿${name}?` }, kind: 'yes-no', required: true, ...more });
    const instruction = { en: 'Call the nurse line, 555-0100.', es: 'Llame a la enfermera, 555-0100.' };
    const policyOf = async ({ visitType: { id: type } }: OpeningItem, policy: object | null): Promise<void> => {
      const { body } = await manager.get(`/visit-types/${type}`);
      expect((await manager.call('PUT', `/visit-types/${type}`, { ...body, policy })).status).toBe(200);
    };
    const later = [skins.findLast(({ visitType, start }) => visitType.id === skins[0]!.visitType.id && start < consults.at(-1)!.start)!, consults.findLast(({ visitType }) => visitType.id === consults[0]!.visitType.id)!] as const;
    const revisions = 'SELECT id, revision, starts_at FROM appointment WHERE chain_id = $1 ORDER BY chain_step';
    const before = await scheduling.sql(revisions, [id]);
    await policyOf(skins[0]!, { questions: [question('latex', {})] });
    await policyOf(consults[0]!, { questions: [question('bleeding', { redFlag: { when: ['yes'], instruction } })] });
    try {
      const move = (from: number, ...answers: (object | undefined)[]) => harbor.post(`/visit-chains/${id}/move`, { from, steps: later.slice(-answers.length).map((one, i) => ({ opening: one.id, answers: answers[i] })) });
      const raised = await move(2, {}, { bleeding: true });
      expect(raised).toMatchObject({ status: 422, body: { code: 'red-flag', step: 3, question: 'bleeding', instruction, visits: [{ step: 2, code: 'required-answers', questions: ['latex'] }, { step: 3, code: 'red-flag' }] } });
      expect(await scheduling.sql(`SELECT practice_id FROM audit_entry WHERE action = 'appointment.red-flag' AND entity_id = $1`, [id])).toEqual([{ practice_id: 'harbor' }]);
      const missing = await move(2, {}, { bleeding: false });
      expect(missing).toMatchObject({ status: 422, body: { code: 'required-answers', step: 2, questions: ['latex'], visits: [{ step: 2 }] } });
      const wrong = await move(2, { latex: false }, { bleeding: false, shoe: '42' });
      expect(wrong).toMatchObject({ status: 422, body: { code: 'answers-do-not-fit', step: 3, errors: [{ pointer: '/steps/1/answers/shoe' }], visits: [{ step: 3, errors: [{ pointer: '/steps/1/answers/shoe' }] }] } });
      // Where the step before stays, or was called off, the body has one step less.
      expect(await move(3, { shoe: '42' })).toMatchObject({ status: 422, body: { step: 3, errors: [{ pointer: '/steps/0/answers/shoe' }] } });
      for (const { body } of [raised, missing, wrong]) expect([body['clashes'], body['chains'], body['alternatives'], JSON.stringify(body).includes('"sent"')]).toEqual([undefined, undefined, undefined, false]);
      // A red flag does not wait for a gap either, where one of them moves alone.
      expect(await harbor.post(`/appointments/${visits[2]!.id}/reschedule`, { opening: later[1].id, answers: { bleeding: true } })).toMatchObject({ status: 422, body: { code: 'red-flag', instruction } });
      expect(await scheduling.sql(revisions, [id])).toEqual(before);
      expect((await summit.post(`/appointments/${visits[1]!.id}/cancel`, { reason: 'prov' })).status).toBe(200);
      const rest = (answers: object) => harbor.post(`/visit-chains/${id}/move`, { from: 2, steps: [{ opening: later[1].id, answers }] });
      expect(await rest({ shoe: '42' })).toMatchObject({ status: 422, body: { step: 3, errors: [{ pointer: '/steps/0/answers/shoe' }] } });
      expect(await rest({ bleeding: false })).toMatchObject({ status: 200, body: { changed: [visits[2]!.id] } });
      expect((await summit.get(`/appointments/${visits[2]!.id}`)).body).toMatchObject({ answers: { bleeding: 'no' } });
    } finally {
      await policyOf(skins[0]!, null);
      await policyOf(consults[0]!, null);
    }
  });

  test('P1, P2: two desks that move one chain while its host calls a visit off: what still stands is where one of them put it, whole, without a deadlock', async () => {
    const [before, other] = [await deadlocks(), await scheduling.desk('manager@harbor.example')];
    const seen = new Set<string>();
    for (let round = 0; round < 5; round += 1) {
      const who = patient();
      const [first] = await chainFrom(6 + round, who);
      const { id, visits } = await bookedChain(first!, who);
      const [one] = await chainFrom(13 + round, who);
      const [two] = await chainFrom(20 + round, who);
      const moves = [harbor.post(`/visit-chains/${id}/move`, { steps: to(one!) }), other.post(`/visit-chains/${id}/move`, { steps: to(two!) })] as const;
      // Why after the first answer in most rounds: to call off is quicker, and then no move would ever be under way.
      if (round > 1) await Promise.race(moves);
      const off = round % 2 === 0 ? desert.post(`/appointments/${visits[1]!.id}/cancel`, { reason: 'prov' }) : harbor.post(`/visit-chains/${id}/cancel`, { from: 2, reason: 'pat' });
      const answers = await Promise.all([...moves, off]);
      for (const { status, body } of answers.slice(0, 2)) {
        seen.add(`${status} ${String(body['code'] ?? '')}`);
        expect([200, 409, 422]).toContain(status);
      }
      expect(answers[2]!.status).toBe(200);
      const left = stepsOf(await harbor.get(`/visit-chains/${id}`)).flatMap(({ step, visit }) => (visit!.status === 'booked' ? [[step, visit!.start]] : []));
      const wholes = [first!, one!, two!].map(({ steps }) => left.map(([step]) => [step, steps[Number(step) - 1]!.start]));
      expect(wholes).toContainEqual(left);
    }
    expect([...seen]).toContain('200 ');
    expect((await deadlocks()) - before).toBe(0);
  });
});
