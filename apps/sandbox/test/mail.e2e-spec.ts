import { type TestDatabase, eventually } from '@slotmesh/testing';
import { createTransport } from 'nodemailer';
import { type RunningSandbox, sandboxDatabase, startSandbox } from './sandbox-under-test';

const INVITATION = ['BEGIN:VCALENDAR', 'METHOD:REQUEST', 'VERSION:2.0', 'PRODID:-//test//EN', 'BEGIN:VEVENT', 'UID:1@example.com', 'SEQUENCE:2', 'DTSTART:20261126T150000Z', 'SUMMARY:Visit', 'END:VEVENT', 'END:VCALENDAR'].join('\r\n');

describe('the mail server, with the real client', () => {
  let database: TestDatabase;
  let sandbox: RunningSandbox;

  beforeAll(async () => {
    database = await sandboxDatabase();
    sandbox = await startSandbox(database);
  });
  afterAll(async () => {
    await sandbox?.stop();
    await database?.drop();
  });
  beforeEach(() => sandbox.call('DELETE', '/sandbox/api/faults'));

  const send = (to: string, more: Record<string, unknown> = {}) =>
    createTransport({ host: '127.0.0.1', port: sandbox.smtpPort, socketTimeout: 5_000 }).sendMail({
      from: 'Harbor Family Medicine <visits@harbor.example>', to, subject: 'Your visit – Thursday', text: 'See you at 10:00.', html: '<p>See you at <b>10:00</b>.</p>', ...more,
    });
  const mailbox = async (address: string): Promise<Record<string, unknown>[]> => {
    const { body } = await sandbox.call('GET', `/sandbox/api/mailboxes/${encodeURIComponent(address)}`);
    return Array.isArray(body['mails']) ? body['mails'] : [];
  };

  it('keeps both bodies, the headers and the invitation', async () => {
    const { messageId } = await send('Ana.Lopez@patients.example', { icalEvent: { method: 'REQUEST', content: INVITATION } });
    const [mail] = await mailbox('ana.lopez@patients.example');
    expect(mail).toMatchObject({ messageId, from: expect.stringContaining('visits@harbor.example'), subject: 'Your visit – Thursday', text: expect.stringContaining('See you at 10:00.'), html: expect.stringContaining('<b>10:00</b>'), copies: 1 });
    expect(String(mail?.['ics']).replace(/\r\n/g, '\n')).toContain('SEQUENCE:2');
    const raw = await fetch(`${sandbox.url}/sandbox/api/mails/${String(mail?.['id'])}/raw`);
    expect(await raw.text()).toContain('Content-Type: text/calendar');
    const { body } = await sandbox.call('GET', '/sandbox/api/mailboxes?search=lopez');
    expect(body['items']).toMatchObject([{ address: 'ana.lopez@patients.example', mails: 1, lastSubject: 'Your visit – Thursday' }]);
  });

  it('shows a Message-ID that came twice as a duplicate', async () => {
    const messageId = '<once@harbor.example>';
    await send('twice@patients.example', { messageId });
    await send('twice@patients.example', { messageId });
    expect(await mailbox('twice@patients.example')).toMatchObject([{ messageId, copies: 2 }]);
  });

  it.each<[string, number, string | number]>([
    ['429', 0, 421],
    ['500-before', 0, 421],
    ['500-after', 1, 451],
    ['timeout-after', 1, 'ECONNECTION'],
  ])('%s stores %i and answers %s', async (kind, stored, answer) => {
    const to = `${kind}@patients.example`;
    await sandbox.call('POST', '/sandbox/api/faults', { channel: 'email', kind, to });
    const failure: unknown = await send(to).catch((error: unknown) => error);
    if (typeof answer === 'number') expect(failure).toMatchObject({ responseCode: answer });
    else expect(failure).toMatchObject({ code: expect.stringMatching(/^E(CONNECTION|SOCKET)$/) });
    await eventually('stored', async () => (await mailbox(to)).length === stored);
    await send(to);
    expect(await mailbox(to)).toHaveLength(stored + 1);
  });
});
