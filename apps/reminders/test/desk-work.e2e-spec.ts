import { newId } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { RunningReminders } from './running-reminders';

const ANA = 'frontdesk@harbor.example';
const NAMED = `${ANA} of harbor for summit's call-list`;

describe("a partner's call list, worked by agreement", () => {
  let reminders: RunningReminders;
  let agreement: string;
  const ask = (method: 'GET' | 'POST', path: string, body?: object, subject = ANA, practice = 'summit') => reminders.http(subject, method, `/api/reminders/v1${path}`, body, { 'slotmesh-for': practice });
  const rows = <T extends object>(text: string, values: unknown[] = []) => reminders.rows<T>(text, values);
  beforeAll(async () => {
    reminders = await RunningReminders.start();
    agreement = newId();
  });
  beforeEach(() => reminders.identity.deputies.set(NAMED, agreement));
  afterAll(() => reminders.stop());

  async function called(): Promise<{ readonly call: string; readonly patient: string }> {
    const visit = reminders.visit();
    await reminders.patient(visit.patient);
    await reminders.book(visit);
    await reminders.askForCall(visit, []);
    const call = await eventually('the call is on the list', async () => (await rows<{ id: string }>('SELECT id FROM call_list_entry WHERE appointment_id = $1', [visit.id]))[0]?.id);
    return { call, patient: visit.patient };
  }

  test('the person who is named reads, claims and records calls as themselves, in the partner\'s audit, and scheduling has logged what was shown', async () => {
    const { call, patient } = await called();
    expect((await reminders.http(ANA, 'GET', '/api/reminders/v1/call-list')).body.items).toEqual([]);
    expect((await ask('GET', '/call-list')).body.items).toEqual([expect.objectContaining({ id: call, patient })]);
    expect(await ask('POST', `/call-list/${call}/claim`)).toMatchObject({ status: 200, body: { claimedBy: ANA } });
    expect((await reminders.http('frontdesk@summit.example', 'POST', `/api/reminders/v1/call-list/${call}/claim`)).body).toMatchObject({ code: 'call-already-claimed' });
    expect(await ask('POST', `/call-list/${call}/outcome`, { outcome: 'reached' })).toMatchObject({ status: 200, body: { state: 'closed' } });
    const audited = await rows<{ action: string; practice_id: string; details: object }>(`SELECT action, practice_id, details FROM audit_entry WHERE actor_subject = $1 AND details ? 'workedFrom' ORDER BY at, id`, [ANA]);
    expect(audited.map(({ action }) => action)).toEqual(['call-list.read', 'call.claimed', 'call.recorded']);
    for (const row of audited) expect(row).toMatchObject({ practice_id: 'summit', details: { workedFrom: 'harbor', byAgreement: agreement } });
    expect(reminders.identity.disclosed).toEqual([1, 2, 3].map(() => ({ id: call, patient, to: 'harbor' })));
  });

  test('a patient who restricts it is not there for them', async () => {
    const { call, patient } = await called();
    reminders.identity.restricted.add(patient);
    expect((await ask('GET', '/call-list')).body.items).toEqual([]);
    for (const step of ['claim', 'outcome']) expect(await ask('POST', `/call-list/${call}/${step}`, step === 'claim' ? undefined : { outcome: 'reached' })).toMatchObject({ status: 404, body: { code: 'call-unknown' } });
    expect(await rows('SELECT state FROM call_list_entry WHERE id = $1', [call])).toEqual([{ state: 'open' }]);
  });

  test('who is not named, for another list, or no longer, is refused at the next request, and both practices have it in their audit', async () => {
    const { call } = await called();
    expect((await ask('GET', '/call-list')).status).toBe(200);
    for (const key of [`${ANA} of harbor for summit's inbox`, `${ANA} of harbor for desert's call-list`, `second@harbor.example of harbor for summit's call-list`]) {
      reminders.identity.deputies.clear();
      reminders.identity.deputies.set(key, agreement);
      expect(await ask('GET', '/call-list')).toMatchObject({ status: 403, body: { code: 'not-named-for-desk' } });
      expect((await ask('POST', `/call-list/${call}/claim`)).status).toBe(403);
    }
    reminders.identity.deputies.set(NAMED, agreement);
    expect(await ask('GET', '/timers')).toMatchObject({ status: 403, body: { code: 'not-worked-for' } });
    expect(await ask('GET', '/call-list', undefined, 'clinician@summit.example', 'harbor')).toMatchObject({ status: 403, body: { code: 'permission-missing' } });
    const refused = await rows<{ practice_id: string; n: string }>(`SELECT practice_id, count(*) AS n FROM audit_entry WHERE action = 'access.refused' AND actor_subject = $1 AND details->>'code' = 'not-named-for-desk' GROUP BY 1 ORDER BY 1`, [ANA]);
    expect(refused).toEqual([{ practice_id: 'harbor', n: '6' }, { practice_id: 'summit', n: '6' }]);
  });
});
