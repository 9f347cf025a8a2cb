import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestDatabase } from '@slotmesh/testing';
import { z } from 'zod';
import { ACCOUNT, type RunningSandbox, TOKEN, sandboxDatabase, startSandbox } from './sandbox-under-test';

const RECORDED = ['account_sid', 'api_version', 'body', 'date_created', 'date_sent', 'date_updated', 'direction', 'error_code', 'error_message', 'from', 'messaging_service_sid', 'num_media', 'num_segments', 'price', 'price_unit', 'sid', 'status', 'subresource_uris', 'to', 'uri'];
const listing = z.object({ messages: z.array(z.record(z.string(), z.unknown())) }).loose();

interface Property {
  readonly type: string | null;
  readonly nullable: boolean;
  readonly pattern: RegExp | null;
}

/** The properties of `api.v2010.account.message`, by indentation: the description is YAML as one tool writes it. Null where SLOTMESH_DATA is not set. */
function describedMessage(): ReadonlyMap<string, Property> | null {
  const file = join(process.env['SLOTMESH_DATA'] ?? '', 'twilio_api_v2010.yaml');
  if (!process.env['SLOTMESH_DATA'] || !existsSync(file)) return null;
  const text = readFileSync(file, 'utf8');
  const schema = /^ {4}api\.v2010\.account\.message:\n((?: {6}.*\n)+)/m.exec(text)?.[1] ?? '';
  return new Map(
    [...schema.matchAll(/^ {8}(\w+):\n((?: {10}.*\n)+)/gm)].map(([, name = '', body = '']) => [
      name,
      { type: /^ {10}type: (\w+)/m.exec(body)?.[1] ?? null, nullable: /^ {10}nullable: true/m.test(body), pattern: ((found) => (found ? new RegExp(found) : null))(/^ {10}pattern: (\S+)/m.exec(body)?.[1]) },
    ]),
  );
}

describe('the form of an answer', () => {
  let database: TestDatabase;
  let sandbox: RunningSandbox;

  beforeAll(async () => {
    database = await sandboxDatabase();
    sandbox = await startSandbox(database);
  });
  afterAll(async () => {
    await sandbox?.stop();
    await database?.drop();
  });

  const messages = (init: RequestInit = {}) =>
    fetch(`${sandbox.url}/2010-04-01/Accounts/${ACCOUNT}/Messages.json`, { ...init, headers: { authorization: `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}`, ...(init.body ? { 'content-type': 'application/x-www-form-urlencoded' } : {}) } });

  it('has the keys, types and dates that Twilio describes', async () => {
    const created = await messages({ method: 'POST', body: new URLSearchParams({ To: '+16175550101', From: '+16175550199', Body: 'Hello' }).toString() });
    expect(created.status).toBe(201);
    const described = describedMessage();
    const listed = listing.parse(await (await messages()).json());
    for (const message of [z.record(z.string(), z.unknown()).parse(await created.json()), ...listed.messages]) {
      expect(Object.keys(message).sort()).toEqual(described ? [...described.keys()].sort() : RECORDED);
      expect(message['date_created']).toMatch(/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d \+0000$/);
      for (const [name, property] of described ?? []) {
        const value = message[name];
        if (value === null) expect([name, property.nullable]).toEqual([name, true]);
        else if (property.type !== null) expect([name, typeof value]).toEqual([name, property.type === 'integer' ? 'number' : property.type]);
        if (property.pattern && value !== null) expect(value).toMatch(property.pattern);
      }
    }
    if (described) expect([...described.keys()].sort()).toEqual(RECORDED);
  });

  it('pages with the keys that Twilio uses', async () => {
    const page = z.record(z.string(), z.unknown()).parse(await (await messages()).json());
    expect(Object.keys(page).sort()).toEqual(['end', 'first_page_uri', 'messages', 'next_page_uri', 'page', 'page_size', 'previous_page_uri', 'start', 'uri']);
    expect(page).toMatchObject({ page: 0, page_size: 50, start: 0, next_page_uri: null, previous_page_uri: null, first_page_uri: `/2010-04-01/Accounts/${ACCOUNT}/Messages.json?PageSize=50&Page=0` });
  });

  it('refuses in the form that the client reads', async () => {
    const refused = await messages({ method: 'POST', body: new URLSearchParams({ From: '+16175550199', Body: 'Hello' }).toString() });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({ code: 21604, message: "A 'To' phone number is required.", more_info: 'https://www.twilio.com/docs/errors/21604', status: 400 });
    const unknown = await fetch(`${sandbox.url}/2010-04-01/Accounts/${ACCOUNT}/Calls.json`, { headers: { authorization: `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}` } });
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ code: 20404, status: 404 });
    const json = await fetch(`${sandbox.url}/2010-04-01/Accounts/${ACCOUNT}/Messages.json`, { method: 'POST' });
    expect(json.status).toBe(401);
    expect(await json.json()).toMatchObject({ code: 20003 });
  });
});
