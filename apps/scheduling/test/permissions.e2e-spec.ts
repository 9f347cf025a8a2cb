import { newId } from '@slotmesh/kernel';
import { type Role, RouteCensus, type RouteFacts, permissionsOfRole, roles } from '@slotmesh/security';
import { RunningScheduling } from './running-scheduling';

/** What a stranger names in a path, by the noun in front of it. A new route with an id fails here until it is given one of harbor's. */
type Foreign = Record<string, string>;
interface Answer { readonly status: number; readonly text: string }

const desks: Readonly<Record<string, Role>> = { frontdesk: 'front-desk', manager: 'manager', owner: 'owner', clinician: 'clinician', auditor: 'auditor' };
const CALENDAR = { sites: 'site', providers: 'provider', resources: 'resource', 'visit-types': 'visit_type', availability: 'availability', 'availability-exceptions': 'availability_exception', closures: 'closure' };
const base = '/api/scheduling/v1';
/** The catalogue of services belongs to no practice. */
const SHARED = /\/services\/:code$/;
const REFUSED = [403, 404];
/** Shown in a failure: what was answered beside what may be. */
const oneOf = (allowed: readonly number[], status: number): number | readonly number[] => (allowed.includes(status) ? status : allowed);
const unbroken = (status: number): number | string => (status < 500 && status !== 401 ? status : 'an answer below 500');

/** A stream has no end: what it says first. */
async function beginningOf(response: Response): Promise<string> {
  let text = '';
  for await (const chunk of response.body!) {
    text += Buffer.from(chunk).toString();
    if (/^data:.*\n\n/m.test(text)) break;
  }
  return text;
}

