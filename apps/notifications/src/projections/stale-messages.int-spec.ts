import { AppointmentRescheduled } from '@slotmesh/contracts';
import { HOUR, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { register } from 'prom-client';
import { RunningNotifications } from '../../test/running-notifications';

let running: RunningNotifications;
beforeAll(async () => {
  running = await RunningNotifications.start();
});
afterAll(() => running?.stop());

const counted = async (): Promise<number> => (await register.getSingleMetric('notifications_stale_total')?.get())?.values[0]?.value ?? 0;

describe('a visit that moved between the commit of its owner and the question about it', () => {
  it.each([['taken', 'counts a text that is still in hand once it has left', 1], ['429', 'does not count one that never left', 0]] as const)('P12: %s: %s', async (answer, _says, more) => {
    const before = await counted();
    const patient = await running.patient();
    const visit = await running.visit(patient, 4);
    const committed = running.now;
    let answers = (_answer: '429' | 'taken'): void => undefined;
    running.twilio.faults.push({ answers: new Promise((resolve) => { answers = resolve; }) });
    const creates = running.twilio.creates;
    const request = await running.request(patient, [visit], { channels: ['sms'] });
    await eventually('the provider has been asked', () => running.twilio.creates > creates);

    const later = (text: string) => new Date(Date.parse(text) + 2 * HOUR).toISOString();
    const moved = { ...visit, revision: 2, start: later(visit.start), end: later(visit.end) };
    running.scheduling.visits.set(visit.id, moved);
    for (const time of [committed, plusMs(committed, 1)]) {
      await running.events.publish(AppointmentRescheduled, { key: visit.id, host: 'harbor', booking: 'harbor', time }, { appointment: moved, by: { kind: 'host', practice: 'harbor' }, previousStart: visit.start, previousEnd: visit.end });
    }
    await eventually('the move is known', async () => (await running.rows('SELECT FROM visit WHERE id = $1 AND revision = 2', [visit.id])).length === 1);
    expect(await counted()).toBe(before);
    answers(answer);
    await running.outcome(request, answer === 'taken' ? 'sent sms' : 'skipped superseded');
    await running.settled();
    expect((await counted()) - before).toBe(more);
  });
});
