import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RouteCensus, permissionsOfRole, roles } from '@slotmesh/security';
import { type Appointment, FhirClient, type FhirResult, actorOf, appointmentIn, bundleIn, issuesIn, matches, proposals, refusalIn, resourceIn } from './fhir-client';
import { RunningScheduling } from './running-scheduling';

let scheduling: RunningScheduling;
let harbor: FhirClient;
let summit: FhirClient;
let lakeside: FhirClient;
let patients: string[];
let used = 0;
const patient = (): string => patients[used++ % patients.length]!;
/** What the service answered, one of each kind, for the validator. */
const samples = new Map<string, unknown>();
const kept = (name: string, result: FhirResult): FhirResult => {
  samples.set(name, result.body);
  return result;
};

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  [harbor, summit, lakeside] = await Promise.all(['frontdesk@harbor.example', 'frontdesk@summit.example', 'frontdesk@lakeside.example'].map((subject) => FhirClient.of(scheduling, subject))) as [FhirClient, FhirClient, FhirClient];
  patients = (await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'harbor' ORDER BY id`)).map((row) => row.id);
});
afterAll(async () => scheduling.stop());

/** Summit's dermatology, which harbor may book. */
const found = async (days: number, more: readonly object[] = []): Promise<Appointment[]> => proposals(await harbor.operation('find', [
  { name: 'start', valueInstant: scheduling.inDays(days) }, { name: 'end', valueInstant: scheduling.inDays(days + 10) }, { name: 'visit-type', valueCodeableConcept: { coding: [{ system: 'urn:slotmesh:service', code: 'dermatology-consult' }] } }, ...more,
]));
const hold = (client: FhirClient, id: string): Promise<FhirResult> => client.operation('hold', [{ name: 'appt-id', valueId: id }]);
const book = (client: FhirClient, id: string, who: string, more: readonly object[] = []): Promise<FhirResult> => client.operation('book', [{ name: 'appt-id', valueId: id }, { name: 'patient-id', valueId: who }, ...more]);

describe('the main job in FHIR', () => {
  test("P7: harbor finds, holds and books summit's time; summit sees the same visit with its own record of the patient, and others nothing", async () => {
    const [proposed] = await found(3);
    expect(proposed).toMatchObject({ status: 'proposed', slot: [{ reference: `Slot/${proposed!.id}` }] });
    expect(matches(await harbor.get(`/HealthcareService?_id=${actorOf(proposed!, 'HealthcareService')!}`))).toMatchObject([{ providedBy: { reference: 'Organization/summit' } }]);
    const held = kept('appointment-pending', await hold(harbor, proposed!.id));
    expect(held.status).toBe(201);
    expect(appointmentIn(held)).toMatchObject({ status: 'pending', start: proposed!.start });
    expect(resourceIn(await harbor.get(`/Appointment/${appointmentIn(held).id}`))).toEqual(held.body);
    expect(resourceIn(await harbor.get(`/Slot/${proposed!.id}`))).toMatchObject({ status: 'busy' });
    const who = patient();
    const booked = kept('appointment-booked', await book(harbor, appointmentIn(held).id, who, [{ name: 'comment', valueString: 'A new mole' }]));
    expect(booked).toMatchObject({ status: 201, body: { status: 'booked', start: proposed!.start, meta: { versionId: '1' } } });
    const { id } = appointmentIn(booked);
    expect(booked.headers.get('location')).toBe(`http://localhost:8080/fhir/R4/Appointment/${id}`);
    expect(booked.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
    expect(actorOf(appointmentIn(booked), 'Patient')).toBe(`Patient/${who}`);

    const atHost = await summit.get(`/Appointment/${id}`);
    expect(atHost.headers.get('etag')).toBe('W/"1"');
    expect(atHost.body).toMatchObject({ id, status: 'booked', reasonCode: [{ text: 'A new mole' }] });
    const theirs = actorOf(appointmentIn(atHost), 'Patient')!;
    expect(theirs).not.toBe(`Patient/${who}`);
    expect((await summit.get(`/${theirs}`)).status).toBe(200);
    expect(refusalIn(await harbor.get(`/${theirs}`))).toEqual({ status: 404, issue: 'not-found', code: 'patient-unknown' });
    expect(refusalIn(await summit.get(`/Patient/${who}`))).toEqual({ status: 404, issue: 'not-found', code: 'patient-unknown' });
    expect((await harbor.get(`/Appointment/${id}`)).body).not.toHaveProperty('reasonCode');
    expect(refusalIn(await lakeside.get(`/Appointment/${id}`))).toEqual({ status: 404, issue: 'not-found', code: 'appointment-unknown' });
    const [row] = await scheduling.sql<{ n: number }>(`SELECT count(*)::int AS n FROM audit_entry WHERE action = 'appointment.read' AND entity_id = $1`, [id]);
    expect(row!.n).toBe(2);
  });

  test('P7: lakeside is in no partnership: it finds, reads and holds nothing of the network', async () => {
    const [proposed] = await found(3);
    for (const type of ['Organization', 'Location', 'Practitioner', 'PractitionerRole', 'HealthcareService', 'Schedule', 'Slot', 'Appointment', 'Patient', 'ServiceRequest']) {
      const answer = await lakeside.get(`/${type}`);
      expect([type, answer.status, JSON.stringify(answer.body).match(/harbor|summit|desert/g)]).toEqual([type, 200, null]);
    }
    expect(proposals(await lakeside.get(`/Appointment/$find?start=${scheduling.inDays(1)}&end=${scheduling.inDays(9)}&visit-type=dermatology-consult`))).toEqual([]);
    for (const refused of [await hold(lakeside, proposed!.id), await lakeside.get(`/Slot/${proposed!.id}`)]) expect(refusalIn(refused)).toEqual({ status: 404, issue: 'not-found', code: 'opening-never-bookable' });
  });

  test('P1: of 20 simultaneous $hold of one time one wins, and the others get 409, fatal and not-found, with free times instead (P5)', async () => {
    const [proposed] = await found(4);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => hold(index % 2 === 0 ? harbor : summit, proposed!.id)));
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused).toHaveLength(19);
    for (const one of refused) expect(refusalIn(one)).toEqual({ status: 409, issue: 'not-found', code: 'opening-taken' });
    const [first, alternative] = issuesIn(refused[0]!);
    expect(first).toMatchObject({ severity: 'fatal' });
    expect((await hold(harbor, alternative!.details!.coding[0]!.code)).status).toBe(201);
  });

  test('P4: the same Idempotency-Key gives the same answer and one booking, also a refusal; other Parameters are 422', async () => {
    const [proposed] = await found(5);
    const who = patient();
    const parameters = [{ name: 'appointment-reference', valueReference: { reference: `Appointment/${proposed!.id}` } }, { name: 'patient-reference', valueReference: { reference: `Patient/${who}` } }];
    const key = { 'idempotency-key': '"fhir-once"' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => harbor.operation('book', parameters, key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map((answer) => appointmentIn(answer).id)).size).toBe(1);
    expect(refusalIn(await harbor.operation('book', [...parameters, { name: 'comment', valueString: 'other' }], key))).toEqual({ status: 422, issue: 'business-rule', code: 'idempotency-key-reused' });
    const refused = await harbor.operation('hold', parameters.slice(0, 1), { 'idempotency-key': 'fhir-refused' });
    expect(refusalIn(refused)).toMatchObject({ status: 409, code: 'opening-taken' });
    expect((await harbor.operation('hold', parameters.slice(0, 1), { 'idempotency-key': 'fhir-refused' })).body).toEqual(refused.body);
  });

  test('P3: only its holder can book what is held, and a hold that is cancelled is free again', async () => {
    const [proposed] = await found(6);
    const held = appointmentIn(await hold(harbor, proposed!.id));
    expect(refusalIn(await book(await FhirClient.of(scheduling, 'manager@harbor.example'), held.id, patient()))).toEqual({ status: 404, issue: 'not-found', code: 'hold-unknown' });
    const cancelled = await harbor.operation('book', [{ name: 'appt-resource', resource: { ...held, status: 'cancelled' } }]);
    expect(cancelled).toMatchObject({ status: 200, body: { id: held.id, status: 'cancelled' } });
    expect(resourceIn(await harbor.get(`/Slot/${proposed!.id}`))).toMatchObject({ status: 'free' });
    expect((await harbor.get(`/Appointment/${held.id}`)).status).toBe(404);
  });

  test('P2: cancelled-appt-id moves the visit; a held time cannot be moved to, and another patient is refused', async () => {
    const list = await found(7);
    const [first, second, third] = [list[0]!, list.find((one) => one.start >= list[0]!.end)!, list.at(-1)!];
    const who = patient();
    const { id } = appointmentIn(await book(harbor, first.id, who));
    const to = (target: string, more: readonly object[] = [], headers = {}) => harbor.operation('book', [{ name: 'appt-id', valueId: target }, { name: 'cancelled-appt-id', valueId: id }, ...more], headers);
    expect(refusalIn(await to(second.id, [{ name: 'patient-id', valueId: patient() }]))).toMatchObject({ status: 422, code: 'appointment-differs' });
    expect(refusalIn(await to(second.id, [], { 'if-match': 'W/"9"' }))).toEqual({ status: 412, issue: 'conflict', code: 'appointment-changed' });
    const moved = await to(second.id, [{ name: 'patient-id', valueId: who }], { 'if-match': 'W/"1"' });
    expect(moved).toMatchObject({ status: 200, body: { id, start: second.start, status: 'booked' } });
    expect(moved.headers.get('etag')).toBe('W/"2"');
    expect(resourceIn(await harbor.get(`/Slot/${first.id}`))).toMatchObject({ status: 'free' });
    const held = appointmentIn(await hold(harbor, third.id));
    expect(refusalIn(await to(held.id))).toMatchObject({ status: 422, code: 'move-needs-opening' });
  });

  test('P8: a patient who has another visit then is refused, and $find for that patient leaves the time out and says so', async () => {
    const who = patient();
    const own = proposals(await harbor.get(`/Appointment/$find?start=${scheduling.inDays(8)}&end=${scheduling.inDays(16)}&organization=harbor&visit-type=primary-care-visit&_count=200`));
    const beside = own.find((one) => own.some((other) => other.id !== one.id && other.start < one.end && one.start < other.end))!;
    const other = own.find((one) => one.id !== beside.id && one.start < beside.end && beside.start < one.end)!;
    expect((await book(harbor, beside.id, who)).status).toBe(201);
    expect(refusalIn(await book(harbor, other.id, who))).toEqual({ status: 409, issue: 'conflict', code: 'another-visit-then' });
    const free = await harbor.get(`/Appointment/$find?start=${other.start}&end=${scheduling.inDays(16)}&organization=harbor&visit-type=primary-care-visit&patient-reference=Patient/${who}`);
    expect(proposals(free).map(({ id }) => id)).not.toContain(other.id);
    expect(JSON.stringify(bundleIn(free).entry.at(-1))).toContain('the patient has another visit then');
  });
});

