import { MessageRequested, RecallChanged, RecallClosed, RecallRecorded } from '@slotmesh/contracts';
import { formatInstant, instantOf, localDateOf, newId, parseLocalTime, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { NEW_YORK, RunningNotifications, type TestPatient } from '../../test/running-notifications';
import type { Recall } from '../../test/scheduling-stand-in';

describe('messages about what a patient is due for', () => {
  let running: RunningNotifications;
  beforeAll(async () => { running = await RunningNotifications.start(); });
  afterAll(() => running.stop());

  const recall = async (patient: TestPatient): Promise<Recall> => {
    const made: Recall = { id: newId(), practice: 'harbor', patient: patient.id, kind: 'screening', revision: 1, state: 'open', reason: null, due: '2030-01-01', zone: 'America/New_York', appointment: null };
    await tell(RecallRecorded, made);
    return made;
  };
  /** The change, known to its owner; `publish: false` leaves the feed behind. */
  const tell = async (definition: typeof RecallRecorded, made: Recall, publish = true) => {
    running.scheduling.recalls.set(made.id, made);
    if (publish) await running.events.publish(definition, { key: made.id, host: 'harbor', time: running.now }, { recall: made });
  };
  const ask = async (patient: TestPatient, { id, revision }: Recall, channels: ('sms' | 'email')[] = ['sms', 'email']): Promise<string> => {
    const request = newId();
    const expiresAt = formatInstant(plusMs(running.now, 3 * 86_400_000));
    await running.events.publish(MessageRequested, { key: request, host: 'harbor', time: running.now }, {
      id: request, host: 'harbor', booking: 'harbor', patient: patient.id, subjects: [{ kind: 'recall', id, revision, step: 'recall-1' }], class: 'recall', template: 'recall-due', channels, expiresAt, visitStart: expiresAt,
    });
    return request;
  };

  it('says that it is time to book and whom to call, in the language of the patient, by text or by mail, and never what for', async () => {
    const [en, es] = [await running.patient(), await running.patient({ language: 'es' })];
    await running.outcome(await ask(en, await recall(en), ['sms']), 'sent sms');
    const text = await running.text(en.phone, /time to book/);
    expect(text?.body).toMatch(/^Harbor Family Medicine: Maria, it is time to book a visit\. To choose a time call \(617\) 555-0100\. STOP ends texts\. Ref \w{5}$/);
    await running.outcome(await ask(es, await recall(es), ['email']), 'sent email');
    const [mail] = running.mailbox.to(es.email);
    expect(mail!.subject).toBe('Harbor Family Medicine: es hora de reservar una cita');
    expect(mail!.text).toContain('Para elegir una hora, llame al (617) 555-0100.');
    expect(JSON.stringify([text, mail])).not.toMatch(/screening|BEGIN:VCALENDAR/);
  });

  it('P12: nothing leaves where the recall was closed or changed, also where only its owner knows it yet', async () => {
    const patients = await Promise.all(Array.from({ length: 3 }, () => running.patient()));
    const [booked, moved, unheard] = await Promise.all(patients.map(recall)) as [Recall, Recall, Recall];
    running.moveTo(instantOf(localDateOf(running.now, NEW_YORK), parseLocalTime('23:00'), NEW_YORK));
    const requests = [await ask(patients[0]!, booked), await ask(patients[1]!, moved), await ask(patients[2]!, unheard)];
    await eventually('they wait for the morning', async () => (await running.rows(`SELECT FROM message WHERE request_id = ANY ($1::uuid[]) AND state = 'pending' AND not_before > $2`, [requests, new Date(running.now)])).length === 3);
    await tell(RecallChanged, { ...booked, revision: 2, state: 'booked', appointment: newId() });
    await tell(RecallChanged, { ...moved, revision: 2, due: '2031-01-01' }, false);
    await tell(RecallClosed, { ...unheard, revision: 2, state: 'declined' }, false);
    running.moveTo(plusMs(running.now, 12 * 3_600_000));
    for (const request of requests) await running.outcome(request, 'skipped superseded');
    expect(patients.flatMap(({ phone }) => running.twilio.to(phone))).toEqual([]);
  });

  it('P12: waits while the owner does not know the recall, and goes when it does', async () => {
    const patient = await running.patient();
    const made: Recall = { ...(await recall(patient)), id: newId() };
    const request = await ask(patient, made);
    // Asked for later and gone: the first was looked at before it.
    await running.outcome(await ask(patient, await recall(patient)), 'sent sms');
    expect(running.outcomes(request)).toEqual([]);
    await tell(RecallRecorded, made);
    await running.outcome(request, 'sent sms');
  });

  it('P17: a STOP ends them, and the desk is told so', async () => {
    const patient = await running.patient();
    const made = await recall(patient);
    await running.says(patient, 'STOP');
    await running.text(patient.phone, /no more texts/);
    await running.outcome(await ask(patient, made, ['sms']), 'skipped opted-out');
  });
});

describe('messages that lead to what is read before a visit', () => {
  let running: RunningNotifications;
  beforeAll(async () => { running = await RunningNotifications.start(); });
  afterAll(() => running.stop());

  it('carry the page in the language of the patient, by text or by mail, without an invitation, and not once the visit is off', async () => {
    const page = 'https://slotmesh.example/e/0193580e-0000-7000-8000-0000000000e1';
    const [en, es, off] = [await running.patient(), await running.patient({ language: 'es' }), await running.patient()];
    const ask = async (patient: TestPatient, visit: Awaited<ReturnType<typeof running.visit>>, channels: ('sms' | 'email')[]) => running.request(patient, [visit], { class: 'education', template: 'education', subjects: [{ kind: 'appointment', id: visit.id, revision: visit.revision, step: 'education' }], channels, page });
    await running.outcome(await ask(en, await running.visit(en, 4), ['sms']), 'sent sms');
    expect((await running.text(en.phone, /read this before your visit/))?.body).toMatch(new RegExp(`read this before your visit on .*: ${page} Questions: \\(617\\) 555-0100`));
    await running.outcome(await ask(es, await running.visit(es, 4), ['email']), 'sent email');
    const [mail] = running.mailbox.to(es.email);
    expect(mail!.text).toContain(`Léalo aquí: ${page}?language=es`);
    expect(JSON.stringify(mail)).not.toContain('BEGIN:VCALENDAR');
    const visit = await running.visit(off, 4);
    await running.cancel(visit);
    await running.outcome(await ask(off, visit, ['sms']), 'skipped superseded');
  });
});
