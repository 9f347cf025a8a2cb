import { CallListEntryClosed, CallListEntryOpened, MessageRequested, RecallChanged, RecallClosed, RecallRecorded } from '@slotmesh/contracts';
import { DAY, HOUR, addDays, addMonths, formatInstant, instantOf, localDateOf, newId, parseLocalTime, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { randomBytes } from 'node:crypto';
import { RunningReminders, desk, newYork } from '../../test/running-reminders';

const DESK = 'frontdesk@summit.example';
const PATH = '/api/reminders/v1/recalls';

describe('recalls', () => {
  let reminders: RunningReminders;
  beforeAll(async () => { reminders = await RunningReminders.start(); });
  afterAll(() => reminders.stop());

  const today = () => localDateOf(reminders.now, newYork);
  const patient = async (over: Parameters<RunningReminders['patient']>[1] = {}): Promise<string> => {
    const id = newId();
    reminders.identity.patientKeys.set(id, randomBytes(32).toString('base64'));
    await reminders.patient(id, over);
    await eventually('the patient is known', async () => (await reminders.rows('SELECT FROM patient_record WHERE id = $1', [id])).length > 0);
    return id;
  };
  const post = (path: string, body?: object, headers: Record<string, string> = {}, who = DESK) => reminders.http(who, 'POST', `${PATH}${path}`, body, headers);
  const record = async (of: string, over: object = {}) => {
    const answer = await post('', { patient: of, kind: 'annual-visit', due: addDays(today(), 20), services: ['dermatology-consult'], ...over });
    expect([answer.status, answer.body]).toEqual([201, expect.objectContaining({ state: 'open' })]);
    return answer.body as { id: string; due: string; revision: number };
  };
  const read = async (id: string) => (await reminders.http(DESK, 'GET', `${PATH}/${id}`)).body;
  const state = (id: string, wanted: string) => eventually(`recall is ${wanted}`, async () => { const found = await read(id); return found.state === wanted && found; });
  const listed = async (list: string, of: string): Promise<string[]> => (await reminders.http(DESK, 'GET', `${PATH}?list=${list}&patient=${of}`)).body.items.map((item: { id: string }) => item.id);
  const asked = (id: string, count: number) => eventually(`${count} messages are asked for`, () => { const found = reminders.requestsOf(id); return found.length === count && found; });
  const callsOf = async (id: string) => (await reminders.http(DESK, 'GET', '/api/reminders/v1/call-list?limit=200')).body.items.filter((call: { recall: string | null }) => call.recall === id);
  const visitAt = (of: string, days: number, over = {}) => {
    const start = reminders.tenOClock(days);
    return reminders.visit({ patient: of, host: 'summit', start: formatInstant(start), end: formatInstant(plusMs(start, HOUR)), ...over });
  };

  it('P14: asks fourteen days before the due date at 10:00 of the patient, again by the rule, and then leaves it to the desk', async () => {
    const who = await patient();
    const recall = await record(who, { maxMessages: 2, repeatEveryDays: 21 });
    expect((await read(recall.id)).nextMessageAt).toBe(formatInstant(reminders.tenOClock(6)));
    reminders.moveTo(reminders.tenOClock(6));
    const [first] = await asked(recall.id, 1);
    expect(first).toMatchObject({ host: 'summit', booking: 'summit', patient: who, class: 'recall', template: 'recall-due', channels: ['sms', 'email'], mustReach: false, subjects: [{ kind: 'recall', id: recall.id, revision: 1, step: 'recall-1' }] });
    expect(JSON.stringify(first)).not.toContain('annual');
    await reminders.outcome(first!, 'delivered');
    expect(await listed('due', who)).toEqual([recall.id]);
    reminders.moveTo(reminders.tenOClock(21));
    await asked(recall.id, 2);
    const shown = await eventually('the outcome is shown', async () => { const found = await read(recall.id); return found.messages[0].state === 'delivered' && found; });
    expect(shown).toMatchObject({ state: 'open', reason: 'most-messages', messagesAsked: 2, nextMessageAt: null, messages: [{ step: 'recall-1', state: 'delivered', channel: 'sms' }, { step: 'recall-2', state: 'requested' }] });
    expect([await listed('overdue', who), await listed('unanswered', who), await listed('due', who)]).toEqual([[recall.id], [recall.id], []]);
  });

  it('a visit of the service ends the asking at once, its cancellation begins it anew, and its end does it: with the next one a year later', async () => {
    const who = await patient();
    const recall = await record(who, { everyMonths: 12 });
    const other = visitAt(who, 5, { service: 'skin-check' });
    const visit = visitAt(who, 18);
    await reminders.book(other);
    await reminders.book(visit);
    expect(await state(recall.id, 'booked')).toMatchObject({ revision: 2, appointment: visit.id, nextMessageAt: null });
    await reminders.cancel({ ...visit, revision: 2, status: 'cancelled' }, desk);
    expect(await state(recall.id, 'open')).toMatchObject({ revision: 3, appointment: null, nextMessageAt: expect.any(String) });
    const again = visitAt(who, 17);
    await reminders.book(again);
    await state(recall.id, 'booked');
    await reminders.goOn({ ...again, status: 'fulfilled' }, 'checked-in');
    const done = await state(recall.id, 'done');
    const on = localDateOf(reminders.tenOClock(17), newYork);
    expect(done).toMatchObject({ doneOn: on, revision: 5 });
    const next = await eventually('the next one and the end of this one are told', () => {
      const recorded = reminders.events.gathered(RecallRecorded).map(({ data }) => data.recall).filter(({ patient: id }) => id === who);
      return recorded.length > 1 && reminders.events.gathered(RecallClosed).some(({ data }) => data.recall.id === recall.id) ? recorded : null;
    });
    expect(next.map(({ due }) => due)).toEqual([recall.due, addMonths(on, 12)]);
    expect(reminders.events.gathered(RecallChanged).filter(({ data }) => data.recall.id === recall.id).map(({ data }) => [data.recall.revision, data.recall.state])).toEqual([[2, 'booked'], [3, 'open'], [4, 'booked']]);
    expect(reminders.events.gathered(RecallClosed).filter(({ data }) => data.recall.id === recall.id).map(({ data }) => [data.recall.revision, data.recall.state])).toEqual([[5, 'done']]);
    await reminders.settled();
    expect(reminders.requestsOf(recall.id)).toEqual([]);
  });

  it('a visit that was booked before the recall was written down stands for it, one long before its due date does not', async () => {
    const [near, far] = [await patient(), await patient()];
    const visit = visitAt(near, 30);
    const early = visitAt(far, 3);
    await reminders.book(visit);
    await reminders.book(early);
    await reminders.settled();
    expect((await post('', { patient: near, kind: 'screening', due: addDays(today(), 40), visitTypes: [visit.visitType] })).body).toMatchObject({ state: 'booked', revision: 2, appointment: visit.id });
    expect((await post('', { patient: far, kind: 'screening', due: addDays(today(), 200), services: [early.service] })).body).toMatchObject({ state: 'open', revision: 1 });
  });

  it('nobody is asked to book what is booked: the next one is booked where its visit stands, and another visit takes the place of one that falls away', async () => {
    const who = await patient();
    const first = await record(who, { due: addDays(today(), 3), everyMonths: 12 });
    const [soon, other, nextYear] = [visitAt(who, 3), visitAt(who, 5), visitAt(who, 368)];
    for (const visit of [soon, other]) await reminders.book(visit);
    const appointment = (await state(first.id, 'booked')).appointment;
    const [fell, stays] = appointment === soon.id ? [soon, other] : [other, soon];
    await reminders.book(nextYear);
    await reminders.settled();
    await reminders.cancel({ ...fell, revision: 2, status: 'cancelled' }, desk);
    await eventually('the other visit stands for it', async () => (await read(first.id)).appointment === stays.id);
    expect(await read(first.id)).toMatchObject({ state: 'booked', nextMessageAt: null });
    await reminders.goOn({ ...stays, status: 'fulfilled' }, 'checked-in');
    await state(first.id, 'done');
    const next = await eventually('the next one is made', () => reminders.events.gathered(RecallRecorded).map(({ data }) => data.recall).find(({ patient: id, id: recall }) => id === who && recall !== first.id));
    expect(await read(next.id)).toMatchObject({ state: 'booked', appointment: nextYear.id, nextMessageAt: null });
  });

  it('a care plan is due again where its visit was called a mistake, beside another one', async () => {
    const who = await patient();
    const [first, second] = [await record(who, { kind: 'care-plan' }), await record(who, { kind: 'care-plan', services: ['skin-check'] })];
    const visit = visitAt(who, 18);
    await reminders.book(visit);
    await reminders.goOn({ ...visit, status: 'fulfilled' }, 'checked-in');
    await state(first.id, 'done');
    await reminders.goOn({ ...visit, status: 'entered-in-error' }, 'fulfilled');
    expect(await state(first.id, 'open')).toMatchObject({ doneOn: null, appointment: null });
    expect((await read(second.id)).state).toBe('open');
  });

  it('a recall and a visit that saw nothing of each other meet when a message would go', async () => {
    const who = await patient();
    const visit = visitAt(who, 20);
    await reminders.book(visit);
    await reminders.settled();
    const recall = await record(who, { due: addDays(today(), 15), services: ['skin-check'] });
    await reminders.rows(`UPDATE recall SET terms = jsonb_set(terms, '{services}', '["dermatology-consult"]') WHERE id = $1`, [recall.id]);
    reminders.moveTo(reminders.tenOClock(1));
    expect(await state(recall.id, 'booked')).toMatchObject({ appointment: visit.id, revision: 2 });
    expect(reminders.requestsOf(recall.id)).toEqual([]);
  });

  it('P14: whom no message reaches is on the call list, never before a visit, until the recall is closed', async () => {
    const [silent, refused] = [await patient({ contactPoints: [] }), await patient()];
    const [a, b] = [await record(silent, { due: addDays(today(), 2) }), await record(refused, { due: addDays(today(), 2) })];
    reminders.moveTo(reminders.tenOClock(1));
    const [request] = await asked(b.id, 1);
    await reminders.outcome(request!, 'skipped', 'unreachable');
    const [call] = await eventually('both are to be called', async () => { const calls = [...(await callsOf(a.id)), ...(await callsOf(b.id))]; return calls.length === 2 && calls; });
    expect(call).toMatchObject({ patient: silent, appointment: null, offer: null, recall: a.id, reason: 'no-channel', urgent: false, state: 'open' });
    expect(reminders.requestsOf(a.id)).toEqual([]);
    expect(await read(b.id)).toMatchObject({ reason: 'unreachable', nextMessageAt: null, messages: [{ state: 'skipped', reason: 'unreachable' }] });
    expect(reminders.events.gathered(CallListEntryOpened).find(({ key }) => key === call.id)?.data.subject).toEqual({ kind: 'recall', id: a.id, revision: 1 });
    expect((await post(`/${a.id}/decline`)).body.state).toBe('declined');
    await eventually('its call is gone', async () => (await callsOf(a.id)).length === 0);
    expect((await eventually('the end is told', () => reminders.events.gathered(CallListEntryClosed).find(({ key }) => key === call.id))).data.outcome).toBe('recall-declined');
    reminders.moveTo(plusMs(reminders.now, 15 * DAY));
    await eventually('nobody called in time', async () => (await callsOf(b.id)).length === 0);
    expect(await listed('unanswered', refused)).toEqual([b.id]);
  });

  it('P17: who opted out is not written to again and not put on the call list; the desk sees it', async () => {
    const who = await patient();
    const recall = await record(who, { due: addDays(today(), 1), repeatEveryDays: 3 });
    reminders.moveTo(reminders.tenOClock(1));
    const [request] = await asked(recall.id, 1);
    await reminders.outcome(request!, 'skipped', 'opted-out');
    await eventually('it is left alone', async () => (await read(recall.id)).reason === 'opted-out');
    reminders.moveTo(reminders.tenOClock(9));
    await reminders.settled();
    expect([reminders.requestsOf(recall.id).length, await callsOf(recall.id), await listed('unanswered', who)]).toEqual([1, [], [recall.id]]);
  });

  it('P6: the next message follows the patient to another zone', async () => {
    const who = await patient();
    const recall = await record(who, { due: addDays(today(), 20) });
    await reminders.preferences(who, { zone: 'America/Los_Angeles' });
    await eventually('it is at 10:00 there', async () => (await read(recall.id)).nextMessageAt === formatInstant(plusMs(reminders.tenOClock(6), 3 * HOUR)));
  });

  it('P15: a message that came due in quiet hours waits for their end', async () => {
    const who = await patient();
    await reminders.preferences(who, { quietFrom: '09:00', quietUntil: '14:00' });
    await eventually('the hours are known', async () => (await reminders.rows('SELECT FROM contact_preference WHERE patient_id = $1', [who])).length > 0);
    const recall = await record(who, { due: addDays(today(), 15) });
    expect((await read(recall.id)).nextMessageAt).toBe(formatInstant(instantOf(addDays(today(), 1), parseLocalTime('14:00'), newYork)));
    await reminders.preferences(who, { quietFrom: '13:00', quietUntil: '17:00' });
    await eventually('other hours are known', async () => (await reminders.rows(`SELECT FROM contact_preference WHERE patient_id = $1 AND quiet_from = '13:00'`, [who])).length > 0);
    reminders.moveTo(instantOf(addDays(today(), 1), parseLocalTime('14:00'), newYork));
    await eventually('it waits', async () => (await read(recall.id)).nextMessageAt === formatInstant(instantOf(today(), parseLocalTime('17:00'), newYork)));
    expect(reminders.requestsOf(recall.id)).toEqual([]);
  });

  it('P24: the note of staff is sealed, shown to staff only, in no event and no message, and gone with the patient', async () => {
    const who = await patient();
    const recall = await record(who, { kind: 'care-plan', note: 'second look at the mole', due: addDays(today(), 1), services: [] });
    const second = await record(who, { kind: 'care-plan', due: addDays(today(), 30), services: [] });
    expect((await read(recall.id)).note).toBe('second look at the mole');
    const [row] = await reminders.rows<{ all: string }>('SELECT recall::text AS all FROM recall WHERE id = $1', [recall.id]);
    expect(row!.all).not.toContain('mole');
    reminders.moveTo(reminders.tenOClock(1));
    const [request] = await asked(recall.id, 1);
    expect(JSON.stringify([request, reminders.events.gathered(RecallRecorded)])).not.toContain('mole');
    reminders.identity.patientKeys.delete(who);
    await reminders.erase(who);
    expect(await state(recall.id, 'stopped')).toMatchObject({ reason: 'patient-erased', hasNote: false, note: null });
    expect((await state(second.id, 'stopped')).nextMessageAt).toBeNull();
    expect((await post('', { patient: who, kind: 'screening', due: addDays(today(), 30) })).status).toBe(410);
  });

  it('two people do not change a recall over each other, a second one of its kind is refused, and what is closed stays closed', async () => {
    const who = await patient();
    const key = { 'idempotency-key': newId() };
    const body = { patient: who, kind: 'vaccination', due: addDays(today(), 30) };
    const [one, twin] = await Promise.all([post('', body, key), post('', body, key)]);
    expect([one.status, twin.status, one.body.id]).toEqual([201, 201, twin.body.id]);
    expect((await post('', { ...body, due: addDays(today(), 31) }, key)).status).toBe(422);
    expect((await post('', body)).body).toMatchObject({ code: 'recall-stands', id: one.body.id });
    const later = await post(`/${one.body.id}/postpone`, { due: addDays(today(), 60) }, { 'if-match': one.etag! });
    expect([later.status, later.body.revision, later.etag]).toEqual([200, 2, '"2"']);
    expect((await post(`/${one.body.id}/done`, {}, { 'if-match': one.etag! })).status).toBe(412);
    expect((await post(`/${one.body.id}/stop`, { reason: 'moved-away' }, { 'if-match': later.etag! })).body).toMatchObject({ state: 'stopped', reason: 'moved-away' });
    expect((await post(`/${one.body.id}/done`, {})).body.code).toBe('recall-closed');
    expect((await post('', body)).status).toBe(201);
  });

  it('P12: tells notifications the present revision, also of what is closed', async () => {
    const who = await patient();
    const recall = await record(who);
    const token = await (await fetch(reminders.identity.environment['OIDC_TOKEN_URL']!, { method: 'POST' })).json() as { access_token: string };
    const ask = async () => (await (await fetch(`${await reminders.apps[0]!.getUrl()}/api/reminders/v1/revisions`, { method: 'POST', headers: { authorization: `Bearer ${token.access_token}`, 'content-type': 'application/json' }, body: JSON.stringify({ recalls: [recall.id, newId()] }) })).json()) as unknown;
    expect(await ask()).toMatchObject({ recalls: [{ id: recall.id, revision: 1, state: 'open' }] });
    await post(`/${recall.id}/decline`);
    expect(await ask()).toMatchObject({ recalls: [{ id: recall.id, revision: 2, state: 'declined' }] });
  });

  it('a rule makes one recall after a visit, none beside an open one, and takes it back where the visit was entered by mistake', async () => {
    const rule = await reminders.http('manager@summit.example', 'POST', '/api/reminders/v1/recall-rules', { kind: 'annual-visit', afterServices: ['annual-physical'], afterMonths: 12 });
    expect([rule.status, (await reminders.http(DESK, 'POST', '/api/reminders/v1/recall-rules', { kind: 'screening', afterServices: ['skin-check'], afterMonths: 12 })).status]).toEqual([201, 403]);
    expect((await reminders.http('manager@summit.example', 'POST', '/api/reminders/v1/recall-rules', { kind: 'annual-visit', afterServices: ['annual-physical'], afterMonths: 6 })).body.code).toBe('recall-rule-stands');
    const [fresh, open] = [await patient(), await patient()];
    const standing = await record(open, { due: addDays(today(), 400), services: [] });
    const visits = [visitAt(fresh, 1, { service: 'annual-physical' }), visitAt(open, 1, { service: 'annual-physical' })] as const;
    for (const visit of visits) { await reminders.book(visit); await reminders.goOn({ ...visit, status: 'fulfilled' }, 'checked-in'); }
    const made = await eventually('the recall is made', () => reminders.events.gathered(RecallRecorded).find(({ data }) => data.recall.patient === fresh)?.data.recall);
    expect(made).toMatchObject({ kind: 'annual-visit', due: addMonths(localDateOf(reminders.tenOClock(1), newYork), 12), state: 'open' });
    await reminders.settled();
    expect(await listed('open', open)).toEqual([standing.id]);
    await reminders.goOn({ ...visits[0], status: 'entered-in-error' }, 'fulfilled');
    expect(await state(made.id, 'stopped')).toMatchObject({ reason: 'visit-corrected', rule: rule.body.id });
    expect((await reminders.http('manager@summit.example', 'POST', `/api/reminders/v1/recall-rules/${rule.body.id}/end`)).body.endedAt).toEqual(expect.any(String));
  });

  it('P13: two processes ask for each message of a backlog exactly once', async () => {
    await reminders.startProcess('all');
    const who = await patient();
    await reminders.preferences(who, { quietFrom: '00:00', quietUntil: '00:00' });
    await eventually('no hour is quiet', async () => (await reminders.rows(`SELECT FROM contact_preference WHERE patient_id = $1 AND quiet_from = quiet_until`, [who])).length > 0);
    const ids = Array.from({ length: 600 }, () => newId());
    await reminders.rows(
      `WITH made AS (INSERT INTO recall (id, practice, patient_id, kind, revision, state, due_on, zone, terms, recorded_at, recorded_by) SELECT id, 'summit', $2, 'care-plan', 1, 'open', '2030-01-01', 'America/New_York', '{}', $3, 'test' FROM unnest($1::uuid[]) AS r(id) RETURNING id)
       INSERT INTO recall_timer SELECT id, 'summit', $3 FROM unnest($1::uuid[]) AS r(id) WHERE (SELECT count(*) FROM made) > 0`, [ids, who, formatInstant(reminders.now)]);
    const requested = () => reminders.events.gathered(MessageRequested).filter(({ data }) => data.patient === who).map(({ data }) => data.subjects[0]!.id);
    await eventually('all are asked for', () => new Set(requested()).size === ids.length);
    await reminders.settled();
    expect(requested()).toHaveLength(ids.length);
    expect(await reminders.rows('SELECT count(*)::int AS n, min(messages) AS least, max(messages) AS most FROM recall WHERE patient_id = $1', [who])).toEqual([{ n: ids.length, least: 1, most: 1 }]);
  });
});
