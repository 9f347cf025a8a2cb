import { FeedbackGiven, InboxReceived, InboxSettled, MessageCosted, type MessageRequested, type EventWire } from '@slotmesh/contracts';
import { MINUTE, instant, newId } from '@slotmesh/kernel';
import { blindIndexOf } from '@slotmesh/persistence';
import { eventually } from '@slotmesh/testing';
import { register } from 'prom-client';
import { RunningNotifications, SENDER, type TestPatient, indexKey } from '../../test/running-notifications';

let running: RunningNotifications;
beforeAll(async () => {
  running = await RunningNotifications.start();
});
afterAll(() => running?.stop());

const DESK = 'frontdesk@harbor.example';
const phoneOf = ({ phone }: TestPatient): string => blindIndexOf(indexKey, 'phone', phone);
async function reminded(over: Partial<EventWire<typeof MessageRequested>> = {}) {
  const patient = await running.patient();
  const visit = await running.visit(patient);
  const request = await running.request(patient, [visit], over);
  await running.outcome(request, 'sent sms');
  return { patient, visit, request };
}
const effectOf = (patient: TestPatient, wanted: string) =>
  eventually(`a text with the effect ${wanted}`, async () => (await running.rows<{ effect: string }>('SELECT effect FROM reply WHERE idx = $1', [phoneOf(patient)])).some(({ effect }) => effect === wanted));
const consentsOf = async (patient: TestPatient) => (await running.get(DESK, `/consents?patient=${patient.id}`)).body.items.find(({ channel }: { channel: string }) => channel === 'sms');