describe('cancelling', () => {
  const bookedAt = async (days: number): Promise<FhirResult> => book(harbor, (await found(days))[2]!.id, patient());
  const reason = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason', code: 'pat-mt' }] };

  test('PUT with status cancelled, a reason and If-Match calls the visit off; a stale ETag is 412, any other change 422 by name', async () => {
    const visit = resourceIn(await bookedAt(4));
    const path = `/Appointment/${visit.id}`;
    expect(refusalIn(await harbor.put(path, { ...visit, status: 'cancelled', cancelationReason: reason }, { 'if-match': 'W/"7"' }))).toEqual({ status: 412, issue: 'conflict', code: 'appointment-changed' });
    expect(issuesIn(await harbor.put(path, { ...visit, status: 'arrived' }))).toMatchObject([{ code: 'business-rule', expression: ['status'], diagnostics: expect.stringContaining('Appointment/$book') }]);
    expect(issuesIn(await harbor.put(path, { ...visit, status: 'cancelled', start: scheduling.inDays(30) }))).toMatchObject([{ expression: ['start'] }]);
    expect(issuesIn(await harbor.put(path, { ...visit, status: 'cancelled', cancelationReason: { coding: [{ system: reason.coding[0]!.system, code: 'bored' }] } }))).toMatchObject([{ expression: ['cancelationReason.coding[0].code'] }]);
    const cancelled = kept('appointment-cancelled', await harbor.put(path, { ...visit, status: 'cancelled', cancelationReason: reason }, { 'if-match': 'W/"1"' }));
    expect(cancelled).toMatchObject({ status: 200, body: { status: 'cancelled', cancelationReason: reason, meta: { versionId: '2' } } });
    expect(refusalIn(await harbor.put(path, { ...resourceIn(cancelled), status: 'cancelled' }))).toMatchObject({ status: 409, code: 'transition-not-allowed' });
  });

  test('$book with an Appointment whose status is cancelled calls the visit off (ITI-117)', async () => {
    const visit = appointmentIn(await bookedAt(5));
    const cancelled = await harbor.operation('book', [{ name: 'appointment-resource', resource: { ...visit, status: 'cancelled', cancelationReason: { coding: [{ system: reason.coding[0]!.system, code: 'other' }] } } }], { 'if-match': 'W/"1"' });
    expect(cancelled).toMatchObject({ status: 200, body: { id: visit.id, status: 'cancelled', cancelationReason: { coding: [{ code: 'other' }] } } });
    expect((await summit.get(`/Appointment/${visit.id}`)).body).toMatchObject({ status: 'cancelled' });
  });

  test('$book cancels nothing where the Appointment names another time or patient than the visit or the hold has', async () => {
    const visit = appointmentIn(await bookedAt(6));
    const held = appointmentIn(await hold(harbor, (await found(6)).at(-1)!.id));
    const callOff = (resource: object): Promise<FhirResult> => harbor.operation('book', [{ name: 'appt-resource', resource: { ...resource, status: 'cancelled' } }]);
    const other = patients.find((id) => `Patient/${id}` !== actorOf(visit, 'Patient'))!;
    for (const [given, field] of [[{ ...visit, start: scheduling.inDays(30) }, 'start'], [{ ...visit, end: scheduling.inDays(30) }, 'end'], [{ ...visit, participant: [{ actor: { reference: `Patient/${other}` } }] }, 'patient-id'], [{ ...held, start: scheduling.inDays(30) }, 'start']] as const) {
      const refused = await callOff(given);
      expect([refused.status, issuesIn(refused)[0]!.expression]).toEqual([422, [field]]);
    }
    expect((await harbor.get(`/Appointment/${visit.id}`)).body).toMatchObject({ status: 'booked', meta: { versionId: '1' } });
    expect((await harbor.get(`/Appointment/${held.id}`)).body).toMatchObject({ status: 'pending' });
    expect((await callOff(held)).status).toBe(200);
  });
});

