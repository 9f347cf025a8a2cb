import ICAL from 'ical.js';
import { ConsentChanged, ContactPreferencesChanged } from '@slotmesh/contracts';
import { eventually } from '@slotmesh/testing';
import { RunningNotifications, SENDER, type TestPatient } from '../../test/running-notifications';
import { segmentsOf } from '../templates/gsm7';

let running: RunningNotifications;
beforeAll(async () => {
  running = await RunningNotifications.start();
});
afterAll(() => running?.stop());

/** A patient with a visit whose reminder has left. */
async function reminded(days = 3) {
  const patient = await running.patient();
  const visit = await running.visit(patient, days);
  const request = await running.request(patient, [visit]);
  await running.outcome(request, 'sent sms');
  return { patient, visit, request, text: running.twilio.to(patient.phone).at(-1)! };
}
const effect = (patient: TestPatient, wanted: string) =>
  eventually(`the text has the effect ${wanted}`, async () => (await running.rows<{ effect: string }>('SELECT effect FROM reply WHERE patient = $1', [patient.id])).some((row) => row.effect === wanted));

describe('a reminder and its answer', () => {
  it('leaves by text through the real client, says what the patient needs and comes back delivered, in whatever order the reports come', async () => {
    const { patient, request, text } = await reminded();
    expect(text.from).toBe(SENDER);
    expect(text.body).toMatch(/^Harbor Family Medicine: Maria, your visit is \w{3} \w{3} \d+, \d+:\d\d [AP]M E[SD]T at Boston Clinic\. Reply C to confirm.*Ref [2-9A-Z]{5}$/);
    expect(segmentsOf(text.body).encoding).toBe('GSM-7');
    expect(segmentsOf(text.body).segments).toBeLessThanOrEqual(2);
    expect(text.validityPeriod).toBe(4 * 3600);
    for (const status of ['delivered', 'sent', 'sending', 'delivered']) expect(await running.report(text, status)).toBe(204);
    await running.outcome(request, 'delivered sms');
    await running.settled();
    expect(running.outcomes(request)).toEqual(['sent sms', 'delivered sms']);
    expect(running.twilio.to(patient.phone)).toHaveLength(1);
  });

  it('turns C into an answer about this visit at this revision, and thanks only when scheduling has said so', async () => {
    const { patient, visit, text } = await reminded();
    const sid = `SM${'1'.repeat(32)}`;
    expect(await running.says(patient, 'C', sid)).toBe(200);
    const [answer] = await eventually('an answer', () => { const found = running.answers(visit.id); return found.length > 0 && found; });
    expect(answer).toMatchObject({ host: 'harbor', patient: patient.id, answer: 'confirm', subject: { kind: 'appointment', id: visit.id, revision: 1 } });
    // The provider calls again.
    expect(await running.says(patient, 'C', sid)).toBe(200);
    await running.settled();
    expect(running.answers(visit.id)).toHaveLength(1);
    expect(running.twilio.to(patient.phone)).toEqual([text]);
    await running.confirmed(visit, answer!.id);
    await running.text(patient.phone, /Thank you, confirmed: \w{3}/);
  });

  it.each(['the feed', 'its owner alone'])('P12: does not leave, nor does a confirmation, once the patient has arrived, by what %s says', async (source) => {
    const patient = await running.patient();
    const visit = await running.visit(patient, 1);
    const arrived = { ...visit, status: 'arrived' as const };
    running.scheduling.visits.set(visit.id, arrived);
    if (source === 'the feed') await running.arrive(visit);
    const requests = [await running.request(patient, [visit]), await running.request(patient, [visit], { template: 'booking-confirmation', class: 'answer' }), await running.request(patient, [visit], { template: 'visit-moved', mustReach: true })];
    for (const request of requests) await running.outcome(request, 'skipped visit-closed');
    expect(running.twilio.to(patient.phone)).toEqual([]);
    expect(await running.rows('SELECT a.id FROM attempt a JOIN message m ON m.id = a.message_id WHERE m.patient = $1', [patient.id])).toEqual([]);
  });

  it('turns X into a cancellation and says so when it is true', async () => {
    const { patient, visit } = await reminded();
    await running.says(patient, 'x');
    const [answer] = await eventually('an answer', () => { const found = running.answers(visit.id); return found.length > 0 && found; });
    expect(answer?.answer).toBe('cancel');
    await running.cancel(visit, answer!.id);
    await running.text(patient.phone, /Your visit on .* is cancelled/);
  });

  it('changes nothing by an answer to a superseded time and tells the present one', async () => {
    const { patient, visit } = await reminded();
    const moved = await running.move(visit);
    await eventually('the move is known', async () => (await running.rows<{ revision: number }>('SELECT revision FROM visit WHERE id = $1', [visit.id]))[0]?.revision === 2);
    await running.says(patient, 'C');
    const text = await running.text(patient.phone, /Nothing was changed, because your visit has a new time/);
    expect(running.answers(visit.id)).toEqual([]);
    // An answer to that text is one to the new time.
    await running.says(patient, 'C');
    const [answer] = await eventually('an answer', () => { const found = running.answers(visit.id); return found.length > 0 && found; });
    expect(answer?.subject.revision).toBe(2);
    await running.answerRefused(await running.move(moved), answer!.id);
    await eventually('the second correction', () => running.twilio.to(patient.phone).filter(({ body }) => /new time/.test(body)).length === 2);
    expect(text.body).toContain('Reply C to confirm it');
  });

  it('never guesses between two visits: it asks, and takes the number', async () => {
    const { patient, visit } = await reminded(5);
    const second = await running.visit(patient, 4);
    await running.outcome(await running.request(patient, [second]), 'sent sms');
    await running.says(patient, 'C');
    await running.text(patient.phone, /Which one do you mean\? 1: .*; 2: /);
    expect([...running.answers(visit.id), ...running.answers(second.id)]).toEqual([]);
    await running.says(patient, '1');
    const [answer] = await eventually('an answer', () => { const found = running.answers(second.id); return found.length > 0 && found; });
    expect(answer).toMatchObject({ answer: 'confirm', subject: { revision: 1 } });
    expect(running.answers(visit.id)).toEqual([]);
  });

  it('keeps what it does not understand for the desk and answers once, not each time', async () => {
    const { patient } = await reminded();
    await running.says(patient, 'can I come at 10 instead?');
    await running.text(patient.phone, /texts are not watched for emergencies: call 911/);
    await running.says(patient, 'hello?');
    await effect(patient, 'inbox');
    await running.settled();
    expect(running.twilio.to(patient.phone).filter(({ body }) => body.includes('911'))).toHaveLength(1);
    const inbox = await running.get('frontdesk@harbor.example', `/replies?patient=${patient.id}&box=inbox`);
    expect(inbox.body.items.map(({ text }: { text: string }) => text)).toEqual(['hello?', 'can I come at 10 instead?']);
    expect((await running.get('frontdesk@summit.example', '/replies')).body.items).toEqual([]);
  });
});