describe('the inbox of a practice', () => {
  it('shows a text that nobody has read with its thread, takes one answer however often it is sent, and is quiet once it was read', async () => {
    const { patient } = await reminded();
    await running.says(patient, 'Do I have to fast before?');
    await running.text(patient.phone, /texts are not watched for emergencies: call 911/);
    const unread = await eventually('the text is unread', async () => (await running.get(DESK, '/conversations')).body.items.find((one: { phone: string }) => one.phone === phoneOf(patient)));
    expect(unread).toMatchObject({ from: patient.phone, patient: patient.id, unread: 1, lastText: 'Do I have to fast before?' });
    expect(await register.getSingleMetricAsString('inbox_unread_oldest_seconds')).toMatch(/practice="harbor"/);
    const answer = { text: 'Yes, nothing but water from midnight. Sí, solo agua.' };
    const [first, again] = [await running.send('POST', DESK, `/conversations/${unread.phone}/texts`, answer, { 'idempotency-key': 'a' }), await running.send('POST', DESK, `/conversations/${unread.phone}/texts`, answer, { 'idempotency-key': 'a' })];
    expect([first.status, again.status, again.body.message]).toEqual([201, 201, first.body.message]);
    await running.text(patient.phone, /^Harbor Family Medicine: Yes, nothing but water from midnight\. Si, solo agua\. Ref [2-9A-Z]{5}$/);
    const thread = (await running.get(DESK, `/conversations/${unread.phone}`)).body;
    expect(thread.items.map(({ direction, template, text }: { direction: string; template: string; text: string }) => [direction, template ?? text])).toEqual([['out', 'visit-reminder'], ['in', 'Do I have to fast before?'], ['out', 'answer-not-understood'], ['out', 'desk-text']]);
    expect(thread.items.at(-1).text).toContain('nothing but water');
    const asked = thread.items.find(({ direction }: { direction: string }) => direction === 'in');
    expect((await running.send('POST', DESK, `/conversations/${unread.phone}/read`, { upTo: asked.id })).body).toEqual({ read: 0 });
    expect((await running.get(DESK, '/conversations')).body.items.map(({ phone }: { phone: string }) => phone)).not.toContain(unread.phone);
    expect((await running.get('frontdesk@summit.example', `/conversations/${unread.phone}`)).status).toBe(404);
    expect(running.twilio.to(patient.phone).filter(({ body }) => body.includes('only water') || body.includes('nothing but water'))).toHaveLength(1);
  });

  it('tells once when a text came, about which visit, and when the desk first read or answered it', async () => {
    const { patient, visit } = await reminded();
    const textsOf = () => running.rows<{ id: string; received_at: Date; effect: string }>('SELECT id, received_at, effect FROM reply WHERE idx = $1 AND handled ORDER BY received_at, id', [phoneOf(patient)]);
    const says = async (words: string, texts: number) => { await running.says(patient, words); return eventually(`${texts} texts are handled`, async () => { const all = await textsOf(); return all.length === texts && all; }); };
    const settledOf = async () => { const ids = (await textsOf()).map(({ id }) => id); return running.events.gathered(InboxSettled).filter(({ data }) => ids.includes(data.id)).map(({ data }) => ids.indexOf(data.id)); };
    await says('Where do I park?', 1);
    await says('C', 2);
    const three = await says('And is there a bus?', 3);
    const came = await eventually('both questions are told', () => { const told = running.events.gathered(InboxReceived).filter(({ data }) => three.some(({ id }) => id === data.id)); return told.length === 2 && told; });
    expect(came.map(({ data }) => [data.id, data.host, data.appointment, data.receivedAt])).toEqual([three[0]!, three[2]!].map(({ id, received_at }) => [id, 'harbor', visit.id, received_at.getTime()]));
    expect((await running.send('POST', DESK, `/conversations/${phoneOf(patient)}/read`, { upTo: three[0]!.id })).body).toEqual({ read: 1 });
    const answer = () => running.send('POST', DESK, `/conversations/${phoneOf(patient)}/texts`, { text: 'Behind the house; line 4 stops at the door.' }, { 'idempotency-key': 'park' });
    const message = (await answer()).body.message;
    await says('Thanks, and for bikes?', 4);
    expect((await answer()).body.message).toBe(message);
    expect((await running.send('POST', DESK, `/conversations/${phoneOf(patient)}/read`, { upTo: three[2]!.id })).body).toEqual({ read: 0 });
    await eventually('both are settled', async () => (await settledOf()).length >= 2);
    await running.settled();
    expect(await settledOf()).toEqual([0, 2]);
    const unread = (await running.get(DESK, '/conversations')).body.items.find((one: { phone: string }) => one.phone === phoneOf(patient));
    expect(unread).toMatchObject({ unread: 1, lastText: 'Thanks, and for bikes?' });
    const [first] = running.events.gathered(InboxSettled).filter(({ data }) => data.id === three[0]!.id);
    expect(first!.data.receivedAt).toBe(three[0]!.received_at.getTime());
    expect(first!.data.settledAt).toBeGreaterThanOrEqual(first!.data.receivedAt);
  });

  it('P17: obeys a STOP of many words, and leaves it for a person to read', async () => {
    const { patient } = await reminded();
    await running.says(patient, 'Please stop texting me about this, and tell Dr. Lee that my knee is worse');
    await effectOf(patient, 'opted-out-and-desk-reads');
    expect(await consentsOf(patient)).toMatchObject({ state: 'opted-out' });
    expect((await running.get(DESK, '/conversations')).body.items.find((one: { phone: string }) => one.phone === phoneOf(patient))).toMatchObject({ unread: 1 });
    const { patient: brief } = await reminded();
    await running.says(brief, 'STOP');
    await effectOf(brief, 'opted-out');
    expect((await running.get(DESK, '/conversations')).body.items.map(({ phone }: { phone: string }) => phone)).not.toContain(phoneOf(brief));
  });

  it('P17: lets the desk write neither to a phone that stopped nor a day after the patient did, nor more than three segments', async () => {
    const { patient } = await reminded();
    await running.says(patient, 'hello?');
    await effectOf(patient, 'inbox-auto-reply');
    const write = (text: string) => running.send('POST', DESK, `/conversations/${phoneOf(patient)}/texts`, { text });
    expect((await write('x'.repeat(480))).body).toMatchObject({ status: 422, code: 'text-too-long' });
    expect((await write('您好，请打电话给我们。')).status).toBe(201);
    await running.text(patient.phone, /您好，请打电话给我们。/);
    await running.says(patient, 'STOP');
    await effectOf(patient, 'opted-out');
    expect((await write('hello')).body).toMatchObject({ status: 409, code: 'phone-stopped' });
    expect((await running.send('POST', DESK, `/conversations/${blindIndexOf(indexKey, 'phone', '+16175559999')}/texts`, { text: 'hello' })).status).toBe(404);
  });
});

