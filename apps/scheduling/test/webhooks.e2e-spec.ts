import { createHmac } from 'node:crypto';
import { type IncomingHttpHeaders, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebhookSubscriptionDisabled } from '@slotmesh/contracts';
import { formatInstant } from '@slotmesh/kernel';
import { Idleness } from '@slotmesh/platform';
import { eventually } from '@slotmesh/testing';
import { type Desk, RunningScheduling } from './running-scheduling';

interface Received { readonly id: string; readonly seconds: string; readonly signatures: readonly string[]; readonly headers: IncomingHttpHeaders; readonly body: string; readonly event: { readonly type: string; readonly subject: string; readonly sequence: string; readonly data: Record<string, unknown> } }
interface Delivery { readonly id: string; readonly type: string; readonly subject: string; readonly state: string; readonly attempts: readonly { readonly status: number | null; readonly error: string | null }[]; readonly nextAttemptAt: string | null }
type Reply = number | 'silence' | ((response: ServerResponse) => void);

/** Somebody's system that takes webhooks; `next` are the answers to give, then 204. */
class Receiver {
  readonly received: Received[] = [];
  next: Reply[] = [];
  private constructor(readonly url: string, private readonly server: Server) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new Receiver(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`, server);
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
        const body = Buffer.concat(parts).toString('utf8');
        receiver.received.push({ id: String(request.headers['webhook-id']), seconds: String(request.headers['webhook-timestamp']), signatures: String(request.headers['webhook-signature']).split(' '), headers: request.headers, body, event: JSON.parse(body) as Received['event'] });
        const reply = receiver.next.shift() ?? 204;
        if (typeof reply === 'number') response.writeHead(reply).end();
        else if (typeof reply === 'function') reply(response);
      });
    });
    return receiver;
  }
  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const TYPES = ['booked', 'cancelled'].map((fact) => `scheduling.appointment.${fact}.v1`);
let scheduling: RunningScheduling;
let harbor: Desk;
let desk: Desk;
let summit: Desk;
let lakeside: Desk;
let patient: string;
let receiver: Receiver;
let day = 2;

beforeAll(async () => {
  scheduling = await RunningScheduling.start({ listenTo: [WebhookSubscriptionDisabled] });
  [harbor, desk, summit, lakeside] = await Promise.all(['manager@harbor.example', 'frontdesk@harbor.example', 'manager@summit.example', 'manager@lakeside.example'].map((subject) => scheduling.desk(subject))) as [Desk, Desk, Desk, Desk];
  patient = (await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'harbor' ORDER BY registered_at, id LIMIT 1`))[0]!.id;
});
afterAll(async () => scheduling.stop());
beforeEach(async () => { receiver = await Receiver.start(); });
afterEach(async () => {
  receiver.stop();
  await scheduling.sql('DELETE FROM webhook_subscription');
});

async function subscribe(by: Desk = harbor, url = receiver.url): Promise<{ id: string; secret: string }> {
  const { status, body } = await by.post('/webhook-subscriptions', { url, events: TYPES });
  expect(status).toBe(201);
  return body as unknown as { id: string; secret: string };
}
/** Books a visit of the same patient on a new day each time, so that no two are in each other's way. */
async function book(service = 'primary-care-visit', practice = 'harbor'): Promise<string> {
  for (;;) {
    const [opening] = await desk.openings(`service=${service}&practice=${practice}&from=${scheduling.inDays(day)}&to=${scheduling.inDays(++day)}&limit=1`);
    if (!opening) continue;
    const { status, body } = await desk.post('/appointments', { opening: opening.id, patient });
    expect({ status, body }).toMatchObject({ status: 201 });
    return String(body['id']);
  }
}
const deliveries = async (id: string, by: Desk = harbor): Promise<Delivery[]> => (await by.get(`/webhook-subscriptions/${id}/deliveries`)).body['items'] as unknown as Delivery[];
const delivered = (id: string, count: number) => eventually(`${count} delivered`, async () => (await deliveries(id)).filter(({ state }) => state === 'delivered').length === count);
const isSigned = ({ id, seconds, body, signatures }: Received, secret: string): boolean => signatures.includes(`v1,${createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64')).update(`${id}.${seconds}.${body}`).digest('base64')}`);
/** What time would do. */
const pauseIsOver = async (): Promise<void> => {
  await scheduling.sql(`UPDATE webhook_subscription SET resume_at = NULL`);
  await scheduling.sql(`UPDATE webhook_delivery SET next_at = now() WHERE state = 'waiting'`);
};
const tried = (id: string, times: number) => eventually(`${times} tries`, async () => (await deliveries(id))[0]?.attempts.length === times);

