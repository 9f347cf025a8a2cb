import { eventually } from '@slotmesh/testing';
import { RunningNotifications, type TestPatient } from '../../test/running-notifications';
import type { Visit } from '../../test/scheduling-stand-in';

/** Slow enough that changes catch messages in every state. */
const RATE = 20;
let running: RunningNotifications;
beforeAll(async () => {
  running = await RunningNotifications.start({ environment: { SENDER_RATE_PER_SECOND: String(RATE) } });
  await running.startProcess({ SENDER_RATE_PER_SECOND: String(RATE) });
});
afterAll(() => running?.stop());

interface Intent {
  readonly id: string;
  readonly appointment: string;
  readonly revision: number;
  readonly idx: string;
}
const intents = (): Promise<Intent[]> => running.rows<Intent>(`SELECT a.id::text, s.id AS appointment, s.revision, a.idx FROM attempt a CROSS JOIN jsonb_to_recordset(a.subjects) AS s(id uuid, revision int) WHERE a.template = 'visit-reminder'`);

describe('changes that race the sender', () => {
  it('P12, P17: after a move or a STOP was handled, no intent on the old time or to that phone is written any more', async () => {
    const made: { patient: TestPatient; visit: Visit; request: string }[] = [];
    for (let n = 0; n < 120; n++) {
      const patient = await running.patient({}, `+1857555${String(n).padStart(4, '0')}`);
      made.push({ patient, visit: await running.visit(patient, 3 + n / 1_000), request: '' });
    }
    await eventually('all visits are known', async () => (await running.rows('SELECT id FROM visit')).length >= 120, 60);
    for (const one of made) one.request = await running.request(one.patient, [one.visit], { channels: ['sms'] });
    await eventually('sending has begun', () => running.twilio.texts.length > 5, 30);

    const leaks: string[] = [];
    const afterHandling = async (forbidden: (intent: Intent) => boolean, handled: () => Promise<boolean>): Promise<void> => {
      await eventually('the change was handled', handled, 60);
      const seen = new Set((await intents()).filter(forbidden).map(({ id }) => id));
      checks.push(async () => leaks.push(...(await intents()).filter((intent) => forbidden(intent) && !seen.has(intent.id)).map(({ id }) => id)));
    };
    const checks: (() => Promise<unknown>)[] = [];
    await Promise.all(made.map(async ({ patient, visit }, n) => {
      if (n % 3 === 0) {
        await running.move(visit);
        await afterHandling(({ appointment, revision }) => appointment === visit.id && revision === 1, async () => (await running.rows<{ revision: number }>('SELECT revision FROM visit WHERE id = $1', [visit.id]))[0]?.revision === 2);
      } else if (n % 3 === 1) {
        await running.says(patient, 'STOP');
        const [point] = await running.rows<{ idx: string }>(`SELECT idx FROM patient_contact WHERE patient = $1 AND channel = 'sms'`, [patient.id]);
        await afterHandling(({ idx }) => idx === point!.idx, async () => (await running.rows('SELECT 1 FROM contact_point WHERE idx = $1 AND opted_out_at IS NOT NULL', [point!.idx])).length === 1);
      }
    }));
    for (const { request } of made) await eventually('an outcome', () => running.outcomes(request).length > 0, 60);
    await running.settled();
    for (const check of checks) await check();
    expect(leaks).toEqual([]);

    const words = made.map(({ request }) => running.outcomes(request).at(-1));
    expect(new Set(words)).toEqual(new Set(['sent sms', 'skipped superseded', 'skipped opted-out']));
    expect(running.twilio.texts.filter(({ body }) => body.includes('your visit is'))).toHaveLength(words.filter((word) => word === 'sent sms').length);
  });

  it('keeps the cap of one exempt text a day to a phone when many workers send to it at once', async () => {
    const patient = await running.patient();
    const requests: string[] = [];
    for (let n = 0; n < 12; n++) requests.push(await running.request(patient, [await running.visit(patient, 2 + n / 10)], { channels: ['sms'], class: 'exempt-care', expiresAt: new Date(running.now + 3_600_000).toISOString() }));
    for (const request of requests) await eventually('an outcome', () => running.outcomes(request).length > 0, 60);
    expect(running.twilio.to(patient.phone)).toHaveLength(1);
    expect(requests.map((request) => running.outcomes(request).join()).sort()).toEqual(['sent sms', ...Array.from({ length: 11 }, () => 'skipped cap')].sort());
  });

  it('P16: lets a backlog leave at the pace of the sender, nearest visit first', async () => {
    const made: { patient: TestPatient; days: number }[] = [];
    running.scheduling.silent = true;
    const before = running.twilio.texts.length;
    for (let n = 0; n < 40; n++) {
      const days = 3 + ((n * 17) % 40) / 10;
      const patient = await running.patient({}, `+1508555${String(n).padStart(4, '0')}`);
      made.push({ patient, days });
      await running.request(patient, [await running.visit(patient, days)], { channels: ['sms'] });
    }
    await eventually('the backlog is there', async () => (await running.rows(`SELECT 1 FROM message WHERE state = 'pending'`)).length >= 40, 30);
    running.scheduling.silent = false;
    const began = Date.now();
    await eventually('all have left', () => running.twilio.texts.length === before + 40, 60);
    expect(Date.now() - began).toBeGreaterThan((39 / RATE) * 1_000 * 0.9);
    const order = running.twilio.texts.slice(before).map(({ to }) => made.find(({ patient }) => patient.phone === to)!.days);
    // Two workers with some connections each, and the next that they take: neighbours may overtake each other, the order as a whole stands.
    const IN_HAND = 2 * 6;
    const sorted = [...order].sort((a, b) => a - b);
    order.forEach((days, index) => expect(Math.abs(sorted.indexOf(days) - index)).toBeLessThanOrEqual(2 * IN_HAND));
  });
});
