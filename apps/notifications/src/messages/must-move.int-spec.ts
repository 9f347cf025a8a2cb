import { instantOf, localDateOf, parseLocalTime } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { NEW_YORK, RunningNotifications, type TestPatient } from '../../test/running-notifications';
import type { Visit } from '../../test/scheduling-stand-in';

describe('visits on a closed day', () => {
  let running: RunningNotifications;
  beforeAll(async () => { running = await RunningNotifications.start(); });
  afterAll(() => running.stop());

  const asked = (patient: TestPatient, visit: Visit, channels: ('sms' | 'email')[] = ['sms', 'email']) => {
    running.scheduling.toMove.add(visit.id);
    return running.request(patient, [visit], { template: 'visit-must-move', subjects: [{ kind: 'appointment', id: visit.id, revision: visit.revision, step: 'must-move' }], channels, expiresAt: visit.start });
  };

  it('asks by text to choose another time on the own page, and keeps the text without the link; a no, a yes and a C change nothing, an X cancels', async () => {
    const patient = await running.patient();
    const visit = await running.visit(patient, 4);
    await running.outcome(await asked(patient, visit, ['sms']), 'sent sms');
    const text = await running.text(patient.phone, /we have to move your visit of/);
    expect(text?.body).toContain(`Choose another time: https://slotmesh.example/a/link-to-${visit.id} or call (617) 555-0100`);
    expect(text?.body).not.toMatch(/YES|NO |Reply|Rivera|primary/);
    for (const [index, words] of ['no', 'yes', 'C'].entries()) {
      await running.says(patient, words);
      await eventually(`the answer to ${words}`, () => running.twilio.to(patient.phone).filter(({ body }) => /Nothing was changed: your visit of .* has to move/.test(body)).length === index + 1);
    }
    expect(running.answers(visit.id)).toEqual([]);
    await running.says(patient, 'X');
    await eventually('it is called off', () => running.answers(visit.id).some(({ answer }) => answer === 'cancel'));
    const [{ id }] = await running.rows<{ id: string }>(`SELECT id FROM message WHERE patient = $1 AND template = 'visit-must-move'`, [patient.id]) as [{ id: string }];
    const kept = JSON.stringify((await running.get('frontdesk@harbor.example', `/messages/${id}`)).body);
    expect(kept).toContain('Choose another time: [link] or call');
    expect(kept).not.toContain('link-to-');
  });

  it('asks by mail in the language of the patient, with the link and without an invitation', async () => {
    const patient = await running.patient({ language: 'es' });
    const visit = await running.visit(patient, 4);
    await running.outcome(await asked(patient, visit, ['email']), 'sent email');
    const mail = await eventually('the mail', () => running.mailbox.to(patient.email)[0]);
    expect(mail.subject).toMatch(/tiene que cambiar su cita del/);
    expect(mail.text).toContain(`Elija otra hora en su propia página: https://slotmesh.example/a/link-to-${visit.id}`);
    expect(JSON.stringify(mail)).not.toContain('BEGIN:VCALENDAR');
  });

  it('P12: waits for the end of quiet hours, and does not go where the visit was moved or the days were opened meanwhile', async () => {
    const [kept, moved, lifted] = [await running.patient(), await running.patient(), await running.patient()];
    const visits = [await running.visit(kept, 6), await running.visit(moved, 6), await running.visit(lifted, 6)] as const;
    const today = localDateOf(running.now, NEW_YORK);
    running.moveTo(instantOf(today, parseLocalTime('23:00'), NEW_YORK));
    const requests = [await asked(kept, visits[0]), await asked(moved, visits[1]), await asked(lifted, visits[2])] as const;
    await running.settled();
    expect([kept, moved, lifted].flatMap(({ phone }) => running.twilio.to(phone))).toEqual([]);
    await running.move(visits[1]);
    running.scheduling.toMove.delete(visits[2].id);
    running.moveTo(running.now + 11 * 3_600_000 as typeof running.now);
    await running.outcome(requests[0], 'sent sms');
    await running.outcome(requests[1], 'skipped superseded');
    await running.outcome(requests[2], 'skipped superseded');
    expect([moved, lifted].flatMap(({ phone }) => running.twilio.to(phone))).toEqual([]);
  });
});
