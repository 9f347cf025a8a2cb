import { MINUTE, newId } from '@slotmesh/kernel';
import { RouteCensus, type RouteFacts } from '@slotmesh/security';
import { eventually } from '@slotmesh/testing';
import { PatientBrowser } from './patient-browser';
import { type Desk, RunningScheduling } from './running-scheduling';

/** Of summit's: a visit type and a site whose names tell why somebody comes, with what is told of them. */
const TELLS = /Buprenorphine|Willow Recovery|Hush Lane|naloxone/i;
const CODE = 'svc-zeta';
const SERVICE = /Opioid|opioides/;
/** Where people choose what to ask for, or agree on what is shared: by the code of the service. */
const CHOOSING = /\/(services|visit-types|agreements|partnerships)\b|\/(HealthcareService|Schedule|Slot)\b|\$find/;
const CATALOGUE = /\/scheduling\/v1\/services\b/;

let scheduling: RunningScheduling;
const people = new Map<string, Desk>();
const who = (name: string): Desk => people.get(name)!;
const tokens = new Map<string, string>();
let site: string;
let visitType: string;
let patient: string;
const ids: Record<string, string> = {};
const BORN = '1979-02-11';

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  for (const practice of ['harbor', 'summit', 'desert', 'lakeside']) {
    for (const role of ['manager', 'owner', 'clinician', 'frontdesk', 'auditor']) {
      people.set(`${role}@${practice}`, await scheduling.desk(`${role}@${practice}.example`));
      tokens.set(`${role}@${practice}`, await scheduling.issuer.tokenOf(`${role}@${practice}.example`));
    }
  }
  await scheduling.sql(`INSERT INTO service (code, name, sensitive) VALUES ($1, '{"en": "Opioid recovery visit", "es": "Consulta de opioides"}', true)`, [CODE]);
  const made = async (path: string, body: object): Promise<string> => {
    const answer = await who('manager@summit').post(path, body);
    expect(answer).toMatchObject({ status: 201 });
    return String(answer.body['id']);
  };
  site = await made('/sites', { name: 'Willow Recovery House', zone: 'America/Denver', phone: '303-555-0177', address: { line: '7 Hush Lane', city: 'Aurora', state: 'CO', postalCode: '80010' }, latitude: 39.7294, longitude: -104.8319, sensitive: true });
  visitType = await made('/visit-types', { service: CODE, name: 'Buprenorphine follow-up', durationMinutes: 30, preparation: { en: 'Bring your naloxone kit', es: 'Traiga su naloxone' } });
  const [skin] = await scheduling.sql<{ id: string }>(`SELECT id FROM visit_type WHERE practice_id = 'summit' AND public`);
  const provider = await made('/providers', { name: 'Ada Lindqvist, MD', languages: ['en'], visitTypes: [visitType, skin!.id] });
  for (const weekday of [1, 2, 3, 4, 5, 6, 7]) await made('/availability', { provider, site, weekday, from: '08:00', to: '16:00', validFrom: '2026-01-01' });
  await share();

  patient = String((await who('frontdesk@harbor').post('/patients', { givenName: 'Quentina', familyName: 'Farraday', birthDate: BORN, email: 'q@example.com', phone: '617-555-0148' })).body['id']);
  const found = await search('frontdesk@harbor');
  const booked = await who('frontdesk@harbor').post('/appointments', { opening: found[0]!.id, patient });
  const held = await who('frontdesk@harbor').post('/holds', { opening: found[5]!.id });
  const waiting = await who('frontdesk@harbor').post('/waitlist-entries', { patient, service: CODE });
  const referred = await who('frontdesk@harbor').post('/referrals', { patient, to: { practice: 'summit' }, service: CODE, reason: 'A question' });
  expect([booked.status, held.status, waiting.status, referred.status]).toEqual([201, 201, 201, 201]);
  Object.assign(ids, {
    appointments: booked.body['id'], Appointment: booked.body['id'], holds: held.body['id'], 'waitlist-entries': waiting.body['id'], referrals: referred.body['id'], ServiceRequest: referred.body['id'], sites: site, Location: site,
    'visit-types': visitType, HealthcareService: visitType, providers: provider, Practitioner: provider, patients: patient, Patient: patient, practices: 'summit', Organization: 'summit', services: CODE, Slot: found[6]!.id,
  });
  const [agreement] = await scheduling.sql<{ id: string }>('SELECT id FROM agreement');
  ids['agreements'] = agreement!.id;
  const [refs] = await scheduling.sql<{ id: string }>(`SELECT v.ref || '-' || p.ref || '-' || s.ref AS id FROM visit_type v, provider p, site s WHERE v.id = $1 AND p.id = $2 AND s.id = $3`, [visitType, provider, site]);
  ids['Schedule'] = refs!.id;
});
afterAll(async () => scheduling.stop());