describe('answers that are no yes and no no', () => {
  it('answers R with the link to choose another time and changes nothing; of several visits the patient names one', async () => {
    const { patient, visit } = await reminded();
    await running.says(patient, 'R');
    await running.text(patient.phone, /Choose another time for your visit of .*https?:\/\/.*Nothing is changed yet/);
    expect(running.answers(visit.id)).toEqual([]);
    const second = await running.visit(patient, 9);
    await running.outcome(await running.request(patient, [second]), 'sent sms');
    await running.says(patient, 'reschedule please');
    await running.text(patient.phone, /Which one do you mean\? 1: .*2: /);
    await running.says(patient, '2');
    await eventually('a link for the second', () => running.twilio.to(patient.phone).filter(({ body }) => body.includes('Choose another time')).length === 2);
  });

  it('says that the desk decides where a visit must not end by a text', async () => {
    const { patient, visit } = await reminded();
    await running.says(patient, 'X');
    const [answer] = await eventually('an answer', () => { const found = running.answers(visit.id); return found.length > 0 && found; });
    await running.answerRefused(visit, answer!.id, 'desk-decides');
    await running.text(patient.phone, /is not cancelled yet: this one needs a word with us first/);
  });

  it('takes 1 to 5 for the answer to the question after a visit, once it was asked, and for nothing else', async () => {
    const { patient, visit } = await reminded();
    await running.says(patient, '4');
    await effectOf(patient, 'inbox-auto-reply');
    running.scheduling.visits.set(visit.id, { ...visit, status: 'fulfilled' });
    const question = await running.request(patient, [visit], { template: 'feedback-question', subjects: [{ kind: 'appointment', id: visit.id, revision: 1, step: 'feedback' }] });
    await running.outcome(question, 'sent sms');
    await running.says(patient, '9');
    await running.says(patient, '4');
    await running.text(patient.phone, /Thank you for telling us/);
    const given = await eventually('the feedback', () => running.events.gathered(FeedbackGiven).find(({ data }) => data.patient === patient.id));
    expect(given.data).toMatchObject({ host: 'harbor', appointment: visit.id, score: 4 });
  });
});

describe('a number', () => {
  it('answers what was asked last: a mark for a visit calls off no other', async () => {
    const { patient, visit } = await reminded();
    const second = await running.visit(patient, 9);
    await running.outcome(await running.request(patient, [second]), 'sent sms');
    await running.says(patient, 'X');
    await running.text(patient.phone, /Which one do you mean/);
    const over = await running.visit(patient, 1);
    running.scheduling.visits.set(over.id, { ...over, status: 'fulfilled' });
    await running.outcome(await running.request(patient, [over], { template: 'feedback-question', subjects: [{ kind: 'appointment', id: over.id, revision: 1, step: 'feedback' }] }), 'sent sms');
    await running.says(patient, '1');
    await running.text(patient.phone, /Thank you for telling us/);
    expect([...running.answers(visit.id), ...running.answers(second.id)]).toEqual([]);
  });
});

