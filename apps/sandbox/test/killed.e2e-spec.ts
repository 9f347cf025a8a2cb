import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { type TestDatabase, eventually } from '@slotmesh/testing';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { ClockMember } from './clock-member';
import { PracticeWebhooks } from './practice-webhooks';
import { environment, freePort, sandboxDatabase } from './sandbox-under-test';
import { twilioAt } from './twilio-client';

const root = resolve(__dirname, '../../..');
const HOUR = 3_600_000;
const anything = z.record(z.string(), z.unknown());

/** Starts the sandbox as a process of its own and waits until it is ready. */
async function launch(variables: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--require', resolve(root, 'tools/typescript/register.cjs'), resolve(root, 'apps/sandbox/src/main.ts')], { env: { ...process.env, ...variables }, stdio: 'ignore' });
  await eventually('ready', async () => (await fetch(`http://127.0.0.1:${variables['OPS_PORT']}/health/ready`)).ok, 60);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

describe('a sandbox that is killed', () => {
  it('P13: loses no text, mail, answer, fault or walk of the clock by kill -9', async () => {
    const database: TestDatabase = await sandboxDatabase();
    const [port, ops, smtp, hooks, peer] = await Promise.all([freePort(), freePort(), freePort(), freePort(), freePort()]);
    const practice = new PracticeWebhooks(hooks);
    const member = new ClockMember(peer);
    const variables = environment(database, port, ops, { SMTP_PORT: String(smtp), TWILIO_INBOUND_URL: `${practice.url}/inbound#rc=5&rp=all`, CLOCK_MEMBERS: `http://127.0.0.1:${ops},${member.url}` });
    const url = `http://127.0.0.1:${port}`;
    const client = twilioAt(url);
    const post = async (path: string, body: unknown) => anything.parse(await (await fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).json());
    const get = async (path: string) => anything.parse(await (await fetch(url + path)).json());
    let child = await launch(variables);
    try {
      await member.open();
      const sent = await Promise.all(Array.from({ length: 30 }, (_, n) => client.messages.create({ to: '+16175550101', from: '+16175550199', body: `Text ${n}`, statusCallback: `${practice.url}/status?n=${n}#rc=5&rp=all` })));
      const answer = await post('/sandbox/api/phones/+16175550101/messages', { body: 'C' });
      await createTransport({ host: '127.0.0.1', port: smtp }).sendMail({ from: 'a@harbor.example', to: 'b@patients.example', subject: 'Kept', text: 'x' });
      await post('/sandbox/api/faults', { channel: 'email', kind: '429', times: 3 });
      member.stuck = true;
      const job = await post('/sandbox/api/clock/advance', { by: 'PT2H' });
      await kill(child);

      member.stuck = false;
      await practice.open();
      child = await launch(variables);
      await eventually('all delivered', async () => (await client.messages.list({ to: '+16175550101' })).every((message) => message.status === 'delivered'));
      expect((await client.messages.list({ to: '+16175550101' })).map((message) => message.sid).sort()).toEqual(sent.map((message) => message.sid).sort());
      await eventually('the answer is posted', () => practice.of('/inbound').some((post) => post.form['MessageSid'] === answer['sid']));
      await eventually('every callback is posted', () => new Set(practice.of('/status').filter((post) => post.form['MessageStatus'] === 'delivered').map((post) => post.form['MessageSid'])).size === 30);
      expect((await get('/sandbox/api/mailboxes/b%40patients.example'))['mails']).toMatchObject([{ subject: 'Kept', copies: 1 }]);
      expect((await get('/sandbox/api/faults'))['items']).toMatchObject([{ kind: '429', remaining: 3 }]);
      await eventually('the walk goes on', async () => (await get(`/sandbox/api/clock/jobs/${String(job['id'])}`))['state'] === 'done');
      expect(Number((await get('/sandbox/clock'))['offsetMs'])).toBeGreaterThan(1.9 * HOUR);
    } finally {
      await kill(child);
      await practice.close();
      await member.close();
      await database.drop();
    }
  });
});