const search = (by: string) => who(by).openings(`service=${CODE}&from=${scheduling.inDays(3)}&to=${scheduling.inDays(20)}&limit=50`);
interface Manifest { readonly output: readonly { readonly url: string }[] }
const filesOf = ({ output }: Manifest) => Promise.all(output.map(async ({ url }) => (await fetch(scheduling.url + new URL(url).pathname)).text()));
const later = (ms: number): void => void scheduling.clock.moveTo(scheduling.clock.offset + ms);

/** Summit shares the service, by an amendment that everybody signs. */
async function share(): Promise<void> {
  const [{ id, version, terms } = { id: '', version: 0, terms: { rules: [] } }] = await scheduling.sql<{ id: string; version: number; terms: { rules: object[] } }>(`SELECT agreement_id AS id, version, terms FROM agreement_version WHERE status = 'in-force'`);
  const draft = await who('manager@harbor').post(`/agreements/${id}/versions`, { ...terms, effectiveFrom: scheduling.inDays(1), endsAt: null, rules: [...terms.rules, { id: 'summit-quiet', host: 'summit', services: [CODE], opensDaysBefore: 60, returnsHoursBefore: 2 }] });
  expect(draft).toMatchObject({ status: 201 });
  const proposed = await who('manager@harbor').post(`/agreements/${id}/propose`, { version: version + 1 });
  expect(proposed).toMatchObject({ status: 200 });
  for (const by of ['owner@harbor', 'manager@summit', 'owner@summit', 'manager@desert', 'owner@desert']) expect((await who(by).post(`/agreements/${id}/approve`, { version: version + 1, hash: proposed.body['hash'] })).status).toBe(200);
  scheduling.clock.moveTo(Math.max(scheduling.clock.offset, Date.parse(String(proposed.body['effectiveFrom'])) - Date.now() + 1_000));
  await eventually('the version is in force', async () => (await scheduling.sql(`SELECT 1 FROM agreement_version WHERE agreement_id = $1 AND version = $2 AND status = 'in-force'`, [id, version + 1])).length === 1);
}

/** Every route that only reads, with summit's own ids where it takes one; a new one is walked without being told. */
const readingRoutes = (): RouteFacts[] => scheduling.app.get(RouteCensus, { strict: false }).routes().filter(({ method, path }) => method === 'GET' && !/\/(events|health|metrics)\b|\/a\/:token/.test(path));
const urlOf = (path: string): string => path.split('/').map((part, index, parts) => (part.startsWith(':') ? encodeURIComponent(ids[parts[index - 1]!] ?? newId()) : part)).join('/');
const queriesOf = (path: string): string[] => (path.endsWith('$find') ? [`?start=${scheduling.inDays(3)}&end=${scheduling.inDays(9)}&service-type=${CODE}&_count=50`, `?start=${scheduling.inDays(3)}&end=${scheduling.inDays(9)}&organization=summit&_count=100`] : path.includes('/fhir/') ? ['', `?_count=100&service-type=${CODE}`, '?_count=100&organization=summit'] : ['', '?limit=200', '?limit=200&practice=summit', `?service=${CODE}&limit=200`, `?patient=${patient}&service=${CODE}`, `?from=2026-01-01&to=2027-12-31`, `?from=${scheduling.inDays(-40)}&to=${scheduling.inDays(40)}`, `?site=${site}&from=${scheduling.inDays(3).slice(0, 10)}&days=7`, '?format=csv']);
/** What everything that a person may read says that matches. */
async function readings(by: string): Promise<{ readonly url: string; readonly status: number; readonly text: string }[]> {
  const all: { url: string; status: number; text: string }[] = [];
  const urls = readingRoutes().flatMap(({ path }) => queriesOf(path).map((query) => urlOf(path) + query));
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let url = urls.shift(); url !== undefined; url = urls.shift()) {
      const response = await fetch(scheduling.url + url, { headers: { authorization: `Bearer ${tokens.get(by)!}` }, signal: AbortSignal.timeout(60_000) });
      all.push({ url, status: response.status, text: await response.text() });
    }
  }));
  return all;
}
const problem = (text: string, url: string): string => (text.includes('"instance"') ? text.replaceAll(url, '') : text);