describe('whose phone it is', () => {
  it('ends the link of a wrong number for that patient alone, tells the desk, and writes there again only when the desk has made sure', async () => {
    const { patient, visit, request } = await reminded();
    const other = await running.patient({}, patient.phone);
    await running.says(patient, 'Sorry, wrong number');
    await running.text(patient.phone, /We will not write to this number about that person again/);
    await running.outcome(request, 'call-list wrong-number sms');
    expect(await consentsOf(patient)).toMatchObject({ state: 'wrong-number', evidence: [{ state: 'wrong-number', words: 'Sorry, wrong number' }, { state: 'opted-in' }] });
    await running.outcome(await running.request(patient, [visit], { channels: ['sms'] }), 'skipped wrong-number');
    await running.outcome(await running.request(other, [await running.visit(other)], { channels: ['sms'] }), 'sent sms');
    await running.recordAgain(patient, { language: 'es' });
    await eventually('the record is taken over', async () => (await running.rows<{ language: string }>('SELECT language FROM patient WHERE id = $1', [patient.id]))[0]?.language === 'es');
    await running.outcome(await running.request(patient, [visit], { channels: ['sms'] }), 'skipped wrong-number');
    const yes = await running.send('POST', DESK, '/consents', { patient: patient.id, channel: 'sms', state: 'opted-in', how: 'in-person', words: 'Yes that is my number, I was joking' });
    expect(yes.body.items.find(({ channel }: { channel: string }) => channel === 'sms')).toMatchObject({ state: 'opted-in', evidence: [{ source: 'in-person', scope: 'practice', recordedBy: DESK, words: 'Yes that is my number, I was joking' }, {}, {}] });
    await running.outcome(await running.request(patient, [visit], { channels: ['sms'] }), 'sent sms');
  });

  it("P17: keeps to what a patient told the desk, by practice and class, and lifts no STOP that came from the phone", async () => {
    const { patient, visit } = await reminded();
    const say = (body: object) => running.send('POST', DESK, '/consents', { patient: patient.id, channel: 'sms', how: 'phone', words: 'as the patient said', ...body });
    expect((await say({ state: 'opted-out', class: 'recall' })).status).toBe(200);
    await running.outcome(await running.request(patient, [visit], { channels: ['sms'], class: 'recall' }), 'skipped opted-out');
    await running.outcome(await running.request(patient, [visit], { channels: ['sms'] }), 'sent sms');
    expect((await consentsOf(patient)).optOuts).toEqual([{ practice: 'harbor', class: 'recall' }]);
    await say({ state: 'opted-out' });
    await running.outcome(await running.request(patient, [visit], { channels: ['sms'] }), 'skipped opted-out');
    await say({ state: 'opted-in' });
    expect((await consentsOf(patient)).optOuts).toEqual([]);
    await running.outcome(await running.request(patient, [visit], { channels: ['sms'], class: 'recall' }), 'sent sms');
    await running.says(patient, 'STOP');
    await effectOf(patient, 'opted-out');
    // Said once more at the desk it stays the phone's own.
    await say({ state: 'opted-out', scope: 'all' });
    expect((await say({ state: 'opted-in', scope: 'all' })).body).toMatchObject({ status: 409, code: 'stopped-by-the-phone' });
    expect((await say({ state: 'opted-in' })).body).toMatchObject({ status: 409, code: 'stopped-by-the-phone' });
    expect((await running.send('POST', 'frontdesk@summit.example', '/consents', { patient: patient.id, channel: 'sms', state: 'opted-in', how: 'phone', words: 'x' })).status).toBe(404);
    expect((await running.send('POST', DESK, '/consents', { patient: newId(), channel: 'sms', state: 'opted-in', how: 'phone', words: 'x' })).body).toMatchObject({ code: 'contact-point-unknown' });
  });

  it("writes of a confidential visit to the patient's own mailbox and never to a parent's phone, nor in one message with others", async () => {
    const patient = await running.patient();
    const parent = newId();
    await running.recordAgain(patient, { contactPoints: patient.record.contactPoints.map((point) => (point.channel === 'sms' ? { ...point, representative: parent } : point)) });
    await eventually('whose phone it is is known', async () => (await running.rows('SELECT FROM patient_contact WHERE patient = $1 AND representative = $2', [patient.id, parent])).length === 1);
    const [open, secret] = [await running.visit(patient), await running.visit(patient, 3, { confidential: true })];
    await running.outcome(await running.request(patient, [secret], { channels: ['sms'] }), 'skipped confidential');
    await running.outcome(await running.request(patient, [secret]), 'sent email');
    await running.outcome(await running.request(patient, [open]), 'sent sms');
    await running.outcome(await running.request(patient, [secret], { channels: ['sms'], mustReach: true, template: 'visit-moved' }), 'call-list confidential');
    await running.settled();
    expect(running.twilio.to(patient.phone)).toHaveLength(1);
    expect((await consentsOf(patient)).representative).toBe(parent);
  });

  it('lets a practice say that its texts cost their receivers nothing, and only then writes exempt care without a yes', async () => {
    const patient = await running.patient();
    await running.recordAgain(patient, { contactPoints: patient.record.contactPoints.map((point) => ({ ...point, consented: false })) });
    await eventually('the no is known', async () => (await running.rows('SELECT FROM patient_contact WHERE patient = $1 AND NOT consented', [patient.id])).length === 2);
    const visit = await running.visit(patient);
    await running.outcome(await running.request(patient, [visit], { class: 'exempt-care' }), 'skipped no-consent');
    expect((await running.send('PUT', DESK, '/sending-rules', { freeToEndUser: true })).status).toBe(403);
    expect((await running.send('PUT', 'manager@harbor.example', '/sending-rules', { freeToEndUser: true })).body).toEqual({ freeToEndUser: true });
    expect((await running.get(DESK, '/sending-rules')).body).toEqual({ freeToEndUser: true });
    await running.outcome(await running.request(patient, [visit], { class: 'exempt-care' }), 'sent sms');
  });

  it('holds a phone to five texts a day of the whole network, but for what was asked for', async () => {
    const { patient, visit } = await reminded();
    for (let n = 0; n < 4; n++) await running.outcome(await running.request(patient, [visit]), 'sent sms');
    const sixth = await running.request(patient, [visit], { channels: ['sms'], expiresAt: new Date(running.now + 3_600_000).toISOString() });
    await running.outcome(sixth, 'skipped cap');
    const offer = await running.offerMessage(patient, await running.offer(patient));
    await running.outcome(offer, 'sent sms');
    expect(SENDER).toBe(running.twilio.to(patient.phone)[0]!.from);
  });
});

