import { CallListEntryClosed, CallListEntryOpened } from '@slotmesh/contracts';
import { DAY, HOUR, type Instant, addDays, formatInstant, instantOf, localDateOf, parseInstant, parseLocalTime, parseZone } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { Client } from 'pg';
import { RunningReminders, newYork } from '../../test/running-reminders';

const host = { kind: 'host', practice: 'summit' } as const;
const patient = { kind: 'patient', practice: null } as const;

describe('reminders of a visit', () => {
  let reminders: RunningReminders;
  let database: Client;
  const rows = async <T extends object>(sql: string, ...values: unknown[]): Promise<T[]> => (await database.query<T>(sql, values)).rows;
  const stateOf = async (appointment: string): Promise<string[]> =>
    (await rows<{ line: string }>(
      `SELECT step || '@' || revision || ' waiting' AS line FROM timer WHERE appointment_id = $1
       UNION ALL SELECT step || '@' || revision || ' ' || state || coalesce(' ' || reason, '') FROM step_outcome WHERE appointment_id = $1 ORDER BY line`, appointment)).map(({ line }) => line);
  const dueOf = async (appointment: string, step: string): Promise<Instant> => instantOfRow((await rows<{ fire_at: Date }>('SELECT fire_at FROM timer WHERE appointment_id = $1 AND step = $2', appointment, step))[0]);
  const instantOfRow = (row: { fire_at: Date } | undefined): Instant => parseInstant(row!.fire_at.toISOString());
  const planned = (appointment: string) => eventually('the visit is planned', async () => (await stateOf(appointment)).length > 0);

  beforeAll(async () => {
    reminders = await RunningReminders.start();
    database = new Client({ connectionString: reminders.database.adminUrl });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await reminders.stop();
  });

  it('P14: books, confirms at once by text and e-mail, reminds 3 days and 1 day before at 10:00, and accounts for every step', async () => {
    const visit = reminders.visit();
    await reminders.patient(visit.patient);
    await reminders.book(visit);
    await eventually('the confirmation is requested', () => reminders.stepsOf(visit.id).length === 2);
    expect(await stateOf(visit.id)).toEqual(['call-high-risk@1 waiting', 'call-unreached@1 waiting', 'confirmation-email@1 requested', 'confirmation@1 requested', 'email-5d@1 skipped short-lead', 'text-1d@1 waiting', 'text-3d@1 waiting']);
    const [confirmation] = reminders.requestsOf(visit.id).filter((request) => request.subjects[0]!.step === 'confirmation');
    expect(confirmation).toMatchObject({ class: 'answer', template: 'booking-confirmation', channels: ['sms'], mustReach: false, host: 'summit', booking: 'harbor', patient: visit.patient });
    const date = localDateOf(parseInstant(visit.start), newYork);
    for (const [step, days] of [['text-3d', 3], ['text-1d', 1]] as const) {
      const due = instantOf(addDays(date, -days), parseLocalTime('10:00'), newYork);
      expect(await dueOf(visit.id, step)).toBe(due);
      reminders.moveTo(due);
      await eventually(`${step} is requested`, () => reminders.stepsOf(visit.id).includes(`${step}@1`));
    }
    await reminders.settled();
    expect(await stateOf(visit.id)).toEqual(['call-high-risk@1 skipped expired', 'call-unreached@1 waiting', 'confirmation-email@1 requested', 'confirmation@1 requested', 'email-5d@1 skipped short-lead', 'text-1d@1 requested', 'text-3d@1 requested']);
    expect(reminders.stepsOf(visit.id)).toEqual(['confirmation-email@1', 'confirmation@1', 'text-1d@1', 'text-3d@1']);
  });

  it('P11: an appointment that comes before its patient waits in the park and is planned once the patient is known', async () => {
    const visit = reminders.visit();
    await reminders.book(visit);
    await eventually('it is parked', async () => (await rows('SELECT reason FROM parked_event WHERE key = $1', visit.id)).length === 1);
    expect(await stateOf(visit.id)).toEqual([]);
    await reminders.patient(visit.patient);
    await planned(visit.id);
    await eventually('the park is empty', async () => (await rows('SELECT FROM parked_event WHERE key = $1', visit.id)).length === 0);
  });

  it('a visit on a closed day is on the host\'s call list with the times to speak about, once, until it has moved', async () => {
    const visit = reminders.visit();
    await reminders.patient(visit.patient);
    await reminders.book(visit);
    const proposals = [{ opening: 'o1.summit.7', practice: 'summit', start: formatInstant(parseInstant(visit.start)), zone: 'America/Denver' }];
    const calls = async (subject: string) => (await reminders.http(subject, 'GET', '/api/reminders/v1/call-list?limit=200')).body.items.filter((call: { appointment: string | null }) => call.appointment === visit.id);
    await reminders.askForCall(visit, []);
    await reminders.askForCall(visit, proposals);
    await eventually('the call is on the list', async () => (await calls('frontdesk@summit.example'))[0]?.proposals.length === 1);
    expect(await calls('frontdesk@summit.example')).toMatchObject([{ reason: 'absence', urgent: true, proposals }]);
    expect(await calls('frontdesk@harbor.example')).toEqual([]);
    await eventually('the patient is written to', () => reminders.stepsOf(visit.id).includes('must-move@1'));
    const request = reminders.requestsOf(visit.id).find(({ template }) => template === 'visit-must-move')!;
    expect(request).toMatchObject({ class: 'consented-care', channels: ['sms', 'email'], mustReach: false, expiresAt: parseInstant(visit.start) });
    await reminders.outcome(request, 'delivered');
    await eventually('it has arrived', async () => (await stateOf(visit.id)).includes('must-move@1 delivered'));
    await reminders.confirm(visit);
    await reminders.settled();
    expect(await calls('frontdesk@summit.example')).toHaveLength(1);
    await reminders.withdrawCall(visit);
    await eventually('the call is taken back with the closed day', async () => (await calls('frontdesk@summit.example')).length === 0);
    expect(await rows('SELECT outcome FROM call_list_entry WHERE appointment_id = $1', visit.id)).toEqual([{ outcome: 'not-needed' }]);
    await reminders.askForCall(visit, proposals);
    await eventually('the call is on the list again', async () => (await calls('frontdesk@summit.example')).length === 1);
    await rows(`UPDATE call_list_entry SET reason = 'no-contact' WHERE appointment_id = $1 AND state = 'open'`, visit.id);
    await reminders.withdrawCall(visit);
    await eventually('the times of the closed day are taken back', async () => (await calls('frontdesk@summit.example'))[0]?.proposals === null);
    expect(await calls('frontdesk@summit.example')).toMatchObject([{ reason: 'no-contact', state: 'open' }]);
    expect(reminders.stepsOf(visit.id).filter((step) => step.startsWith('must-move'))).toEqual(['must-move@1']);
    await reminders.move({ ...visit, revision: 2 }, visit, host);
    await eventually('the call is gone', async () => (await calls('frontdesk@summit.example')).length === 0);
  });

  it('P12: what waits for an earlier revision is void when the visit moves or ends, and the notice of the practice must reach the patient', async () => {
    const visit = reminders.visit();
    await reminders.patient(visit.patient);
    await reminders.book(visit);
    await planned(visit.id);
    const moved = { ...visit, revision: 2, start: formatInstant((parseInstant(visit.start) + DAY) as Instant), end: formatInstant((parseInstant(visit.end) + DAY) as Instant) };
    await reminders.move(moved, visit, host);
    await eventually('the move is announced', () => reminders.stepsOf(visit.id).includes('moved@2'));
    expect((await stateOf(visit.id)).filter((line) => !line.startsWith('call-'))).toEqual([
      'confirmation-email@1 requested', 'confirmation@1 requested', 'email-5d@1 skipped short-lead', 'email-5d@2 skipped short-lead', 'moved-email@2 requested', 'moved@2 requested',
      'text-1d@1 skipped superseded', 'text-1d@2 waiting', 'text-3d@1 skipped superseded', 'text-3d@2 waiting',
    ]);
    expect(reminders.requestsOf(visit.id).find((request) => request.subjects[0]!.step === 'moved')).toMatchObject({ mustReach: true, class: 'consented-care', template: 'visit-moved' });
    await reminders.cancel({ ...moved, revision: 3, status: 'cancelled' }, patient);
    await eventually('the end is announced', () => reminders.stepsOf(visit.id).includes('cancelled@3'));
    expect(reminders.requestsOf(visit.id).find((request) => request.subjects[0]!.step === 'cancelled')).toMatchObject({ mustReach: false, class: 'answer' });
    expect((await stateOf(visit.id)).filter((line) => line.endsWith('waiting'))).toEqual([]);
  });

  it('fixes pending times again when the patient moves to another zone or sets quiet hours', async () => {
    const visit = reminders.visit();
    await reminders.patient(visit.patient);
    await reminders.book(visit);
    await planned(visit.id);
    const before = await dueOf(visit.id, 'text-1d');
    await reminders.preferences(visit.patient, { zone: 'America/Los_Angeles' });
    await eventually('the time follows the zone', async () => (await dueOf(visit.id, 'text-1d')) === before + 3 * HOUR);
    await reminders.preferences(visit.patient, { zone: 'America/Los_Angeles', quietFrom: '09:00', quietUntil: '12:30' });
    await eventually('the time leaves the quiet hours', async () => (await dueOf(visit.id, 'text-1d')) === before + 5.5 * HOUR);
    const zone = parseZone('America/Los_Angeles');
    expect(localDateOf(await dueOf(visit.id, 'text-3d'), zone)).toBe(addDays(localDateOf(parseInstant(visit.start), zone), -3));
  });

  it('P14: a message that does not arrive puts one call on the list, and the answer of the patient takes it off', async () => {
    const visit = reminders.visit();
    await reminders.patient(visit.patient);
    await reminders.book(visit);
    await eventually('the confirmation is requested', () => reminders.stepsOf(visit.id).length === 2);
    const [first, second] = reminders.requestsOf(visit.id);
    await reminders.outcome(first!, 'undelivered', 'error-30003');
    await reminders.outcome(second!, 'unknown', 'outcome-unknown');
    const openedFor = () => reminders.events.gathered(CallListEntryOpened).filter(({ data }) => data.subject.id === visit.id);
    await eventually('a call is opened', () => openedFor().length === 1);
    await eventually('both outcomes are known', async () => (await stateOf(visit.id)).filter((line) => / (undelivered|unknown) /.test(line)).length === 2);
    await reminders.confirm(visit);
    await eventually('the call is closed', () => reminders.events.gathered(CallListEntryClosed).some(({ data }) => data.id === openedFor()[0]!.data.id && data.outcome === 'confirmed'));
    expect(openedFor()).toHaveLength(1);
    const due = await dueOf(visit.id, 'text-3d');
    reminders.moveTo(due);
    await eventually('the early text stays away', async () => (await stateOf(visit.id)).includes('text-3d@1 skipped already-confirmed'));
  });

  it('P14: a visit that goes on voids what waits, and a patient without a channel is phoned', async () => {
    const [arrived, silent] = [reminders.visit(), reminders.visit()];
    await reminders.patient(arrived.patient);
    await reminders.patient(silent.patient, { contactPoints: [] });
    await Promise.all([reminders.book(arrived), reminders.book(silent)]);
    await Promise.all([planned(arrived.id), planned(silent.id)]);
    await reminders.goOn({ ...arrived, status: 'arrived' }, 'booked');
    await eventually('what waited is void', async () => (await stateOf(arrived.id)).includes('text-1d@1 skipped visit-arrived'));
    await reminders.goOn(arrived, 'arrived');
    await eventually('it was a mistake: what waited waits again', async () => (await stateOf(arrived.id)).includes('text-1d@1 waiting'));
    expect((await stateOf(arrived.id)).filter((line) => line.endsWith('visit-arrived'))).toEqual([]);
    expect((await stateOf(silent.id)).filter((line) => line.startsWith('confirmation'))).toEqual(['confirmation-email@1 skipped no-channel', 'confirmation@1 skipped no-channel']);
    reminders.moveTo(await dueOf(silent.id, 'text-3d'));
    await eventually('a call is opened', () => reminders.events.gathered(CallListEntryOpened).some(({ data }) => data.subject.id === silent.id && data.reason === 'no-channel'));
  });

  it('P15: who walks in has arrived by the time that the booking is heard of: nothing is requested, no call is opened, and each step says why', async () => {
    const now = reminders.now;
    const start = (now - (now % 60_000)) as Instant;
    const walkIn = reminders.visit({ start: formatInstant(start), end: formatInstant((start + HOUR) as Instant), booking: 'summit', bookingPatient: null });
    const urgent = reminders.visit({ start: formatInstant((now + 30 * HOUR) as Instant), end: formatInstant((now + 31 * HOUR) as Instant) });
    await reminders.patient(walkIn.patient);
    await reminders.patient(urgent.patient);
    await reminders.book(walkIn);
    await reminders.goOn({ ...walkIn, status: 'arrived' }, 'booked');
    await reminders.book(urgent);
    await planned(urgent.id);
    await reminders.goOn({ ...urgent, status: 'arrived' }, 'booked');
    await eventually('both are known to have arrived', async () => (await rows('SELECT id FROM appointment WHERE id = ANY ($1) AND status = $2', [walkIn.id, urgent.id], 'arrived')).length === 2);
    reminders.moveTo((now + 32 * HOUR) as Instant);
    await reminders.settled();
    expect(reminders.stepsOf(walkIn.id)).toEqual([]);
    const states = await stateOf(walkIn.id);
    expect(states.length).toBeGreaterThan(3);
    for (const state of states) expect(state).toMatch(/@1 skipped visit-over$/);
    expect((await stateOf(urgent.id)).filter((line) => line.endsWith('waiting'))).toEqual([]);
    expect(reminders.stepsOf(urgent.id).filter((step) => step.startsWith('text-'))).toEqual([]);
    expect(await rows('SELECT id FROM call_list_entry WHERE appointment_id = ANY ($1)', [walkIn.id, urgent.id])).toEqual([]);
  });
});
