import { CallListEntryOpened } from '@slotmesh/contracts';
import { newId } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { RunningReminders } from './running-reminders';

const api = '/api/reminders/v1';
const atSummit = 'frontdesk@summit.example';

describe('reminders over HTTP', () => {
  let reminders: RunningReminders;
  const get = (path: string, subject = atSummit) => reminders.http(subject, 'GET', `${api}${path}`);
  const post = (path: string, body: object, subject = atSummit) => reminders.http(subject, 'POST', `${api}${path}`, body);

  beforeAll(async () => {
    reminders = await RunningReminders.start();
  });
  afterAll(() => reminders.stop());

  async function unreachedVisit() {
    const visit = reminders.visit();
    await reminders.patient(visit.patient);
    await reminders.book(visit);
    await eventually('the confirmation is requested', () => reminders.stepsOf(visit.id).length === 2);
    await reminders.outcome(reminders.requestsOf(visit.id).find(({ subjects }) => subjects[0]?.step === 'confirmation')!, 'undelivered', 'error-30003');
    const opened = await eventually('a call is opened', () => reminders.events.gathered(CallListEntryOpened).find(({ data }) => data.subject.id === visit.id));
    return { visit, call: opened.data.id };
  }

  it('shows the plan in force and previews a sample visit with the reason for every shift', async () => {
    const plans = await get('/plans');
    expect(plans.status).toBe(200);
    expect(plans.body.items).toMatchObject([{ practice: null, version: 2, inForce: true }]);
    const preview = await get('/plans/preview?start=2026-12-20T15:00:00Z&bookedAt=2026-12-01T15:00:00Z&zone=America/New_York&quietFrom=09:00&quietUntil=11:30&channels=sms');
    expect(preview.status).toBe(200);
    expect(preview.body.items).toMatchObject([
      { step: 'confirmation', result: 'planned', channels: ['sms'], dueAt: '2026-12-01T15:00:00.000Z' },
      { step: 'confirmation-email', result: 'skipped', reason: 'no-channel' },
      { step: 'email-5d', result: 'skipped', reason: 'no-channel' },
      { step: 'text-3d', result: 'planned', shift: 'later', wallTime: '2026-12-17 11:30', dueAt: '2026-12-17T16:30:00.000Z' },
      { step: 'text-1d', result: 'planned', shift: 'later', wallTime: '2026-12-19 11:30' },
      { step: 'call-high-risk', action: 'call', result: 'skipped', reason: 'not-high-risk' },
      { step: 'call-unreached', action: 'call', result: 'planned', wallTime: '2026-12-19 12:00', conditions: ['only where the patient has not confirmed', 'only where the last message has reached nobody'] },
    ]);
    expect(preview.body.items[3].why).toContain("10:00 lies in the patient's quiet hours (09:00 to 11:30)");
  });

  describe('plans that a practice makes itself', () => {
    const manager = 'manager@summit.example';
    const reminder = { id: 'text-2d', when: { kind: 'days-before', days: 2, at: '09:30' }, template: 'visit-reminder', class: 'consented-care', channels: ['sms'], staleAfterMinutes: 600 };
    const send = (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object, subject = manager, headers: Record<string, string> = {}) => reminders.http(subject, method, `${api}/plans${path}`, body, headers);

    it('a manager makes, changes and retires a plan; every version stays with who made it, and the second of two changes is told', async () => {
      const visitType = newId();
      const wanted = { name: 'Skin checks', selector: { visitType, leadDaysMin: 3 }, steps: [reminder] };
      expect(await send('POST', '', wanted)).toMatchObject({ status: 422, body: { code: 'visit-type-unknown' } });
      await reminders.visitType(visitType);
      const made = await eventually('the visit type is known', async () => {
        const answer = await send('POST', '', wanted);
        return answer.status === 201 ? answer : null;
      });
      expect(made).toMatchObject({ etag: '"1"', body: { practice: 'summit', version: 1, name: 'Skin checks', selector: { visitType, language: null, leadDaysMin: 3, leadDaysMax: null }, madeBy: manager, retired: false } });
      const { id } = made.body;
      expect(await send('POST', '', { ...wanted, name: 'Twice' })).toMatchObject({ status: 409, body: { code: 'plan-selector-taken', plan: id } });
      const changed = { ...wanted, steps: [reminder, { id: 'call', action: 'call', when: { kind: 'hours-before', hours: 30 }, staleAfterMinutes: 60 }] };
      const races = await Promise.all(Array.from({ length: 4 }, () => send('PUT', `/${id}`, changed, manager, { 'if-match': '"1"' })));
      expect(races.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
      expect(await send('DELETE', `/${id}`, undefined, manager, { 'if-match': '"1"' })).toMatchObject({ status: 412, body: { code: 'version-changed', version: 2 } });
      expect((await get('/plans')).body.items).toMatchObject([{ id, version: 2, inForce: true }, { practice: null, inForce: true }]);
      expect((await send('DELETE', `/${id}`, undefined, manager, { 'if-match': '"2"' })).status).toBe(204);
      expect(await send('PUT', `/${id}`, changed)).toMatchObject({ status: 409, body: { code: 'plan-retired' } });
      expect((await get('/plans')).body.items).toMatchObject([{ practice: null }]);
      const shown = await get(`/plans/${id}`);
      expect(shown.body.versions.map(({ version, retired, steps, madeBy }: { version: number; retired: boolean; steps: object[]; madeBy: string }) => [version, retired, steps.length, madeBy])).toEqual([[3, true, 2, manager], [2, false, 2, manager], [1, false, 1, manager]]);
      expect(await reminders.rows('SELECT action, actor_subject AS by FROM audit_entry WHERE entity_id = $1 ORDER BY at, id', [id])).toEqual(['plan.made', 'plan.changed', 'plan.retired'].map((action) => ({ action, by: manager })));
    });

    it('P22: the desk and other practices change none, and nobody the plan of the network', async () => {
      const plan = { name: 'Ours', steps: [reminder] };
      const { id } = (await send('POST', '', plan)).body;
      const [network] = (await get('/plans')).body.items.filter(({ practice }: { practice: string | null }) => practice === null);
      expect(network).toMatchObject({ inForce: false });
      expect(await send('POST', '', plan, atSummit)).toMatchObject({ status: 403, body: { code: 'permission-missing' } });
      for (const [method, body] of [['PUT', plan], ['DELETE', undefined]] as const) {
        expect(await send(method, `/${id}`, body, 'manager@desert.example')).toMatchObject({ status: 404, body: { code: 'plan-unknown' } });
        expect(await send(method, `/${network.id}`, body)).toMatchObject({ status: 403, body: { code: 'plan-of-network' } });
      }
      expect((await get(`/plans/${id}`, 'manager@desert.example')).status).toBe(404);
      expect((await get('/plans', 'manager@desert.example')).body.items).toMatchObject([{ practice: null, inForce: true }]);
      expect((await send('DELETE', `/${id}`)).status).toBe(204);
    });

    it('says where a plan breaks a rule, and what to do', async () => {
      const wrong = await send('POST', '', { name: 'Wrong', steps: [reminder, { ...reminder, id: 'ad', class: 'marketing' }] });
      expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid-request', errors: [{ pointer: '/steps/1/class', detail: 'marketing is never part of the plan of a visit: leave the step out' }] } });
      expect((await send('POST', '', { name: 'x', steps: [{ id: 'a', action: 'fax' }] })).status).toBe(400);
    });

    it('previews steps that nobody saved yet, with the reason for every shift and skip, and what follows each outcome', async () => {
      const sample = { start: '2026-12-20T15:00:00Z', bookedAt: '2026-12-18T15:00:00Z', zone: 'America/New_York' };
      const late = { ...reminder, id: 'late', when: { kind: 'days-before', days: 3, at: '10:00' }, staleAfterMinutes: 4_000 };
      const note = { ...reminder, id: 'note', when: { kind: 'hours-after', on: 'noshow', hours: 12 }, template: 'no-show-note' };
      const preview = await send('POST', '/preview', { ...sample, outcome: 'noshow', outcomeAt: '2026-12-20T16:00:00Z', steps: [{ ...late, whenLate: 'send' }, { ...late, id: 'phone', whenLate: 'call' }, { ...late, id: 'gone' }, { ...reminder, channels: ['email'] }, note] }, atSummit);
      expect(preview).toMatchObject({ status: 200, body: { plan: { id: null, version: null } } });
      expect(preview.body.items).toMatchObject([
        { step: 'late', action: 'message', result: 'planned', dueAt: '2026-12-18T15:00:00.000Z', wallTime: '2026-12-18 10:00', why: 'its time, 2026-12-17 10:00, had passed already; it goes all the same, because it is not stale, as soon as quiet hours permit, at 2026-12-18 10:00' },
        { step: 'phone', action: 'call', result: 'planned', why: expect.stringContaining('somebody phones') },
        { step: 'gone', result: 'skipped', reason: 'past-when-booked' },
        { step: 'text-2d', result: 'skipped', reason: 'past-when-booked' },
        // 12 hours after the end is 22:30 in New York.
        { step: 'note', result: 'planned', shift: 'later', wallTime: '2026-12-21 08:00', zone: 'America/New_York', says: '12 hours after a visit that was missed', why: "22:30 lies in the patient's quiet hours (21:00 to 08:00) or too close to the visit; it waits until they end" },
      ]);
      const stored = await send('POST', '/preview', { ...sample, bookedAt: '2026-12-01T15:00:00Z', risk: 'high', confirmed: true, outcome: 'fulfilled', plan: (await get('/plans')).body.items.at(-1).id }, atSummit);
      expect(Object.fromEntries(stored.body.items.map(({ step, reason, wallTime }: { step: string; reason: string | null; wallTime: string | null }) => [step, reason ?? wallTime]))).toEqual({
        confirmation: '2026-12-01 10:00', 'confirmation-email': '2026-12-01 10:00', 'email-5d': 'already-confirmed', 'text-3d': 'already-confirmed', 'text-1d': '2026-12-19 10:00',
        'call-high-risk': 'already-confirmed', 'call-unreached': 'already-confirmed', feedback: '2026-12-21 10:00',
      });
      expect((await send('POST', '/preview', { ...sample, plan: newId() }, atSummit)).body).toMatchObject({ status: 404, code: 'plan-unknown' });
      expect((await send('POST', '/preview', { ...sample, plan: newId(), steps: [note] }, atSummit)).body).toMatchObject({ status: 400, errors: [{ pointer: '/plan' }] });
    });
  });

  it('P14 P21: the host sees every step of its visit, the booking practice and others see none', async () => {
    const visit = reminders.visit();
    await reminders.patient(visit.patient);
    await reminders.book(visit);
    const steps = await eventually('the steps are there', async () => {
      const { body } = await get(`/timers?appointment=${visit.id}`);
      return body.items.length === 7 ? body.items : null;
    });
    expect(Object.fromEntries(steps.map((step: { step: string; state: string }) => [step.step, step.state]))).toEqual({ confirmation: 'requested', 'confirmation-email': 'requested', 'email-5d': 'skipped', 'text-3d': 'waiting', 'text-1d': 'waiting', 'call-high-risk': 'waiting', 'call-unreached': 'waiting' });
    expect(steps.find((step: { step: string }) => step.step === 'text-1d').wallTime).toMatch(/ 10:00$/);
    expect((await get(`/timers?appointment=${visit.id}`, 'frontdesk@harbor.example')).body).toEqual({ items: [], nextCursor: null });
  });

  it('P14: a request that waits for its host is told to nobody; the yes brings confirmation and reminders, the no a notice', async () => {
    const [asked, refused] = [reminders.visit({ status: 'pending' }), reminders.visit({ status: 'pending' })];
    for (const visit of [asked, refused]) {
      await reminders.patient(visit.patient);
      await reminders.book(visit, { kind: 'booking', practice: 'harbor' });
    }
    await reminders.settled();
    expect([...reminders.stepsOf(asked.id), ...reminders.stepsOf(refused.id)]).toEqual([]);
    expect((await get(`/timers?appointment=${asked.id}`)).body.items).toEqual([]);
    await reminders.goOn({ ...asked, status: 'booked', revision: 2 }, 'pending');
    await reminders.cancel({ ...refused, status: 'cancelled', revision: 2 }, { kind: 'system', practice: null });
    await eventually('the confirmation is requested', () => reminders.stepsOf(asked.id).includes('confirmation@2'));
    // Not the e-mail beside it, which may come first.
    const notice = await eventually('the notice is requested', () => reminders.requestsOf(refused.id).find(({ subjects }) => subjects[0]?.step === 'cancelled'));
    expect(notice).toMatchObject({ template: 'visit-cancelled', mustReach: true });
    expect((await get(`/timers?appointment=${asked.id}`)).body.items.map(({ step }: { step: string }) => step)).toContain('text-1d');
  });

  it('P21 P23: a call is claimed by one person, who alone records how it went, with a note that is sealed', async () => {
    const { visit, call } = await unreachedVisit();
    const listed = await get('/call-list');
    expect(listed.body.items.find((entry: { id: string }) => entry.id === call)).toMatchObject({ appointment: visit.id, patient: visit.patient, reason: 'error-30003', state: 'open', zone: 'America/Denver', writeFirst: false });
    expect((await get('/call-list', 'frontdesk@harbor.example')).body.items).toEqual([]);
    expect((await post(`/call-list/${call}/claim`, {}, 'frontdesk@harbor.example')).status).toBe(404);
    expect((await post(`/call-list/${call}/outcome`, { outcome: 'reached' })).body).toMatchObject({ status: 409, code: 'call-not-claimed' });
    const claims = await Promise.all(Array.from({ length: 20 }, (_, n) => post(`/call-list/${call}/claim`, {}, n % 2 ? atSummit : 'second@summit.example')));
    const winner = (await get('/call-list')).body.items.find((entry: { id: string }) => entry.id === call).claimedBy;
    expect(new Set(claims.filter((claim) => claim.status === 200).map((claim) => claim.body.claimedBy))).toEqual(new Set([winner]));
    expect(claims.filter((claim) => claim.status === 409 && claim.body.code === 'call-already-claimed')).toHaveLength(10);
    const loser = winner === atSummit ? 'second@summit.example' : atSummit;
    expect((await post(`/call-list/${call}/outcome`, { outcome: 'reached' }, loser)).status).toBe(409);
    reminders.identity.patientKeys.set(visit.patient, Buffer.alloc(32, 7).toString('base64'));
    expect((await post(`/call-list/${call}/outcome`, { outcome: 'no-answer' }, winner)).body).toMatchObject({ state: 'open', calls: 1, claimedBy: null });
    expect((await post(`/call-list/${call}/claim`, {}, loser)).status).toBe(200);
    const done = await post(`/call-list/${call}/outcome`, { outcome: 'reached', note: 'Daughter answered, will tell her' }, loser);
    expect(done).toMatchObject({ status: 200, body: { state: 'closed', outcome: 'reached', calls: 2 } });
    expect(JSON.stringify(done.body)).not.toContain('Daughter');
    expect((await post(`/call-list/${call}/claim`, {}, loser)).body).toMatchObject({ status: 409, code: 'call-closed' });
    expect((await get('/call-list')).body.items.map((entry: { id: string }) => entry.id)).not.toContain(call);
  });

  it('P24: a note about a patient whose data was erased is refused', async () => {
    const { call } = await unreachedVisit();
    await post(`/call-list/${call}/claim`, {});
    expect((await post(`/call-list/${call}/outcome`, { outcome: 'reached', note: 'x' })).body).toMatchObject({ status: 410, code: 'patient-erased' });
  });

  it('pages the call list without a gap, nearest visit first', async () => {
    for (let n = 0; n < 3; n++) await unreachedVisit();
    const ids: string[] = [];
    const starts: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await get(`/call-list?limit=1${cursor ? `&cursor=${cursor}` : ''}`);
      for (const entry of body.items) { ids.push(entry.id); starts.push(entry.visitStart); }
      cursor = body.nextCursor;
    }
    expect(ids).toEqual((await get('/call-list')).body.items.map((entry: { id: string }) => entry.id));
    expect(starts).toEqual([...starts].sort());
    expect(ids.length).toBeGreaterThanOrEqual(3);
  });

  it('answers bad requests with a problem that names field and rule, and roles without the permission with 403', async () => {
    expect((await get('/timers?appointment=nonsense')).body).toMatchObject({ status: 400, code: 'invalid-request', errors: [{ pointer: '/appointment' }] });
    expect((await get('/plans/preview?start=tomorrow&zone=Mars/Base')).body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(['/start', '/zone']);
    expect((await get('/call-list?cursor=abc')).body).toMatchObject({ status: 400, errors: [{ pointer: '/cursor' }] });
    expect((await get('/call-list', 'clinician@summit.example')).body).toMatchObject({ status: 403, code: 'permission-missing' });
    expect((await post(`/call-list/${newId()}/claim`, {})).body).toMatchObject({ status: 404, code: 'call-unknown' });
    expect((await fetch(`${await reminders.apps[0]!.getUrl()}${api}/plans`)).status).toBe(401);
  });
});
