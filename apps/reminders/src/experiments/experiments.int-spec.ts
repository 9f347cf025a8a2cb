import { patientId } from '@slotmesh/contracts';
import { DAY, HOUR, formatInstant, newId, parseInstant, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { RunningReminders } from '../../test/running-reminders';
import { armOf } from './domain/allocation';

const PATH = '/api/reminders/v1/experiments';
const manager = 'manager@summit.example';
const clinician = 'clinician@summit.example';
const both = 'both@summit.example';
const more = { id: 'text-2h', when: { kind: 'hours-before', hours: 2 }, template: 'visit-reminder', class: 'consented-care', channels: ['sms'], staleAfterMinutes: 60 };
type Step = { id: string };

describe('experiments with plans', () => {
  let reminders: RunningReminders;
  type Visit = ReturnType<RunningReminders['visit']>;
  let network: { id: string; steps: Step[] };
  beforeAll(async () => {
    reminders = await RunningReminders.start();
    reminders.identity.people.set(both, { practice: 'summit', roles: ['manager', 'clinician'] });
    network = (await reminders.http(manager, 'GET', '/api/reminders/v1/plans')).body.items.find((plan: { practice: string | null }) => plan.practice === null);
  });
  afterAll(() => reminders.stop());

  const post = (who: string, path: string, body?: object) => reminders.http(who, 'POST', `${PATH}${path}`, body);
  const read = async (path: string) => (await reminders.http(manager, 'GET', `${PATH}/${path}`)).body;
  const draftOf = (over: object = {}) => ({ name: 'One more text', control: { plan: network.id }, arms: [{ key: 'more', steps: [...network.steps, more] }], patients: 100, days: 30, ...over });
  async function started(over: object = {}): Promise<string> {
    const { id } = (await post(manager, '', draftOf(over))).body;
    expect((await post(clinician, `/${id}/approve`)).status).toBe(200);
    expect((await post(manager, `/${id}/start`)).body).toMatchObject({ state: 'running' });
    return id;
  }
  const stopped = (id: string) => eventually('it has stopped', async () => { const shown = await read(id); return shown.state === 'stopped' && shown; });
  const seedOf = async (id: string) => (await reminders.rows<{ seed: string }>('SELECT seed FROM experiment WHERE id = $1', [id]))[0]!.seed;
  const waitingFor = async (step: string, revision = 1) => new Set((await reminders.rows<{ id: string }>('SELECT appointment_id AS id FROM timer WHERE step = $1 AND revision = $2', [step, revision])).map(({ id }) => id));
  async function booked(count: number): Promise<Visit[]> {
    const visits = Array.from({ length: count }, () => reminders.visit());
    await Promise.all(visits.map((visit) => reminders.patient(visit.patient)));
    await Promise.all(visits.map((visit) => reminders.book(visit)));
    await known(visits);
    return visits;
  }
  const known = (visits: readonly Visit[], status = 'booked', revision = 1) =>
    eventually('the visits are known', async () => (await reminders.rows('SELECT FROM appointment WHERE id = ANY ($1::uuid[]) AND status = $2 AND revision = $3', [visits.map(({ id }) => id), status, revision])).length === visits.length, 120);
  const end = (visits: readonly Visit[], status: 'fulfilled' | 'noshow') => Promise.all(visits.map((visit) => reminders.goOn({ ...visit, status }, status === 'noshow' ? 'booked' : 'checked-in'))).then(() => known(visits, status));

  it('P22: is proposed by a manager, approved by a clinician who did not propose it, and never gives anybody less', async () => {
    const less = await post(manager, '', draftOf({ arms: [{ key: 'fewer', steps: network.steps.filter(({ id }) => id !== 'text-1d') }] }));
    expect(less).toMatchObject({ status: 422, body: { code: 'arm-is-less', detail: expect.stringContaining('It has only 0 reminders before the visit where the plan in force has 1 (fixed 1 days ahead, unconfirmed, normal risk, by sms and email): give it at least as many.') } });
    expect((await post(manager, '', draftOf({ control: { plan: newId() } }))).body.code).toBe('control-not-in-force');
    const own = await post(both, '', draftOf());
    expect(own).toMatchObject({ status: 201, body: { state: 'draft', seed: null, arms: [{ key: 'control', weight: 1, steps: null }, { key: 'more', weight: 1 }] } });
    expect((await post(both, `/${own.body.id}/approve`)).body.code).toBe('another-clinician-approves');
    expect((await post(manager, `/${own.body.id}/approve`)).status).toBe(403);
    expect((await post(manager, `/${own.body.id}/start`)).body.code).toBe('experiment-state');
    expect((await post(clinician, `/${own.body.id}/approve`)).body).toMatchObject({ state: 'approved', approvedBy: clinician });
    expect((await post(manager, `/${own.body.id}/start`)).body).toMatchObject({ state: 'running' });
    const second = (await post(manager, '', draftOf())).body.id;
    await post(clinician, `/${second}/approve`);
    expect((await post(manager, `/${second}/start`)).body).toMatchObject({ code: 'control-taken', experiment: own.body.id });
    // Steps of arms are no plans of the practice.
    expect((await reminders.http(manager, 'GET', '/api/reminders/v1/plans')).body.items).toHaveLength(1);
    expect((await post(manager, `/${own.body.id}/stop`, { reason: 'a trial of the screens' })).body).toMatchObject({ state: 'stopped', because: 'person', stoppedBy: manager, reason: 'a trial of the screens', seed: expect.any(String) });
    expect((await post(manager, `/${own.body.id}/stop`, { reason: 'again' })).body.code).toBe('experiment-stopped');
  });

  it('ends at its end date, and as soon as its control is another version', async () => {
    const ended = await started({ days: 7 });
    reminders.moveTo(plusMs(reminders.now, 7 * DAY));
    expect(await stopped(ended)).toMatchObject({ because: 'end-date', stoppedBy: null });
    const plan = { name: 'Ours', selector: { language: 'es' }, steps: network.steps };
    const { id: control } = (await reminders.http(manager, 'POST', '/api/reminders/v1/plans', plan)).body;
    const changed = await started({ control: { plan: control } });
    expect((await reminders.http(manager, 'PUT', `/api/reminders/v1/plans/${control}`, { ...plan, steps: [...network.steps, { ...more, id: 'text-1h' }] })).status).toBe(200);
    expect(await stopped(changed)).toMatchObject({ because: 'control-changed' });
  });

  it('splits the visits of 200 patients, gives each the steps of its arm through moves, shows outcomes only at looks, and leaves what is planned alone when it is stopped', async () => {
    const [before] = await booked(1);
    const experiment = await started({ patients: 150, looks: 2 });
    const visits = await booked(200);
    const seed = await seedOf(experiment);
    const arms = [{ key: 'control', weight: 1 }, { key: 'more', weight: 1 }];
    const armOfVisit = ({ patient }: Visit) => armOf(seed, arms, patientId.parse(patient)).key;
    const inMore = visits.filter((visit) => armOfVisit(visit) === 'more');
    const assigned = await reminders.rows<{ id: string; arm: string; first: boolean }>('SELECT appointment_id AS id, arm, first_of_patient AS first FROM experiment_assignment WHERE experiment_id = $1', [experiment]);
    expect(new Map(assigned.map(({ id, arm }) => [id, arm]))).toEqual(new Map(visits.map((visit) => [visit.id, armOfVisit(visit)])));
    expect(assigned.every(({ first }) => first)).toBe(true);
    expect(inMore.length).toBeGreaterThan(60);
    expect(inMore.length).toBeLessThan(140);
    expect(await waitingFor('text-2h')).toEqual(new Set(inMore.map(({ id }) => id)));
    expect((await waitingFor('text-1d')).size).toBe(201);

    const again = reminders.visit({ patient: inMore[0]!.patient });
    await reminders.book(again);
    const moved = { ...inMore[1]!, revision: 2, start: formatInstant(plusMs(parseInstant(inMore[1]!.start), DAY)), end: formatInstant(plusMs(parseInstant(inMore[1]!.end), DAY)) };
    await reminders.move(moved, inMore[1]!, { kind: 'host', practice: 'summit' });
    await known([again]);
    await known([moved], 'booked', 2);
    expect(await waitingFor('text-2h', 2)).toEqual(new Set([moved.id]));
    expect(await reminders.rows('SELECT arm, first_of_patient AS first FROM experiment_assignment WHERE appointment_id = $1', [again.id])).toEqual([{ arm: 'more', first: false }]);

    // One in five misses the visit, in both arms alike.
    const marked = visits.filter((visit) => visit.id !== moved.id && visit.patient !== again.patient).slice(0, 90);
    const missed = new Set(arms.flatMap(({ key }) => marked.filter((visit) => armOfVisit(visit) === key).filter((_, index) => index % 5 === 0)));
    const mark = async (some: readonly Visit[]) => {
      await end(some.filter((visit) => !missed.has(visit)), 'fulfilled');
      await end(some.filter((visit) => missed.has(visit)), 'noshow');
      await reminders.settled();
    };
    await mark(marked.slice(0, 70));
    const early = await read(`${experiment}/result`);
    expect(early).toMatchObject({ state: 'running', hidden: true, looks: [], nextLookAt: { patients: 75 } });
    expect(early.arms).toEqual([{ arm: 'control', booked: 201 - inMore.length - 1, patients: 200 - inMore.length, outcomes: null }, { arm: 'more', booked: inMore.length + 1, patients: inMore.length, outcomes: null }]);
    await mark(marked.slice(70));
    const looked = await eventually('it was looked at', async () => { const shown = await read(`${experiment}/result`); return shown.looks.length === 1 && shown; });
    expect(looked).toMatchObject({ state: 'running', nextLookAt: { patients: 150 }, looks: [{ look: 1, bound: expect.closeTo(2.797, 2), arms: [{ arm: 'control', z: null }, { arm: 'more', verdict: 'open', toControl: { difference: expect.any(Number) } }] }] });
    expect(looked.arms.map(({ outcomes }: { outcomes: unknown }) => outcomes)).toEqual([null, null]);

    const cancelled = visits.filter((visit) => armOfVisit(visit) === 'control' && !marked.includes(visit)).slice(0, 12).map((visit) => ({ ...visit, revision: 2, status: 'cancelled' as const }));
    await Promise.all(cancelled.map((visit) => reminders.cancel(visit, { kind: 'host', practice: 'summit' })));
    await known(cancelled, 'cancelled', 2);
    const planned = await waitingFor('text-2h');
    expect((await post(manager, `/${experiment}/stop`, { reason: 'the practice closes for the summer' })).status).toBe(200);
    const result = await read(`${experiment}/result`);
    for (const [index, { key }] of arms.entries()) {
      const of = marked.filter((visit) => armOfVisit(visit) === key);
      const attended = of.filter((visit) => !missed.has(visit)).length;
      const share = { visits: of.length, attended, missed: of.length - attended, rate: expect.closeTo(attended / of.length, 3) };
      expect(result.arms[index]).toMatchObject({ arm: key, outcomes: { firstVisits: share, allVisits: share, cancelledAhead: key === 'control' ? 12 : null, unmarked: null, toControl: key === 'control' ? null : { difference: expect.any(Number) } } });
    }
    // Planned again, a visit follows the plan in force.
    const movedAgain = { ...moved, revision: 3 };
    await reminders.move(movedAgain, moved, { kind: 'host', practice: 'summit' });
    await known([movedAgain], 'booked', 3);
    expect([[...await waitingFor('text-2h', 3)], [...await waitingFor('text-1d', 3)]]).toEqual([[], [moved.id]]);
    const [later] = await booked(1);
    expect(await waitingFor('text-2h')).toEqual(planned);
    expect(await reminders.rows('SELECT FROM experiment_assignment WHERE appointment_id = ANY ($1::uuid[])', [[later!.id, before!.id]])).toEqual([]);
    expect(await reminders.rows(`SELECT DISTINCT arm FROM experiment_assignment WHERE experiment_id = $1 AND appointment_id = $2`, [experiment, moved.id])).toEqual([{ arm: 'more' }]);
  }, 300_000);

  it('gives a visit that moves to where the plan in force has more that plan, and its arm again when it moves back', async () => {
    const { id: longLead } = (await reminders.http(manager, 'POST', '/api/reminders/v1/plans', { name: 'Long leads', selector: { leadDaysMin: 20 }, steps: [...network.steps, { ...more, id: 'text-3h' }, { ...more, id: 'text-4h' }] })).body;
    const experiment = await started({ arms: [{ key: 'more', weight: 100, steps: [...network.steps, more] }] });
    const visits = await booked(5);
    const inMore = await reminders.rows<{ id: string }>(`SELECT appointment_id AS id FROM experiment_assignment WHERE experiment_id = $1 AND arm = 'more'`, [experiment]);
    const visit = visits.find(({ id }) => inMore.some((one) => one.id === id))!;
    const at = (revision: number, days: number) => ({ ...visit, revision, start: formatInstant(plusMs(parseInstant(visit.start), days * DAY)), end: formatInstant(plusMs(parseInstant(visit.end), days * DAY)) });
    const stepsAt = async (revision: number) => (await reminders.rows<{ step: string }>('SELECT step FROM timer WHERE appointment_id = $1 AND revision = $2', [visit.id, revision])).map(({ step }) => step).filter((step) => /h$/.test(step)).sort();
    expect(await stepsAt(1)).toEqual(['text-2h']);
    await reminders.move(at(2, 20), visit, { kind: 'host', practice: 'summit' });
    await known([visit], 'booked', 2);
    expect(await stepsAt(2)).toEqual(['text-3h', 'text-4h']);
    await reminders.move(at(3, 1), at(2, 20), { kind: 'host', practice: 'summit' });
    await known([visit], 'booked', 3);
    expect(await stepsAt(3)).toEqual(['text-2h']);
    expect((await reminders.http('manager@summit.example', 'DELETE', `/api/reminders/v1/plans/${longLead}`)).status).toBe(204);
    // Visits of one patient that are heard of at once: one is the first.
    const people = await Promise.all(Array.from({ length: 10 }, async () => { const id = newId(); await reminders.patient(id); return id; }));
    const twins = people.flatMap((patient) => [reminders.visit({ patient }), reminders.visit({ patient })]);
    await Promise.all(twins.map((twin) => reminders.book(twin)));
    await known(twins);
    const firsts = await reminders.rows('SELECT patient_id, count(*)::int AS visits, count(*) FILTER (WHERE first_of_patient)::int AS firsts FROM experiment_assignment WHERE patient_id = ANY ($1::uuid[]) GROUP BY patient_id', [people]);
    expect(firsts).toEqual(Array.from({ length: 10 }, () => ({ patient_id: expect.any(String), visits: 2, firsts: 1 })));
    expect((await post(manager, `/${experiment}/stop`, { reason: 'seen' })).status).toBe(200);
  });

  it('stops for harm by itself at a planned look, and not before', async () => {
    const experiment = await started({ patients: 50, looks: 1 });
    const visits = await booked(50);
    const seed = await seedOf(experiment);
    const isMore = ({ patient }: Visit) => armOf(seed, [{ key: 'control', weight: 1 }, { key: 'more', weight: 1 }], patientId.parse(patient)).key === 'more';
    const [last, ...others] = visits;
    await end(others.filter((visit) => !isMore(visit)), 'fulfilled');
    await end(others.filter(isMore), 'noshow');
    await reminders.settled();
    expect(await read(experiment)).toMatchObject({ state: 'running' });
    await end([last!], isMore(last!) ? 'noshow' : 'fulfilled');
    expect(await stopped(experiment)).toMatchObject({ because: 'harm', stoppedBy: null });
    expect((await read(`${experiment}/result`)).looks).toMatchObject([{ look: 1, arms: [{ arm: 'control' }, { arm: 'more', verdict: 'worse' }] }]);
    reminders.moveTo(plusMs(reminders.now, HOUR));
    await booked(1);
    expect((await reminders.rows('SELECT FROM experiment_assignment WHERE experiment_id = $1', [experiment])).length).toBe(50);
  }, 300_000);
});
