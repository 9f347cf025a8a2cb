import type { MicroserviceOptions } from '@nestjs/microservices';
import { AppointmentAnswerRefused, PatientAnswered, PatientRecorded, ReferralSent, ReferralStatusChanged } from '@slotmesh/contracts';
import { DAY, HOUR, parseInstant } from '@slotmesh/kernel';
import { EVENT_STRATEGY } from '@slotmesh/platform';
import { type NeighbourEvents, eventually, neighbourEvents } from '@slotmesh/testing';
import { z } from 'zod';
import { PatientBrowser } from './patient-browser';
import { Desk, type HttpResult, type OpeningItem, RunningScheduling } from './running-scheduling';

let scheduling: RunningScheduling;
let harbor: Desk;
let harborManager: Desk;
let summit: Desk;
let summitManager: Desk;
let desert: Desk;
let lakeside: Desk;
let patients: string[];
let events: NeighbourEvents;

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  events = await neighbourEvents(scheduling.topics, [ReferralSent, ReferralStatusChanged, AppointmentAnswerRefused, PatientRecorded]);
  [harbor, harborManager, summit, summitManager, desert, lakeside] = await Promise.all(
    ['frontdesk@harbor.example', 'manager@harbor.example', 'frontdesk@summit.example', 'manager@summit.example', 'frontdesk@desert.example', 'frontdesk@lakeside.example'].map((subject) => scheduling.desk(subject))) as [Desk, Desk, Desk, Desk, Desk, Desk];
  patients = (await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'harbor' ORDER BY id`)).map((row) => row.id);
});
afterAll(async () => {
  await events?.stop();
  await scheduling?.stop();
});

let used = 0;
const patient = (): string => patients[used++ % patients.length]!;
const REASON = 'A mole on the left shoulder that has changed since spring: is it to be removed?';
const letter = { service: 'dermatology-consult', reason: REASON };
const place = { name: 'Lighthouse Dermatology', phone: '617 555 0199' };
const dermatology = (from = 3): Promise<OpeningItem[]> => harbor.openings(`service=dermatology-consult&practice=summit&from=${scheduling.inDays(from)}&to=${scheduling.inDays(from + 10)}&limit=100`);
/** A start of its own for each booking: parallel rooms and doctors would do as well, but this is easier to follow. */
const opening = async (from = 3): Promise<OpeningItem> => (await dermatology(from))[0]!;
const pathOf = (answer: HttpResult): string => `/referrals/${String(answer.body['id'])}`;
const visitOf = (answer: HttpResult): string => `/appointments/${String(answer.body['id'])}`;
const idsIn = (answer: HttpResult): string[] => z.array(z.object({ id: z.string() })).parse(answer.body['items']).map(({ id }) => id);
const dueOf = (answer: HttpResult): number => Date.parse(z.string().parse(answer.body['dueAt']));
/** What the other services heard of a referral, once it is at this status. */
const heardOf = async (referral: HttpResult, last: string, atLeast = 1) => {
  const heard = () => [ReferralSent, ReferralStatusChanged].flatMap((definition) => events.gathered<typeof ReferralSent | typeof ReferralStatusChanged>(definition)).filter(({ key }) => key === referral.body['id']).sort((a, b) => a.sequence - b.sequence);
  return eventually(`the event of ${last}`, () => (heard().length >= atLeast && heard().at(-1)?.data.referral.status === last ? heard() : null));
};
const deadlocks = async (): Promise<number> => Number((await scheduling.sql<{ n: string }>(`SELECT deadlocks AS n FROM pg_stat_database WHERE datname = current_database()`))[0]!.n);
/** What must be true of referrals and visits whatever happened before. Each query shows the rows that break it. */
const UNTRUE: Readonly<Record<string, string>> = {
  'a scheduled referral follows a visit of its own that stands': `SELECT r.id FROM referral r LEFT JOIN appointment a ON a.id = r.appointment_id WHERE r.status = 'scheduled' AND r.receiver_id IS NOT NULL
    AND (a.referral_id, a.host_id, a.starts_at) IS DISTINCT FROM (r.id, r.receiver_id, r.visit_at) OR (r.status = 'scheduled' AND a.status NOT IN ('booked', 'arrived', 'checked-in'))`,
  'a seen one follows a visit that took place': `SELECT r.id FROM referral r JOIN appointment a ON a.id = r.appointment_id WHERE r.status IN ('seen', 'note-returned', 'closed') AND a.status <> 'fulfilled'`,
  'any other follows none': `SELECT id FROM referral WHERE status IN ('sent', 'received', 'accepted', 'authorised', 'declined', 'cancelled') AND (appointment_id IS NOT NULL OR (receiver_id IS NOT NULL AND visit_at IS NOT NULL))`,
  'no visit that stands is left by its referral but where another was booked': `SELECT a.id FROM appointment a JOIN referral r ON r.id = a.referral_id WHERE a.status IN ('booked', 'arrived', 'checked-in') AND r.appointment_id IS NULL`,
};
const untrue = async (): Promise<Record<string, number>> => {
  const found: Record<string, number> = {};
  for (const [sentence, sql] of Object.entries(UNTRUE)) {
    const { length } = await scheduling.sql(sql);
    if (length > 0) found[sentence] = length;
  }
  return found;
};
const wait = (until: number): unknown => scheduling.clock.moveTo(scheduling.clock.offset + Math.max(0, until - scheduling.now()));

const send = async (more: object = {}): Promise<HttpResult> => {
  const sent = await harbor.post('/referrals', { patient: patient(), to: { practice: 'summit' }, ...letter, ...more });
  expect(sent).toMatchObject({ status: 201, body: { status: 'sent' } });
  return sent;
};
const accepted = async (more: object = {}): Promise<HttpResult> => {
  const sent = await send(more);
  for (const step of ['receive', 'accept']) expect((await summit.post(`${pathOf(sent)}/${step}`)).status).toBe(200);
  return harbor.get(pathOf(sent));
};
const book = async (referral: HttpResult, at: { readonly id: string }, desk = harbor): Promise<HttpResult> => desk.post('/appointments', { opening: at.id, patient: (await desk.get(pathOf(referral))).body['patient'], referral: referral.body['id'] });

describe('the closed loop inside the network', () => {
  test("goes from harbor's question to summit's note with a booking in between, and each side is told whose turn it is", async () => {
    const sent = await send({ urgency: 'urgent', attachments: [{ title: 'Photograph of May', url: 'https://files.harbor.example/7', mediaType: 'image/jpeg' }], choice: { shown: ['summit', 'desert'] } });
    expect(sent.body).toMatchObject({ direction: 'sent', waitsFor: 'them', overdue: false, allowed: ['cancel'], zone: 'America/Denver', choice: { shown: ['summit', 'desert'], chosen: 'summit' } });
    const path = pathOf(sent);

    const atSummit = await summit.get(path);
    expect(atSummit.body).toMatchObject({ direction: 'received', waitsFor: 'us', allowed: ['receive'], reason: REASON, attachments: [{ title: 'Photograph of May', url: 'https://files.harbor.example/7' }], choice: null });
    expect(atSummit.body['patient']).not.toBe(sent.body['patient']);
    const [atHarbor, known] = [await harbor.get(`/patients/${String(sent.body['patient'])}`), await summit.get(`/patients/${String(atSummit.body['patient'])}`)];
    expect(known.body).toMatchObject({ familyName: atHarbor.body['familyName'], birthDate: atHarbor.body['birthDate'], phone: atHarbor.body['phone'], recordNumber: null });

    expect((await summit.post(`${path}/receive`)).body).toMatchObject({ status: 'received', waitsFor: 'us', allowed: ['accept', 'decline'] });
    expect((await summit.post(`${path}/accept`)).body).toMatchObject({ status: 'accepted', waitsFor: 'them' });
    expect((await harbor.get(`/referrals?waitsFor=us&status=accepted`)).body).toMatchObject({ items: [{ id: sent.body['id'], waitsFor: 'us', status: 'accepted' }] });
    const booked = await book(sent, await opening());
    expect(booked).toMatchObject({ status: 201, body: { host: 'summit', booking: 'harbor', referral: sent.body['id'] } });
    expect((await harbor.get(path)).body).toMatchObject({ status: 'scheduled', appointment: booked.body['id'], visitAt: booked.body['start'], waitsFor: 'them' });

    expect(await summit.post(`${path}/see`)).toMatchObject({ status: 409, body: { code: 'referral-step-not-allowed', detail: expect.stringContaining('the visit takes this step') } });
    for (const step of ['arrive', 'complete']) expect((await summit.post(`${visitOf(booked)}/${step}`)).status).toBe(200);
    expect((await summit.get(path)).body).toMatchObject({ status: 'seen', waitsFor: 'us', allowed: ['return-note'] });
    const note = { title: 'Consultation note', document: 'summit:note/88', mediaType: 'application/pdf' };
    expect(await harbor.post(`${path}/return-note`, { note })).toMatchObject({ status: 403, body: { code: 'receiver-decides' } });
    expect((await summit.post(`${path}/return-note`, { note })).body).toMatchObject({ status: 'note-returned', waitsFor: 'them' });
    expect((await harbor.get(path)).body).toMatchObject({ note, waitsFor: 'us', allowed: ['close'] });
    expect((await harbor.post(`${path}/close`)).body).toMatchObject({ status: 'closed', dueAt: null, waitsFor: null, overdue: false, allowed: [] });
  });

  test('is closed by its sender where the receiver erased its record and can return no note', async () => {
    const referral = await accepted();
    const booked = await book(referral, await opening());
    for (const step of ['arrive', 'complete']) expect((await summit.post(`${visitOf(booked)}/${step}`)).status).toBe(200);
    await scheduling.sql('UPDATE patient SET wrapped_key = NULL WHERE id = $1', [(await summit.get(pathOf(referral))).body['patient']]);
    expect((await harbor.post(`${pathOf(referral)}/close`)).body).toMatchObject({ status: 'closed', dueAt: null });
  });

  test('P24: what was written is nowhere in clear: not in the tables, the events, the audit or the kept answers', async () => {
    const key = { 'idempotency-key': 'a-referral' };
    const body = { patient: patient(), to: { practice: 'summit' }, ...letter, reason: 'Xylophonic rash', attachments: [{ title: 'Xylophonic photograph', document: 'xylo-1', mediaType: 'image/png' }] };
    const [one, twin] = await Promise.all([harbor.post('/referrals', body, key), harbor.post('/referrals', body, key)]);
    expect([one.status, twin.body['id']]).toEqual([201, one.body['id']]);
    expect(await harbor.post('/referrals', { ...body, reason: 'Another' }, key)).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    await summit.post(`${pathOf(one)}/receive`);
    expect((await summit.post(`${pathOf(one)}/decline`, { code: 'not-our-field', text: 'Xylophonic rashes belong to the orchestra' }, { 'idempotency-key': 'no' })).status).toBe(200);
    const found = await scheduling.sql<{ place: string; n: number }>(`SELECT 'referral' AS place, count(*)::int AS n FROM referral t WHERE t::text ~* 'xylo' UNION ALL SELECT 'audit', count(*)::int FROM audit_entry t WHERE t::text ~* 'xylo'
      UNION ALL SELECT 'idempotency', count(*)::int FROM idempotency t WHERE t::text ~* 'xylo'`);
    expect(found.map(({ n }) => n)).toEqual([0, 0, 0]);
    expect(JSON.stringify(await heardOf(one, 'declined'))).not.toMatch(/xylo/i);
    expect((await harbor.get(pathOf(one))).body).toMatchObject({ declineText: 'Xylophonic rashes belong to the orchestra', reason: 'Xylophonic rash' });
  });

  test("P24: who erases its record of the patient can no longer read what was written; the other side still can", async () => {
    const sent = await send();
    const { body } = await summit.get(pathOf(sent));
    await scheduling.sql('UPDATE patient SET wrapped_key = NULL WHERE id = $1', [body['patient']]);
    expect((await summit.get(pathOf(sent))).body).toMatchObject({ status: 'sent', reason: null, attachments: [] });
    expect((await harbor.get(pathOf(sent))).body).toMatchObject({ reason: REASON });
  });

  test('P23: sending tells the receiver who the patient is, which is logged as a referral packet; reading and each step leave an audit row with the own record', async () => {
    const sent = await accepted();
    const atSummit = String((await summit.get(pathOf(sent))).body['patient']);
    expect(await scheduling.sql(`SELECT to_practice_id, purpose, profile FROM disclosure WHERE patient_id = $1`, [sent.body['patient']])).toEqual([{ to_practice_id: 'summit', purpose: 'treatment', profile: 'referral-packet' }]);
    const rows = await scheduling.sql<{ practice_id: string; action: string; patient_id: string }>(`SELECT practice_id, action, patient_id FROM audit_entry WHERE entity = 'referral' AND entity_id = $1 ORDER BY at, id`, [sent.body['id']]);
    expect(rows.map(({ practice_id, action }) => `${practice_id} ${action}`)).toEqual(['harbor referral.sent', 'summit referral.receive', 'summit referral.accept', 'harbor referral.read', 'summit referral.read']);
    for (const row of rows) expect(row.patient_id).toBe(row.practice_id === 'harbor' ? sent.body['patient'] : atSummit);
  });

  test("what the sender learns of the patient reaches the receiver while the referral is open, before there is a visit", async () => {
    const registered = await harbor.post('/patients', { givenName: 'Ottoline', familyName: 'Penhallow', birthDate: '1970-03-03', phone: '617 555 0181' });
    const sent = await send({ patient: registered.body['id'] });
    const atSummit = `/patients/${String((await summit.get(pathOf(sent))).body['patient'])}`;
    const change = (phone: string) => harbor.call('PUT', `/patients/${String(registered.body['id'])}`, { givenName: 'Ottoline', familyName: 'Penhallow', birthDate: '1970-03-03', phone });
    expect((await change('617 555 0182')).status).toBe(200);
    expect((await summit.get(atSummit)).body).toMatchObject({ phone: '+16175550182' });
    expect((await harbor.post(`${pathOf(sent)}/cancel`)).status).toBe(200);
    expect((await change('617 555 0183')).status).toBe(200);
    expect((await summit.get(atSummit)).body).toMatchObject({ phone: '+16175550182' });
    expect(await scheduling.sql(`SELECT DISTINCT profile FROM disclosure WHERE patient_id = $1`, [registered.body['id']])).toEqual([{ profile: 'referral-packet' }]);
  });

  test("P9: each step is published once, in order, with the whole referral, for both sides", async () => {
    const sent = await accepted();
    await book(sent, await opening(4));
    const heard = await heardOf(sent, 'scheduled');
    expect(heard.map(({ sequence, data }) => `${sequence} ${data.referral.status} by ${data.by.kind} of ${String(data.by.practice)}`)).toEqual(['1 sent by sender of harbor', '2 received by receiver of summit', '3 accepted by receiver of summit', '4 scheduled by visit of harbor']);
    expect(heard.at(-1)).toMatchObject({ host: 'summit', data: { referral: { sender: 'harbor', receiver: 'summit', patient: sent.body['patient'], waitsFor: 'receiver' } } });
  });
});

describe('a receiver that cannot', () => {
  test('declines with a code and a sentence; the referral stays open with its sender, who closes it when another way is found', async () => {
    const sent = await send();
    const path = pathOf(sent);
    expect(await summit.post(`${path}/decline`, { code: 'no-capacity', text: 'Fully booked until March.' })).toMatchObject({ status: 409, body: { code: 'referral-step-not-allowed', allowed: ['receive'] } });
    await summit.post(`${path}/receive`);
    expect(await harbor.post(`${path}/decline`, { code: 'no-capacity', text: 'x' })).toMatchObject({ status: 403, body: { code: 'receiver-decides' } });
    expect((await summit.post(`${path}/decline`, { code: 'because', text: 'x' })).status).toBe(400);
    expect((await summit.post(`${path}/decline`, { code: 'no-capacity', text: 'Fully booked until March.' })).body).toMatchObject({ status: 'declined', declineCode: 'no-capacity', waitsFor: 'them' });
    expect((await harbor.get(path)).body).toMatchObject({ declineText: 'Fully booked until March.', waitsFor: 'us', allowed: ['close'] });
    expect(await book(sent, await opening())).toMatchObject({ status: 409, body: { code: 'referral-step-not-allowed', status: 409 } });
    expect((await harbor.post(`${path}/close`)).body).toMatchObject({ status: 'closed', dueAt: null });
  });

  test('of two desks that accept and decline at once the no stands, whichever came first; who accepts too late is told what is allowed', async () => {
    for (let round = 0; round < 6; round += 1) {
      const path = pathOf(await send());
      await summit.post(`${path}/receive`);
      const answers = await Promise.all([summit.post(`${path}/accept`), summitManager.post(`${path}/decline`, { code: 'other', text: 'x' })]);
      expect(answers[1].status).toBe(200);
      if (answers[0].status !== 200) expect(answers[0]).toMatchObject({ status: 409, body: { code: 'referral-step-not-allowed', allowed: expect.any(Array) } });
      expect((await harbor.get(path)).body['status']).toBe('declined');
    }
  });
});

describe('where the payer must agree', () => {
  test('no visit is booked before the authorisation, none after its last day, and a new number opens the way again', async () => {
    const referral = await accepted({ needsAuthorisation: true });
    const path = pathOf(referral);
    expect(referral.body).toMatchObject({ status: 'accepted', waitsFor: 'them' });
    const at = await opening(5);
    expect(await book(referral, at)).toMatchObject({ status: 409, body: { code: 'referral-step-not-allowed', detail: expect.stringContaining("needs the payer's authorisation") } });
    expect(await summit.post(`${path}/authorise`, { number: 'PA-4471', expires: '2020-01-01' })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/expires' }] } });
    expect((await summit.post(`${path}/authorise`, { number: 'PA-4471', expires: scheduling.inDays(3).slice(0, 10) })).body).toMatchObject({ status: 'authorised', authorisationExpires: scheduling.inDays(3).slice(0, 10) });
    expect((await harbor.get(path)).body).toMatchObject({ authorisationNumber: 'PA-4471', waitsFor: 'us' });
    expect(await book(referral, at)).toMatchObject({ status: 422, body: { code: 'authorisation-expired' } });
    expect((await harbor.get(path)).body).toMatchObject({ status: 'authorised', appointment: null });
    expect((await summit.post(`${path}/authorise`, { number: 'PA-4472', expires: scheduling.inDays(20).slice(0, 10) })).status).toBe(200);
    const booked = await book(referral, at);
    expect(booked.status).toBe(201);
    const late = (await dermatology(24))[0]!;
    expect(await harbor.post(`${visitOf(booked)}/reschedule`, { opening: late.id })).toMatchObject({ status: 422, body: { code: 'authorisation-expired' } });
    expect((await harbor.get(visitOf(booked))).body).toMatchObject({ start: at.start, status: 'booked' });

    const { dueAt } = (await harbor.get(path)).body;
    expect((await summit.post(`${path}/authorise`, { number: 'PA-4473', expires: scheduling.inDays(60).slice(0, 10) })).body).toMatchObject({ status: 'scheduled', appointment: booked.body['id'], dueAt });
    expect((await harbor.post(`${visitOf(booked)}/reschedule`, { opening: late.id })).status).toBe(200);
  });

  test('a referral that was accepted is declined when the payer says no', async () => {
    const path = pathOf(await accepted({ needsAuthorisation: true }));
    expect((await summit.post(`${path}/decline`, { code: 'other', text: 'The payer says no.' })).body).toMatchObject({ status: 'declined', waitsFor: 'them' });
  });

  test('an authorisation that has run out is waited for again: it is the receiver\'s turn, in what is read and in what is listed', async () => {
    const referral = await accepted({ needsAuthorisation: true });
    const path = pathOf(referral);
    const mine = async (desk: Desk): Promise<boolean> => idsIn(await desk.get(`/referrals?waitsFor=us&status=authorised&limit=200`)).includes(String(referral.body['id']));
    await summit.post(`${path}/authorise`, { number: 'PA-1', expires: scheduling.inDays(1).slice(0, 10) });
    expect([(await harbor.get(path)).body['waitsFor'], await mine(harbor), await mine(summit)]).toEqual(['us', true, false]);
    wait(scheduling.now() + 3 * DAY);
    expect([(await harbor.get(path)).body['waitsFor'], await mine(harbor), await mine(summit)]).toEqual(['them', false, true]);
    await summit.post(`${path}/authorise`, { number: 'PA-2', expires: scheduling.inDays(20).slice(0, 10) });
    expect([(await harbor.get(path)).body['waitsFor'], await mine(harbor), await mine(summit)]).toEqual(['us', true, false]);
  });

  test('a visit that is missed on the last day of its authorisation leaves the receiver to act, in the list of what is late and in the event', async () => {
    const referral = await accepted({ needsAuthorisation: true });
    const path = pathOf(referral);
    const at = await opening(3);
    await summit.post(`${path}/authorise`, { number: 'PA-5', expires: at.start.slice(0, 10) });
    const booked = await book(referral, at);
    expect(booked.status).toBe(201);
    wait(parseInstant(at.start) + 2 * DAY);
    expect((await summit.post(`${visitOf(booked)}/no-show`)).status).toBe(200);
    expect((await summit.get(path)).body).toMatchObject({ status: 'authorised', waitsFor: 'us' });
    expect(await scheduling.sql('SELECT waits_for FROM referral WHERE id = $1', [referral.body['id']])).toEqual([{ waits_for: 'receiver' }]);
    const last = await eventually('the miss is published', () => events.gathered(ReferralStatusChanged).filter(({ key }) => key === referral.body['id']).find(({ data }) => data.referral.status === 'authorised' && data.referral.since > parseInstant(at.start)));
    expect(last.data.referral).toMatchObject({ waitsFor: 'receiver' });
    // Seven days are a payer's for what is routine.
    wait(scheduling.now() + 6 * DAY);
    const late = async (desk: Desk, waitsFor: string): Promise<boolean> => idsIn(await desk.get(`/referrals?overdue=true&waitsFor=${waitsFor}&limit=200`)).includes(String(referral.body['id']));
    expect([await late(summit, 'us'), await late(harbor, 'us')]).toEqual([false, false]);
    wait(scheduling.now() + 2 * DAY);
    expect([await late(summit, 'us'), await late(harbor, 'us'), await late(harbor, 'them')]).toEqual([true, false, true]);
  });

  test('a patient who moves the visit past the last day is told that nothing was changed', async () => {
    const referral = await accepted({ needsAuthorisation: true });
    const born = String((await harbor.get(`/patients/${String(referral.body['patient'])}`)).body['birthDate']);
    const at = await opening(3);
    await summit.post(`${pathOf(referral)}/authorise`, { number: 'PA-3', expires: at.start.slice(0, 10) });
    const booked = await book(referral, at);
    const url = String((await summit.post(`${visitOf(booked)}/patient-links`)).body['url']);
    const who = new PatientBrowser(scheduling.url);
    const opened = await who.follow(await who.submit(await who.open(url), '/open', { year: born.slice(0, 4), month: born.slice(5, 7), day: born.slice(8) }));
    const times = await who.open(opened.links().find((href) => href.includes('/move'))!);
    const sure = await who.open(times.links().find((href) => href.includes('/move/o'))!);
    const refused = await who.submit(sure, '/move', { opening: (await dermatology(8))[0]!.id });
    expect(refused.status).toBe(409);
    expect(refused.text()).toMatch(/Nothing was changed|No se cambió nada/);
    expect(await scheduling.sql(`SELECT details->>'code' AS code FROM audit_entry WHERE action = 'patient-page.move-refused' AND entity_id = $1`, [booked.body['id']])).toEqual([{ code: 'authorisation-expired' }]);
    expect((await harbor.get(visitOf(booked))).body).toMatchObject({ start: at.start, status: 'booked' });
  });
});

describe('the visit takes its referral along', () => {
  test('only this patient, this practice and this service can be booked from it', async () => {
    const referral = await accepted();
    const at = await opening(6);
    const wrong = { opening: at.id, patient: patient(), referral: referral.body['id'] };
    expect(await harbor.post('/appointments', wrong)).toMatchObject({ status: 422, body: { code: 'referral-does-not-fit', differs: 'patient' } });
    const [elsewhere] = await harbor.openings(`service=cardiology-consult&practice=desert&from=${scheduling.inDays(3)}&to=${scheduling.inDays(12)}`);
    expect(await book(referral, elsewhere!)).toMatchObject({ status: 422, body: { code: 'referral-does-not-fit', differs: 'practice' } });
    const [otherService] = await harbor.openings(`service=skin-check&practice=summit&from=${scheduling.inDays(3)}&to=${scheduling.inDays(12)}`);
    expect(await book(referral, otherService!)).toMatchObject({ status: 422, body: { code: 'referral-does-not-fit', differs: 'service' } });
    const [stranger] = await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'desert' ORDER BY id LIMIT 1`);
    expect(await desert.post('/appointments', { opening: elsewhere!.id, patient: stranger!.id, referral: referral.body['id'] })).toMatchObject({ status: 404, body: { code: 'referral-unknown' } });
    expect((await harbor.get(pathOf(referral))).body).toMatchObject({ status: 'accepted', appointment: null });
    expect((await dermatology(6)).map(({ id }) => id)).toContain(at.id);
  });

  test("the receiver's own desk books it as well, for its own record of the patient", async () => {
    const referral = await accepted();
    const hold = await summit.post('/holds', { opening: (await opening(7)).id });
    const booked = await summit.post('/appointments', { hold: hold.body['id'], patient: (await summit.get(pathOf(referral))).body['patient'], referral: referral.body['id'] });
    expect(booked).toMatchObject({ status: 201, body: { host: 'summit', booking: 'summit', referral: referral.body['id'] } });
    expect((await harbor.get(pathOf(referral))).body).toMatchObject({ status: 'scheduled', visitAt: booked.body['start'] });
  });

  test.each<[string, (visit: string) => Promise<HttpResult>]>([
    ['the patient stays away', (visit) => summit.post(`${visit}/no-show`)],
    ['the host cancels', (visit) => summit.post(`${visit}/cancel`, { reason: 'prov' })],
    ['the sender cancels', (visit) => harbor.post(`${visit}/cancel`, { reason: 'pat' })],
  ])('%s: the referral is ready to be booked again, with a new due time, and never lost', async (_, off) => {
    const referral = await accepted();
    const booked = await book(referral, await opening(8));
    const scheduled = await harbor.get(pathOf(referral));
    scheduling.clock.moveTo(scheduling.clock.offset + HOUR);
    expect((await off(visitOf(booked))).status).toBe(200);
    const again = await harbor.get(pathOf(referral));
    expect(again.body).toMatchObject({ status: 'accepted', appointment: null, visitAt: null, waitsFor: 'us' });
    expect(dueOf(again)).toBeGreaterThan(scheduling.now());
    expect(again.body['dueAt']).not.toBe(scheduled.body['dueAt']);
    expect((await book(referral, await opening(9))).status).toBe(201);
    expect((await harbor.get(pathOf(referral))).body['status']).toBe('scheduled');
  });

  test('a move of the visit moves the due time of its outcome; a no-show that is reopened is the referral\'s visit again, but not once another is booked', async () => {
    const referral = await accepted();
    const first = await opening(0);
    const booked = await book(referral, await opening(10));
    expect((await harbor.post(`${visitOf(booked)}/reschedule`, { opening: first.id })).status).toBe(200);
    const moved = await harbor.get(pathOf(referral));
    expect(moved.body).toMatchObject({ status: 'scheduled', visitAt: first.start });
    expect(dueOf(moved)).toBeGreaterThan(Date.parse(first.start));
    wait(Date.parse(first.start));
    await summit.post(`${visitOf(booked)}/no-show`);
    expect((await summit.post(`${visitOf(booked)}/reopen`)).status).toBe(200);
    expect((await harbor.get(pathOf(referral))).body).toMatchObject({ status: 'scheduled', appointment: booked.body['id'] });
    await summit.post(`${visitOf(booked)}/no-show`);
    const other = await book(referral, await opening(3));
    expect(other.status).toBe(201);
    for (const step of ['reopen', 'arrive', 'complete']) expect((await summit.post(`${visitOf(booked)}/${step}`)).status).toBe(200);
    expect((await harbor.get(pathOf(referral))).body).toMatchObject({ status: 'scheduled', appointment: other.body['id'] });
  });

  test("the patient's own no by text does not end the visit: the desk asks first, and its cancelling brings the referral back", async () => {
    scheduling.app.connectMicroservice<MicroserviceOptions>({ strategy: scheduling.app.get(EVENT_STRATEGY, { strict: false }) }, { inheritAppConfig: false });
    await scheduling.app.startAllMicroservices();
    const referral = await accepted();
    const booked = await book(referral, await opening(11));
    const { id, patient: atHost } = (await summit.get(visitOf(booked))).body;
    const answer = '019b0000-0000-7000-8000-0000000000aa';
    await events.publish(PatientAnswered, { key: answer, host: 'summit', booking: 'harbor', time: scheduling.now() }, {
      id: answer, host: 'summit', patient: String(atHost), message: '019b0000-0000-7000-8000-0000000000ab', subject: { kind: 'appointment', id: String(id), revision: 1 }, answer: 'cancel', at: new Date(scheduling.now()).toISOString(),
    });
    const refused = await eventually('the answer is refused', () => events.gathered(AppointmentAnswerRefused).find(({ data }) => data.answer === answer));
    expect(refused.data).toMatchObject({ why: 'desk-decides', appointment: { status: 'booked', revision: 1 } });
    expect((await harbor.get(pathOf(referral))).body).toMatchObject({ status: 'scheduled' });
    expect((await summit.post(`${visitOf(booked)}/cancel`, { reason: 'pat' })).status).toBe(200);
    const heard = await heardOf(referral, 'accepted', 5);
    expect(heard.at(-1)).toMatchObject({ data: { by: { kind: 'visit', practice: 'summit' }, previous: 'scheduled', referral: { appointment: null } } });
    expect((await harbor.get(pathOf(referral))).body).toMatchObject({ status: 'accepted', waitsFor: 'us' });
  });

  test("a phone that is a parent's is told as such, by the practice that has the parent on record and to a host that has not", async () => {
    const registered = await harbor.post('/patients', { givenName: 'Tobias', familyName: 'Farraday', birthDate: '2012-05-01', phone: '(617) 555-0188', consent: { text: true } });
    const own = String(registered.body['id']);
    const parent = await harbor.post(`/patients/${own}/representatives`, { relation: 'parent', name: 'Rosalind Farraday', phone: '617-555-0188', may: ['see-visits'], validFrom: '2026-01-01' });
    const holders = (patient: string) => events.gathered(PatientRecorded).filter(({ key }) => key === patient).at(-1)?.data.contactPoints.map(({ representative }) => representative ?? null);
    const told = (patient: string, holder: unknown) => eventually(() => `the phone of ${patient} is told as that of ${String(holder)} (now ${JSON.stringify(holders(patient))})`, () => JSON.stringify(holders(patient)) === JSON.stringify([holder]));
    await told(own, parent.body['id']);
    const time = (await harbor.openings(`service=dermatology-consult&from=${scheduling.inDays(3)}&to=${scheduling.inDays(9)}&limit=50`)).find(({ practice }) => practice === 'summit');
    const visit = await harbor.post('/appointments', { opening: time!.id, patient: own });
    const atHost = String((await summit.get(visitOf(visit))).body['patient']);
    await told(atHost, parent.body['id']);
    expect((await harbor.call('DELETE', `/patients/${own}/representatives/${String(parent.body['id'])}`)).status).toBe(204);
    await told(own, null);
    await told(atHost, null);
  });

  test('a referral with a visit is not cancelled behind its back', async () => {
    const referral = await accepted();
    const booked = await book(referral, await opening(4));
    expect(await harbor.post(`${pathOf(referral)}/cancel`)).toMatchObject({ status: 409, body: { code: 'referral-step-not-allowed', allowed: [], detail: expect.stringContaining('cancel the visit first') } });
    await harbor.post(`${visitOf(booked)}/cancel`, { reason: 'pat' });
    expect((await harbor.post(`${pathOf(referral)}/cancel`)).body).toMatchObject({ status: 'cancelled', dueAt: null });
    expect(await book(referral, await opening(4))).toMatchObject({ status: 409, body: { code: 'referral-step-not-allowed' } });
  });

  test('P1: of two bookings from one referral at once one wins, the other takes no time, and nothing waits in a circle', async () => {
    const before = await deadlocks();
    for (let round = 0; round < 5; round += 1) {
      const referral = await accepted();
      const list = await dermatology(5 + round);
      const [one, other] = [list[0]!, list.find((item) => item.start > list[0]!.end)!];
      const answers = await Promise.all([book(referral, one), book(referral, other, harborManager), book(referral, list.find((item) => item.start > other.end)!, summit)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
      const [row] = await scheduling.sql<{ n: number; current: string }>(`SELECT count(*)::int AS n, (SELECT appointment_id::text FROM referral WHERE id = $1) AS current FROM appointment WHERE referral_id = $1`, [referral.body['id']]);
      expect(row).toEqual({ n: 1, current: answers.find(({ status }) => status === 201)!.body['id'] });
    }
    expect((await deadlocks()) - before).toBe(0);
  });

  test('P1: whatever desks of both sides do to one referral and its visit at once, the two tell the same story in the end, and nothing waits in a circle', async () => {
    const before = await deadlocks();
    for (let round = 0; round < 6; round += 1) {
      const referral = await accepted();
      const list = await dermatology(12 + round);
      const next = list.find((item) => item.start > list[0]!.end)!;
      const booked = await book(referral, list[0]!);
      const visit = visitOf(booked);
      const answers = await Promise.all([
        summit.post(`${visit}/arrive`), harbor.post(`${visit}/cancel`, { reason: 'pat' }), summitManager.post(`${visit}/no-show`), harborManager.post(`${visit}/reschedule`, { opening: next.id }), summit.post(`${visit}/complete`),
        book(referral, next), book(referral, list.find((item) => item.start > next.end)!, summit), harbor.post(`${pathOf(referral)}/cancel`), summitManager.post(`${pathOf(referral)}/authorise`, { number: 'A1', expires: scheduling.inDays(60).slice(0, 10) }),
      ]);
      for (const { status } of answers) expect([200, 201, 409]).toContain(status);
      expect(await untrue()).toEqual({});
    }
    expect((await deadlocks()) - before).toBe(0);
  });
});