describe('consent', () => {
  it('P17: obeys a STOP in plain words at once, keeps words and evidence, confirms once, and YES does not lift it', async () => {
    const { patient, visit } = await reminded();
    await running.says(patient, 'Please STOP texting me!');
    await running.text(patient.phone, /You will get no more texts/);
    const changed = await eventually('a consent event', () => running.events.gathered(ConsentChanged).find(({ data }) => data.state === 'opted-out'));
    expect(changed.data).toMatchObject({ channel: 'sms', scope: 'all' });
    await running.says(patient, 'stop');
    await running.says(patient, 'YES');
    await eventually('an answer', () => running.answers(visit.id).length === 1);
    await running.confirmed(visit, running.answers(visit.id)[0]!.id);
    const request = await running.request(patient, [visit]);
    await running.outcome(request, 'sent email');
    await running.settled();
    expect(running.twilio.to(patient.phone)).toHaveLength(2);
    const { body } = await running.get('frontdesk@harbor.example', `/consents?patient=${patient.id}`);
    const sms = body.items.find(({ channel }: { channel: string }) => channel === 'sms');
    expect(sms).toMatchObject({ state: 'opted-out' });
    expect(sms.evidence.map(({ words }: { words: string }) => words)).toEqual(['stop', 'Please STOP texting me!', null]);
    expect(sms.evidence.at(-1)).toMatchObject({ state: 'opted-in', source: 'record', scope: 'practice' });
    expect(running.events.gathered(ContactPreferencesChanged).filter(({ data }) => data.patient === patient.id).at(-1)?.data.channels).toEqual(['email']);
    await running.says(patient, 'START');
    await running.text(patient.phone, /You will get texts about your visits again/);
    await running.outcome(await running.request(patient, [visit]), 'sent sms');
  });

  it('P17: STOP on a family phone holds for everybody who has it', async () => {
    const { patient } = await reminded();
    const child = await running.patient({}, patient.phone);
    const visit = await running.visit(child);
    await running.says(patient, 'opt out');
    await running.text(patient.phone, /You will get no more texts/);
    await running.outcome(await running.request(child, [visit], { channels: ['sms'] }), 'skipped opted-out');
  });

  it('takes the bare word CANCEL as an opt-out and as a task for the desk', async () => {
    const { patient, visit, request } = await reminded();
    await running.says(patient, 'Cancel');
    await running.outcome(request, 'call-list cancel-word sms');
    await running.text(patient.phone, /You will get no more texts/);
    expect(running.answers(visit.id)).toEqual([]);
  });

  it('learns of a STOP from the provider', async () => {
    const patient = await running.patient();
    const visit = await running.visit(patient);
    running.twilio.faults.push({ code: 21610 });
    await running.outcome(await running.request(patient, [visit]), 'sent email');
    await running.outcome(await running.request(patient, [visit], { channels: ['sms'] }), 'skipped opted-out');
  });
});

