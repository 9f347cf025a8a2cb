import { generateKeyPairSync } from 'node:crypto';
import { eventually } from '@slotmesh/testing';
import { dkimVerify } from 'mailauth/lib/dkim/verify';
import { z } from 'zod';
import { RunningNotifications, type TestPatient } from '../../test/running-notifications';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'der' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
const RECORD = `v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`;

describe('mail that can be declined', () => {
  let running: RunningNotifications;
  beforeAll(async () => {
    running = await RunningNotifications.start({ environment: { DKIM_DOMAIN: 'mail.slotmesh.example', DKIM_SELECTOR: 's1', DKIM_PRIVATE_KEY: privateKey.replaceAll('\n', '\\n'), MAIL_BOUNCE_DOMAIN: 'bounces.slotmesh.example' } });
  });
  afterAll(() => running?.stop());

  async function mailed(patient: TestPatient, over: Parameters<RunningNotifications['request']>[2] = {}) {
    const before = running.mailbox.to(patient.email).length;
    const request = await running.request(patient, [await running.visit(patient)], { channels: ['email'], ...over });
    await running.outcome(request, 'sent email');
    const mail = await eventually('the mail', () => running.mailbox.to(patient.email)[before]);
    return { request, mail, wire: running.mailbox.wireTo(patient.email)! };
  }
  const headerLine = (raw: Buffer, name: string): string | undefined => raw.toString('utf8').split('\r\n\r\n')[0]!.split(/\r\n(?![ \t])/).find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  const linkIn = (raw: Buffer): URL => new URL(/<(.+)>/.exec(headerLine(raw, 'List-Unsubscribe') ?? '')![1]!);
  const local = async (link: URL, init: RequestInit = {}) => fetch(`${await running.apps[0]!.getUrl()}${link.pathname}`, init);

  it('bears both headers of RFC 8058, each on one line and under a signature that an independent verifier accepts', async () => {
    const { wire, mail } = await mailed(await running.patient());
    expect(headerLine(wire.raw, 'List-Unsubscribe')).toMatch(/^List-Unsubscribe: <http:\/\/localhost:8080\/u\/[\w.-]+>$/);
    expect(headerLine(wire.raw, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    const { results } = await dkimVerify(wire.raw, { resolver: async (name: string) => (name === 's1._domainkey.mail.slotmesh.example' ? [[RECORD]] : []) });
    expect(results.map(({ status, signingDomain }) => [status.result, signingDomain])).toEqual([['pass', 'mail.slotmesh.example']]);
    const signed = z.looseObject({ signingHeaders: z.looseObject({ keys: z.string() }) }).parse(results[0]).signingHeaders.keys.toLowerCase().split(/\s*:\s*/);
    expect(signed).toEqual(expect.arrayContaining(['from', 'to', 'subject', 'date', 'message-id', 'list-unsubscribe', 'list-unsubscribe-post', 'feedback-id', 'auto-submitted']));
    // A change of one of them on the way is seen.
    const forged = Buffer.from(wire.raw.toString('latin1').replace('List-Unsubscribe=One-Click', 'List-Unsubscribe=Two-Clicks'), 'latin1');
    expect((await dkimVerify(forged, { resolver: async () => [[RECORD]] })).results.map(({ status }) => status.result)).toEqual(['fail']);
    expect(mail.attachments.map(({ contentType }) => contentType)).toContain('text/calendar');
    expect([headerLine(wire.raw, 'Auto-Submitted'), headerLine(wire.raw, 'Feedback-ID')]).toEqual(['Auto-Submitted: auto-generated', 'Feedback-ID: consented-care:visit-reminder::slotmesh']);
  });

  it('changes nothing when its link is opened, and ends mail at once by a click, which twice has the effect of once (P17)', async () => {
    const patient = await running.patient();
    const { wire, mail } = await mailed(patient);
    const link = linkIn(wire.raw);
    expect(mail.text).toContain(link.href);
    const { idx } = (await running.rows<{ idx: string }>(`SELECT idx FROM patient_contact WHERE patient = $1 AND channel = 'email'`, [patient.id]))[0]!;
    const state = () => running.rows<{ out: boolean; proofs: string }>(`SELECT opted_out_at IS NULL AND EXISTS (SELECT FROM narrow_opt_out n WHERE n.channel = 'email' AND n.idx = k.idx AND n.practice = 'harbor' AND n.class IS NULL) AS out, (SELECT count(*) FROM consent_evidence e WHERE e.idx = k.idx AND e.source = 'one-click' AND e.practice = 'harbor') AS proofs FROM contact_point k WHERE k.channel = 'email' AND k.idx = $1`, [idx]);
    for (const method of ['GET', 'HEAD']) expect((await local(link, { method })).status).toBe(200);
    expect(await (await local(link)).text()).toMatch(/<form method="post" action="\/u\/[\w.-]+">/);
    expect(await state()).toEqual([{ out: false, proofs: '0' }]);
    const form = new FormData();
    form.set('List-Unsubscribe', 'One-Click');
    for (const body of [new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }), form]) expect((await local(link, { method: 'POST', body, redirect: 'manual' })).status).toBe(200);
    expect(await state()).toEqual([{ out: true, proofs: '2' }]);
    const changed = await running.rows(`SELECT 1 FROM audit_entry WHERE action = 'consent.opted-out' AND entity_id = $1`, [idx]);
    expect(changed).toHaveLength(1);
    const request = await running.request(patient, [await running.visit(patient, 4)], { channels: ['email'] });
    await running.outcome(request, 'skipped opted-out');
    // Texts go on: what was declined is mail.
    await running.outcome(await running.request(patient, [await running.visit(patient, 5)], { channels: ['sms'] }), 'sent sms');
  });

  it('takes no link that it did not make, and keeps nothing of the person in one that it did', async () => {
    const patient = await running.patient();
    const link = linkIn((await mailed(patient)).wire.raw);
    const [text, signature] = link.pathname.slice(3).split('.');
    expect(Buffer.from(text!, 'base64url').toString()).not.toMatch(/Maria|@|555/);
    for (const path of [`/u/${text}.${signature!.slice(0, -2)}AA`, `/u/${text}`, `/u/${Buffer.from('a b c').toString('base64url')}.${signature}`]) {
      expect((await local(new URL(path, link), { method: 'POST' })).status).toBe(404);
    }
    expect(await running.rows('SELECT 1 FROM contact_point k JOIN patient_contact c USING (channel, idx) WHERE c.patient = $1 AND k.opted_out_at IS NOT NULL', [patient.id])).toEqual([]);
  });

  it('comes from a sender of its own where it is a subscription, and cannot be declined where it must reach', async () => {
    const recall = await mailed(await running.patient(), { class: 'recall' });
    expect(recall.mail.from?.value[0]).toMatchObject({ address: 'news@bounces.slotmesh.example', name: 'Harbor Family Medicine' });
    expect(recall.mail.replyTo?.value[0]?.address).toBe('desk@harbor.example');
    const usual = await mailed(await running.patient());
    expect(usual.mail.from?.value[0]?.address).toBe('desk@harbor.example');
    expect(usual.wire.sender).toMatch(/^bounce\+[0-9a-f-]{36}@bounces\.slotmesh\.example$/);
    const [attempt] = await running.rows<{ id: string }>('SELECT t.id FROM attempt t JOIN message m ON m.id = t.message_id WHERE m.request_id = $1', [usual.request]);
    expect(usual.wire.sender).toContain(attempt!.id);
    const notice = await mailed(await running.patient(), { mustReach: true, template: 'visit-reminder' });
    expect(headerLine(notice.wire.raw, 'List-Unsubscribe')).toBeUndefined();
  });
});