describe('due times', () => {
  test('what is past its due time is listed for both sides, the longest first, and tells who is late', async () => {
    const [first, second] = [await send({ urgency: 'stat' }), await send({ urgency: 'stat' })];
    await summit.post(`${pathOf(second)}/receive`);
    const listed = (desk: Desk, query: string) => desk.get(`/referrals?overdue=true&${query}&limit=200`);
    expect(idsIn(await listed(summit, 'waitsFor=us'))).not.toContain(first.body['id']);
    wait(Date.parse(z.string().parse((await harbor.get(pathOf(second))).body['dueAt'])) + 1);
    const late = await listed(summit, 'waitsFor=us');
    expect(idsIn(late).filter((id) => id === first.body['id'] || id === second.body['id'])).toEqual([first.body['id'], second.body['id']]);
    const dueTimes = z.array(z.object({ dueAt: z.string(), overdue: z.literal(true), waitsFor: z.literal('us') })).parse(late.body['items']).map(({ dueAt }) => dueAt);
    expect(dueTimes).toEqual([...dueTimes].sort());
    expect(idsIn(await listed(harbor, 'waitsFor=them&direction=sent'))).toEqual(expect.arrayContaining([first.body['id'], second.body['id']]));
    expect(idsIn(await listed(harbor, 'waitsFor=us'))).not.toContain(first.body['id']);
    expect(idsIn(await listed(harbor, 'direction=received'))).toEqual([]);
    expect(idsIn(await listed(desert, ''))).toEqual([]);

    const all = idsIn(await listed(summit, 'waitsFor=us'));
    const paged: string[] = [];
    for (let cursor: unknown = ''; cursor !== null; ) {
      const page = await summit.get(`/referrals?overdue=true&waitsFor=us&limit=1${cursor ? `&cursor=${String(cursor)}` : ''}`);
      paged.push(...idsIn(page));
      cursor = page.body['nextCursor'];
    }
    expect(paged).toEqual(all);
    await summit.post(`${pathOf(first)}/receive`);
    expect(idsIn(await listed(summit, 'waitsFor=us'))).not.toContain(first.body['id']);
  });

  test('lists are narrowed by direction, status and patient, and a cursor that was not given is refused', async () => {
    const sent = await send();
    expect(idsIn(await harbor.get(`/referrals?direction=sent&status=sent&patient=${String(sent.body['patient'])}`))).toContain(sent.body['id']);
    expect(idsIn(await harbor.get(`/referrals?direction=received`))).toEqual([]);
    expect(idsIn(await summit.get(`/referrals?direction=received&status=sent&limit=200`))).toContain(sent.body['id']);
    expect((await harbor.get('/referrals?overdue=true&cursor=bm90LWEtY3Vyc29y')).status).toBe(400);
    expect((await harbor.get('/referrals?status=lost')).status).toBe(400);
  });
});

