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
    expect(plans.body.items).toMatchObject([{ practice: null, version: 1, inForce: true }]);
    const preview = await get('/plans/preview?start=2026-12-20T15:00:00Z&bookedAt=2026-12-01T15:00:00Z&zone=America/New_York&quietFrom=09:00&quietUntil=11:30&channels=sms');
    expect(preview.status).toBe(200);
    expect(preview.body.items).toMatchObject([
      { step: 'confirmation', result: 'planned', channels: ['sms'], dueAt: '2026-12-01T15:00:00.000Z' },
      { step: 'confirmation-email', result: 'skipped', reason: 'no-channel' },
      { step: 'email-5d', result: 'skipped', reason: 'no-channel' },
      { step: 'text-3d', result: 'planned', shift: 'later', wallTime: '2026-12-17 11:30', dueAt: '2026-12-17T16:30:00.000Z' },
      { step: 'text-1d', result: 'planned', shift: 'later', wallTime: '2026-12-19 11:30' },
    ]);
    expect(preview.body.items[3].why).toContain("10:00 lies in the patient's quiet hours (09:00 to 11:30)");
  });

  it('P14 P21: the host sees every step of its visit, the booking practice and others see none', async () => {
    const visit = reminders.visit();
    await reminders.patient(visit.patient);
    await reminders.book(visit);
    const steps = await eventually('the steps are there', async () => {
      const { body } = await get(`/timers?appointment=${visit.id}`);
      return body.items.length === 5 ? body.items : null;
    });
    expect(Object.fromEntries(steps.map((step: { step: string; state: string }) => [step.step, step.state]))).toEqual({ confirmation: 'requested', 'confirmation-email': 'requested', 'email-5d': 'skipped', 'text-3d': 'waiting', 'text-1d': 'waiting' });
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
    expect(listed.body.items.find((entry: { id: string }) => entry.id === call)).toMatchObject({ appointment: visit.id, patient: visit.patient, reason: 'error-30003', state: 'open', zone: 'America/Denver' });
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