describe('every role on every route', () => {
  let scheduling: RunningScheduling;
  let routes: RouteFacts[];
  let foreign: Foreign;
  /** Ids and codes that must never be shown outside harbor's partnership. */
  let secrets: string[];
  let opening: string;

  beforeAll(async () => {
    scheduling = await RunningScheduling.start();
    routes = scheduling.app.get(RouteCensus, { strict: false }).routes().filter(({ path }) => path.startsWith('/api/'));
    const first = async (sql: string): Promise<string> => (await scheduling.sql<{ id: string }>(sql))[0]!.id;
    const harbor = await scheduling.desk('frontdesk@harbor.example');
    const found = await harbor.openings(`service=primary-care-visit&practice=harbor&from=${scheduling.inDays(2)}&to=${scheduling.inDays(20)}&limit=50`);
    const patient = await first(`SELECT id FROM patient WHERE practice_id = 'harbor' ORDER BY id LIMIT 1`);
    opening = found[3]!.id;
    const booked = await harbor.post('/appointments', { opening: found[0]!.id, patient });
    const held = await harbor.post('/holds', { opening: found[20]!.id });
    const representative = await harbor.post(`/patients/${patient}/representatives`, { relation: 'carer', name: 'Nobody Known', may: ['book'], validFrom: '2026-01-01' });
    const restriction = await harbor.post(`/patients/${patient}/restrictions`, { practice: 'desert' });
    expect(restriction.status).toBe(201);
    const referred = await harbor.post('/referrals', { patient, to: { practice: 'summit' }, service: 'dermatology-consult', reason: 'A question for Alvarez' });
    const waiting = await harbor.post('/waitlist-entries', { patient, service: 'primary-care-visit' });
    expect([booked.status, held.status, representative.status, referred.status, waiting.status]).toEqual([201, 201, 201, 201, 201]);
    const serial = await harbor.post('/series', { rule: 'FREQ=WEEKLY;COUNT=2', opening: found[8]!.id, patient, onClash: 'skip' });
    expect(serial.status).toBe(201);
    const shots = await harbor.openings(`service=vaccination&practice=harbor&from=${scheduling.inDays(20)}&to=${scheduling.inDays(30)}&limit=50&patient=${patient}`);
    const linked = await harbor.post('/visit-chains', { steps: [{ opening: shots[0]!.id }, { opening: shots.find(({ start }) => start >= shots[0]!.end)!.id }], patient });
    expect(linked.status).toBe(201);
    const webhook = await (await scheduling.desk('manager@harbor.example')).post('/webhook-subscriptions', { url: 'http://127.0.0.1:1/harbor', events: ['scheduling.appointment.booked.v1'] });
    expect(webhook.status).toBe(201);
    const [round, offer] = [newId(), newId()];
    await scheduling.sql(`INSERT INTO offer_round (id, host_id, visit_type_id, provider_id, site_id, starts_at, ends_at, freed_by, freed_at, state, made, next_at)
      SELECT $1, a.host_id, a.visit_type_id, a.provider_id, a.site_id, a.starts_at, a.ends_at, a.id, a.booked_at, 'open', 1, '2099-01-01' FROM appointment a WHERE a.id = $2`, [round, booked.body['id']]);
    await scheduling.sql(`INSERT INTO offer (id, round_id, entry_id, practice_id, host_id, patient_id, channels, offered_at, expires_at) SELECT $1, $2, e.id, 'harbor', 'harbor', e.patient_id, '{sms}', e.added_at, '2099-01-01' FROM waitlist_entry e WHERE e.id = $3`, [offer, round, waiting.body['id']]);
    const absent = await (await scheduling.desk('manager@harbor.example')).post('/absences', { provider: await first(`SELECT id FROM provider WHERE practice_id = 'harbor' ORDER BY id LIMIT 1`), from: '2027-04-01', reason: 'Away' });
    expect(absent.status).toBe(201);
    const mark = newId();
    await scheduling.sql(`INSERT INTO patient_mark (id, practice_id, patient_id, appointment_id, kind, starts_at, zone, marked_at, marked_by) SELECT $1, host_id, patient_id, id, 'no-show', starts_at, zone, booked_at, 's' FROM appointment WHERE id = $2`, [mark, booked.body['id']]);
    const group = newId();
    await scheduling.sql(`INSERT INTO group_session (id, host_id, opening, visit_type_id, provider_id, site_id, starts_at, ends_at, opened_at, opened_ahead) SELECT $1, host_id, 'a group', visit_type_id, provider_id, site_id, starts_at, ends_at, booked_at, true FROM appointment WHERE id = $2`, [group, booked.body['id']]);
    const [sharedCost, statement] = [newId(), newId()];
    const inputs = { agreement: await first('SELECT id FROM agreement'), version: 1, zone: 'UTC', period: { code: '2027-01', from: '2027-01-01', until: '2027-02-01' }, parties: ['harbor', 'summit'].map((practice) => ({ practice, name: practice })), costs: [], lines: [] };
    const result = { costs: [], parties: ['harbor', 'summit'].map((practice) => ({ practice, paid: 0, share: 0, net: 0 })), transfers: [] };
    await scheduling.sql(`INSERT INTO shared_cost (id, agreement_id, practices, cost, paid_by, amount_cents, fell, stated_in, document, sha256, dated, recorded_at, recorded_by) VALUES ($1, $2, '{harbor,summit}', 'phone', 'harbor', 100, '2027-01', '2027-01', 'd', $3, '2027-01-01', now(), 's')`, [sharedCost, inputs.agreement, '0'.repeat(64)]);
    await scheduling.sql(`INSERT INTO cost_statement (id, agreement_id, agreement_version, period, practices, state, inputs, inputs_hash, result, result_hash, made_for, made_by, made_at) VALUES ($1, $2, 1, '2027-01', '{harbor,summit}', 'drafted', $3, 'h', $4, 'h', 'harbor', 's', now())`, [statement, inputs.agreement, JSON.stringify(inputs), JSON.stringify(result)]);
    const leaving = newId();
    await scheduling.sql(`INSERT INTO exit_plan (id, partnership_id, practice_id, practices, reason, given_by, given_at) SELECT $1, partnership_id, 'harbor', '{desert,harbor,summit}', 'r', 'nobody', '2026-01-01' FROM membership WHERE practice_id = 'harbor'`, [leaving]);
    const emergency = await (await scheduling.desk('clinician@summit.example')).post('/emergency-access', { host: 'harbor', givenName: 'Maria', familyName: 'Alvarez', birthDate: '1984-06-17', purpose: 'treatment', reason: 'Unconscious in our waiting room' });
    expect(emergency.status).toBe(201);
    const [motion, task] = [newId(), newId()];
    await scheduling.sql(`INSERT INTO decision (id, partnership_id, practice_id, practices, title, motion, kind, quorum, threshold, weights, moved_by, moved_at, opens_at, due_at)
      SELECT $1, partnership_id, 'harbor', '{harbor}', 't', 'm', 'ordinary', 50, 50, '{}', 'nobody', '2026-01-01', '2026-01-01', '2099-01-01' FROM membership WHERE practice_id = 'harbor'`, [motion]);
    await scheduling.sql(`INSERT INTO decision_task (id, decision_id, practice_id, practices, what, due_on, added_by, added_at) VALUES ($1, $2, 'harbor', '{harbor}', 'w', '2027-01-01', 's', '2026-01-01')`, [task, motion]);
    const disputed = await (await scheduling.desk('manager@harbor.example')).post('/disputes', { agreement: await first('SELECT id FROM agreement'), against: 'summit', matter: 'Too many hours were taken back' });
    expect(disputed.status).toBe(201);
    foreign = {
      disputes: String(disputed.body['id']),
      decisions: motion, tasks: task, 'emergency-access': String(emergency.body['id']),
      'shared-costs': sharedCost, statements: statement,
      'exit-plans': leaving,
      'group-sessions': group, entries: newId(),
      series: String(serial.body['id']), 'visit-chains': String(linked.body['id']), marks: mark,
      absences: String(absent.body['id']),
      'waitlist-entries': String(waiting.body['id']), offers: offer, 'webhook-subscriptions': String(webhook.body['id']), deliveries: newId(), 'offer-rounds': round,
      appointments: String(booked.body['id']), holds: String(held.body['id']), referrals: String(referred.body['id']), patients: patient, representatives: String(representative.body['id']), restrictions: String(restriction.body['id']), 'patient-keys': patient,
      persons: await first(`SELECT person_id AS id FROM patient WHERE id = '${patient}'`), subjects: 'frontdesk@harbor.example', practices: 'harbor', services: 'echo',
      agreements: await first('SELECT id FROM agreement'), versions: '1', partnerships: await first('SELECT id FROM partnership'), 'member-documents': await first(`SELECT id FROM member_document WHERE practice_id = 'harbor' ORDER BY id LIMIT 1`), 'parked-events': '019b0000-0000-7000-8000-000000000000', connections: '019b0000-0000-7000-8000-000000000001',
    };
    for (const [noun, table] of Object.entries(CALENDAR)) foreign[noun] = await first(`SELECT id FROM ${table} WHERE practice_id = 'harbor' ${table === 'resource' ? `AND kind = 'room'` : ''} ORDER BY id LIMIT 1`);
    const ids = await scheduling.sql<{ id: string }>(`SELECT id::text FROM patient WHERE practice_id <> 'lakeside' UNION ALL SELECT person_id::text FROM patient WHERE practice_id <> 'lakeside' UNION ALL SELECT id::text FROM site WHERE practice_id <> 'lakeside'
      UNION ALL SELECT id::text FROM provider WHERE practice_id <> 'lakeside' UNION ALL SELECT id::text FROM visit_type WHERE practice_id <> 'lakeside' UNION ALL SELECT id::text FROM resource WHERE practice_id <> 'lakeside'
      UNION ALL SELECT id::text FROM appointment UNION ALL SELECT id::text FROM hold UNION ALL SELECT id::text FROM series UNION ALL SELECT id::text FROM visit_chain UNION ALL SELECT id::text FROM group_session UNION ALL SELECT id::text FROM referral UNION ALL SELECT id::text FROM waitlist_entry UNION ALL SELECT id::text FROM offer UNION ALL SELECT id::text FROM offer_round UNION ALL SELECT id::text FROM webhook_subscription UNION ALL SELECT id::text FROM absence UNION ALL SELECT id::text FROM patient_mark UNION ALL SELECT id::text FROM agreement UNION ALL SELECT id::text FROM partnership UNION ALL SELECT id::text FROM member_document UNION ALL SELECT id::text FROM exit_plan UNION ALL SELECT id::text FROM decision UNION ALL SELECT id::text FROM decision_task UNION ALL SELECT id::text FROM emergency_access UNION ALL SELECT id::text FROM dispute UNION ALL SELECT id::text FROM shared_cost UNION ALL SELECT id::text FROM cost_statement UNION ALL SELECT id::text FROM audit_entry WHERE practice_id IS DISTINCT FROM 'lakeside'`);
    secrets = [...ids.map(({ id }) => id), '"harbor"', '"summit"', '"desert"', 'Alvarez', 'Whitfield'];
  });
  afterAll(async () => scheduling.stop());

  const nounOf = (path: string, parameter: string): string => {
    const parts = path.split('/');
    const before = parts[parts.indexOf(parameter) - 1]!;
    return parameter === ':patient' ? 'patients' : before;
  };
  function urlOf(path: string): string {
    return path.split('/').map((part) => {
      if (!part.startsWith(':')) return part;
      if (part === ':step') return path.includes('/referrals/') ? 'cancel' : 'arrive';
      const id = foreign[nounOf(path, part)];
      if (id === undefined) throw new Error(`say in "foreign" which id of harbor stands for ${part} in ${path}`);
      return encodeURIComponent(id);
    }).join('/');
  }
  function absenceBody(path: string): unknown {
    const moved = { visit: foreign['appointments'], opening, agreed: { how: 'phone', by: 'patient' } };
    const days = { provider: foreign['providers'], from: '2027-05-01' };
    return { preview: days, moves: moved, 'carry-out': { moves: [moved] }, ask: { visits: [foreign['appointments']] }, keep: { visit: foreign['appointments'], reason: 'works anyway' } }[path.split('/').at(-1)!] ?? { ...days, reason: 'r' };
  }
  /** A request that would be right if it came from harbor's manager. */
  async function bodyOf({ method, path }: RouteFacts): Promise<unknown> {
    const person = { givenName: 'Quentin', familyName: 'Farraday', birthDate: '1980-01-01', phone: '+13125550188' };
    const place = { provider: foreign['providers'], site: foreign['sites'] };
    const bodies: Readonly<Record<string, unknown>> = {
      practices: { name: 'Taken over', phone: '+16175550190', email: 'x@example.com' }, sites: { name: 'S', zone: 'America/Chicago', phone: '+13125550191', address: { line: 'a', city: 'b', state: 'IL', postalCode: '6' } },
      providers: path.endsWith('/partner-settings') ? { visitsPerDay: 1 } : { name: 'P', visitTypes: [foreign['visit-types']] }, resources: { site: foreign['sites'], kind: 'room', name: 'R' }, 'visit-types': { service: 'echo', name: 'V', durationMinutes: 30 },
      availability: { ...place, weekday: 1, from: '09:00', to: '10:00', validFrom: '2026-01-01' }, 'availability-exceptions': { ...place, date: '2027-03-01', ranges: [] },
      closures: { ...place, days: { firstDay: '2027-03-01', lastDay: '2027-03-01' }, reason: 'r' }, patients: path.endsWith('/excuse') ? { reason: 'a storm that day' } : path.endsWith('/search') ? { phone: '617-555-0142' } : person,
      'waitlist-entries': path.endsWith('/withdraw') ? {} : { patient: foreign['patients'], service: 'echo' }, 'offer-rounds': { reason: 'an urgent one' },
      'group-sessions': { opening }, 'webhook-subscriptions': path.endsWith('/replay') && !path.includes('/deliveries/') ? { since: '2026-01-01T00:00:00Z' } : { url: `http://127.0.0.1:1/${newId()}`, events: ['scheduling.offer.made.v1'] },
      absences: absenceBody(path), representatives: { relation: 'carer', name: 'Nobody Else', may: ['book'], validFrom: '2026-01-01' }, restrictions: { practice: 'summit' }, holds: { opening }, revisions: { appointments: [foreign['appointments']] },
      appointments: path.endsWith('/reschedule') ? { opening } : path.endsWith('/cancel') ? { reason: 'pat' } : path.split('/').length === 5 ? { opening, patient: foreign['patients'] } : {},
    };
    const asked = { subject: 'frontdesk@harbor.example', from: 'harbor', practice: 'summit', desk: 'wait-list' };
    if (path.split('/')[4] === 'desk-work') return path.endsWith('/questions') ? { ...asked, permission: 'appointments:read' } : { ...asked, readings: [] };
    const terms = { name: 'Taken over', practices: ['harbor', 'summit'], effectiveFrom: '2030-01-01T00:00:00Z' };
    const agreement: Readonly<Record<string, unknown>> = { propose: { version: 1 }, approve: { version: 1, hash: '0'.repeat(64) }, decline: { version: 1, reason: 'not so' }, terminate: { reason: 'not any more' } };
    if (path.split('/')[4] === 'agreements' && (method === 'POST' || method === 'PUT')) return agreement[path.split('/').at(-1)!] ?? terms;
    if (path.split('/')[4] === 'partnerships' && method === 'POST') return { name: 'A partnership' };
    if (path.split('/')[4] === 'member-documents' && method === 'POST') return path.endsWith('/withdraw') ? { reason: 'not right' } : { kind: 'baa', title: 't', document: 'd', sha256: '0'.repeat(64), owner: 'manager@harbor.example', signedOn: '2026-01-01', expiresOn: '2030-01-01' };
    const evidence = { document: 'd', sha256: '0'.repeat(64), dated: '2027-01-01' };
    if (path.split('/')[4] === 'shared-costs' && method === 'POST') return path.endsWith('/correct') ? { amountCents: 1, reason: 'not right', evidence } : { agreement: foreign['agreements'], cost: 'phone', period: '2027-01', amountCents: 100, evidence };
    if (path.split('/')[4] === 'statements' && method === 'POST') return path.endsWith('/statements') ? { agreement: foreign['agreements'], period: '2027-01' } : path.endsWith('/approve') ? {} : { reason: 'not right' };
    const exits: Readonly<Record<string, unknown>> = { confirm: {}, withdraw: {}, honour: {}, evidence: { item: 'patients-told', evidence: 'by letter' }, close: {} };
    if (path.split('/')[4] === 'exit-plans' && method === 'POST') return exits[path.split('/').at(-1)!] ?? { reason: 'we move away' };
    if (path.split('/')[4] === 'emergency-access' && method === 'POST') return path.endsWith('/acknowledge') ? { text: 'we know of it' } : { host: 'harbor', givenName: 'Maria', familyName: 'Alvarez', birthDate: '1984-06-17', purpose: 'treatment', reason: 'Unconscious in our waiting room' };
    const said = { text: 'what was said about it' };
    if (path.split('/')[4] === 'disputes' && method === 'POST') return path.endsWith('/close') ? { ...said, outcome: 'withdrawn' } : path.split('/').length > 5 ? said : { agreement: foreign['agreements'], against: 'summit', matter: 'Too many hours were taken back' };
    const decision: Readonly<Record<string, unknown>> = { vote: { vote: 'yes' }, 'declare-conflict': { reason: 'our own room' }, withdraw: { reason: 'not any more' }, tasks: { what: 'write it', owner: 'harbor', dueOn: '2030-01-01' }, done: { evidence: 'it is written' } };
    if (path.split('/')[4] === 'decisions' && method === 'POST') return decision[path.split('/').at(-1)!] ?? { title: 't', motion: 'that we decide', opensAt: '2026-01-01T00:00:00Z', dueAt: scheduling.inDays(3) };
    const referral: Readonly<Record<string, unknown>> = {
      referrals: { patient: foreign['patients'], to: { practice: 'summit' }, service: 'dermatology-consult', reason: 'r' }, choice: { shown: ['summit'] }, decline: { code: 'other', text: 't' }, authorise: { number: 'A1', expires: '2030-01-01' },
      schedule: { start: '2030-01-01T10:00:00Z' }, move: { start: '2030-01-01T10:00:00Z' }, 'return-note': { note: { title: 'n', document: 'd', mediaType: 'application/pdf' } },
    };
    const series: Readonly<Record<string, unknown>> = { cancel: { from: '2026-01-01' }, reschedule: { from: '2026-01-01', shift: { days: 7 } } };
    if (path.split('/')[4] === 'series' && method === 'POST') return series[path.split('/').at(-1)!] ?? { rule: 'FREQ=WEEKLY;COUNT=2', opening, patient: foreign['patients'] };
    const chains: Readonly<Record<string, unknown>> = { search: { steps: [{ service: 'echo' }, { service: 'primary-care-visit' }] }, cancel: {}, move: { steps: [{ opening }, { opening }] } };
    if (path.split('/')[4] === 'visit-chains' && method === 'POST') return chains[path.split('/').at(-1)!] ?? { steps: [{ opening }, { opening }], patient: foreign['patients'] };
    if (path.split('/')[4] === 'referrals' && method === 'POST') return referral[path.split('/').at(-1)!] ?? {};
    return method === 'GET' || method === 'DELETE' ? undefined : (bodies[['representatives', 'restrictions'].find((noun) => path.endsWith(noun)) ?? path.split('/')[4]!] ?? {});
  }
  async function call(route: RouteFacts, token: string | null, headers: Record<string, string> = {}): Promise<Answer> {
    const body = await bodyOf(route);
    const response = await fetch(scheduling.url + urlOf(route.path), {
      method: route.method, headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }), signal: AbortSignal.timeout(20_000),
    });
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) return { status: response.status, text: await beginningOf(response) };
    return { status: response.status, text: await response.text() };
  }
  const protectedRoutes = () => routes.filter(({ publicBecause }) => !publicBecause);
  const label = ({ method, path }: RouteFacts): string => `${method} ${path}`;

  test('P22: every route states its permission or why it is public', () => {
    expect(routes.length).toBeGreaterThan(50);
    expect(routes.filter(({ permission, publicBecause }) => !permission && !publicBecause).map(label)).toEqual([]);
    expect(new Set(routes.map(({ path }) => path.startsWith(base)))).toEqual(new Set([true]));
  });

  test('P22: without a token, and with one that nobody signed, every route answers 401', async () => {
    for (const route of protectedRoutes()) for (const token of [null, 'eyJhbGciOiJub25lIn0.e30.']) expect({ route: label(route), status: (await call(route, token)).status }).toEqual({ route: label(route), status: 401 });
  });

  test('P22: a person whom no practice knows gets 403 everywhere', async () => {
    const token = await scheduling.issuer.tokenOf('frontdesk@nowhere.example');
    for (const route of protectedRoutes()) expect({ route: label(route), status: (await call(route, token)).status }).toEqual({ route: label(route), status: 403 });
  });

  test.each(Object.entries(desks))("P22: lakeside's %s sees and changes nothing of harbor on any route", async (desk, role) => {
    const token = await scheduling.issuer.tokenOf(`${desk}@lakeside.example`);
    for (const route of protectedRoutes()) {
      const before = await changeable();
      const { status, text } = await call(route, token);
      const seen = { route: label(route), status, leaks: secrets.filter((secret) => text.includes(secret) && !echoes(route, secret)) };
      if (!permissionsOfRole[role].has(route.permission!)) expect(seen).toEqual({ route: label(route), status: 403, leaks: [] });
      else if (route.path.includes(':') && !SHARED.test(route.path)) expect(seen).toEqual({ route: label(route), status: oneOf(REFUSED, status), leaks: [] });
      else expect(seen).toEqual({ route: label(route), status: unbroken(status), leaks: [] });
      expect({ route: label(route), changed: (await changeable()) !== before }).toEqual({ route: label(route), changed: false });
    }
  });

  test.each(Object.entries(desks))("P22: desert's %s, a partner's, sees nothing of harbor's patients, visits, holds, referrals, wait list, hours, closures, costs and audit", async (desk, role) => {
    const token = await scheduling.issuer.tokenOf(`${desk}@desert.example`);
    for (const route of protectedRoutes().filter(({ path }) => /\/(patients|persons|appointments|series|visit-chains|holds|group-sessions|referrals|waitlist-entries|offers|offer-rounds|absences|availability|closures|audit|patient-keys|subjects|revisions|shared-costs|statements)\b/.test(path))) {
      const before = await changeable();
      const { status, text } = await call(route, token);
      const seen = { route: label(route), status, leaks: [foreign['patients']!, foreign['persons']!, foreign['appointments']!, foreign['holds']!, foreign['referrals']!, foreign['waitlist-entries']!, foreign['offers']!, foreign['offer-rounds']!, foreign['series']!, foreign['absences']!, foreign['marks']!, foreign['shared-costs']!, foreign['statements']!, foreign['availability']!, foreign['availability-exceptions']!, foreign['closures']!, 'Alvarez'].filter((secret) => text.includes(secret) && !echoes(route, secret)) };
      if (!permissionsOfRole[role].has(route.permission!)) expect(seen).toEqual({ route: label(route), status: 403, leaks: [] });
      else if (route.path.includes(':')) expect(seen).toEqual({ route: label(route), status: oneOf(REFUSED, status), leaks: [] });
      else expect(seen).toEqual({ route: label(route), status: unbroken(status), leaks: [] });
      expect({ route: label(route), changed: (await changeable()) !== before }).toEqual({ route: label(route), changed: false });
    }
  });

  test('P22: whoever says to work for another practice is refused on every route, unless an agreement names them for the list', async () => {
    const before = await changeable();
    const callers: [string, string][] = [['frontdesk@lakeside.example', 'harbor'], ['manager@summit.example', 'harbor'], ['frontdesk@harbor.example', 'summit'], ['frontdesk@harbor.example', 'harbor'], ['manager@summit.example', 'harbor, summit'], ['operator@network.example', 'harbor']];
    for (const [subject, practice] of callers) {
      const token = await scheduling.issuer.tokenOf(subject);
      for (const route of protectedRoutes()) {
        const { status, text } = await call(route, token, { 'slotmesh-for': practice });
        expect({ subject, practice, route: label(route), status, names: text.includes('Alvarez') }).toEqual({ subject, practice, route: label(route), status: 403, names: false });
      }
    }
    expect(await changeable()).toBe(before);
    const agreement = newId();
    const named = [{ practice: 'harbor', subject: 'manager@summit.example', of: 'summit', desks: ['wait-list'], until: null }];
    await scheduling.sql(`INSERT INTO agreement (id, partnership_id, version, practices, name, drafted_for) SELECT $1, partnership_id, 1, '{harbor,summit}', 'Lists', 'harbor' FROM membership WHERE practice_id = 'harbor'`, [agreement]);
    await scheduling.sql(`INSERT INTO agreement_version (agreement_id, version, status, practices, effective_from, terms, hash, drafted_for, authors, drafted_at, affected) VALUES ($1, 1, 'in-force', '{harbor,summit}', '2026-01-01', $2, repeat('0', 64), 'harbor', '{}', '2026-01-01', '{harbor,summit}')`,
      [agreement, JSON.stringify({ name: 'Lists', practices: ['harbor', 'summit'], effectiveFrom: '2026-01-01T00:00:00Z', endsAt: null, noticeDays: 90, blackoutDates: [], rules: [], staffAccess: named })]);
    const token = await scheduling.issuer.tokenOf('manager@summit.example');
    const passed: string[] = [];
    for (const route of protectedRoutes()) {
      const { status, text } = await call(route, token, { 'slotmesh-for': 'harbor' });
      expect({ route: label(route), status: unbroken(status), names: text.includes('Alvarez') }).toEqual({ route: label(route), status, names: false });
      if (status !== 403) passed.push(`${route.method} ${route.path.replace(base, '')}`);
      else expect({ route: label(route), workedFor: route.workedFor }).toEqual({ route: label(route), workedFor: null });
    }
    expect(passed.sort()).toEqual(['GET /offers', 'GET /waitlist-entries', 'GET /waitlist-entries/:id', 'POST /offers/:id/accept', 'POST /offers/:id/decline', 'POST /waitlist-entries/:id/withdraw']);
  });

  test('P22: operators and services pass only where their permission is stated, and never read a patient', async () => {
    const callers: [Role, string][] = [['operator', await scheduling.issuer.tokenOf('operator@network.example')], ['service', await scheduling.issuer.serviceToken('reminders')]];
    for (const [role, token] of callers) {
      for (const route of protectedRoutes()) {
        const { status, text } = await call(route, token);
        const permitted = permissionsOfRole[role].has(route.permission!);
        expect({ role, route: label(route), status, names: /Alvarez|Whitfield|\+1\d{3}55501[0-8]/.test(text) }).toEqual({ role, route: label(route), status: permitted ? unbroken(status) : 403, names: false });
      }
    }
  });

  test("P22: harbor's own roles pass exactly where their permission is stated, and no route breaks", async () => {
    for (const [desk, role] of Object.entries(desks)) {
      const token = await scheduling.issuer.tokenOf(`${desk}@harbor.example`);
      for (const route of protectedRoutes()) {
        const { status, text } = await call(route, token);
        const missing = status === 403 && text.includes('permission-missing');
        expect({ role, route: label(route), missing, broken: status >= 500 }).toEqual({ role, route: label(route), missing: !permissionsOfRole[role].has(route.permission!), broken: false });
      }
    }
    expect(new Set([...Object.values(desks), 'operator', 'service'])).toEqual(new Set(roles));
  });

  /** A fingerprint of all that harbor owns or took; a partner may take shared time of its calendar. */
  async function changeable(): Promise<string> {
    const tables = ['patient', 'representative', 'appointment', 'hold', 'referral', 'site', 'provider', 'resource', 'visit_type', 'availability', 'availability_exception', 'closure', 'provider_visit_type', 'waitlist_entry', 'offer', 'offer_round', 'series', 'visit_chain', 'absence', 'absence_visit', 'webhook_subscription', 'patient_mark', 'shared_cost', 'cost_statement', 'cost_statement_verdict'];
    const owner = (table: string): string => ({ appointment: 'booking_id', hold: 'holder_id', series: 'booking_id', visit_chain: 'booking_id', referral: 'sender_id', offer_round: 'host_id', shared_cost: 'paid_by', cost_statement: 'made_for' }[table] ?? 'practice_id');
    const sql = [...tables.map((table) => `SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM ${table} t WHERE ${owner(table)} = 'harbor'`), `SELECT md5(t::text) FROM practice t WHERE id = 'harbor'`];
    const [row] = await scheduling.sql<{ all: string }>(`SELECT ${sql.map((text) => `coalesce((${text}), '')`).join(" || '.' || ")} AS all`);
    return row!.all;
  }
  /** A problem names the path that was asked; that tells nobody anything new. */
  const echoes = (route: RouteFacts, secret: string): boolean => urlOf(route.path).includes(secret);
});