describe('what may not go', () => {
  it('P15: waits for the end of quiet hours in the patient own zone, and makes a call of a notice that must reach', async () => {
    const patient = await running.patient({ zone: 'Pacific/Auckland' });
    // 12:00 in New York is 6:00 next day in Auckland (7:00 in summer).
    const visit = await running.visit(patient, 5);
    const waits = await running.request(patient, [visit]);
    await running.outcome(await running.request(patient, [visit], { template: 'visit-moved', mustReach: true }), 'call-list quiet-hours');
    const next = await eventually('the next due instant', async () => (await running.idle()).nextDue);
    expect(running.outcomes(waits)).toEqual([]);
    expect(running.twilio.to(patient.phone)).toEqual([]);
    running.moveTo(next);
    await running.outcome(waits, 'sent sms');
  });

  it('P12: waits while scheduling does not answer, and asks once for a batch', async () => {
    const patient = await running.patient();
    const visit = await running.visit(patient);
    running.scheduling.silent = true;
    const request = await running.request(patient, [visit]);
    await eventually('the request waits', async () => (await running.idle()).busy.includes('sender'));
    expect(running.outcomes(request)).toEqual([]);
    running.scheduling.silent = false;
    await running.outcome(request, 'sent sms');
  });

  it('P12: asks the owner, so that a feed that lags does no harm', async () => {
    const patient = await running.patient();
    const visit = await running.visit(patient);
    await running.move(visit, 2, false);
    await running.outcome(await running.request(patient, [visit]), 'skipped superseded');
  });

  it('P24: takes an erased patient for absent', async () => {
    const patient = await running.patient();
    const visit = await running.visit(patient);
    running.scheduling.identity.patientKeys.delete(patient.id);
    await running.outcome(await running.request(patient, [visit]), 'skipped patient-gone');
  });

  it('refuses a webhook without the signature of the provider', async () => {
    const patient = await running.patient();
    expect(await running.webhook('/webhooks/twilio/inbound', { MessageSid: `SM${'2'.repeat(32)}`, From: patient.phone, To: SENDER, Body: 'STOP' }, 'wrong')).toBe(403);
    expect(await running.rows('SELECT 1 FROM reply WHERE message_sid = $1', [`SM${'2'.repeat(32)}`])).toEqual([]);
  });
});

