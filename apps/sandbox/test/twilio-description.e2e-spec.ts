import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestDatabase } from '@slotmesh/testing';
import { eventually } from '@slotmesh/testing';
import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { RequestClient, Twilio } from 'twilio';
import { parse } from 'yaml';
import { z } from 'zod';
import { ACCOUNT, type RunningSandbox, TOKEN, sandboxDatabase, startSandbox } from './sandbox-under-test';

const data = process.env['SLOTMESH_DATA'];
const file = join(data ?? '', 'twilio_api_v2010.yaml');
const operation = z.object({ operationId: z.string(), responses: z.record(z.string(), z.object({ content: z.record(z.string(), z.object({ schema: z.unknown() })).optional() }).loose()), parameters: z.array(z.object({ name: z.string(), in: z.string() }).loose()).default([]), requestBody: z.object({ content: z.record(z.string(), z.object({ schema: z.object({ properties: z.record(z.string(), z.unknown()) }).loose() }).loose()) }).loose().optional() }).loose();
const description = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())), components: z.unknown() }).loose();

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly string[];
  readonly fields: readonly string[];
  readonly status: number;
  readonly body: unknown;
}
const exchanges: Exchange[] = [];

/** The real client; what it asks and what comes back is kept. */
class RecordingClient extends RequestClient {
  constructor(private readonly base: string) {
    super({ timeout: 3_000 });
  }

  override async request<T>(options: Parameters<typeof RequestClient.prototype.request<T>>[0]): Promise<Awaited<ReturnType<typeof RequestClient.prototype.request<T>>>> {
    const uri = new URL(options.uri);
    const answer = await super.request<T>({ ...options, uri: this.base + uri.pathname + uri.search });
    const named = (value: unknown): string[] => (typeof value === 'object' && value !== null ? Object.keys(value) : []);
    exchanges.push({ method: options.method.toLowerCase(), path: uri.pathname, parameters: [...new Set([...uri.searchParams.keys(), ...named(options.params)])], fields: named(options.data), status: answer.statusCode, body: typeof answer.body === 'string' && answer.body !== '' ? JSON.parse(answer.body) : answer.body });
    return answer;
  }
}

const COLLECTION = '/2010-04-01/Accounts/{AccountSid}/Messages.json';
const INSTANCE = '/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json';
const operationAt = (path: string): string => (path.endsWith('/Messages.json') ? COLLECTION : INSTANCE);

