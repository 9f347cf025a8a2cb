import { type Server, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Controller, Injectable, Module } from '@nestjs/common';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { UnitOfWork, eventOf, workerFor, type Tx } from '@slotmesh/persistence';
import { DatabaseModule, EVENT_STRATEGY, PlatformModule, createApplication, databaseConfig, kafkaConfig, loadConfig, serviceConfig } from '@slotmesh/platform';
import { SecurityModule, SubjectDirectory } from '@slotmesh/security';
import { eventually } from '@slotmesh/testing';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { MessagingModule } from '../messaging.module';
import { OnEvent } from '../on-event';
import type { Received } from '../received';
import { CountingBench } from '../testing-processes/counting-bench';
import { HOST } from '../testing-processes/counting-service';
import { Ticked } from '../testing-processes/ticks';

@Injectable()
class Mood {
  bad = new Set<number>();
}

@Controller()
class TickConsumer {
  constructor(private readonly mood: Mood) {}
  @OnEvent(Ticked)
  async handle(event: Received<typeof Ticked>, tx: Tx): Promise<void> {
    if (this.mood.bad.has(event.data.n)) throw new Error('cannot');
    await tx.execute('INSERT INTO effect (topic, key, n) VALUES ($1, $2, $3)', [event.topic, event.key, event.data.n]);
  }
}

interface Item { readonly id: string; readonly key: string; readonly sequence: number; readonly state: string; readonly next: boolean; readonly reason: string }

