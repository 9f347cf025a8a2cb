import { MessageOutcomeRecorded } from '@slotmesh/contracts';
import { newId } from '@slotmesh/kernel';
import { seal } from '@slotmesh/persistence';
import { eventually } from '@slotmesh/testing';
import { RunningNotifications, type TestPatient } from '../../test/running-notifications';

let running: RunningNotifications;
beforeAll(async () => {
  running = await RunningNotifications.start();
});
afterAll(() => running?.stop());

/** A child whose phone on record is a parent's. */
async function child(name: string, phone?: string): Promise<TestPatient> {
  const patient = await running.patient({}, phone);
  const key = Buffer.from(running.scheduling.identity.patientKeys.get(patient.id)!, 'base64');
  const record = { ...patient.record, givenName: seal(key, name, `${patient.id}:givenName`), contactPoints: patient.record.contactPoints.map((point) => (point.channel === 'sms' ? { ...point, representative: newId() } : point)) };
  await running.recordAgain(patient, record);
  await eventually('the parent is known', async () => (await running.rows('SELECT FROM patient_contact WHERE patient = $1 AND representative IS NOT NULL', [patient.id])).length === 1);
  return { ...patient, record };
}
const remind = (patient: TestPatient, visit: Awaited<ReturnType<RunningNotifications['visit']>>) => running.request(patient, [visit], { channels: ['sms'] });

describe("visits of one parent's children on one day", () => {
  it('leave as one text that names each, each step has its outcome, and an answer is asked which visit it means', async () => {
    const leo = await child('Leo');
    const ana = await child('Ana', leo.phone);
    const visits = [await running.visit(leo, 3), await running.visit(ana, 3 + 1 / 24)] as const;
    const requests = await Promise.all([remind(leo, visits[0]), remind(ana, visits[1])]);
    for (const request of requests) await running.outcome(request, 'sent sms');
    expect(running.twilio.to(leo.phone)).toHaveLength(1);
    expect(running.twilio.to(leo.phone)[0]!.body).toMatch(/Your visits are Leo: .*; Ana: .*\. Reply C to confirm/);
    const told = running.events.gathered(MessageOutcomeRecorded).map(({ data }) => data).filter(({ request }) => requests.includes(request));
    expect(new Set(told.map(({ patient, subject }) => `${patient} ${subject.id}`))).toEqual(new Set([`${leo.id} ${visits[0].id}`, `${ana.id} ${visits[1].id}`]));
    await running.says(leo, 'C');
    await running.text(leo.phone, /Which one do you mean\? 1: Leo: .*; 2: Ana: /);
    await running.says(leo, '2');
    const [answer] = await eventually('an answer', () => { const found = running.answers(visits[1].id); return found.length > 0 && found; });
    expect(answer).toMatchObject({ patient: ana.id, answer: 'confirm' });
    expect(running.answers(visits[0].id)).toEqual([]);
  });

  it('P12: a visit that has moved since is left out of the text, and the others go', async () => {
    const leo = await child('Leo');
    const ana = await child('Ana', leo.phone);
    const [first, second] = [await running.visit(leo, 3), await running.visit(ana, 3 + 1 / 24)];
    running.scheduling.silent = true;
    const requests = [await remind(leo, first), await remind(ana, second)] as const;
    await eventually('both wait', async () => (await running.rows(`SELECT FROM message WHERE state = 'pending' AND request_id = ANY ($1::uuid[])`, [requests])).length === 2);
    await running.move(second, 2, false);
    running.scheduling.silent = false;
    await running.outcome(requests[0], 'sent sms');
    await running.outcome(requests[1], 'skipped superseded');
    expect(running.twilio.to(leo.phone).map(({ body }) => body)).toEqual([expect.stringMatching(/: Leo, your visit is /)]);
  });

  it('greets the one whose visit is left, whichever of the messages the others were joined to', async () => {
    const leo = await child('Leo');
    const ana = await child('Ana', leo.phone);
    const [first, second] = [await running.visit(ana, 3), await running.visit(leo, 3 + 1 / 24)];
    running.scheduling.silent = true;
    const requests = [await remind(ana, first), await remind(leo, second)] as const;
    await eventually('both wait', async () => (await running.rows(`SELECT FROM message WHERE state = 'pending' AND request_id = ANY ($1::uuid[])`, [requests])).length === 2);
    await running.move(first, 2, false);
    running.scheduling.silent = false;
    await running.outcome(requests[1], 'sent sms');
    await running.outcome(requests[0], 'skipped superseded');
    expect(running.twilio.to(leo.phone).map(({ body }) => body)).toEqual([expect.stringMatching(/: Leo, your visit is /)]);
  });

  it('P14: go on one by one where the text is refused, each by the mail of its own patient', async () => {
    const leo = await child('Leo');
    const ana = await child('Ana', leo.phone);
    running.twilio.faults.push({ code: 21211 });
    const requests = await Promise.all([running.request(leo, [await running.visit(leo, 3)]), running.request(ana, [await running.visit(ana, 3 + 1 / 24)])]);
    for (const request of requests) await running.outcome(request, 'sent email');
    expect([leo, ana].map(({ email }) => running.mailbox.to(email).length)).toEqual([1, 1]);
    expect(running.twilio.to(leo.phone)).toEqual([]);
  });

  it('are not joined over different days, with a confidential visit, or where a phone is shared by patients who are nobody\'s charge', async () => {
    const leo = await child('Leo');
    const ana = await child('Ana', leo.phone);
    const grown = await running.patient({}, leo.phone);
    const requests = await Promise.all([remind(leo, await running.visit(leo, 3)), remind(ana, await running.visit(ana, 5)), remind(grown, await running.visit(grown, 3))]);
    for (const request of requests) await running.outcome(request, 'sent sms');
    expect(running.twilio.to(leo.phone)).toHaveLength(3);
    const secret = await remind(ana, await running.visit(ana, 3, { confidential: true }));
    await running.outcome(secret, 'skipped confidential');
    expect(running.twilio.to(leo.phone)).toHaveLength(3);
  });
});
