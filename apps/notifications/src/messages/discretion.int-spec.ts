import { PracticeDefined, ProviderDefined, SiteDefined, VisitTypeDefined } from '@slotmesh/contracts';
import { newId } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { eventually } from '@slotmesh/testing';
import { RunningNotifications, type TestPatient } from '../../test/running-notifications';
import type { Visit } from '../../test/scheduling-stand-in';
import { RenderMessage } from './commands/render-message';
import { answerTemplates, isAnswerTemplate, visitTemplates } from './domain/fence';
import { readContacts, readPatient, readVisits } from './persistence/fence-rows';
import type { MessageRow } from './persistence/message-rows';

/** Whatever of this a message says tells why the patient comes. */
const TELLS = /Northside|Recovery|Quiet|Mercy|Lowell|Methadone|Suboxone|Worcester/i;
const TELLS_THE_HOUSE = /Harbor/;

describe('messages about what is sensitive', () => {
  let running: RunningNotifications;
  const [house, clinic, counsellor, detox, elsewhere] = [newId(), newId(), newId(), newId(), newId()];
  const place = (id: string, practice: string, name: string, line: string, city: string, sensitive: boolean) =>
    running.events.publish(SiteDefined, { key: id, host: practice, time: running.now }, { id, practice, name, zone: 'America/New_York', phone: '+16175550123', address: { line, city, state: 'MA', postalCode: '01608' }, latitude: null, longitude: null, sensitive });

  beforeAll(async () => {
    running = await RunningNotifications.start();
    await running.events.publish(PracticeDefined, { key: 'northside', host: 'northside', time: running.now }, { id: 'northside', name: 'Northside Recovery Center', zone: 'America/New_York', phone: '+16175550123', email: 'desk@clinic.example', senderNumber: '+16175550124', partnership: null, staffed: true });
    await place(house, 'harbor', 'Harbor Recovery House', '5 Quiet Court', 'Worcester', true);
    await place(clinic, 'northside', 'Northside, Lowell', '77 Mercy Lane', 'Lowell', true);
    await place(elsewhere, 'harbor', 'Harbor Annex', '2 Pier Road', 'Quincy', false);
    await running.events.publish(ProviderDefined, { key: counsellor, host: 'harbor', time: running.now }, { id: counsellor, practice: 'harbor', name: 'Dr. Quiet', languages: ['en'] });
    await running.events.publish(VisitTypeDefined, { key: detox, host: 'harbor', time: running.now }, { id: detox, practice: 'harbor', service: 'primary-care-visit', name: 'Methadone visit', durationMinutes: 30, modality: 'in-person', sensitive: true });
    await eventually('the references are known', async () => (await running.rows('SELECT 1 FROM site WHERE sensitive UNION ALL SELECT 1 FROM visit_type WHERE sensitive UNION ALL SELECT 1 FROM provider WHERE id = $1', [counsellor])).length === 4);
  });
  afterAll(() => running.stop());

  /** Everything that leaves with one message: its text or mail in full, who it seems to be from, and its calendar entry, with folded lines made whole. */
  async function said(template: MessageRow['template'], patient: TestPatient, visits: readonly string[], channel: 'sms' | 'email', who: { readonly host: string; readonly booking: string }): Promise<string> {
    const app = running.apps[0]!;
    return app.get(UnitOfWork).run(workerFor('test', null), async (tx) => {
      const row: MessageRow = {
        id: newId(), request_id: null, page: null, ...who, patient: patient.id, class: 'consented-care', template, must_reach: false, channels: [channel], tried: [], expires_at: null, visit_start: running.now, to_idx: null, to_sealed: null, sealed_text: null, state: 'sending', subjects: [],
      };
      const contact = (await readContacts(tx, row)).find((one) => one.channel === channel)!;
      const { from: { name, number }, to: _, ...rest } = await app.get(RenderMessage).execute(tx, {
        row, channel, code: '7KQ2M', patient: await readPatient(tx, patient.id), contact, visits: await readVisits(tx, visits), keys: new Map([[patient.id, Buffer.from(running.scheduling.identity.patientKeys.get(patient.id)!, 'base64')]]),
        pages: new Map(visits.map((id) => [id, `https://slotmesh.example/a/link-to-${id}`])),
      });
      return [name, number, rest.body, rest.kept, rest.mail?.subject, rest.mail?.text, rest.mail?.html, rest.mail?.invitation?.content.replace(/\r?\n[ \t]/g, '')].join('\n');
    });
  }

  it.each(['en', 'es'] as const)('P24: no template in language %s says it, in any part of a text, a mail or a calendar entry', async (language) => {
    const patient = await running.patient({ language });
    const sensitive = {
      place: await running.visit(patient, 3, { site: house, provider: counsellor }),
      video: await running.visit(patient, 4, { site: house, provider: counsellor, modality: 'video' }),
      practice: await running.visit(patient, 5, { host: 'northside', booking: 'northside', site: clinic, provider: counsellor }),
      visitType: await running.visit(patient, 6, { visitType: detox, provider: counsellor }),
      offer: await running.offer(patient, { host: 'northside', site: clinic, provider: counsellor }),
    };
    const open = await running.visit(patient, 7);
    await eventually('the visits are known', async () => (await running.rows('SELECT 1 FROM visit WHERE patient = $1', [patient.id])).length === 6);
    for (const template of [...visitTemplates, ...answerTemplates.filter((each) => each !== 'desk-text')]) {
      for (const channel of isAnswerTemplate(template) ? ['sms'] as const : ['sms', 'email'] as const) {
        for (const [what, { id }] of Object.entries(sensitive)) {
          const host = what === 'practice' ? 'northside' : 'harbor';
          const text = await said(template, patient, [id], channel, { host, booking: host });
          expect({ template, channel, what, text }).toEqual({ template, channel, what, text: expect.not.stringMatching(TELLS) });
          // Why: a practice is named in what is about one of its other places, or about a partner's.
          if (what !== 'visitType' && what !== 'offer') expect({ template, channel, what, text }).toEqual({ template, channel, what, text: expect.not.stringMatching(TELLS_THE_HOUSE) });
        }
        const both = await said(template, patient, [open.id, sensitive.place.id], channel, { host: 'harbor', booking: 'northside' });
        expect({ template, both }).toEqual({ template, both: expect.not.stringMatching(TELLS) });
        // The search finds what is there: of what is not sensitive all is said as ever.
        const plain = await said(template, patient, [open.id], channel, { host: 'harbor', booking: 'harbor' });
        expect({ template, plain }).toEqual({ template, plain: expect.stringMatching(TELLS_THE_HOUSE) });
        if (channel === 'email') expect(plain).toMatch(/Dr\. Rivera[^]*Boston Clinic|Boston Clinic[^]*Dr\. Rivera/);
      }
      if (isAnswerTemplate(template)) expect(await said(template, patient, [], 'sms', { host: 'northside', booking: 'northside' })).not.toMatch(TELLS);
    }
  });

  it('sends the text with a link to the page, which asks for the birth date before it says where', async () => {
    const patient = await running.patient();
    const visit = await running.visit(patient, 3, { site: house, provider: counsellor });
    await running.outcome(await running.request(patient, [visit], { channels: ['sms'] }), 'sent sms');
    const text = await running.text(patient.phone, /your visit is/);
    expect(text?.body).toContain(`Details: https://slotmesh.example/a/link-to-${visit.id}`);
    expect(text?.body).not.toMatch(TELLS);
    expect(text?.body).not.toMatch(TELLS_THE_HOUSE);
  });

  it('waits for what it does not know yet rather than saying it', async () => {
    const patient = await running.patient();
    const later = newId();
    const visit: Visit = await running.visit(patient, 3, { visitType: later, provider: counsellor });
    const request = await running.request(patient, [visit], { channels: ['email'] });
    await eventually('it was tried', async () => (await running.rows('SELECT 1 FROM message WHERE request_id = $1 AND lease_until IS NOT NULL', [request])).length === 1);
    expect(running.mailbox.to(patient.email)).toEqual([]);
    await running.events.publish(VisitTypeDefined, { key: later, host: 'harbor', time: running.now }, { id: later, practice: 'harbor', service: 'primary-care-visit', name: 'Suboxone visit', durationMinutes: 30, modality: 'in-person', sensitive: true });
    await running.outcome(request, 'sent email');
    const mail = await eventually('the mail', () => running.mailbox.to(patient.email)[0]);
    expect(JSON.stringify(mail)).not.toMatch(TELLS);
  });
});