describe('reading and searching', () => {
  const types = { Organization: '', Location: '?organization=summit', Practitioner: '', PractitionerRole: '?organization=summit', HealthcareService: '?service-type=dermatology-consult', Schedule: '?service-type=urn:slotmesh:service|echo', Slot: '?service-type=echo,skin-check', Patient: '' };

  test.each(Object.entries(types))('P7: %s is searched and read, page by page, each once, and lakeside does not read it', async (type, query) => {
    const all: string[] = [];
    let pages = 0;
    for (let next: string | undefined = `/${type}${query}${query ? '&' : '?'}_count=2`; next !== undefined && pages < 4; pages += 1) {
      const page = await harbor.get(next);
      expect(page.status).toBe(200);
      if (pages === 0) kept(`bundle-${type}`, page);
      all.push(...matches(page).map(({ id }) => id));
      next = bundleIn(page).link.find(({ relation }) => relation === 'next')?.url;
    }
    expect(all.length).toBeGreaterThan(0);
    expect(new Set(all).size).toBe(all.length);
    const one = kept(type, await harbor.get(`/${type}/${all[0]!}`));
    expect(resourceIn(one)).toMatchObject({ resourceType: type, id: all[0] });
    expect((await lakeside.get(`/${type}/${all[0]!}`)).status).toBe(404);
    expect(refusalIn(await harbor.get(`/${type}/no-such-id`))).toMatchObject({ issue: 'not-found' });
  });

  test('every Slot lies in a Schedule that can be read and asked for, and a Schedule knows its actors', async () => {
    const [slot] = matches(await harbor.get(`/Slot?service-type=dermatology-consult&start=ge${scheduling.inDays(2).slice(0, 10)}&start=lt${scheduling.inDays(9).slice(0, 10)}&status=free`));
    const { reference } = slot!['schedule'] as { reference: string };
    const schedule = resourceIn(await harbor.get(`/${reference}`));
    const inIt = matches(await harbor.get(`/Slot?schedule=${reference}&_count=200`));
    expect(inIt.length).toBeGreaterThan(1);
    expect(new Set(inIt.map((one) => JSON.stringify(one['schedule'])))).toEqual(new Set([JSON.stringify({ reference })]));
    for (const { reference: actor } of schedule['actor'] as { reference: string }[]) {
      expect((await harbor.get(`/${actor}`)).status).toBe(200);
      expect(matches(await harbor.get(`/Schedule?actor=${actor}&_count=200`)).map(({ id }) => id)).toContain(schedule.id);
    }
    expect(matches(await harbor.get(`/Schedule?date=gt${scheduling.inDays(2_000).slice(0, 10)}`))).toEqual([]);
  });

  test('visits are found by each parameter and page by page', async () => {
    const who = patient();
    const list = await found(9);
    const [first, second] = [list[0]!, list.find((one) => one.start >= list[0]!.end)!];
    const visit = appointmentIn(await book(harbor, first.id, who));
    expect((await book(harbor, second.id, who)).status).toBe(201);
    const ids = async (query: string): Promise<string[]> => matches(await harbor.get(`/Appointment?${query}`)).map(({ id }) => id);
    for (const query of [`_id=${visit.id}`, `identifier=urn:slotmesh:appointment|${visit.id}`, `date=${first.start}&patient=${who}`]) expect(await ids(query)).toEqual([visit.id]);
    for (const query of [`patient=Patient/${who}`, `actor=${actorOf(visit, 'Practitioner')!}`, `practitioner=${actorOf(visit, 'Practitioner')!}`, `location=${actorOf(visit, 'Location')!}`, 'status=booked', 'service-type=dermatology-consult', `date=ge${first.start}&date=le${first.start}`]) {
      expect(await ids(`${query}&_count=200`)).toContain(visit.id);
    }
    const [provider, site] = [actorOf(visit, 'Practitioner')!, actorOf(visit, 'Location')!];
    expect(await ids(`actor=Patient/${who}&patient=${who}&practitioner=${provider}&_id=${visit.id}`)).toEqual([visit.id]);
    for (const [type, name, one] of [['Patient', 'patient', who], ['Practitioner', 'practitioner', provider], ['Location', 'location', site]]) expect(await ids(`actor=${type!}/019b0000-0000-7000-8000-000000000000&${name!}=${one!}`)).toEqual([]);
    expect(await ids(`date=gt${first.start}&patient=${who}`)).toHaveLength(1);
    expect(await ids(`date=lt${first.start}&patient=${who}`)).toEqual([]);
    const page = kept('bundle-Appointment', await harbor.get(`/Appointment?patient=${who}&_count=1`));
    const next = bundleIn(page).link.find(({ relation }) => relation === 'next')!.url;
    expect(next).toMatch(/^http:\/\/localhost:8080\/fhir\/R4\/Appointment\?/);
    const rest = await harbor.get(next);
    expect(matches(rest)).toHaveLength(1);
    expect(matches(rest)[0]!.id).not.toBe(matches(page)[0]!.id);
  });

  test('$find takes lists, pages by its next link and says what was not considered', async () => {
    const list = await found(10);
    const providers = [...new Set(list.map((one) => actorOf(one, 'Practitioner')!))].slice(0, 2);
    expect(providers).toHaveLength(2);
    const page = kept('bundle-find', await harbor.operation('find', [
      { name: 'start', valueDateTime: scheduling.inDays(10) }, { name: 'end', valueDateTime: scheduling.inDays(20) }, ...providers.map((reference) => ({ name: 'practitioner', valueReference: { reference } })),
      { name: '_count', valueInteger: 3 }, { name: 'coverage', valueReference: { reference: 'Coverage/1' } },
    ]));
    expect(proposals(page)).toHaveLength(3);
    expect(bundleIn(page).entry.at(-1)).toMatchObject({ search: { mode: 'outcome' }, resource: { issue: [{ code: 'not-supported', diagnostics: 'coverage was not considered.' }] } });
    expect(JSON.stringify(bundleIn(page).link)).not.toContain('coverage');
    const rest = proposals(await harbor.get(bundleIn(page).link.find(({ relation }) => relation === 'next')!.url));
    const both = [...proposals(page), ...rest];
    expect(new Set(both.map(({ id }) => id)).size).toBe(6);
    for (const one of both) expect(providers).toContain(actorOf(one, 'Practitioner'));
  });

  test('P24: $find takes by a URL nothing that tells of a person, and says where to send it', async () => {
    for (const name of ['patient-resource', 'coverage', 'reason', 'insurance-reference']) {
      const refused = await harbor.get(`/Appointment/$find?start=${scheduling.inDays(1)}&end=${scheduling.inDays(2)}&${name}=Zephyrine`);
      expect([refused.status, issuesIn(refused)]).toMatchObject([400, [{ location: [`http.${name}`], diagnostics: expect.stringContaining('POST Parameters') }]]);
      expect(JSON.stringify(refused.body)).not.toContain('Zephyrine');
    }
  });

  test("a record number is looked for in the practice's own system or in none; in another it names nobody here", async () => {
    const number = 'H-10001';
    const [known] = matches(await harbor.form('/Patient/_search', { identifier: number }));
    for (const system of ['', 'urn:slotmesh:practice:harbor:record-number']) expect(matches(await harbor.form('/Patient/_search', { identifier: `${system}|${number}` })).map(({ id }) => id)).toEqual([known!.id]);
    for (const system of ['urn:slotmesh:practice:summit:record-number', 'http://hl7.org/fhir/sid/us-ssn']) expect(bundleIn(await harbor.form('/Patient/_search', { identifier: `${system}|${number}` }))).toMatchObject({ total: 0, entry: [] });
  });

  test('P23: a patient is found by a form, exactly, and each that is shown leaves an audit row; a URL with personal parameters is refused', async () => {
    const known = kept('Patient', await harbor.get(`/Patient/${patient()}`)).body as { id: string; name: { family: string; given: string[] }[]; birthDate: string; telecom: { system: string; value: string }[] };
    const { family, given: [given] } = known.name[0]! as { family: string; given: [string] };
    const before = await shown(known.id);
    const telecom = known.telecom.find(({ system }) => system === 'phone')!;
    const forms: Record<string, string>[] = [{ family, given, birthdate: known.birthDate }, { telecom: `phone|${telecom.value}`, given, family }, { phone: telecom.value, birthdate: known.birthDate }];
    for (const fields of forms) {
      const answer = await harbor.form('/Patient/_search', fields);
      expect(matches(answer).map(({ id }) => id)).toContain(known.id);
      expect(JSON.stringify(bundleIn(answer).link)).not.toContain(family);
    }
    expect(await shown(known.id)).toBe(before + 3);
    expect(matches(await harbor.form('/Patient/_search', { family, given, birthdate: '1901-01-01' }))).toEqual([]);
    expect(issuesIn(await harbor.form('/Patient/_search', { family }))).toMatchObject([{ location: ['http.family'] }]);
    expect(issuesIn(await harbor.form('/Patient/_search?birthdate=1980-01-01', { family, given }))).toMatchObject([{ location: ['http.birthdate'] }]);
    for (const name of ['family', 'birthdate', 'phone', 'identifier']) expect(issuesIn(await harbor.get(`/Patient?${name}=x`))).toMatchObject([{ location: [`http.${name}`], diagnostics: expect.stringContaining('Patient/_search') }]);
  });
  const shown = async (id: string): Promise<number> => (await scheduling.sql<{ n: number }>(`SELECT count(*)::int AS n FROM audit_entry WHERE patient_id = $1 AND action = 'patient.found'`, [id]))[0]!.n;
});

