import { once } from 'node:events';
import { DAY, HOUR, type Instant, instantOfDate, parseInstant, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { RunningNotifications, type TestPatient } from '../../test/running-notifications';

const attemptsOf = (running: RunningNotifications, request: string) => running.rows<{ state: string; channel: string; error_code: number | null; intent_at: Date }>('SELECT a.state, a.channel, a.error_code, a.intent_at FROM attempt a JOIN message m ON m.id = a.message_id WHERE m.request_id = $1 ORDER BY a.id', [request]);
/** Walks the clock from one due instant to the next, as the sandbox does. */
async function walkTo(running: RunningNotifications, end: number): Promise<void> {
  for (;;) {
    await running.settled();
    const { nextDue } = await running.idle();
    if (nextDue === null || parseInstant(nextDue) > end) break;
    running.moveTo(nextDue);
  }
}
async function requested(running: RunningNotifications, days: number, over: Parameters<RunningNotifications['request']>[2] = {}): Promise<{ patient: TestPatient; request: string }> {
  const patient = await running.patient();
  return { patient, request: await running.request(patient, [await running.visit(patient, days)], over) };
}

describe('what a provider says of a number', () => {
  let running: RunningNotifications;
  beforeAll(async () => {
    running = await RunningNotifications.start();
  });
  afterAll(() => running?.stop());

  it('falls back to mail where the phone is a landline, and tells the desk that it is one to speak on', async () => {
    const { patient, request } = await requested(running, 4);
    await running.report(await running.text(patient.phone, /your visit is/), 'undelivered', { ErrorCode: '30006' });
    await running.outcome(request, 'sent email');
    expect(running.twilio.to(patient.phone)).toHaveLength(1);
    const { body } = await running.get('frontdesk@harbor.example', `/consents?patient=${patient.id}`);
    expect(body.items.map(({ channel, unreachableReason }: { channel: string; unreachableReason: string | null }) => [channel, unreachableReason])).toEqual([['sms', 'landline'], ['email', null]]);
  });

  it('tries a handset that could not be reached once more after an hour, and then falls back', async () => {
    const { patient, request } = await requested(running, 4);
    await running.report(await running.text(patient.phone, /your visit is/), 'undelivered', { ErrorCode: '30003' });
    await eventually('it waits', async () => (await running.rows(`SELECT 1 FROM message WHERE request_id = $1 AND state = 'pending'`, [request])).length === 1);
    await walkTo(running, plusMs(running.now, 2 * HOUR));
    const [first, second] = await attemptsOf(running, request);
    expect(second!.intent_at.getTime() - first!.intent_at.getTime()).toBeGreaterThanOrEqual(HOUR);
    await running.report(running.twilio.to(patient.phone)[1]!, 'undelivered', { ErrorCode: '30003' });
    await running.outcome(request, 'sent email');
    expect(running.twilio.to(patient.phone)).toHaveLength(2);
  });

  it('does not try it again where the step is stale by then', async () => {
    const { patient, request } = await requested(running, 4, { expiresAt: new Date(plusMs(running.now, HOUR / 2)).toISOString() });
    await running.report(await running.text(patient.phone, /your visit is/), 'undelivered', { ErrorCode: '30003' });
    await running.outcome(request, 'sent email');
    expect(running.twilio.to(patient.phone)).toHaveLength(1);
  });
});

describe('a provider that is out of reach', () => {
  let running: RunningNotifications;
  beforeAll(async () => {
    running = await RunningNotifications.start();
  });
  afterAll(() => running?.stop());
  const providers = async (): Promise<string[]> => (await running.get('frontdesk@harbor.example', '/senders')).body.items[0].providers.map(({ channel, state }: { channel: string; state: string }) => `${channel} ${state}`);

  it('P14: lets messages wait without using up attempts, says so, and sends each once when the provider is back', async () => {
    await running.twilio.stop();
    const made: { patient: TestPatient; request: string }[] = [];
    for (let n = 0; n < 40; n++) made.push(await requested(running, 3 + n / 20, { channels: ['sms'] }));
    await eventually('the breaker is open', async () => (await providers()).includes('sms out-of-reach'));
    expect(await providers()).toContain('email reachable');
    await eventually('all are there', async () => (await running.rows(`SELECT 1 FROM message`)).length === 40);
    const byMail = await requested(running, 4, { channels: ['email'] });
    await running.outcome(byMail.request, 'sent email');
    const before = (await running.rows(`SELECT 1 FROM attempt WHERE channel = 'sms'`)).length;
    // Five in a row open it; those that were under way beside the fifth fail as well.
    expect(before).toBeLessThanOrEqual(12);
    await running.twilio.start();
    for (const { request } of made) await running.outcome(request, 'sent sms');
    expect(made.map(({ patient }) => running.twilio.to(patient.phone).length)).toEqual(made.map(() => 1));
    expect(await providers()).toEqual(['sms reachable', 'email reachable']);
  });
});

describe('the day of a sender', () => {
  const MOST = 6;
  let running: RunningNotifications;
  beforeAll(async () => {
    running = await RunningNotifications.start({ environment: { SENDER_SEGMENTS_PER_DAY: String(MOST), SENDER_RATE_PER_SECOND: '2' } });
  });
  afterAll(() => running?.stop());

  it('P16: ends with the segments that the carriers grant: the rest waits for the next, nearest visit first, or goes by mail where it would be stale', async () => {
    running.scheduling.silent = true;
    const days = [6, 4, 5, 3.5, 7, 4.5, 5.5];
    const made = [];
    for (const day of days) made.push(await requested(running, day, { expiresAt: new Date(plusMs(running.now, 3 * DAY)).toISOString() }));
    const stale = await requested(running, 8, { expiresAt: new Date(plusMs(running.now, 3 * HOUR)).toISOString() });
    await eventually('all wait', async () => (await running.rows(`SELECT 1 FROM message WHERE state = 'pending'`)).length === 8);
    running.scheduling.silent = false;
    await running.outcome(stale.request, 'sent email');
    await running.settled();
    const sentOf = async (): Promise<number[]> => (await running.rows<{ start: Date }>(`SELECT m.visit_start AS start FROM attempt a JOIN message m ON m.id = a.message_id WHERE a.state = 'accepted' AND a.channel = 'sms'`)).map(({ start }) => start.getTime());
    const first = await sentOf();
    expect(first.length).toBeGreaterThan(0);
    expect(first.length).toBeLessThan(days.length);
    const waiting = (await running.rows<{ start: Date }>(`SELECT visit_start AS start FROM message WHERE state = 'pending'`)).map(({ start }) => start.getTime());
    expect(Math.max(...first)).toBeLessThan(Math.min(...waiting));
    const { items: [own] } = (await running.get('frontdesk@harbor.example', '/senders')).body;
    expect(own).toMatchObject({ practice: 'harbor', segmentsPerDay: MOST, heldReason: 'daily-cap', waiting: waiting.length });
    expect(own.segmentsToday).toBeLessThanOrEqual(MOST);
    // Midnight in Los Angeles is three in the morning in New York, where patients sleep until eight.
    expect(own.heldUntil).toMatch(/T0[78]:00:00/);
    const held: Instant = parseInstant(own.heldUntil);
    await walkTo(running, plusMs(running.now, 2.9 * DAY));
    for (const { request } of made) expect(running.outcomes(request).at(-1)).toBe('sent sms');
    const later = (await running.rows<{ at: Date }>(`SELECT intent_at AS at FROM attempt WHERE channel = 'sms' AND state = 'accepted'`)).map(({ at }) => instantOfDate(at)).filter((at) => at >= held);
    expect(later).toHaveLength(waiting.length);
    expect(Math.min(...later) - held).toBeGreaterThanOrEqual(5 * HOUR);
  });

  it('P22: a practice sees its own sender, an operator all of them', async () => {
    expect((await running.get('frontdesk@summit.example', '/senders')).body.items.map(({ practice }: { practice: string }) => practice)).toEqual(['summit']);
    expect((await running.get('operator@network.example', '/senders/network')).body.items.map(({ practice }: { practice: string }) => practice)).toEqual(['harbor', 'summit']);
    expect((await running.get('frontdesk@harbor.example', '/senders/network')).status).toBe(403);
  });
});

describe('a process that stands still', () => {
  it('P13: loses what it held to another within seconds, and when it goes on sends none of it again', async () => {
    const split = await RunningNotifications.start({ environment: { ROLE: 'api' } });
    try {
      const frozen = await split.startChild({ ROLE: 'worker', SENDER_RATE_PER_SECOND: '2' });
      const made: { patient: TestPatient; request: string }[] = [];
      split.scheduling.silent = true;
      for (let n = 0; n < 12; n++) made.push(await requested(split, 4 + n / 10, { channels: ['sms'] }));
      await eventually('all of them wait', async () => (await split.rows(`SELECT 1 FROM message WHERE state = 'pending'`)).length === 12);
      split.scheduling.silent = false;
      await eventually('sending has begun', () => split.twilio.texts.length >= 2, 30);
      frozen.kill('SIGSTOP');
      const stopped = Date.now();
      await split.startChild({ ROLE: 'worker' });
      for (const { request } of made) await eventually('an outcome', () => split.outcomes(request).length > 0, 40);
      expect(Date.now() - stopped).toBeLessThan(40_000);
      frozen.kill('SIGCONT');
      await split.settled();
      const more = await requested(split, 5, { channels: ['sms'] });
      await split.outcome(more.request, 'sent sms');
      expect(made.map(({ patient }) => split.twilio.to(patient.phone).length)).toEqual(made.map(() => 1));
      frozen.kill('SIGTERM');
      await once(frozen, 'exit');
    } finally {
      await split.stop();
    }
  });
});