describe('webhooks', () => {
  test("sends the practice's own events, signed, with ids and times and nobody's name", async () => {
    const { id, secret } = await subscribe();
    expect((await harbor.get(`/webhook-subscriptions/${id}`)).body).toEqual({ id, url: receiver.url, events: TYPES, createdAt: expect.any(String), disabledAt: null, reason: null });
    const appointment = await book();
    expect((await desk.post(`/appointments/${appointment}/cancel`, { reason: 'pat' })).status).toBe(200);
    await delivered(id, 2);
    const [booked, cancelled] = [...receiver.received].sort((a, b) => a.event.sequence.localeCompare(b.event.sequence)) as [Received, Received];
    expect(booked.headers['content-type']).toContain('application/cloudevents+json');
    expect(booked.event).toEqual({
      specversion: '1.0', id: booked.id, source: 'scheduling', type: TYPES[0], subject: appointment, time: expect.any(String), sequence: '1', datacontenttype: 'application/json',
      data: { id: appointment, revision: 1, status: 'booked', participation: 'needs-action', host: 'harbor', booking: 'harbor', start: expect.any(String), end: expect.any(String), zone: 'America/New_York', bookedAt: expect.any(String) },
    });
    expect(cancelled.event).toMatchObject({ type: TYPES[1], sequence: '2', data: { status: 'cancelled', revision: 2 } });
    for (const one of receiver.received) {
      expect([isSigned(one, secret), isSigned(one, `whsec_${Buffer.alloc(32).toString('base64')}`)]).toEqual([true, false]);
      expect(Math.abs(Number(one.seconds) * 1_000 - Date.now())).toBeLessThan(60_000);
      expect(one.body).not.toContain(patient);
    }
    expect(JSON.stringify(await scheduling.sql('SELECT * FROM webhook_subscription'))).not.toContain(secret.slice(6));
  });

  test('P21: a visit between two practices goes to both, and a stranger sees neither subscriptions nor deliveries', async () => {
    const [ofHarbor, ofSummit, ofLakeside] = [await subscribe(harbor), await subscribe(summit), await subscribe(lakeside)];
    const appointment = await book('dermatology-consult', 'summit');
    await eventually('both were told', () => receiver.received.length === 2);
    expect(receiver.received.map((one) => [one.event.subject, isSigned(one, ofHarbor.secret), isSigned(one, ofSummit.secret)])).toEqual(expect.arrayContaining([[appointment, true, false], [appointment, false, true]]));
    expect(await deliveries(ofLakeside.id, lakeside)).toEqual([]);
    expect(((await lakeside.get('/webhook-subscriptions')).body['items'] as unknown as { id: string }[]).map(({ id }) => id)).toEqual([ofLakeside.id]);
    const [delivery] = await deliveries(ofHarbor.id);
    const path = `/webhook-subscriptions/${ofHarbor.id}`;
    const foreign = await Promise.all([lakeside.get(path), summit.get(`${path}/deliveries`), summit.call('DELETE', path), summit.post(`${path}/enable`), summit.post(`${path}/rotate-secret`), summit.post(`${path}/replay`, { since: '2026-01-01T00:00:00Z' }), summit.post(`${path}/deliveries/${delivery!.id}/replay`)]);
    expect(foreign.map(({ status }) => status)).toEqual(foreign.map(() => 404));
    expect((await desk.get('/webhook-subscriptions')).status).toBe(403);
  });

  test('tries again after an error and after silence, under the same id and with the same bytes, and holds no clock meanwhile', async () => {
    const { id } = await subscribe();
    receiver.next = [500, 'silence'];
    await book();
    await tried(id, 1);
    expect(await deliveries(id)).toMatchObject([{ state: 'waiting', attempts: [{ status: 500, error: null }], nextAttemptAt: expect.any(String) }]);
    expect((await scheduling.app.get(Idleness, { strict: false }).state()).busy).not.toContain('webhooks');
    await pauseIsOver();
    await tried(id, 2);
    await pauseIsOver();
    await delivered(id, 1);
    expect(await deliveries(id)).toMatchObject([{ state: 'delivered', attempts: [{ status: 500 }, { status: null, error: 'time-out' }, { status: 204 }], nextAttemptAt: null }]);
    expect([new Set(receiver.received.map((one) => one.id)).size, new Set(receiver.received.map(({ body }) => body)).size, receiver.received.length]).toEqual([1, 1, 3]);
  }, 60_000);

  test('what was sent and could not be recorded comes again under its id when the lease is over', async () => {
    const { id } = await subscribe();
    // Why a sequence: it is what remains of a record that was rolled back.
    await scheduling.sql(`CREATE SEQUENCE refused_records`);
    await scheduling.sql(`CREATE FUNCTION refuse_record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $fn$ BEGIN PERFORM nextval('refused_records'); RAISE 'not now'; END $fn$`);
    await scheduling.sql(`CREATE TRIGGER refuse_record BEFORE UPDATE ON webhook_delivery FOR EACH ROW WHEN (NEW.tries > OLD.tries) EXECUTE FUNCTION refuse_record()`);
    try {
      await book();
      await eventually('it was sent and not recorded', async () => (await scheduling.sql<{ is_called: boolean }>('SELECT is_called FROM refused_records'))[0]!.is_called);
      expect(await scheduling.sql(`SELECT state, tries, next_at > now() AS leased FROM webhook_delivery`)).toEqual([{ state: 'waiting', tries: 0, leased: true }]);
    } finally {
      await scheduling.sql('DROP TRIGGER refuse_record ON webhook_delivery');
    }
    await pauseIsOver();
    await delivered(id, 1);
    expect(receiver.received.length).toBeGreaterThanOrEqual(2);
    expect(new Set(receiver.received.map((one) => one.id)).size).toBe(1);
  });

  test('a rotated secret signs beside the one before, until that is over', async () => {
    const { id, secret } = await subscribe();
    const { body: { secret: fresh } } = await harbor.post(`/webhook-subscriptions/${id}/rotate-secret`);
    await book();
    await delivered(id, 1);
    expect([isSigned(receiver.received[0]!, secret), isSigned(receiver.received[0]!, String(fresh))]).toEqual([true, true]);
    await scheduling.sql(`UPDATE webhook_subscription SET old_secret_until = now()`);
    await book();
    await delivered(id, 2);
    expect([isSigned(receiver.received[1]!, secret), isSigned(receiver.received[1]!, String(fresh))]).toEqual([false, true]);
  });

  test('is disabled after three days without a success, with a notice, and sends what has waited when it is enabled', async () => {
    const { id } = await subscribe();
    receiver.next = [503, 503];
    await book();
    await tried(id, 1);
    expect((await harbor.get(`/webhook-subscriptions/${id}`)).body).toMatchObject({ disabledAt: null });
    await scheduling.sql(`UPDATE webhook_subscription SET failing_since = now() - interval '73 hours'`);
    await pauseIsOver();
    await tried(id, 2);
    expect((await harbor.get('/webhook-subscriptions')).body['items']).toMatchObject([{ id, disabledAt: expect.any(String), reason: expect.stringContaining('503') }]);
    expect((await harbor.get('/notices')).body['items']).toEqual([{ kind: 'webhook-disabled', about: `/webhook-subscriptions/${id}`, at: expect.any(String), text: expect.stringMatching(/^Events are no longer sent to 127\.0\.0\.1:\d+\. .*503/) }]);
    expect((await (await scheduling.desk('manager@summit.example')).get('/notices')).body['items']).toEqual([]);
    expect((await (await scheduling.desk('frontdesk@harbor.example')).get('/notices')).status).toBe(403);
    await eventually('the notice', () => scheduling.events.gathered(WebhookSubscriptionDisabled).some(({ key, host }) => key === id && host === 'harbor'));
    await book();
    await pauseIsOver();
    expect((await deliveries(id)).map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    expect(receiver.received.length).toBe(2);
    expect((await harbor.post(`/webhook-subscriptions/${id}/enable`)).status).toBe(204);
    await delivered(id, 2);
    expect((await harbor.get(`/webhook-subscriptions/${id}`)).body).toMatchObject({ disabledAt: null, reason: null });
    expect((await harbor.get('/notices')).body['items']).toEqual([]);
  });

  test('a receiver that is gone is disabled at once, and gets what has waited when it is enabled', async () => {
    const { id } = await subscribe();
    receiver.next = [410];
    await book();
    await eventually('disabled', async () => (await harbor.get(`/webhook-subscriptions/${id}`)).body['disabledAt'] !== null);
    expect(await deliveries(id)).toMatchObject([{ state: 'waiting', attempts: [{ status: 410 }] }]);
    expect((await harbor.post(`/webhook-subscriptions/${id}/enable`)).status).toBe(204);
    await delivered(id, 1);
  });

  test('sends again what is asked for: one event, or all since an instant', async () => {
    const { id } = await subscribe();
    await book();
    const since = formatInstant(scheduling.now());
    await book();
    await delivered(id, 2);
    const [newest, oldest] = await deliveries(id) as [Delivery, Delivery];
    expect((await harbor.post(`/webhook-subscriptions/${id}/deliveries/${oldest.id}/replay`)).body).toEqual({ replayed: 1 });
    await eventually('again', () => receiver.received.filter((one) => one.id === oldest.id).length === 2);
    await delivered(id, 2);
    expect((await harbor.post(`/webhook-subscriptions/${id}/replay`, { since })).body).toEqual({ replayed: 1 });
    await eventually('again', () => receiver.received.filter((one) => one.id === newest.id).length === 2);
    expect((await harbor.post(`/webhook-subscriptions/${id}/deliveries/${id}/replay`)).status).toBe(404);
  });

  test('one receiver that is silent keeps no other waiting, and a subscription that goes meanwhile fails no booking', async () => {
    const quick = await Receiver.start();
    try {
      const [slow, fast] = [await subscribe(harbor), await subscribe(harbor, quick.url)];
      receiver.next = ['silence'];
      await book();
      await eventually('the slow one has it', () => receiver.received.length === 1);
      await book();
      await delivered(fast.id, 2);
      expect((await deliveries(slow.id)).filter(({ attempts }) => attempts.length > 0)).toEqual([]);
      const [, , removed] = await Promise.all([book(), book(), harbor.call('DELETE', `/webhook-subscriptions/${fast.id}`)]);
      expect(removed.status).toBe(204);
    } finally {
      quick.stop();
    }
  });

  test('takes a URL once, and only a URL without a password', async () => {
    await subscribe();
    expect(await harbor.post('/webhook-subscriptions', { url: receiver.url, events: TYPES })).toMatchObject({ status: 409, body: { code: 'already-subscribed' } });
    for (const url of ['ftp://example.com/', 'https://a:b@example.com/', 'nowhere']) expect((await harbor.post('/webhook-subscriptions', { url, events: TYPES })).status).toBe(400);
    expect((await harbor.post('/webhook-subscriptions', { url: 'https://example.com/', events: ['scheduling.patient.recorded.v1'] })).status).toBe(400);
  });
});
