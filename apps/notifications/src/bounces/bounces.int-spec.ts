import { eventually } from '@slotmesh/testing';
import { RunningNotifications, type TestPatient } from '../../test/running-notifications';
import { signatureOf } from './domain/mail-signature';
import { complaint, notification, outOfOffice } from './domain/sample-mails';

const SECRET = 'a secret that relay and service share';

describe('mail that comes back', () => {
  let running: RunningNotifications;
  beforeAll(async () => {
    running = await RunningNotifications.start({ environment: { MAIL_INBOUND_SECRET: SECRET, MAIL_BOUNCE_DOMAIN: 'bounces.slotmesh.example' } });
  });
  afterAll(() => running?.stop());

  async function handIn(mail: string, over: { timestamp?: string; signature?: string; type?: string } = {}): Promise<number> {
    const raw = Buffer.from(mail);
    const timestamp = over.timestamp ?? String(Math.floor(Date.now() / 1_000));
    const response = await fetch(`${await running.apps[0]!.getUrl()}/webhooks/mail/inbound`, { method: 'POST', headers: { 'content-type': over.type ?? 'message/rfc822', 'mail-timestamp': timestamp, 'mail-signature': over.signature ?? signatureOf(SECRET, timestamp, raw) }, body: raw });
    return response.status;
  }
  async function mailed(patient: TestPatient, over: Parameters<RunningNotifications['request']>[2] = {}) {
    const request = await running.request(patient, [await running.visit(patient)], { channels: ['email'], ...over });
    await running.outcome(request, 'sent email');
    const [sent] = await running.rows<{ attempt: string; message: string; idx: string }>(`SELECT t.id AS attempt, m.id AS message, t.idx FROM attempt t JOIN message m ON m.id = t.message_id WHERE m.request_id = $1 AND t.channel = 'email'`, [request]);
    const wire = running.mailbox.wireTo(patient.email)!;
    expect(wire.sender).toContain('@bounces.slotmesh.example');
    return { request, ...sent!, to: `bounce+${sent!.attempt}@bounces.slotmesh.example`, patient };
  }
  const effects = (attempt: string) => running.rows<{ kind: string; status: string; effect: string; gone: boolean }>('SELECT kind, status, effect, sealed_raw IS NULL AS gone FROM returned_mail WHERE attempt_id = $1 ORDER BY received_at, id', [attempt]);
  const address = async (idx: string) => (await running.rows<{ dead: boolean; out: boolean }>(`SELECT unreachable_at IS NOT NULL AS dead, opted_out_at IS NOT NULL AS out FROM contact_point WHERE channel = 'email' AND idx = $1`, [idx]))[0];

  it('P14: a bounce for good marks the address and the message goes on as a text, handled once however often it comes', async () => {
    const sent = await mailed(await running.patient(), { channels: ['email', 'sms'] });
    const bounce = notification({ to: sent.to, recipient: sent.patient.email, status: '5.1.1' });
    for (let again = 0; again < 3; again++) expect(await handIn(bounce)).toBe(204);
    await running.outcome(sent.request, 'sent sms');
    await running.settled();
    expect(await effects(sent.attempt)).toEqual([{ kind: 'bounce-dead', status: '5.1.1', effect: 'address-dead', gone: true }]);
    expect(await address(sent.idx)).toEqual({ dead: true, out: false });
    expect(running.twilio.to(sent.patient.phone)).toHaveLength(1);
    // The next one does not try that address.
    await running.outcome(await running.request(sent.patient, [await running.visit(sent.patient, 4)], { channels: ['email'] }), 'skipped unreachable');
  });

  it('P15: a notice that must reach becomes a call where its mail comes back', async () => {
    const sent = await mailed(await running.patient(), { mustReach: true });
    expect(await handIn(notification({ to: sent.to, recipient: sent.patient.email, status: '5.1.10' }))).toBe(204);
    await running.outcome(sent.request, 'call-list number-permanent email');
  });

  it('counts a full mailbox, and gives the address up after three in a row; a delay and an out-of-office answer change nothing', async () => {
    const patient = await running.patient();
    const first = await mailed(patient);
    for (const mail of [notification({ to: first.to, recipient: patient.email, status: '4.4.1', action: 'delayed' }), outOfOffice({ to: first.to })]) expect(await handIn(mail)).toBe(204);
    await running.settled();
    expect(running.outcomes(first.request)).toEqual(['sent email']);
    for (const [round, status] of ['4.2.2', '5.2.2', '4.4.7'].entries()) {
      const sent = round === 0 ? first : await mailed(patient);
      expect(await handIn(notification({ to: sent.to, recipient: patient.email, status }))).toBe(204);
      await running.outcome(sent.request, round === 2 ? 'undelivered number-permanent email' : 'undelivered number-maybe-transient email');
      await running.settled();
      expect(await address(sent.idx)).toEqual({ dead: round === 2, out: false });
    }
  });

  it('does not give an address up because of a spam filter', async () => {
    const sent = await mailed(await running.patient());
    expect(await handIn(notification({ to: sent.to, recipient: sent.patient.email, status: '5.7.1' }))).toBe(204);
    await running.outcome(sent.request, 'undelivered content email');
    expect(await address(sent.idx)).toEqual({ dead: false, out: false });
  });

  it('P17: takes a complaint as a no to mail, with evidence, also where only the Message-ID tells which mail it was', async () => {
    const sent = await mailed(await running.patient());
    expect(await handIn(complaint({ to: 'complaints@bounces.slotmesh.example', recipient: sent.patient.email, messageId: `<${sent.message}@localhost>` }))).toBe(204);
    await eventually('it is taken', async () => (await address(sent.idx))?.out);
    expect(await running.rows(`SELECT practice, state, source FROM consent_evidence WHERE idx = $1 AND source <> 'record'`, [sent.idx])).toEqual([{ practice: 'harbor', state: 'opted-out', source: 'complaint' }]);
    expect(running.outcomes(sent.request)).toEqual(['sent email']);
    await running.outcome(await running.request(sent.patient, [await running.visit(sent.patient, 4)], { channels: ['email'] }), 'skipped opted-out');
  });

  it('takes nothing without a fresh signature over the whole mail, and keeps nothing that can be read', async () => {
    const sent = await mailed(await running.patient());
    const bounce = notification({ to: sent.to, recipient: sent.patient.email, status: '5.1.1' });
    const now = String(Math.floor(Date.now() / 1_000));
    const old = String(Number(now) - 3_600);
    expect(await handIn(bounce, { signature: signatureOf(SECRET, now, Buffer.from(`${bounce} `)), timestamp: now })).toBe(403);
    expect(await handIn(bounce, { timestamp: old })).toBe(403);
    expect(await handIn(bounce, { signature: 'v1=00' })).toBe(403);
    expect(await handIn(bounce, { signature: '', timestamp: '' })).toBe(403);
    await running.settled();
    expect(await effects(sent.attempt)).toEqual([]);
    expect(await handIn(notification({ to: `bounce+${sent.message}@bounces.slotmesh.example`, recipient: sent.patient.email, status: '5.1.1' }))).toBe(204);
    await running.settled();
    expect(await running.rows(`SELECT effect FROM returned_mail WHERE effect = 'unknown-attempt'`)).toHaveLength(1);
    expect(await address(sent.idx)).toEqual({ dead: false, out: false });
  });
});
