import { CallListEntryClosed, CallListEntryOpened, type EventWire, MessageRequested, OfferEnded, OfferMade } from '@slotmesh/contracts';
import { HOUR, formatInstant, newId, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { RunningReminders } from '../../test/running-reminders';

describe('what a waiting patient is told about an offer', () => {
  let reminders: RunningReminders;
  beforeAll(async () => { reminders = await RunningReminders.start(); });
  afterAll(() => reminders.stop());

  type Offer = EventWire<typeof OfferMade>['offer'];
  const offer = (over: Partial<Offer> = {}): Offer => ({
    id: newId(), revision: 1, state: 'open', round: newId(), entry: newId(), practice: 'harbor', host: 'summit', patient: newId(), service: 'dermatology-consult', visitType: newId(), site: newId(), provider: newId(), modality: 'in-person',
    start: formatInstant(plusMs(reminders.now, 30 * HOUR)), end: formatInstant(plusMs(reminders.now, 31 * HOUR)), zone: 'America/Denver', channels: ['sms', 'email'], expiresAt: formatInstant(plusMs(reminders.now, HOUR / 2)), ...over,
  });
  const publish = (definition: typeof OfferMade | typeof OfferEnded, given: Offer, answer: string | null = null) =>
    reminders.events.publish(definition, { key: given.id, host: 'harbor', time: reminders.now }, { offer: given, answer, appointment: null });

  it('asks for one message in the name of the patient\'s practice, stale when the window ends', async () => {
    const given = offer();
    await publish(OfferMade, given);
    await eventually('the request', async () => reminders.requestsOf(given.id).length > 0);
    const [heard] = reminders.events.gathered(MessageRequested).filter(({ data }) => data.subjects[0]?.id === given.id);
    expect(heard).toMatchObject({ host: 'harbor', data: { host: 'harbor', booking: 'harbor', template: 'waitlist-offer', class: 'consented-care', channels: ['sms', 'email'], subjects: [{ kind: 'offer', revision: 1, step: 'waitlist-offer' }] } });
    expect(formatInstant(heard!.data.expiresAt)).toBe(given.expiresAt);
  });

  it('tells who lost the time to somebody else, not who gave an answer, and nothing to whom the desk phones', async () => {
    const [lost, answered, phoned] = [offer({ state: 'lost', revision: 2 }), offer({ state: 'lost', revision: 2 }), offer({ channels: [] })];
    await publish(OfferMade, phoned);
    await publish(OfferEnded, answered, newId());
    await publish(OfferEnded, lost);
    await eventually('the lost one is told', async () => reminders.requestsOf(lost.id).length > 0);
    await reminders.settled();
    expect(reminders.stepsOf(lost.id)).toEqual(['waitlist-offer-gone@2']);
    expect([...reminders.requestsOf(answered.id), ...reminders.requestsOf(phoned.id)]).toEqual([]);
  });

  const callsOf = async (id: string, subject = 'frontdesk@harbor.example') => (await reminders.http(subject, 'GET', '/api/reminders/v1/call-list?limit=200')).body.items.filter((call: { offer: string | null }) => call.offer === id);

  it('whom no channel reaches is on the call list of the patient\'s practice until the offer is answered or over, urgent, and nobody else', async () => {
    const [taken, written, withdrawn] = [offer({ channels: [] }), offer(), offer({ channels: [] })];
    for (const given of [taken, written, withdrawn]) await publish(OfferMade, given);
    const [call] = await eventually('the call', async () => { const calls = await callsOf(taken.id); return calls.length > 0 && calls; });
    expect(call).toMatchObject({ patient: taken.patient, appointment: null, reason: 'offer', urgent: true, visitStart: taken.start, until: taken.expiresAt, state: 'open' });
    await eventually('the other call', async () => (await callsOf(withdrawn.id)).length === 1);
    expect([await callsOf(written.id), await callsOf(taken.id, 'frontdesk@summit.example')]).toEqual([[], []]);
    expect((await reminders.http('frontdesk@harbor.example', 'POST', `/api/reminders/v1/call-list/${call.id}/claim`, {})).body).toMatchObject({ state: 'claimed' });
    await publish(OfferEnded, { ...taken, state: 'accepted', revision: 2 });
    await publish(OfferEnded, { ...withdrawn, state: 'withdrawn', revision: 2 });
    await eventually('both calls are gone', async () => [...(await callsOf(taken.id)), ...(await callsOf(withdrawn.id))].length === 0);
    const closed = await eventually('the end is told', () => reminders.events.gathered(CallListEntryClosed).find(({ key }) => key === call.id));
    expect([closed.host, closed.data.outcome]).toEqual(['harbor', 'offer-accepted']);
    expect(reminders.events.gathered(CallListEntryOpened).find(({ key }) => key === call.id)?.data).toMatchObject({ subject: { kind: 'offer', id: taken.id, revision: 1 }, reason: 'offer' });
  });

  it('a call about an offer leaves the list when its window ends, though the visit is still to come and nothing was heard', async () => {
    const given = offer({ channels: [] });
    await publish(OfferMade, given);
    await eventually('the call', async () => (await callsOf(given.id)).length === 1);
    reminders.moveTo(plusMs(reminders.now, HOUR / 2 + 1_000));
    expect(await callsOf(given.id)).toEqual([]);
    const closed = await eventually('the end is told', () => reminders.events.gathered(CallListEntryClosed).find(({ data }) => data.patient === given.patient));
    expect(closed.data.outcome).toBe('offer-expired');
    await reminders.settled();
  });
});
