import { ReminderFailed, ReminderFailureWithdrawn } from '@slotmesh/contracts';
import { formatInstant, newId } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { RunningReminders } from '../../test/running-reminders';

describe('reminders of a visit that was missed', () => {
  let reminders: RunningReminders;
  beforeAll(async () => { reminders = await RunningReminders.start(); });
  afterAll(() => reminders.stop());

  const said = (appointment: string) => [...reminders.events.gathered(ReminderFailed).map((event) => ({ at: event.sequence, what: `failed@${event.data.revision} ${event.data.reason}`, key: event.key })), ...reminders.events.gathered(ReminderFailureWithdrawn).map((event) => ({ at: event.sequence, what: `withdrawn@${event.data.revision}`, key: event.key }))]
    .filter(({ key }) => key === appointment).sort((a, b) => Number(a.at) - Number(b.at)).map(({ what }) => what);
  /** Visits of the day after tomorrow, whose reminders of tomorrow have just been asked for. */
  const booked = async (count: number) => {
    const visits = await Promise.all(Array.from({ length: count }, book));
    reminders.moveTo(reminders.tenOClock(1));
    return Promise.all(visits.map(async (visit) => ({ visit, request: await eventually('the reminder is asked for', () => reminders.requestsOf(visit.id).find(({ subjects }) => subjects[0]!.step === 'text-1d')) })));
  };
  type Booked = Awaited<ReturnType<typeof booked>>[number];
  const book = async () => {
    const visit = reminders.visit({ patient: newId(), start: formatInstant(reminders.tenOClock(2)), end: formatInstant(reminders.tenOClock(2)) });
    await reminders.patient(visit.patient);
    await reminders.book(visit);
    await eventually('the booking is confirmed', () => reminders.requestsOf(visit.id).length > 0);
    return visit;
  };

  it('failed where none arrived: told once, taken back where the visit is reopened or one arrived after all, and said anew', async () => {
    const [{ visit, request }] = await booked(1) as [Booked];
    await reminders.outcome(request, 'undelivered', 'ambiguous');
    reminders.moveTo(reminders.tenOClock(2));
    await reminders.goOn({ ...visit, status: 'noshow' }, 'booked');
    await eventually('it is told', () => said(visit.id).length === 1);
    await reminders.outcome(request, 'undelivered', 'ambiguous');
    await reminders.goOn(visit, 'noshow');
    await reminders.goOn({ ...visit, status: 'noshow' }, 'booked');
    await eventually('it is said anew', () => said(visit.id).length === 3);
    await reminders.outcome(request, 'delivered');
    await eventually('it is taken back', () => said(visit.id).length === 4);
    expect(said(visit.id)).toEqual(['failed@1 undelivered', 'withdrawn@1', 'failed@1 undelivered', 'withdrawn@1']);
    expect(reminders.events.gathered(ReminderFailed)[0]).toMatchObject({ host: 'summit', data: { host: 'summit', patient: visit.patient } });
  });

  it('a reminder whose end is heard only after the visit is judged then', async () => {
    const [{ visit, request }] = await booked(1) as [Booked];
    await reminders.outcome(request, 'sent');
    reminders.moveTo(reminders.tenOClock(2));
    await reminders.goOn({ ...visit, status: 'noshow' }, 'booked');
    await reminders.settled();
    expect(said(visit.id)).toEqual([]);
    await reminders.outcome(request, 'unknown', 'outcome-unknown');
    await eventually('it is told', () => said(visit.id).length === 1);
    expect(said(visit.id)).toEqual(['failed@1 unknown']);
  });

  it('says nothing where the desk phoned, and says it where it should have and did not', async () => {
    const [phoned, forgotten] = await booked(2) as [Booked, Booked];
    for (const { request } of [phoned, forgotten]) await reminders.outcome(request, 'call-list', 'provider-unclear');
    const call = await eventually('the call', async () => (await reminders.http('frontdesk@summit.example', 'GET', '/api/reminders/v1/call-list?limit=200')).body.items.find((item: { appointment: string }) => item.appointment === phoned.visit.id));
    await reminders.http('frontdesk@summit.example', 'POST', `/api/reminders/v1/call-list/${call.id}/claim`, {});
    expect((await reminders.http('frontdesk@summit.example', 'POST', `/api/reminders/v1/call-list/${call.id}/outcome`, { outcome: 'left-message' })).status).toBe(200);
    reminders.moveTo(reminders.tenOClock(2));
    for (const { visit } of [phoned, forgotten]) await reminders.goOn({ ...visit, status: 'noshow' }, 'booked');
    await eventually('it is told of one', () => said(forgotten.visit.id).length === 1);
    await reminders.settled();
    expect([said(forgotten.visit.id), said(phoned.visit.id)]).toEqual([['failed@1 not-called'], []]);
  });
});