describe('P11: the operator and parked events', () => {
  let bench: CountingBench;
  let issuer: Server;
  let app: NestFastifyApplication;
  const tokens = { operator: '', desk: '' };

  beforeAll(async () => {
    bench = await CountingBench.set();
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'RS256' }] });
    issuer = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(keys));
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
    const { port } = issuer.address() as AddressInfo;
    const OIDC_ISSUER = `http://127.0.0.1:${port}`;
    const token = (sub: string) => new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid: 'test' }).setSubject(sub).setIssuer(OIDC_ISSUER).setAudience('slotmesh').setIssuedAt().setExpirationTime('5m').sign(privateKey);
    [tokens.operator, tokens.desk] = await Promise.all([token('operator'), token('desk')]);

    const config = loadConfig(serviceConfig.extend(databaseConfig.shape).extend(kafkaConfig.shape), {
      PUBLIC_URL: 'http://localhost', PORT: '0', OPS_PORT: '0', LOG_LEVEL: 'silent', DATABASE_APP_URL: bench.database.appUrl, DATABASE_WORKER_URL: bench.database.workerUrl,
      KAFKA_BROKERS: bench.topics.brokers.join(','), KAFKA_TOPIC_PREFIX: bench.topics.prefix,
    });
    const directory = {
      find: async (subject: string) => (subject === 'operator' ? { subject, practice: null, roles: ['operator' as const] } : { subject, practice: HOST, roles: ['front-desk' as const] }),
    };
    @Module({
      imports: [
        PlatformModule.forRoot('counting', config), DatabaseModule.forRoot('counting', config),
        SecurityModule.forRoot({ OIDC_ISSUER, OIDC_JWKS_URI: OIDC_ISSUER, OIDC_AUDIENCE: 'slotmesh', SERVICE_CLIENT_IDS: [], OIDC_TOKEN_URL: OIDC_ISSUER, CLIENT_ID: 'counting', CLIENT_SECRET: 'x', SCHEDULING_URL: OIDC_ISSUER }, { provide: SubjectDirectory, useValue: directory }),
        MessagingModule.forRoot('counting', config, { retry: { pollMs: 20, firstMs: 5, maxMs: 10, attempts: 2 } }),
      ],
      controllers: [TickConsumer], providers: [Mood],
    })
    class App {}
    app = await createApplication(App);
    app.connectMicroservice<MicroserviceOptions>({ strategy: app.get(EVENT_STRATEGY, { strict: false }) }, { inheritAppConfig: false });
    await app.startAllMicroservices();
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterAll(async () => {
    await app.close();
    await new Promise((resolve) => issuer.close(resolve));
    await bench.clear();
  });

  const call = async (method: 'GET' | 'POST', path: string, body?: object, token = tokens.operator) => {
    const response = await app.inject({ method, url: `/api/counting/v1/parked-events${path}`, headers: { authorization: `Bearer ${token}` }, ...(body ? { payload: body } : {}) });
    return { status: response.statusCode, body: response.body === '' ? null : response.json() };
  };
  const list = async (query: string): Promise<Item[]> => (await call('GET', `?${query}`)).body.items;
  const tick = (key: string, ...numbers: number[]) => app.get(UnitOfWork).run(workerFor('counting', HOST), async (tx) => tx.outbox.add(...numbers.map((n) => eventOf(Ticked, { key, host: HOST }, { n }))));
  const taken = async (key: string): Promise<number[]> => (await app.get(UnitOfWork).run(workerFor('test', null), (tx) => tx.query<{ n: number }>('SELECT n FROM effect WHERE key = $1 ORDER BY position', [key]))).map(({ n }) => n);
  const audits = (id: string): Promise<{ action: string; actor_subject: string; details: Record<string, unknown> }[]> =>
    app.get(UnitOfWork).run(workerFor('test', null), (tx) => tx.query('SELECT action, actor_subject, details FROM audit_entry WHERE entity_id = $1 ORDER BY at, action', [id]));
  const deadHead = async (key: string, behind: number): Promise<Item> =>
    eventually('the head is dead', async () => { const items = await list(`key=${key}`); return items.length === behind + 1 && items.find(({ state }) => state === 'dead'); });

  it('lists with filters and pages, shows one, and refuses who is not permitted', async () => {
    const mood = app.get(Mood);
    mood.bad = new Set([2]);
    await tick('list', 1, 2, 3, 4);
    const head = await deadHead('list', 2);
    expect(head).toMatchObject({ sequence: 2, next: true, state: 'dead', reason: 'Error: cannot' });
    expect(await list('key=list&state=waiting')).toHaveLength(2);
    const page = (await call('GET', '?key=list&limit=2')).body;
    expect(page.items.map(({ sequence }: Item) => sequence)).toEqual([4, 3]);
    const rest = (await call('GET', `?key=list&limit=2&cursor=${page.nextCursor}`)).body;
    expect([rest.items.map(({ sequence }: Item) => sequence), rest.nextCursor]).toEqual([[2], null]);
    expect((await call('GET', `/${head.id}`)).body).toMatchObject({ value: { n: 2 }, behind: 2, headers: { ce_sequence: '2', ce_host: 'harbor' } });
    expect((await audits(head.id)).map(({ action }) => action)).toEqual(['parked-event.read']);
    expect((await call('GET', '', undefined, tokens.desk)).status).toBe(403);
    expect((await call('GET', '?state=lost')).status).toBe(400);
    expect((await call('GET', '/0190aaaa-0000-7000-8000-000000000001')).body).toMatchObject({ status: 404, code: 'parked-event-unknown' });
  });

  it('replays the head and then what stands behind it; what stands behind cannot go first', async () => {
    const mood = app.get(Mood);
    mood.bad = new Set([2]);
    await tick('replay', 1, 2, 3, 4);
    const head = await deadHead('replay', 2);
    const [last] = await list('key=replay');
    expect((await call('POST', `/${last!.id}/replay`)).body).toMatchObject({ status: 409, code: 'another-is-next', next: head.id });
    mood.bad = new Set();
    expect(await call('POST', `/${head.id}/replay`)).toMatchObject({ status: 202, body: { state: 'waiting', attempts: 0 } });
    await eventually('the park of the key is empty', async () => (await list('key=replay')).length === 0);
    expect(await taken('replay')).toEqual([1, 2, 3, 4]);
    expect(await audits(head.id)).toMatchObject([{ action: 'parked-event.replayed', actor_subject: 'operator', details: { sequence: 2, key: 'replay', missing: 0 } }]);
  });

  it('discards the head with a reason; the key goes on by one', async () => {
    const mood = app.get(Mood);
    mood.bad = new Set([2]);
    await tick('discard', 1, 2, 3);
    const head = await deadHead('discard', 1);
    const [last] = await list('key=discard');
    expect((await call('POST', `/${last!.id}/discard`, { reason: 'not needed' })).body).toMatchObject({ status: 409, code: 'another-is-next' });
    expect((await call('POST', `/${head.id}/discard`, {})).body).toMatchObject({ status: 400, errors: [{ pointer: '/reason' }] });
    expect((await call('POST', `/${head.id}/discard`, { reason: 'sent by a wrong release' })).status).toBe(204);
    await eventually('the one behind was taken', async () => (await taken('discard')).length === 2);
    expect(await taken('discard')).toEqual([1, 3]);
    expect(await audits(head.id)).toMatchObject([{ action: 'parked-event.discarded', details: { sequence: 2, reason: 'sent by a wrong release' } }]);
    expect((await call('POST', `/${head.id}/discard`, { reason: 'once more' })).status).toBe(404);
  });

  it('goes past records that never came only with a reason, and discards strays', async () => {
    app.get(Mood).bad = new Set();
    const raw = await bench.raw();
    await raw.send('hole', 1);
    await raw.send('hole', 4);
    await raw.send('hole', 5, { headers: { ce_sequence: 'five' } });
    const items = await eventually('both are parked', async () => { const found = await list('key=hole'); return found.length === 2 && found; });
    const gap = items.find(({ sequence }) => sequence === 4)!;
    const stray = items.find(({ sequence }) => sequence < 0)!;
    expect((await call('POST', `/${gap.id}/replay`)).body).toMatchObject({ status: 409, code: 'predecessor-missing', from: 2, to: 3 });
    expect((await call('POST', `/${gap.id}/replay`, { acceptGap: true })).status).toBe(400);
    expect((await call('POST', `/${gap.id}/replay`, { acceptGap: true, reason: 'topic was restored from a copy' })).status).toBe(202);
    await eventually('it was taken', async () => (await taken('hole')).length === 2);
    expect((await call('POST', `/${stray.id}/replay`)).body).toMatchObject({ status: 422, code: 'no-place-in-order' });
    expect((await call('POST', `/${stray.id}/discard`, { reason: 'not ours' })).status).toBe(204);
    await raw.send('hole', 5);
    await eventually('the key flows', async () => (await taken('hole')).length === 3);
  });
});
