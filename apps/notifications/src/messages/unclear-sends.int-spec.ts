import { once } from 'node:events';
import { DAY, parseInstant, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { RunningNotifications } from '../../test/running-notifications';

let running: RunningNotifications;
beforeAll(async () => {
  // A create that hangs is given up soon. Elsewhere a busy machine must not make an unclear end of a create that is merely slow.
  running = await RunningNotifications.start({ environment: { PROVIDER_TIMEOUT_MS: '1500' } });
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
    const split = await RunningNotifications.start({ environment: { ROLE: 'api' } });
    try {
      const worker = await split.startChild({ ROLE: 'worker' });
      const made: { phone: string; request: string }[] = [];
      // One batch, all of it under way at the same time.
      split.scheduling.silent = true;
      for (let n = 0; n < 6; n++) {
        const patient = await split.patient();
        // Each create is stored by the provider and never answered: the worker dies with all of them between intent and result.
        split.twilio.faults.push('hang-after');
        made.push({ phone: patient.phone, request: await split.request(patient, [await split.visit(patient, 4)], { channels: ['sms'] }) });
      }
      await eventually('all of them wait', async () => (await split.rows(`SELECT 1 FROM message WHERE state = 'pending'`)).length === 6);
      split.scheduling.silent = false;
      await eventually('the worker holds all of them', () => split.twilio.creates === 6, 60);
      worker.kill('SIGKILL');
      await once(worker, 'exit');
      // On a busy machine the first of them may have run into the time-out (unknown) before the last was asked for; the last is under way.
      const states = (await split.rows<{ state: string }>('SELECT state FROM attempt')).map(({ state }) => state);
      expect(states).toHaveLength(6);
      expect(states).toContain('intent');
      expect(states.filter((state) => state !== 'intent' && state !== 'unknown')).toEqual([]);
      await split.startChild({ ROLE: 'worker' });
      for (const { request } of made) await split.outcome(request, 'sent sms');
      expect(split.twilio.creates).toBe(6);
      expect(made.map(({ phone }) => split.twilio.to(phone).length)).toEqual(made.map(() => 1));
      expect(await split.rows(`SELECT 1 FROM attempt WHERE state = 'accepted'`)).toHaveLength(6);
    } finally {
      await split.stop();
    }
  });
});