/** Every answer of the description's operations on messages, by `operation status`. */
function described(): { readonly operations: ReadonlyMap<string, z.output<typeof operation>>; readonly validators: ReadonlyMap<string, ValidateFunction | null> } {
  const { paths, components } = description.parse(parse(readFileSync(file, 'utf8')));
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats(ajv);
  ajv.addFormat('date-time-rfc-2822', /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d \+0000$/);
  // Why: by the description's own examples the addresses of pages and messages are relative.
  ajv.addFormat('uri', /^(?:https?:\/\/[^\s/]+)?\/\S+$/);
  ajv.addFormat('uri-map', true);
  ajv.addSchema({ $id: 'description', components });
  const operations = new Map<string, z.output<typeof operation>>();
  const validators = new Map<string, ValidateFunction | null>();
  for (const path of [COLLECTION, INSTANCE]) {
    for (const method of ['get', 'post', 'delete']) {
      if (paths[path]?.[method] === undefined) continue;
      const found = operation.parse(paths[path][method]);
      operations.set(`${method} ${path}`, found);
      for (const [status, { content }] of Object.entries(found.responses)) {
        const schema = content?.['application/json']?.schema;
        validators.set(`${method} ${path} ${status}`, schema === undefined ? null : ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"description#/components'))));
      }
    }
  }
  return { operations, validators };
}

/** Runs where the description is: it is its maker's, and not shipped. */
const whereDescribed = data && existsSync(file) ? describe : null;
whereDescribed?.('what the real client asks and gets', () => {
  let database: TestDatabase;
  let sandbox: RunningSandbox;
  beforeAll(async () => {
    database = await sandboxDatabase();
    sandbox = await startSandbox(database);
    exchanges.length = 0;
  });
  afterAll(async () => {
    await sandbox?.stop();
    await database?.drop();
  });

  it('is what the description of the API says, in every operation on messages, every status and every field', async () => {
    const { operations, validators } = described();
    const client = new Twilio(ACCOUNT, TOKEN, { httpClient: new RecordingClient(sandbox.url) });
    const [from, to] = ['+16175550199', '+16175550101'];
    const service = `MG${'a'.repeat(32)}`;
    const refusal = (work: Promise<unknown>): Promise<number> => work.then(() => 0, (error: { status?: number }) => error.status ?? 0);
    await sandbox.call('POST', '/sandbox/api/faults', { channel: 'sms', kind: 'undelivered', errorCode: 30_006, to: '+16175550106' });
    const created = await Promise.all([
      client.messages.create({ from, to, body: 'Hello', validityPeriod: 3_600, statusCallback: 'https://example.org/status', smartEncoded: true }),
      client.messages.create({ messagingServiceSid: service, to, body: 'From a service' }),
      client.messages.create({ from, to, body: 'With a picture', mediaUrl: ['https://example.org/a.png'] }),
      client.messages.create({ from, to: '+16175550106', body: 'To a landline' }),
    ]);
    const later = await client.messages.create({ messagingServiceSid: service, to, body: 'Later', scheduleType: 'fixed', sendAt: new Date(sandbox.clock.now() + 3_600_000) });
    for (const { sid } of created) await eventually('it has ended', async () => ['delivered', 'undelivered'].includes((await client.messages(sid).fetch()).status));
    await client.messages(later.sid).update({ status: 'canceled' });
    await client.messages(created[0].sid).update({ body: '' });
    const now = sandbox.clock.now();
    for (const filter of [{}, { to }, { from }, { to, from, pageSize: 1 }, { dateSent: new Date(now) }, { dateSentAfter: new Date(now - 60_000) }, { dateSentBefore: new Date(now + 60_000), pageSize: 2 }]) await client.messages.list(filter);
    const page = await client.messages.page({ pageSize: 2 });
    await (await page.nextPage())?.previousPage();
    await client.messages(created[0].sid).remove();
    const refused = await Promise.all([
      refusal(client.messages(created[0].sid).fetch()), refusal(client.messages.create({ from, to, body: 'a'.repeat(1_601) })), refusal(client.messages.create({ to, body: 'no sender' })), refusal(client.messages(created[1].sid).update({ status: 'canceled' })),
      refusal(new Twilio(ACCOUNT, 'not-the-right-token', { httpClient: new RecordingClient(sandbox.url) }).messages.list()),
    ]);
    expect(refused).toEqual([404, 400, 400, 400, 401]);

    const wrong: string[] = [];
    const seen = new Set<string>();
    for (const { method, path, parameters, fields, status, body } of exchanges) {
      const place = `${method} ${operationAt(path)}`;
      const asked = operations.get(place);
      const known = [...(asked?.parameters ?? []).map((one) => one.name), ...Object.keys(asked?.requestBody?.content['application/x-www-form-urlencoded']?.schema.properties ?? {})];
      for (const name of [...parameters, ...fields]) if (!known.includes(name)) wrong.push(`${place} takes no ${name}`);
      // Why apart: the description has no errors; their form is that which the client reads.
      if (status >= 400) {
        if (!z.strictObject({ code: z.int(), message: z.string(), more_info: z.url(), status: z.literal(status) }).safeParse(body).success) wrong.push(`${place} refuses in another form: ${JSON.stringify(body)}`);
        continue;
      }
      const validate = validators.get(`${place} ${status}`);
      seen.add(`${place} ${status}`);
      if (validate === undefined) wrong.push(`${place} has no answer ${status}`);
      else if (validate === null ? body : !validate(body)) wrong.push(`${place} ${status}: ${JSON.stringify(validate?.errors ?? body)}`);
    }
    expect(wrong).toEqual([]);
    // Every operation and every status that is described was asked for.
    expect([...seen].sort()).toEqual([...validators.keys()].sort());
    expect([...validators.keys()]).toHaveLength(5);
  });
});
if (!whereDescribed) it('is compared with the description of the API where SLOTMESH_DATA has it', () => expect(data ? existsSync(file) : false).toBe(false));
