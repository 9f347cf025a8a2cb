// E-mail of DESIGN section 9: rendering and sending a mail with text, HTML and calendar entry, beside nodemailer alone, which sends the same mail ready-made to the same server.
import { generateKeyPairSync } from 'node:crypto';
import nodemailer from 'nodemailer';
import { loadTypeScript } from '../typescript/load.mjs';
import { openSink } from './email/open-sink.mjs';

export const name = 'email';

const mails = 250;
const rounds = 12;
const warmUp = 1_000;
const together = 16;
const wantedRatio = 0.8;

/** @param {import('./bench.mjs').BenchContext} context @returns {Promise<import('./bench.mjs').Figure[]>} */
export async function run({ note }) {
  const { Mails } = loadTypeScript('apps/notifications/src/providers/mails.ts');
  const { mailOf, summaryOf } = loadTypeScript('apps/notifications/src/templates/mails.ts');
  const { invitationOf } = loadTypeScript('apps/notifications/src/templates/invitation.ts');
  const { usualFacts } = loadTypeScript('apps/notifications/src/templates/domain/sample-facts.ts');
  const { newId, parseInstant } = loadTypeScript('libs/kernel/src/index.ts');
  const sink = await openSink();
  const config = { SMTP_URL: `smtp://127.0.0.1:${sink.port}`, PROVIDER_TIMEOUT_MS: 10_000, PUBLIC_URL: 'https://slotmesh.example', MODE: 'sandbox' };
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
  const unsigned = new Mails(config);
  const signed = new Mails({ ...config, DKIM_DOMAIN: 'slotmesh.example', DKIM_SELECTOR: 's1', DKIM_PRIVATE_KEY: privateKey });
  const now = parseInstant('2026-11-20T10:00:00Z');
  const practice = { name: 'Harbor Family Medicine', email: 'desk@harbor.example' };

  /** As messages are written: from what is known, each for a patient of its own. @param {number} n */
  const written = (n) => {
    const [language, id] = [n % 4 === 0 ? 'es' : 'en', newId()];
    const page = `https://slotmesh.example/a/${id}${id}`;
    const sample = usualFacts(language);
    const facts = { ...sample, givenName: `Maria ${n}`, visits: sample.visits.map((/** @type {object} */ visit) => ({ ...visit, page })), unsubscribe: `https://slotmesh.example/u/${id}${id}` };
    const to = `p${n}@patients.example`;
    const invitation = invitationOf({ appointment: id, revision: 1, visit: facts.visits[0], summary: summaryOf(practice.name, language), practice, attendee: { name: facts.givenName, email: to }, now });
    return { ...mailOf('visit-reminder', facts), invitation, from: { name: practice.name, address: practice.email }, to, messageId: `<${id}@slotmesh.example>`, date: now, attempt: id, replyTo: null, unsubscribe: facts.unsubscribe, feedback: 'consented-care:visit-reminder:' };
  };
  const ready = written(1);
  const alone = nodemailer.createTransport({ url: config.SMTP_URL, pool: true, maxConnections: 4, maxMessages: 200 });
  const bare = () => alone.sendMail({
    from: ready.from, to: ready.to, subject: ready.subject, text: ready.text, html: ready.html, date: new Date(now), messageId: ready.messageId, icalEvent: { method: ready.invitation.method, filename: 'invite.ics', content: ready.invitation.content },
  });
  let faults = 0;
  const ours = (/** @type {{ send: (mail: object) => Promise<{ kind: string }> }} */ by) => async (/** @type {number} */ n) => {
    if ((await by.send(written(n))).kind !== 'accepted') faults += 1;
  };
  try {
    for (const warm of [bare, ours(unsigned), ours(signed)]) await inParallel(warmUp, warm);
    const before = await sink.taken();
    // Why in short turns: whatever else the machine does falls on all three.
    const seconds = { bare: 0, ours: 0, signed: 0 };
    for (let round = 0; round < rounds; round++) {
      seconds.bare += await inParallel(mails, bare);
      seconds.ours += await inParallel(mails, ours(unsigned));
      seconds.signed += await inParallel(mails, ours(signed));
    }
    const all = mails * rounds;
    const lost = 3 * all - ((await sink.taken()) - before);
    const [limit, path, withKey] = [all / seconds.bare, all / seconds.ours, all / seconds.signed];
    note(`${rounds} turns of ${mails} mails each, ${together} at a time over 4 connections, ${Buffer.byteLength(ready.html + ready.text + ready.invitation.content)} bytes before encoding`);
    return [
      { what: 'mails written and sent', measured: `${path.toFixed(0)}/s`, limit: `${limit.toFixed(0)}/s (nodemailer alone, one ready-made mail)`, ratio: path / limit, wanted: `>= ${wantedRatio}`, holds: path / limit >= wantedRatio },
      { what: 'the same, each signed (DKIM, RSA 2048)', measured: `${withKey.toFixed(0)}/s`, limit: `${limit.toFixed(0)}/s`, ratio: withKey / limit, wanted: '-', holds: null },
      { what: 'mails refused or lost', measured: `${faults + lost} of ${3 * all}`, limit: '-', ratio: null, wanted: '0', holds: faults + lost === 0 },
    ];
  } finally {
    unsigned.onApplicationShutdown();
    signed.onApplicationShutdown();
    alone.close();
    sink.close();
  }
}

/** Seconds that it takes. @param {number} count @param {(n: number) => Promise<unknown>} send */
async function inParallel(count, send) {
  let next = 0;
  const begin = performance.now();
  await Promise.all(Array.from({ length: together }, async () => { while (next < count) await send(next++); }));
  return (performance.now() - begin) / 1_000;
}