describe('care outside the network', () => {
  test('is followed by its sender to the end: accepted, authorised, scheduled, missed, seen, note returned, closed', async () => {
    const sent = await send({ to: { outside: place }, needsAuthorisation: true, choice: { shown: ['summit'] } });
    const path = pathOf(sent);
    expect(sent.body).toMatchObject({ receiver: null, outside: { name: 'Lighthouse Dermatology', phone: '+16175550199' }, waitsFor: 'us', zone: 'America/New_York', choice: { shown: ['summit'], chosen: null } });
    const step = async (name: string, body: object = {}): Promise<HttpResult> => {
      const answer = await harbor.post(`${path}/${name}`, body);
      expect({ name, status: answer.status, waitsFor: answer.body['waitsFor'] }).toEqual({ name, status: 200, waitsFor: name === 'close' ? null : 'us' });
      return answer;
    };
    expect(await harbor.post(`${path}/receive`)).toMatchObject({ status: 409, body: { allowed: ['accept', 'decline', 'cancel'] } });
    await step('accept');
    const start = scheduling.inDays(20);
    expect(await harbor.post(`${path}/schedule`, { start })).toMatchObject({ status: 409, body: { allowed: ['decline', 'authorise', 'cancel'] } });
    await step('authorise', { number: 'B-9', expires: scheduling.inDays(40).slice(0, 10) });
    expect(await harbor.post(`${path}/schedule`, { start: scheduling.inDays(50) })).toMatchObject({ status: 422, body: { code: 'authorisation-expired' } });
    for (const start of ['1900-01-01T09:00:00Z', '2190-01-01T09:00:00Z']) expect(await harbor.post(`${path}/schedule`, { start })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/start' }] } });
    expect((await step('schedule', { start })).body).toMatchObject({ status: 'scheduled', visitAt: start, appointment: null });
    expect(dueOf(await step('move', { start: scheduling.inDays(25) }))).toBeGreaterThan(Date.parse(scheduling.inDays(25)));
    expect((await step('miss')).body).toMatchObject({ status: 'authorised', visitAt: null });
    await step('schedule', { start });
    await step('see');
    await step('return-note', { note: { title: 'Letter', document: 'fax-17', mediaType: 'application/pdf' } });
    expect((await step('close')).body).toMatchObject({ status: 'closed', dueAt: null });
    expect((await harbor.get(path)).body).toMatchObject({ reason: REASON, authorisationNumber: 'B-9', note: { document: 'fax-17' } });
    expect(await scheduling.sql(`SELECT 1 FROM disclosure WHERE patient_id = $1 AND profile = 'referral-packet'`, [sent.body['patient']])).toEqual([]);
  });

  test('that is late is on the overdue list like any other, and no partner sees it', async () => {
    const sent = await send({ to: { outside: { name: 'Quayside Cardiology', fax: '617 555 0198' } }, service: 'cardiology-consult', urgency: 'stat' });
    wait(dueOf(sent) + 1);
    expect(idsIn(await harbor.get('/referrals?overdue=true&waitsFor=us&limit=200'))).toContain(sent.body['id']);
    for (const desk of [summit, desert, lakeside]) expect((await desk.get(pathOf(sent))).status).toBe(404);
  });

  test('needs a way to reach the place and a service of the catalogue', async () => {
    const to = (outside: object) => harbor.post('/referrals', { patient: patient(), to: { outside }, ...letter });
    expect((await to({ name: 'Nowhere' })).status).toBe(400);
    expect(await harbor.post('/referrals', { patient: patient(), to: { outside: place }, ...letter, service: 'alchemy' })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/service' }] } });
  });
});

describe('who may', () => {
  test('P7: a referral goes only where an agreement in force leads, for a service that is offered there', async () => {
    const to = (practice: string, service = letter.service) => harbor.post('/referrals', { patient: patient(), to: { practice }, reason: 'r', service });
    for (const practice of ['lakeside', 'nobody', 'harbor']) expect(await to(practice)).toMatchObject({ status: 422, body: { code: 'receiver-not-joined' } });
    expect(await to('summit', 'echo')).toMatchObject({ status: 422, body: { code: 'service-not-offered' } });
    await scheduling.sql(`UPDATE practice SET staffed = false WHERE id = 'summit'`);
    try {
      expect(await to('summit')).toMatchObject({ status: 422, body: { code: 'receiver-not-staffed', detail: expect.stringContaining('outside the network') } });
      expect((await harbor.get('/referrals/options?service=dermatology-consult')).body).toMatchObject({ items: [] });
    } finally {
      await scheduling.sql(`UPDATE practice SET staffed = true WHERE id = 'summit'`);
    }
    const [foreign] = await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'desert' ORDER BY id LIMIT 1`);
    expect(await harbor.post('/referrals', { patient: foreign!.id, to: { practice: 'summit' }, ...letter })).toMatchObject({ status: 404, body: { code: 'patient-unknown' } });
  });

  test("P21: neither a third partner nor a stranger sees, lists or steps a referral between harbor and summit", async () => {
    const sent = await send();
    for (const desk of [desert, lakeside]) {
      expect(await desk.get(pathOf(sent))).toMatchObject({ status: 404, body: { code: 'referral-unknown' } });
      for (const step of ['receive', 'accept', 'close', 'cancel']) expect(await desk.post(`${pathOf(sent)}/${step}`)).toMatchObject({ status: 404, body: { code: 'referral-unknown' } });
      expect(idsIn(await desk.get('/referrals?limit=200'))).toEqual([]);
    }
    expect((await harbor.get(pathOf(sent))).body['status']).toBe('sent');
  });

  test('P22: a clinician refers and answers, an auditor only reads', async () => {
    const [clinician, auditor] = await Promise.all([scheduling.desk('clinician@harbor.example'), scheduling.desk('auditor@harbor.example')]);
    const body = { patient: patient(), to: { practice: 'summit' }, ...letter };
    const sent = await clinician.post('/referrals', body);
    expect(sent.status).toBe(201);
    expect((await auditor.get(pathOf(sent))).status).toBe(200);
    expect(await auditor.post('/referrals', body)).toMatchObject({ status: 403, body: { code: 'permission-missing' } });
  });

  test('If-Match refuses a step on what somebody else changed meanwhile', async () => {
    const sent = await send();
    const etag = { 'if-match': (await summit.get(pathOf(sent))).headers.get('etag')! };
    expect((await summit.post(`${pathOf(sent)}/receive`, {}, etag)).status).toBe(200);
    expect(await harbor.post(`${pathOf(sent)}/cancel`, {}, etag)).toMatchObject({ status: 412, body: { code: 'version-changed' } });
  });
});

describe('an agreement that has ended', () => {
  test('lets both sides finish and read what was begun, and opens nothing new', async () => {
    const referral = await accepted();
    const booked = await book(referral, await opening(5));
    const open = await accepted();
    await scheduling.sql('UPDATE agreement_version SET effective_to = $1', [new Date(scheduling.now())]);
    try {
      expect(await harbor.post('/referrals', { patient: patient(), to: { practice: 'summit' }, ...letter })).toMatchObject({ status: 422, body: { code: 'receiver-not-joined' } });
      expect((await harbor.get('/referrals/options?service=dermatology-consult')).body).toMatchObject({ items: [] });
      for (const step of ['arrive', 'complete']) expect((await summit.post(`${visitOf(booked)}/${step}`)).status).toBe(200);
      const note = { title: 'Consultation note', document: 'summit:note/89', mediaType: 'application/pdf' };
      expect((await summit.post(`${pathOf(referral)}/return-note`, { note })).status).toBe(200);
      expect((await harbor.get(pathOf(referral))).body).toMatchObject({ reason: REASON, note });
      expect((await harbor.post(`${pathOf(referral)}/close`)).status).toBe(200);
      expect((await harbor.post(`${pathOf(open)}/cancel`)).status).toBe(200);
    } finally {
      await scheduling.sql('UPDATE agreement_version SET effective_to = NULL');
    }
  });
});

describe("the patient's choice", () => {
  test("options are the partners that give the service, each with its soonest opening and distance, and what was shown is kept for the sender's eyes", async () => {
    const options = await harbor.get('/referrals/options?service=dermatology-consult&near=42.36,-71.06');
    const [soonest] = await harbor.openings(`service=dermatology-consult&practice=summit&limit=1`);
    expect(options.body).toMatchObject({ items: [{ practice: 'summit', name: 'Summit Dermatology', distanceKm: expect.any(Number), soonest: { id: soonest!.id, start: soonest!.start, zone: 'America/Denver', bookable: 'hold' } }], nextCursor: null });
    expect((await summit.get('/referrals/options?service=dermatology-consult')).body).toMatchObject({ items: [] });
    expect((await lakeside.get('/referrals/options?service=dermatology-consult')).body).toMatchObject({ items: [] });
    expect((await harbor.get('/referrals/options')).status).toBe(400);

    const sent = await send();
    const choice = { shown: ['desert', 'summit'], at: new Date(scheduling.now() - HOUR).toISOString() };
    expect((await harbor.post(`${pathOf(sent)}/choice`, choice)).body).toMatchObject({ choice: { ...choice, chosen: 'summit' } });
    expect(await harbor.post(`${pathOf(sent)}/choice`, { ...choice, at: scheduling.inDays(1) })).toMatchObject({ status: 400 });
    expect(await harbor.post(`${pathOf(sent)}/choice`, { shown: ['summit', 'summit'] })).toMatchObject({ status: 400 });
    expect(await summit.post(`${pathOf(sent)}/choice`, choice)).toMatchObject({ status: 403, body: { code: 'sender-decides' } });
    expect((await summit.get(pathOf(sent))).body['choice']).toBeNull();
  });

  test('times at which the patient has another visit are not among the options', async () => {
    const who = patient();
    const ask = async () => z.array(z.object({ soonest: z.object({ id: z.string(), start: z.string() }) })).parse((await harbor.get(`/referrals/options?service=dermatology-consult&patient=${who}`)).body['items'])[0]!.soonest;
    const before = await ask();
    expect((await harbor.post('/appointments', { opening: before.id, patient: who })).status).toBe(201);
    expect((await ask()).start > before.start).toBe(true);
    expect(await scheduling.sql(`SELECT DISTINCT practice_id, details FROM audit_entry WHERE action = 'referral.options-read' AND patient_id = $1`, [who])).toEqual([{ practice_id: 'harbor', details: { service: 'dermatology-consult' } }]);
    const [foreign] = await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'desert' ORDER BY id LIMIT 1`);
    expect(await harbor.get(`/referrals/options?service=dermatology-consult&patient=${foreign!.id}`)).toMatchObject({ status: 404, body: { code: 'patient-unknown' } });
  });
});
