import { once } from 'node:events';
import { DAY, parseInstant, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { RunningNotifications } from '../../test/running-notifications';

let running: RunningNotifications;
beforeAll(async () => {
  running = await RunningNotifications.start();
});
afterAll(() => running?.stop());

async function requested(over: Parameters<RunningNotifications['request']>[2] = {}, days = 4) {
  const patient = await running.patient();
  const visit = await running.visit(patient, days);
  const request = await running.request(patient, [visit], { channels: ['sms'], expiresAt: new Date(running.now + 3 * DAY).toISOString(), ...over });
  return { patient, visit, request };
}
const attemptsOf = (request: string) => running.rows<{ state: string; provider_id: string | null }>('SELECT a.state, a.provider_id FROM attempt a JOIN message m ON m.id = a.message_id WHERE m.request_id = $1 ORDER BY a.id', [request]);
/** Walks the clock from one due instant to the next, as the sandbox does. */
async function walkTo(end: number): Promise<void> {
  for (;;) {
    await running.settled();
    const { nextDue } = await running.idle();
    if (nextDue === null || parseInstant(nextDue) > end) break;
    running.moveTo(nextDue);
  }
}

describe('a create with an unclear end', () => {
  it.each(['500-after', 'hang-after'] as const)('P13: finds a text that the provider has after %s, and never creates it twice', async (fault) => {
    running.twilio.faults.push(fault);
    const { patient, request } = await requested();
    await running.outcome(request, 'sent sms');
    expect(running.outcomes(request)).toEqual(['sent sms']);
    await walkTo(plusMs(running.now, DAY));
    expect(running.twilio.to(patient.phone)).toHaveLength(1);
    expect(await attemptsOf(request)).toEqual([{ state: 'accepted', provider_id: running.twilio.to(patient.phone)[0]!.sid }]);
  });

  it('P13: takes a delivery report for an answer that was lost', async () => {
    running.twilio.faults.push('hang-after');
    const { patient, request } = await requested();
    const text = await running.text(patient.phone, /your visit is/);
    await running.report(text, 'delivered');
    await running.outcome(request, 'delivered sms');
    await running.settled();
    expect(running.twilio.to(patient.phone)).toHaveLength(1);
    expect(running.outcomes(request)).toEqual(['delivered sms']);
  });

  it('P13: calls a text absent only after its ValidityPeriod, and only then sends it, once', async () => {
    running.twilio.faults.push('500-before');
    const { patient, request } = await requested();
    await eventually('the attempt is unknown', async () => (await attemptsOf(request))[0]?.state === 'unknown');
    const before = running.now;
    const [{ valid_until: validUntil }] = (await running.rows<{ valid_until: Date }>('SELECT a.valid_until FROM attempt a JOIN message m ON m.id = a.message_id WHERE m.request_id = $1', [request])) as [{ valid_until: Date }];
    await walkTo(validUntil.getTime());
    expect(running.now).toBeGreaterThan(before + 3_600_000);
    expect(running.twilio.to(patient.phone)).toEqual([]);
    expect((await attemptsOf(request)).map(({ state }) => state)).toEqual(['unknown']);
    await walkTo(plusMs(running.now, DAY));
    await running.outcome(request, 'sent sms');
    expect(running.twilio.to(patient.phone)).toHaveLength(1);
    expect((await attemptsOf(request)).map(({ state }) => state)).toEqual(['absent', 'accepted']);
  });

  it('tries a text again at once that the provider never processed (429), without calling it unclear', async () => {
    running.twilio.faults.push('429', '429');
    const { patient, request } = await requested();
    await eventually('a refused attempt', async () => (await attemptsOf(request))[0]?.state === 'refused');
    await walkTo(plusMs(running.now, 60_000));
    await running.outcome(request, 'sent sms');
    expect(running.twilio.to(patient.phone)).toHaveLength(1);
  });

  it('P13: puts a mail that ended unclear after DATA on the call list instead of sending it twice', async () => {
    running.mailbox.breakAfterData = true;
    const { patient, request } = await requested({ channels: ['email'] });
    await running.outcome(request, 'call-list outcome-unknown email');
    running.mailbox.breakAfterData = false;
    await walkTo(plusMs(running.now, DAY));
    expect(running.mailbox.to(patient.email)).toHaveLength(1);
  });
});

describe('a process that is killed', () => {
  it('P13: between the intent and the result leaves exactly one message at the provider', async () => {
    const child = running.startChild({ PROVIDER_TIMEOUT_MS: '3000', PORT: '39083', OPS_PORT: '39084' });
    await eventually('the second process is ready', async () => (await fetch('http://127.0.0.1:39084/health/ready')).ok, 60);
    // Whichever process takes them: each of these creates hangs after the provider has stored the text.
    const made = [];
    running.twilio.faults.push(...Array.from({ length: 8 }, () => 'hang-after' as const));
    for (let n = 0; n < 8; n++) made.push(await requested());
    await eventually('the child holds some of them', async () => running.twilio.faults.length === 0, 60);
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (const { request } of made) await running.outcome(request, 'sent sms');
    await walkTo(plusMs(running.now, DAY));
    expect(made.map(({ patient }) => running.twilio.to(patient.phone).length)).toEqual(made.map(() => 1));
    expect(made.map(({ request }) => running.outcomes(request))).toEqual(made.map(() => ['sent sms']));
  });
});