describe('mail and evidence', () => {
  it('carries an invitation that an independent parser reads, and takes it back with a higher SEQUENCE', async () => {
    const patient = await running.patient({ language: 'es' });
    const visit = await running.visit(patient, 6, { booking: 'summit' });
    await running.outcome(await running.request(patient, [visit], { channels: ['email'], template: 'booking-confirmation', class: 'answer' }), 'sent email');
    const cancelled = await running.cancel(visit);
    await running.outcome(await running.request(patient, [cancelled], { channels: ['email'], template: 'visit-cancelled' }), 'sent email');
    const [first, second] = running.mailbox.to(patient.email);
    expect(first?.subject).toMatch(/^Su cita en Harbor Family Medicine está reservada: /);
    expect(first?.text).toContain('La reservó Summit Dermatology.');
    expect(first?.from?.text).toBe('"Harbor Family Medicine" <desk@harbor.example>');
    const calendars = [first, second].map((mail) => new ICAL.Component(ICAL.parse(mail!.attachments.find(({ contentType }) => contentType === 'text/calendar' || contentType === 'application/ics')!.content.toString('utf8'))));
    const events = calendars.map((calendar) => new ICAL.Event(calendar.getFirstSubcomponent('vevent')!));
    expect(calendars.map((calendar) => calendar.getFirstPropertyValue('method'))).toEqual(['REQUEST', 'CANCEL']);
    expect(events[0]!.uid).toBe(events[1]!.uid);
    expect(events.map(({ sequence }) => sequence)).toEqual([0, 1]);
    expect(events[0]!.startDate.toJSDate().toISOString()).toBe(visit.start);
  });

  it("links a mail to the visit's own page, and keeps no link in the evidence that staff read", async () => {
    const patient = await running.patient();
    const visit = await running.visit(patient, 6);
    await running.outcome(await running.request(patient, [visit], { channels: ['email'], template: 'booking-confirmation', class: 'answer' }), 'sent email');
    const url = `https://slotmesh.example/a/link-to-${visit.id}`;
    const [mail] = running.mailbox.to(patient.email);
    expect(mail?.text).toContain(url);
    expect(mail?.html).toContain(`href="${url}"`);
    const { body: list } = await running.get('frontdesk@harbor.example', `/messages?appointment=${visit.id}`);
    const { body: message } = await running.get('frontdesk@harbor.example', `/messages/${list.items[0].id}`);
    expect(message.attempts[0].text).toContain('on your own page: [link]');
    expect(JSON.stringify(message)).not.toContain('link-to-');
  });

  it('shows a practice its own messages with text, rules and reports, and another nothing; the text is sealed in the database', async () => {
    const { patient, visit, request, text } = await reminded();
    await running.report(text, 'delivered');
    await running.outcome(request, 'delivered sms');
    const { body: list } = await running.get('frontdesk@harbor.example', `/messages?appointment=${visit.id}`);
    expect(list.items).toHaveLength(1);
    const { body: message } = await running.get('frontdesk@harbor.example', `/messages/${list.items[0].id}`);
    expect(message.attempts[0]).toMatchObject({ state: 'accepted', providerId: text.sid, providerStatus: 'delivered', text: text.body, rules: ['subjects:1/1', 'sms:send', 'email:send'], reports: [{ status: 'delivered' }] });
    expect((await running.get('frontdesk@summit.example', `/messages/${list.items[0].id}`)).status).toBe(404);
    expect((await running.get('frontdesk@summit.example', `/messages?appointment=${visit.id}`)).body.items).toEqual([]);
    expect((await running.get('operator@network.example', '/messages')).status).toBe(403);
    const stored = JSON.stringify(await running.rows('SELECT a.*, m.*, c.* FROM attempt a JOIN message m ON m.id = a.message_id JOIN patient_contact c ON c.patient = m.patient WHERE m.patient = $1', [patient.id]));
    for (const secret of [patient.phone, patient.email, 'Maria']) expect(stored).not.toContain(secret);
  });

  it('falls back by the error class of the provider, from text to mail', async () => {
    const patient = await running.patient();
    const visit = await running.visit(patient);
    const request = await running.request(patient, [visit]);
    await running.outcome(request, 'sent sms');
    expect(await running.report(running.twilio.to(patient.phone)[0]!, 'undelivered', { ErrorCode: '30006' })).toBe(204);
    await running.outcome(request, 'sent email');
    await running.outcome(await running.request(patient, [visit], { channels: ['sms'] }), 'skipped unreachable');
  });
});
