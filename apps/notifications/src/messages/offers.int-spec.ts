import { MessageOutcomeRecorded } from '@slotmesh/contracts';
import { newId } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { RunningNotifications } from '../../test/running-notifications';

describe('offers to patients who wait', () => {
  let running: RunningNotifications;
  beforeAll(async () => { running = await RunningNotifications.start(); });
  afterAll(() => running.stop());

  it('asks by text until when, and YES goes to the offer as the patient\'s answer; only its true end is confirmed', async () => {
    const patient = await running.patient();
    const offer = await running.offer(patient);
    const request = await running.offerMessage(patient, offer);
    const text = await running.text(patient.phone, /a time came free: .* M[SD]T at Boston Clinic\. Reply YES by \d+:\d\d [AP]M E[SD]T to take it, NO to pass/);
    expect(text?.body).not.toMatch(/dermatology/i);
    await running.outcome(request, 'sent sms');
    await running.says(patient, 'Yes please');
    const [answer] = await eventually('the answer', () => (running.answers(offer.id).length > 0 ? running.answers(offer.id) : undefined));
    expect(answer).toMatchObject({ answer: 'confirm', host: 'harbor', patient: patient.id, subject: { kind: 'offer', id: offer.id, revision: 1 } });
    await running.settled();
    expect(running.twilio.to(patient.phone)).toHaveLength(1);
    await running.endOffer(offer, 'accepted', answer!.id);
    await running.text(patient.phone, /It is yours: /);
    await running.says(patient, 'YES');
    await eventually('told once more', () => running.twilio.to(patient.phone).filter(({ body }) => /It is yours: /.test(body)).length === 2);
    expect(running.answers(offer.id)).toHaveLength(1);
  });

  it('takes NO as a no to the offer and leaves the booked visit alone', async () => {
    const patient = await running.patient();
    const visit = await running.visit(patient, 6);
    await running.outcome(await running.request(patient, [visit]), 'sent sms');
    const offer = await running.offer(patient);
    await running.outcome(await running.offerMessage(patient, offer), 'sent sms');
    await running.says(patient, 'no');
    await eventually('the answer', () => running.answers(offer.id).some(({ answer }) => answer === 'cancel'));
    expect(running.answers(visit.id)).toEqual([]);
    await running.endOffer(offer, 'declined', running.answers(offer.id)[0]!.id);
    await running.text(patient.phone, /You keep your place on our list/);
    await running.says(patient, 'C');
    await eventually('C belongs to the visit again', () => running.answers(visit.id).some(({ answer }) => answer === 'confirm'));
  });

  it.each([['X', 'cancel'], ['C', 'confirm'], ['cancel my appointment', 'cancel']] as const)('takes %s as a word about the visit, though an offer is the newest text', async (words, meant) => {
    const patient = await running.patient();
    const visit = await running.visit(patient, 6);
    await running.outcome(await running.request(patient, [visit]), 'sent sms');
    const offer = await running.offer(patient);
    await running.outcome(await running.offerMessage(patient, offer), 'sent sms');
    await running.says(patient, words);
    await eventually('the answer about the visit', () => running.answers(visit.id).some(({ answer }) => answer === meant));
    expect(running.answers(offer.id)).toEqual([]);
  });

  it('tells what became of an offer as of an offer, so that the next in turn need not wait for who cannot be reached', async () => {
    const patient = await running.patient({ contactPoints: [] });
    const offer = await running.offer(patient);
    const request = await running.offerMessage(patient, offer);
    await running.outcome(request, 'skipped no-contact');
    expect(running.events.gathered(MessageOutcomeRecorded).find(({ data }) => data.request === request)?.data.subject).toMatchObject({ kind: 'offer', id: offer.id, revision: 1 });
  });

  it('P12: does not offer a time that is gone by the owner\'s answer, though the feed has not told it yet', async () => {
    const patient = await running.patient();
    const offer = await running.offer(patient);
    await running.endOffer(offer, 'lost', null, false);
    await running.outcome(await running.offerMessage(patient, offer), 'skipped superseded');
    expect(running.twilio.to(patient.phone)).toEqual([]);
  });

  it('tells who lost the time at once, and a yes that comes too late gets no promise', async () => {
    const patient = await running.patient();
    const offer = await running.offer(patient);
    await running.outcome(await running.offerMessage(patient, offer), 'sent sms');
    const ended = await running.endOffer(offer, 'lost');
    await running.outcome(await running.offerMessage(patient, ended, 'waitlist-offer-gone', { expiresAt: ended.start }), 'sent sms');
    await running.text(patient.phone, /is no longer free\. You keep your place/);
    await running.says(patient, 'yes');
    await running.text(patient.phone, /Sorry, that time is no longer free/);
    expect(running.answers(offer.id)).toEqual([]);
  });

  it('does not tell of a time that is gone to whom it was never offered', async () => {
    const patient = await running.patient();
    const offer = await running.offer(patient);
    const ended = await running.endOffer(offer, 'lost');
    await running.outcome(await running.offerMessage(patient, offer), 'skipped superseded');
    await running.outcome(await running.offerMessage(patient, ended, 'waitlist-offer-gone', { expiresAt: ended.start }), 'skipped never-told');
    expect(running.twilio.to(patient.phone)).toEqual([]);
  });

  it('says by text and by mail which later visit a yes gives up', async () => {
    const patient = await running.patient();
    const replaces = { appointment: newId(), start: '2027-01-12T16:30:00Z', zone: 'America/Denver' } as const;
    const [first, second] = [await running.offer(patient, { replaces }), await running.offer(patient, { replaces })];
    await running.outcome(await running.offerMessage(patient, first), 'sent sms');
    await running.text(patient.phone, /YES gives up your visit on Tue Jan 12, 9:30 AM MST\./);
    await running.outcome(await running.offerMessage(patient, second, 'waitlist-offer', { channels: ['email'] }), 'sent email');
    const mail = await eventually('the mail', () => running.mailbox.to(patient.email)[0]);
    expect(mail.text).toContain('Takes the place of: Tue Jan 12, 9:30 AM MST');
    expect(mail.text).toContain('If you take it, your later visit on Tue Jan 12, 9:30 AM MST is given up.');
  });

  it('says nothing when the window has passed before it could be sent', async () => {
    const patient = await running.patient();
    const offer = await running.offer(patient, { expiresAt: new Date(running.now - 1_000).toISOString() });
    await running.outcome(await running.offerMessage(patient, offer), 'skipped expired');
  });

  it('offers by mail to whom no text may go, without a calendar entry', async () => {
    const patient = await running.patient();
    const offer = await running.offer(patient);
    await running.outcome(await running.offerMessage(patient, offer, 'waitlist-offer', { channels: ['email'] }), 'sent email');
    const mail = await eventually('the mail', () => running.mailbox.to(patient.email)[0]);
    expect(mail.text).toMatch(/To take it, please call \(617\) 555-0100 before \d+:\d\d [AP]M E[SD]T/);
    expect(mail.attachments).toEqual([]);
  });
});