describe('the evidence of a message', () => {
  it('is one answer: the consent that was relied on, the rules, what it said at which revision, what the provider reported, and what it has cost', async () => {
    const { patient, visit, request } = await reminded();
    const [text] = running.twilio.to(patient.phone);
    await running.report(text!, 'delivered');
    await running.outcome(request, 'delivered sms');
    running.moveTo(instant(running.now + 3 * MINUTE));
    const evidence = await eventually('the cost is known', async () => {
      const { body } = await running.get(DESK, `/messages?appointment=${visit.id}`);
      const shown = (await running.get(DESK, `/messages/${body.items[0].id}`)).body;
      return shown.attempts[0].cost !== null && shown;
    });
    expect(evidence).toMatchObject({ state: 'delivered', attempts: [{
      channel: 'sms', state: 'accepted', template: 'visit-reminder', subjects: [{ id: visit.id, revision: 1 }], rules: ['subjects:1/1', 'sms:send', 'email:send'], consent: { source: 'record', scope: 'practice' }, cost: { micros: 7_900, currency: 'USD' }, segments: 1,
      providerId: text!.sid, reports: [{ status: 'delivered' }], text: expect.stringContaining('your visit is'),
    }] });
    const costed = await eventually('the event', () => running.events.gathered(MessageCosted).find(({ data }) => data.id === evidence.id));
    expect(costed.data).toMatchObject({ host: 'harbor', attempt: evidence.attempts[0].id, micros: 7_900, segments: 1 });
  });
});