describe('names that tell why somebody comes', () => {
  test.each(['manager@harbor', 'frontdesk@harbor', 'auditor@harbor', 'manager@desert', 'manager@lakeside'])('P7: no route that %s may read says them', async (by) => {
    const read = await readings(by);
    expect(read.filter(({ status }) => status === 200).length).toBeGreaterThan(20);
    expect(read.filter(({ text }) => TELLS.test(text)).map(({ url }) => url)).toEqual([]);
    expect(read.filter(({ url, text }) => SERVICE.test(text) && !CATALOGUE.test(url)).map(({ url }) => url)).toEqual([]);
    // Who books nothing of it meets its code where people choose, and nowhere else.
    if (!by.endsWith('harbor')) expect(read.filter(({ url, text }) => problem(text, url).includes(CODE) && !CHOOSING.test(url) && !url.includes(CODE)).map(({ url }) => url)).toEqual([]);
  });

  test("summit's own staff read them by the same walk, so it would find them", async () => {
    const read = await readings('manager@summit');
    const found = new Set(read.filter(({ text }) => TELLS.test(text)).map(({ url }) => url.split('?')[0]));
    for (const path of ['/api/scheduling/v1/sites', `/api/scheduling/v1/sites/${site}`, '/api/scheduling/v1/visit-types', '/api/scheduling/v1/openings', '/api/scheduling/v1/calendar', '/fhir/R4/Location', '/fhir/R4/HealthcareService', '/fhir/R4/Schedule', '/fhir/R4/Slot', '/fhir/R4/Appointment/$find']) {
      expect({ path, found: found.has(path) }).toEqual({ path, found: true });
    }
  });

  test('P7: a partner finds, holds and books by the code of the service, by time and by town, and is refused without a name', async () => {
    const [first] = await search('frontdesk@harbor');
    expect(first).toMatchObject({ service: CODE, practice: 'summit', visitType: { id: visitType, name: 'Appointment', durationMinutes: 30 }, site: { id: site, name: 'Aurora' }, provider: { name: 'Ada Lindqvist, MD' } });
    expect((await search('frontdesk@summit'))[0]).toMatchObject({ visitType: { name: 'Buprenorphine follow-up' }, site: { name: 'Willow Recovery House' } });
    const seen = await who('frontdesk@harbor').get(`/sites/${site}`);
    expect(seen.body).toMatchObject({ name: 'Aurora', address: { line: '', city: 'Aurora', state: 'CO' }, latitude: null, longitude: null });
    expect(seen.body).not.toHaveProperty('sensitive');
    expect((await who('frontdesk@harbor').get(`/visit-types/${visitType}`)).body).toMatchObject({ name: 'Appointment', service: CODE, preparation: null, policy: null });
    const measured = async (by: string, more = ''): Promise<unknown[]> => (await who(by).openings(`service=${CODE}&from=${scheduling.inDays(3)}&to=${scheduling.inDays(20)}&limit=1&near=39.7294,-104.8319${more}`)).map((opening) => (opening as unknown as { distanceKm: number }).distanceKm);
    // Exact distances from three places would give the street.
    expect([await measured('frontdesk@summit'), await measured('frontdesk@harbor')]).toEqual([[0], [4.3]]);
    expect([await measured('frontdesk@summit', '&radiusKm=0.2'), await measured('frontdesk@harbor', '&radiusKm=0.2')]).toEqual([[0], []]);
    const answers = [
      await who('frontdesk@harbor').post('/holds', { opening: first!.id }), await who('frontdesk@desert').post('/holds', { opening: first!.id }),
      await who('frontdesk@desert').post('/visit-chains/search', { steps: [{ service: CODE }, { service: CODE }], from: scheduling.inDays(3), to: scheduling.inDays(9) }),
      await who('frontdesk@harbor').get(`/referrals/options?service=${CODE}`), await who('frontdesk@harbor').post(`/appointments/${ids['appointments']}/reschedule`, { opening: (await search('frontdesk@harbor')).at(-1)!.id }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 409, 200, 200, 200]);
    expect(JSON.stringify(answers[1]!.body)).toContain('Aurora');
    for (const { body } of answers) expect(JSON.stringify(body)).not.toMatch(TELLS);
  });

  test('P7: what is not named to a partner is not found by its name either', async () => {
    const total = async (by: string, path: string): Promise<number> => {
      const response = await fetch(`${scheduling.url}/fhir/R4/${path}`, { headers: { authorization: `Bearer ${tokens.get(by)!}` } });
      return JSON.stringify(await response.json()).split('"resourceType":').length - 2;
    };
    for (const path of ['Location?name=Willow', 'HealthcareService?name=Bupre']) expect([await total('frontdesk@summit', path), await total('frontdesk@harbor', path)]).toEqual([1, 0]);
  });

  test('a visit type of a sensitive service is sensitive whatever its practice says, and is not published; nor is a time at a sensitive site', async () => {
    const own = (await who('manager@summit').get(`/visit-types/${visitType}`)).body;
    expect(own).toMatchObject({ sensitive: true });
    expect((await who('manager@summit').call('PUT', `/visit-types/${visitType}`, { ...own, sensitive: false })).body).toMatchObject({ sensitive: true });
    expect(await who('manager@summit').call('PUT', `/visit-types/${visitType}`, { ...own, sensitive: false, public: true })).toMatchObject({ status: 400 });
    later(2 * MINUTE);
    const manifest = await (await fetch(`${scheduling.url}/smart-scheduling/$bulk-publish`)).json() as Manifest;
    const files = await filesOf(manifest);
    expect(files.join('')).toContain('Summit Dermatology');
    expect(files.join('')).not.toMatch(new RegExp(`${TELLS.source}|${CODE}|${SERVICE.source}|${site}|Aurora`, 'i'));
    // The same visit type at the same site is published once the site is not sensitive any more.
    const place = (await who('manager@summit').get(`/sites/${site}`)).body;
    expect((await who('manager@summit').call('PUT', `/sites/${site}`, { ...place, sensitive: false })).status).toBe(200);
    later(2 * MINUTE);
    const again = await (await fetch(`${scheduling.url}/smart-scheduling/$bulk-publish`)).json() as Manifest;
    expect((await filesOf(again)).join('')).toContain('Willow Recovery House');
    expect((await who('manager@summit').call('PUT', `/sites/${site}`, { ...place, sensitive: true })).status).toBe(200);
  });

  test('a place that becomes sensitive is published no more at once, and not only when the publication is brought up to date', async () => {
    const manifest = await (await fetch(`${scheduling.url}/smart-scheduling/$bulk-publish`)).json() as Manifest;
    const [slot] = await scheduling.sql<{ id: string; site: string }>(`SELECT id, location_id AS site FROM published_resource WHERE kind = 'Slot' AND practice_id = 'summit' AND to_at IS NULL LIMIT 1`);
    const place = (await who('manager@summit').get(`/sites/${slot!.site}`)).body;
    const seen = async () => {
      const page = await fetch(`${scheduling.url}/smart-scheduling/book/${slot!.id}`);
      return [page.status, (await page.text()).includes(String(place['name'])), ...(await filesOf(manifest)).map((text) => text.includes(slot!.site) || text.includes(`"${slot!.id}"`))];
    };
    expect(await seen()).toEqual([200, true, true, true, true]);
    expect((await who('manager@summit').call('PUT', `/sites/${slot!.site}`, { ...place, sensitive: true })).status).toBe(200);
    expect(await seen()).toEqual([404, false, false, false, false]);
    expect((await who('manager@summit').call('PUT', `/sites/${slot!.site}`, { ...place, sensitive: false })).status).toBe(200);
    expect(await seen()).toEqual([200, true, true, true, true]);
  });

  test('in an emergency a partner learns when and with whom, and of a sensitive place the town', async () => {
    const begun = await who('clinician@desert').post('/emergency-access', { host: 'summit', givenName: 'Quentina', familyName: 'Farraday', birthDate: BORN, purpose: 'treatment', reason: 'Unconscious in our waiting room' });
    expect(begun.status).toBe(201);
    const { body } = await who('clinician@desert').get(`/emergency-access/${String(begun.body['id'])}/patient`);
    expect(body['comingVisits']).toMatchObject([{ site: 'Aurora', provider: 'Ada Lindqvist, MD' }]);
  });

  test("P24: whoever holds the patient's link learns neither practice nor place before the birth date; titles and calendar entries never say them", async () => {
    const link = String((await who('frontdesk@summit').post(`/appointments/${ids['appointments']}/patient-links`)).body['url']);
    const browser = new PatientBrowser(scheduling.url);
    for (const language of ['en', 'es']) {
      const door = await browser.open(`${link}?lang=${language}`);
      expect(door.html).not.toMatch(/Summit|Dermatology|Aurora|null/);
      expect(door.html).not.toMatch(TELLS);
      expect(door.accessibilityProblems()).toEqual([]);
    }
    const door = await browser.open(link);
    const page = await browser.follow(await browser.submit(door, '/open', { year: '1979', month: '2', day: '11' }));
    expect(page.text()).toContain('Willow Recovery House');
    expect(page.text()).toContain('7 Hush Lane');
    for (const path of ['', '/move', '/cancel']) {
      const { html } = await browser.open(link + path);
      expect(/<title>(.*?)<\/title>/.exec(html)?.[1]).not.toMatch(/Summit|Willow/);
    }
    const calendar = (await browser.open(`${link}/visit.ics`)).html.replace(/\r?\n[ \t]/g, '');
    expect(calendar).toMatch(/SUMMARY:Appointment\r?\n/);
    expect(calendar).toMatch(/LOCATION:Aurora\r?\n/);
    expect(calendar).not.toMatch(/Summit|Willow|Hush/);
  });
});