describe('referrals as ServiceRequests', () => {
  test('a referral is read by its two practices, each with its own record of the patient; a visit is booked from it by basedOn and leads back to it', async () => {
    const [desk, receiver] = [await scheduling.desk('frontdesk@harbor.example'), await scheduling.desk('frontdesk@summit.example')];
    const who = patient();
    const attachment = { title: 'Photo of the mole', url: 'https://records.harbor.example/photo/1', mediaType: 'image/jpeg' };
    const sent = await desk.post('/referrals', { patient: who, to: { practice: 'summit' }, service: 'dermatology-consult', urgency: 'urgent', reason: 'A mole that has changed', attachments: [attachment] });
    expect(sent.status).toBe(201);
    const id = String(sent.body['id']);
    const before = await audited(id);
    const atHarbor = await harbor.get(`/ServiceRequest/${id}`);
    expect(atHarbor.body).toMatchObject({
      resourceType: 'ServiceRequest', id, status: 'active', intent: 'order', priority: 'urgent', code: { coding: [{ code: 'dermatology-consult' }] }, subject: { reference: `Patient/${who}` }, reasonCode: [{ text: 'A mole that has changed' }],
      requester: { reference: 'Organization/harbor' }, performer: [{ reference: 'Organization/summit' }], supportingInfo: [{ display: 'Photo of the mole' }], extension: [{ valueCode: 'sent' }],
    });
    expect(JSON.stringify(atHarbor.body)).not.toContain('records.harbor.example');
    expect(atHarbor.headers.get('etag')).toBe('W/"1"');
    const atSummit = resourceIn(await summit.get(`/ServiceRequest/${id}`));
    const { reference: theirs } = atSummit['subject'] as { reference: string };
    expect(theirs).not.toBe(`Patient/${who}`);
    expect((await summit.get(`/${theirs}`)).status).toBe(200);
    expect(await audited(id)).toBe(before + 2);
    for (const stranger of [lakeside, await FhirClient.of(scheduling, 'frontdesk@desert.example')]) {
      expect(refusalIn(await stranger.get(`/ServiceRequest/${id}`))).toEqual({ status: 404, issue: 'not-found', code: 'referral-unknown' });
      expect(matches(await stranger.get(`/ServiceRequest?_id=${id}`))).toEqual([]);
    }

    for (const step of ['receive', 'accept']) expect((await receiver.post(`/referrals/${id}/${step}`)).status).toBe(200);
    const [proposed] = await found(10);
    const booking = { ...proposed!, basedOn: [{ reference: `ServiceRequest/${id}` }], participant: [...proposed!.participant, { actor: { reference: `Patient/${who}` }, status: 'needs-action' }] };
    const booked = kept('appointment-based-on', await harbor.operation('book', [{ name: 'appt-resource', resource: booking }]));
    expect(booked).toMatchObject({ status: 201, body: { status: 'booked', basedOn: [{ reference: `ServiceRequest/${id}` }] } });
    const visit = appointmentIn(booked);
    expect((await summit.get(`/Appointment/${visit.id}`)).body).toMatchObject({ basedOn: [{ reference: `ServiceRequest/${id}` }] });
    expect(matches(await summit.get(`/Appointment?based-on=ServiceRequest/${id}`)).map((one) => one.id)).toEqual([visit.id]);
    expect(kept('ServiceRequest', await summit.get(`/ServiceRequest/${id}`)).body).toMatchObject({ status: 'active', extension: [{ valueCode: 'scheduled' }], occurrenceDateTime: visit.start });

    const cancelled = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason', code: 'pat' }] };
    expect(await harbor.put(`/Appointment/${visit.id}`, { ...resourceIn(booked), status: 'cancelled', cancelationReason: cancelled })).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    expect((await harbor.get(`/ServiceRequest/${id}`)).body).toMatchObject({ extension: [{ valueCode: 'accepted' }] });
  });

  test('referrals are found by each parameter, page by page, without what was written', async () => {
    const desk = await scheduling.desk('frontdesk@harbor.example');
    const who = patient();
    const send = async (to: object): Promise<string> => String((await desk.post('/referrals', { patient: who, to, service: 'skin-check', urgency: 'stat', reason: 'Nobody may see this in a list' })).body['id']);
    const ids = [await send({ practice: 'summit' }), await send({ practice: 'summit' }), await send({ outside: { name: 'Lighthouse Dermatology', phone: '617 555 0199' } })];
    expect((await desk.post(`/referrals/${ids[1]!}/cancel`)).status).toBe(200);
    const idsOf = async (client: FhirClient, query: string): Promise<string[]> => matches(await client.get(`/ServiceRequest?_count=200&${query}`)).map(({ id }) => id);
    expect(await idsOf(harbor, `patient=${who}`)).toEqual(ids);
    expect(await idsOf(harbor, `patient=Patient/${who}&performer=Organization/summit&status=active`)).toEqual([ids[0]]);
    expect(await idsOf(harbor, `patient=${who}&status=revoked,completed`)).toEqual([ids[1]]);
    expect(await idsOf(harbor, `identifier=urn:slotmesh:referral|${ids[2]!}`)).toEqual([ids[2]]);
    for (const query of ['requester=harbor', 'code=skin-check', 'priority=stat', `authored=ge${scheduling.inDays(-1)}`]) expect(await idsOf(harbor, `patient=${who}&${query}`)).toEqual(ids);
    for (const query of ['requester=summit', 'code=echo', 'priority=routine', `authored=lt${scheduling.inDays(-1)}`]) expect(await idsOf(harbor, `patient=${who}&${query}`)).toEqual([]);
    // Another practice's record is nobody here, though the referral is seen by both.
    expect(await idsOf(summit, `patient=${who}`)).toEqual([]);
    expect(await idsOf(summit, `requester=harbor&code=skin-check`)).toEqual(ids.slice(0, 2));
    const first = kept('bundle-ServiceRequest', await harbor.get(`/ServiceRequest?patient=${who}&_count=2`));
    expect(JSON.stringify(first.body)).not.toContain('Nobody may see this');
    expect(matches(await harbor.get(bundleIn(first).link.find(({ relation }) => relation === 'next')!.url)).map(({ id }) => id)).toEqual([ids[2]]);
    expect(resourceIn(await harbor.get(`/ServiceRequest/${ids[2]!}`))).toMatchObject({ performer: [{ display: 'Lighthouse Dermatology' }] });
  });
  const audited = async (id: string): Promise<number> => (await scheduling.sql<{ n: number }>(`SELECT count(*)::int AS n FROM audit_entry WHERE action = 'referral.read' AND entity_id = $1`, [id]))[0]!.n;
});

