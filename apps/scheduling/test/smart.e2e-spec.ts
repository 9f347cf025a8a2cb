import { randomUUID } from 'node:crypto';
import { RouteCensus, scopeText } from '@slotmesh/security';
import { type CryptoKey, SignJWT, exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';
import { FhirClient, actorOf, appointmentIn, issuesIn, matches, proposals, refusalIn } from './fhir-client';
import { RunningScheduling } from './running-scheduling';

const configuration = z.looseObject({ token_endpoint: z.url(), scopes_supported: z.array(z.string()) });
const answer = z.object({ access_token: z.string() });

describe('systems of practices: SMART Backend Services', () => {
  let scheduling: RunningScheduling;
  let tokenUrl: string;
  const keys = new Map<string, CryptoKey>();

  beforeAll(async () => {
    scheduling = await RunningScheduling.start();
    for (const client of ['harbor-ehr', 'stranger', 'reminders-of-another-house']) {
      const { publicKey, privateKey } = await generateKeyPair('ES384');
      keys.set(client, privateKey);
      scheduling.issuer.registerSystem(client, await exportJWK(publicKey));
    }
    const response = await fetch(`${scheduling.url}/fhir/R4/.well-known/smart-configuration`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, expect.stringContaining('application/json')]);
    tokenUrl = configuration.parse(await response.json()).token_endpoint;
  });
  afterAll(async () => scheduling?.stop());

  const ask = async (client: string, scope: string, signedBy = client): Promise<Response> => {
    const assertion = await new SignJWT({}).setProtectedHeader({ alg: 'ES384', typ: 'JWT' }).setIssuer(client).setSubject(client).setAudience(tokenUrl).setJti(randomUUID()).setIssuedAt().setExpirationTime('4m').sign(keys.get(signedBy)!);
    return fetch(tokenUrl, { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', scope, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: assertion }) });
  };
  const tokenOf = async (client: string, scope: string): Promise<string> => answer.parse(await (await ask(client, scope)).json()).access_token;
  const system = async (scope: string, client = 'harbor-ehr'): Promise<FhirClient> => FhirClient.withToken(scheduling, await tokenOf(client, scope));
  const find = (client: FhirClient) => client.operation('find', [{ name: 'start', valueInstant: scheduling.inDays(3) }, { name: 'end', valueInstant: scheduling.inDays(13) }, { name: 'visit-type', valueCodeableConcept: { coding: [{ code: 'dermatology-consult' }] } }]);

  test("harbor's practice system signs in by its own key, finds, holds and books summit's time for harbor's patient, and the audit names it", async () => {
    const [patient] = await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'harbor' ORDER BY id LIMIT 1`);
    const ehr = await system('system/Appointment.cruds');
    const [proposed] = proposals(await find(ehr));
    const held = await ehr.operation('hold', [{ name: 'appt-id', valueId: proposed!.id }]);
    expect(held.status).toBe(201);
    const booked = await ehr.operation('book', [{ name: 'appt-id', valueId: appointmentIn(held).id }, { name: 'patient-id', valueId: patient!.id }], { 'idempotency-key': 'ehr-1' });
    expect(booked).toMatchObject({ status: 201, body: { status: 'booked', start: proposed!.start } });
    expect(actorOf(appointmentIn(booked), 'Patient')).toBe(`Patient/${patient!.id}`);
    expect(await scheduling.sql(`SELECT actor_subject AS subject, practice_id FROM audit_entry WHERE action = 'appointment.booked' AND entity_id = $1`, [appointmentIn(booked).id])).toEqual([{ subject: 'client:harbor-ehr', practice_id: 'harbor' }]);
    expect(matches(await ehr.get(`/Appointment?_id=${appointmentIn(booked).id}`))).toHaveLength(1);
    expect((await ask('harbor-ehr', 'system/*.cruds', 'stranger')).status).toBe(401);
  });

  test.each([['system/Appointment.rs', true, false], ['system/Appointment.read', true, false], ['system/*.rs', true, false], ['system/Appointment.c', false, true], ['system/Appointment.write', false, true], ['system/Appointment.*', true, true], ['user/Appointment.cruds', false, false]])('with %s it finds: %s, and holds: %s', async (scope, finds, holds) => {
    const ehr = await system(scope);
    const known = proposals(await find(await system('system/Appointment.s')));
    const found = await find(ehr);
    expect(found.status).toBe(finds ? 200 : 403);
    if (!finds) expect(issuesIn(found)).toMatchObject([{ code: 'forbidden', diagnostics: expect.stringContaining('system/Appointment.s') }]);
    const held = await ehr.operation('hold', [{ name: 'appt-id', valueId: known.at(-1)!.id }]);
    if (holds) await scheduling.sql(`UPDATE hold SET expires_at = placed_at WHERE id = $1`, [appointmentIn(held).id]);
    else expect([refusalIn(held), issuesIn(held)[0]!.diagnostics]).toEqual([{ status: 403, issue: 'forbidden', code: 'scope-missing' }, expect.stringContaining('system/Appointment.c')]);
  });

  test('P22: every FHIR route has a scope, refuses a token without it by name, and gives a system no more than its role', async () => {
    const routes = scheduling.app.get(RouteCensus, { strict: false }).routes().filter(({ path }) => path.startsWith('/fhir/'));
    const guarded = routes.filter(({ publicBecause }) => publicBecause === null);
    expect(guarded.length).toBeGreaterThan(20);
    const [all, nothing] = await Promise.all([system('system/*.cruds'), system('openid')]);
    for (const { method, path, scope } of guarded) {
      const url = path.replace('/fhir/R4', '').replace(':id', '019b0000-0000-7000-8000-000000000000');
      const send = (client: FhirClient) => (method === 'GET' ? client.get(url) : client.send(method, url, '{}', { 'content-type': 'application/json' }));
      expect([method, path, issuesIn(await send(nothing))]).toMatchObject([method, path, [{ details: { coding: [{ code: 'scope-missing' }] }, diagnostics: expect.stringContaining(scopeText(scope!)) }]]);
      expect([method, path, JSON.stringify((await send(all)).body).includes('scope-missing')]).toEqual([method, path, false]);
    }
    const stated = configuration.parse(await (await fetch(`${scheduling.url}/fhir/R4/.well-known/smart-configuration`)).json());
    expect(stated.scopes_supported).toEqual(expect.arrayContaining(['system/Appointment.crus', 'system/ServiceRequest.rs', 'system/Patient.rs', 'system/Slot.rs']));
  });

  test('P22: a system is let in at FHIR only, never as one of our own services, never as a person, and only where a practice knows it', async () => {
    const call = async (token: string, path: string) => {
      const response = await fetch(`${scheduling.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
      return [response.status, z.looseObject({ code: z.string() }).parse(await response.json()).code];
    };
    const patientKey = '/api/scheduling/v1/patient-keys/019b0000-0000-7000-8000-000000000000';
    for (const client of ['harbor-ehr', 'stranger', 'reminders-of-another-house']) {
      const token = await tokenOf(client, 'system/*.cruds slotmesh');
      for (const path of [patientKey, '/api/scheduling/v1/appointments', '/api/scheduling/v1/openings']) expect(await call(token, path)).toEqual([403, 'fhir-only']);
    }
    expect(refusalIn(await (await system('system/*.cruds', 'stranger')).get('/Appointment'))).toEqual({ status: 403, issue: 'forbidden', code: 'client-unknown' });
    expect(await call(await scheduling.issuer.tokenOf('client:harbor-ehr'), '/api/scheduling/v1/appointments')).toEqual([403, 'subject-unknown']);
    // Its scopes are wide, its role is not: no booking, and nothing of the partnership.
    await scheduling.sql(`INSERT INTO staff (subject, practice_id, roles) VALUES ('client:lone', 'lakeside', '{auditor}')`);
    const { publicKey, privateKey } = await generateKeyPair('ES384');
    keys.set('lone', privateKey);
    scheduling.issuer.registerSystem('lone', await exportJWK(publicKey));
    const lone = await system('system/*.cruds', 'lone');
    expect(refusalIn(await lone.operation('hold', [{ name: 'appt-id', valueId: 'o1' }]))).toEqual({ status: 403, issue: 'forbidden', code: 'permission-missing' });
    expect(matches(await lone.get('/Organization')).map(({ id }) => id)).toEqual(['lakeside']);
  });
});