describe('visits that took place', () => {
  test('the host reads them as finished Encounters, and the practice that booked them does not', async () => {
    const visit = appointmentIn(await book(harbor, (await found(11))[1]!.id, patient()));
    const receiver = await scheduling.desk('frontdesk@summit.example');
    for (const step of ['arrive', 'complete']) expect((await receiver.post(`/appointments/${visit.id}/${step}`)).status).toBe(200);
    await scheduling.sql('UPDATE appointment SET confidential = true WHERE id = $1', [visit.id]);
    const [host, guest] = [await FhirClient.of(scheduling, 'manager@summit.example'), await FhirClient.of(scheduling, 'manager@harbor.example')];
    expect(matches(kept('bundle-Encounter', await host.get(`/Encounter?appointment=${visit.id}`)))).toHaveLength(1);
    expect(resourceIn(kept('Encounter', await host.get(`/Encounter/${visit.id}`)))).toMatchObject({ status: 'finished', serviceProvider: { reference: 'Organization/summit' } });
    expect(refusalIn(await guest.get(`/Encounter/${visit.id}`))).toMatchObject({ status: 404, code: 'appointment-unknown' });
  });
});

describe('what is refused', () => {
  test.each([
    ['/Slot?colour=red', 'http.colour'], ['/Slot?start=tomorrow', 'http.start'], ['/Slot?status=busy', 'http.status'], ['/Slot?_cursor=AAAA', 'http._cursor'], ['/Slot?_count=1000', 'http._count'], ['/Slot?schedule=x', 'http.schedule'],
    ['/Slot?start=ge2026-01-01&start=le2027-12-01', 'http.start'], ['/Appointment?patient=Group/1', 'http.patient'], ['/Appointment?actor=1', 'http.actor'], ['/Appointment?status=finished', 'http.status'], ['/Appointment?identifier=urn:other|1', 'http.identifier'],
    ['/Organization?_format=xml', 'http._format'], ['/HealthcareService?service-type=A B', 'http.service-type'], ['/Organization/harbor?colour=red', 'http.colour'], ['/metadata?_format=xml', 'http._format'], ['/Appointment/$find?start=2026-12-01T00:00:00Z', 'http.end'],
    ['/Slot?start=9999-12-31', 'http.start'], ['/Slot?start=0001-01-01', 'http.start'], ['/Slot?start=ge2199-12-25', 'http.start'], ['/Appointment/$find?start=0000-01-01T00:00:00Z&end=2026-12-01T00:00:00Z', 'http.start'], ['/Appointment/$find?start=2026-12-01T00:00:00Z&end=9999-12-31T00:00:00Z', 'http.end'],
  ])('%s names %s', async (path, location) => {
    const refused = await harbor.get(path);
    expect(refused.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
    expect([refused.status, issuesIn(refused).map((issue) => issue.location)]).toEqual([400, [[location]]]);
  });

  test.each<[string, readonly object[], string]>([
    ['hold', [{ name: 'appt-id', valueId: 'a', valueString: 'b' }], 'parameter[0]'], ['hold', [{ name: 'appt-id', valueColour: 'red' }], 'parameter[0].valueColour'], ['hold', [{ name: 'colour', valueString: 'red' }], 'colour'],
    ['hold', [{ name: 'appointment-reference', valueReference: { reference: 'Slot/1' } }], 'appointment-reference'], ['book', [{ name: 'appt-id', valueId: 'o1' }], 'patient-id'],
    ['book', [{ name: 'patient-id', valueId: '019b0000-0000-7000-8000-000000000000' }], 'appt-id'], ['book', [{ name: 'appt-resource', resource: { resourceType: 'Appointment', id: 'o1', status: 'proposed', priority: 1 } }], 'appt-resource.priority'],
    ['find', [{ name: 'start', valueInstant: 'now' }, { name: 'end', valueInstant: '2026-12-01T00:00:00Z' }], 'start'],
  ])('$%s with %j names %s', async (operation, parameters, expression) => {
    const refused = await harbor.operation(operation, parameters);
    expect(refused.status).toBe(400);
    expect(issuesIn(refused).map((issue) => issue.expression?.[0])).toContain(expression);
  });

  test.each<[string, string, string]>([
    ['arrays within arrays', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 'nested'], ['objects within objects', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'nested'],
    ['a NUL in a name', '{"resourceType":"Parameters","parameter":[{"name":"appt-id","resource":{"resourceType":"Appointment","a\\u0000":1}}]}', 'names'],
    ['half a character in a name', '{"resourceType":"Parameters","parameter":[{"name":"appt-id","resource":{"resourceType":"Appointment","a\\ud800":1}}]}', 'names'],
  ])('a body with %s is the caller\'s error', async (_name, body, word) => {
    const refused = await harbor.send('POST', '/Appointment/$hold', body, { 'content-type': 'application/fhir+json' });
    expect([refused.status, issuesIn(refused)]).toMatchObject([400, [{ diagnostics: expect.stringContaining(word) }]]);
  });

  test('the id of a Slot in a year that nobody means names none', async () => {
    const body = Buffer.alloc(18);
    [1, 1, 1].forEach((ref, i) => body.writeUInt32BE(ref, i * 4));
    body.writeUIntBE(Date.UTC(9999, 11, 31), 12, 6);
    const digest = createHash('sha256').update('slotmesh opening own').update(body).digest('hex').slice(0, 10);
    expect(refusalIn(await harbor.get(`/Slot/o${body.toString('hex')}${digest}`))).toMatchObject({ status: 404, issue: 'not-found' });
  });

  test('what no route of ours answers is an OperationOutcome, too', async () => {
    expect(refusalIn(kept('outcome', await harbor.get('/Observation')))).toMatchObject({ status: 404, issue: 'not-found' });
    expect(refusalIn(await harbor.send('POST', '/Appointment/$hold', '{', { 'content-type': 'application/fhir+json' }))).toMatchObject({ status: 400, issue: 'invalid' });
    expect(refusalIn(await harbor.send('POST', '/Appointment/$hold', '<a/>', { 'content-type': 'application/fhir+xml' }))).toMatchObject({ status: 415, issue: 'not-supported' });
    expect((await harbor.send('POST', '/Appointment/$find', JSON.stringify({ resourceType: 'Parameters', parameter: [{ name: 'start', valueInstant: scheduling.inDays(1) }, { name: 'end', valueInstant: scheduling.inDays(2) }] }), { 'content-type': 'application/json' })).status).toBe(200);
  });
});

describe('what the server says of itself', () => {
  const fhirRoutes = () => scheduling.app.get(RouteCensus, { strict: false }).routes().filter(({ path }) => path.startsWith('/fhir/'));

  test('the CapabilityStatement needs no token and names exactly the routes that there are', async () => {
    const stated = kept('capability-statement', await (await FhirClient.of(scheduling, null)).get('/metadata'));
    const { rest: [{ resource }] } = stated.body as { rest: [{ resource: { type: string; interaction: { code: string }[]; operation?: { name: string }[]; searchParam?: { name: string }[] }[] }] };
    const said = resource.flatMap(({ type, interaction, operation = [] }) => [...interaction.map(({ code }) => `${type} ${code}`), ...operation.map(({ name }) => `${type} $${name}`)]);
    const offered = fhirRoutes().filter(({ publicBecause }) => publicBecause === null).map(({ method, path }) => {
      const [type, second] = path.replace('/fhir/R4/', '').split('/');
      return second?.startsWith('$') ? `${type} ${second}` : `${type} ${method === 'PUT' ? 'update' : second === ':id' ? 'read' : 'search-type'}`;
    });
    expect(new Set(said)).toEqual(new Set(offered));
    for (const { type, searchParam = [] } of resource) {
      for (const { name } of searchParam) expect([type, name, JSON.stringify((await harbor.get(`/${type}?${name}=%20`)).body).includes('is not known here')]).toEqual([type, name, false]);
    }
  });

  test('P22: every route needs a token and the permission that it states', async () => {
    const people = { 'front-desk': 'frontdesk@harbor.example', manager: 'manager@harbor.example', owner: 'owner@harbor.example', clinician: 'clinician@harbor.example', auditor: 'auditor@harbor.example', operator: 'operator@network.example' } as const;
    const routes = fhirRoutes().filter(({ publicBecause }) => publicBecause === null);
    expect(routes.length).toBeGreaterThan(20);
    const ask = async (client: FhirClient, { method, path }: { method: string; path: string }): Promise<FhirResult> => {
      const url = path.replace('/fhir/R4', '').replace(':id', '019b0000-0000-7000-8000-000000000000');
      return method === 'GET' ? client.get(url) : client.send(method, url, '{}', { 'content-type': 'application/json' });
    };
    const stranger = await FhirClient.of(scheduling, null);
    for (const route of routes) expect([route.path, refusalIn(await ask(stranger, route))]).toEqual([route.path, { status: 401, issue: 'login', code: 'sign-in-required' }]);
    for (const role of roles) {
      const client = role === 'service' ? FhirClient.withToken(scheduling, await scheduling.issuer.serviceToken('reminders')) : await FhirClient.of(scheduling, people[role]);
      for (const route of routes) {
        const { status, body } = await ask(client, route);
        const missing = status === 403 && JSON.stringify(body).includes('permission-missing');
        expect([role, route.method, route.path, missing, status < 500]).toEqual([role, route.method, route.path, !permissionsOfRole[role].has(route.permission!), true]);
      }
    }
  });

  test("all that it answers is valid by HAPI's validator with the official definitions of R4", async () => {
    expect([...samples.keys()].sort()).toEqual([...['appointment-booked', 'appointment-based-on', 'appointment-cancelled', 'appointment-pending', 'bundle-Appointment', 'bundle-find', 'capability-statement', 'outcome'], ...['Organization', 'Location', 'Practitioner', 'PractitionerRole', 'HealthcareService', 'Schedule', 'Slot', 'Patient', 'ServiceRequest', 'Encounter'].flatMap((type) => [type, `bundle-${type}`])].sort());
    const folder = await mkdtemp(join(tmpdir(), 'fhir-samples-'));
    try {
      for (const [name, body] of samples) await writeFile(join(folder, `${name}.json`), JSON.stringify(body));
      // Why a wrong one among them: it shows that the validator would find one.
      await writeFile(join(folder, 'wrong.json'), JSON.stringify({ resourceType: 'Appointment', status: 'booked', cancelationReason: { text: 'app-4' }, participant: [{ status: 'accepted' }] }));
      const lines = (await validate(folder)).trim().split('\n');
      expect(lines.filter((line) => !line.startsWith('wrong.json '))).toEqual([expect.stringMatching(`^${samples.size + 1} resources, [1-9]`)]);
      for (const rule of ['app-1', 'app-3', 'app-4']) expect(lines.filter((line) => line.includes(rule))).toHaveLength(1);
    } finally {
      await rm(folder, { recursive: true });
    }
    // Why so long: the first time Maven brings the validator.
  }, 600_000);

  const validate = (folder: string): Promise<string> => new Promise((resolve) => {
    execFile(process.execPath, [join(__dirname, '..', '..', '..', 'tools', 'fhir-validator', 'validate.mjs'), folder], (_error, stdout, stderr) => resolve(stdout + stderr));
  });
});
