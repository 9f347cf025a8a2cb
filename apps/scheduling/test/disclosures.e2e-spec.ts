import { eventually } from '@slotmesh/testing';
import { type Desk, RunningScheduling } from './running-scheduling';

interface Item { readonly id: string; readonly at: string; readonly patient: string; readonly to: string; readonly because: string | null; readonly becauseId: string | null }

let scheduling: RunningScheduling;
let harbor: Desk;
let summit: Desk;
let manager: Desk;
let auditor: Desk;

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  [harbor, summit, manager, auditor] = await Promise.all(['frontdesk@harbor.example', 'frontdesk@summit.example', 'manager@harbor.example', 'auditor@harbor.example'].map((subject) => scheduling.desk(subject))) as [Desk, Desk, Desk, Desk];
});
afterAll(async () => scheduling.stop());

const person = { givenName: 'Benedikta', familyName: 'Falkenrath', birthDate: '1971-03-04', phone: '617-555-0141' };
const summitOpenings = async (service = 'dermatology-consult') => harbor.openings(`service=${service}&practice=summit&from=${scheduling.inDays(3)}&to=${scheduling.inDays(12)}&limit=50`);

describe('the disclosure log', () => {
  test('says what went to whom, when, under which agreement and because of what, as JSON and CSV, without a name', async () => {
    const id = String((await harbor.post('/patients', person)).body['id']);
    const [opening] = await summitOpenings();
    const visit = await harbor.post('/appointments', { opening: opening!.id, patient: id });
    expect((await harbor.call('PUT', `/patients/${id}`, { ...person, phone: '617-555-0142' })).status).toBe(200);
    const referral = await harbor.post('/referrals', { patient: id, to: { practice: 'summit' }, service: 'skin-check', reason: 'A mole' });
    const accounting = (await harbor.get(`/patients/${id}/disclosures`)).body;
    const all = { patient: id, to: 'summit', toName: 'Summit Dermatology', purpose: 'treatment', agreement: expect.any(String), at: expect.stringMatching(/Z$/), zone: 'America/New_York' };
    expect(accounting).toMatchObject({ nextCursor: null, items: [
      { ...all, profile: 'booking', because: 'appointment', becauseId: visit.body['id'], what: expect.stringContaining('phone') },
      { ...all, profile: 'booking', because: 'change', becauseId: null },
      { ...all, profile: 'referral-packet', because: 'referral', becauseId: referral.body['id'], what: expect.stringContaining('letter') },
    ] });
    const first = (await harbor.get(`/patients/${id}/disclosures?limit=2`)).body;
    const rest = (await harbor.get(`/patients/${id}/disclosures?limit=2&cursor=${String(first['nextCursor'])}`)).body;
    expect([...first['items'] as unknown as Item[], ...rest['items'] as unknown as Item[]]).toEqual(accounting['items']);

    const csv = await fetch(`${scheduling.url}/api/scheduling/v1/patients/${id}/disclosures?format=csv`, { headers: { authorization: `Bearer ${await scheduling.issuer.tokenOf('frontdesk@harbor.example')}` } });
    const lines = (await csv.text()).trim().split(/\r?\n/);
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe('id,at,zone,patient,to,toName,purpose,profile,what,because,becauseId,agreement');
    expect(lines.join()).not.toContain('Falkenrath');

    const range = `from=${scheduling.inDays(-1)}&to=${scheduling.inDays(1)}`;
    for (const desk of [manager, auditor]) {
      const listed = (await desk.get(`/disclosures?${range}&practice=summit&limit=200`)).body['items'] as unknown as Item[];
      expect(listed.filter(({ patient }) => patient === id)).toHaveLength(3);
    }
    expect((await manager.get(`/disclosures?${range}&practice=desert`)).body['items']).toEqual([]);
    expect(await harbor.get(`/disclosures?${range}`)).toMatchObject({ status: 403, body: { code: 'permission-missing' } });
    expect(await auditor.get(`/patients/${id}/disclosures`)).toMatchObject({ status: 403 });
    expect(await summit.get(`/patients/${id}/disclosures`)).toMatchObject({ status: 404, body: { code: 'patient-unknown' } });
    const [audited] = await scheduling.sql<{ n: string }>(`SELECT count(*) AS n FROM audit_entry WHERE patient_id = $1 AND action = 'patient.disclosures-read'`, [id]);
    expect(Number(audited!.n)).toBe(4);
    expect((await scheduling.sql(`SELECT 1 FROM audit_entry WHERE action = 'disclosure.listed' AND actor_subject = 'auditor@harbor.example'`)).length).toBe(1);
  });
});

describe('what an agreement lets go', () => {
  const practices = ['harbor', 'summit', 'desert'];
  interface Sharing { readonly purpose: string; readonly profile: string; readonly until?: string }
  /** The present agreement with another `dataSharing`, signed by everybody; in force within the day. */
  async function amended(dataSharing: readonly Sharing[]): Promise<void> {
    const people = new Map<string, Desk>();
    for (const practice of practices) for (const role of ['manager', 'owner']) people.set(`${role}@${practice}`, await scheduling.desk(`${role}@${practice}.example`));
    const [{ id, version, terms } = { id: '', version: 0, terms: {} }] = await scheduling.sql<{ id: string; version: number; terms: object }>(`SELECT agreement_id AS id, version, terms FROM agreement_version WHERE status = 'in-force'`);
    const draft = await people.get('manager@harbor')!.post(`/agreements/${id}/versions`, { ...terms, effectiveFrom: scheduling.inDays(1), endsAt: null, dataSharing });
    expect(draft.status).toBe(201);
    const proposed = await people.get('manager@harbor')!.post(`/agreements/${id}/propose`, { version: version + 1 });
    expect(proposed.status).toBe(200);
    for (const by of ['owner@harbor', 'manager@summit', 'owner@summit', 'manager@desert', 'owner@desert']) {
      expect((await people.get(by)!.post(`/agreements/${id}/approve`, { version: version + 1, hash: proposed.body['hash'] })).status).toBe(200);
    }
    scheduling.clock.moveTo(Math.max(scheduling.clock.offset, Date.parse(String(proposed.body['effectiveFrom'])) - Date.now() + 1_000));
    await eventually('the version is in force', async () => (await scheduling.sql(`SELECT 1 FROM agreement_version WHERE agreement_id = $1 AND version = $2 AND status = 'in-force'`, [id, version + 1])).length === 1);
  }
  const treatment = (profile: string, until?: string): Sharing => ({ purpose: 'treatment', profile, ...(until === undefined ? {} : { until }) });
  const patientOf = async (n: number): Promise<string> => String((await harbor.post('/patients', { ...person, familyName: `Falkenrath${'abc'.charAt(n)}`, phone: `617-555-015${n}` })).body['id']);

  test('a version that shares time has to let free-busy and booking go for treatment', async () => {
    const [{ id, terms } = { id: '', terms: {} }] = await scheduling.sql<{ id: string; terms: object }>(`SELECT agreement_id AS id, terms FROM agreement_version WHERE status = 'in-force'`);
    const draft = await manager.post(`/agreements/${id}/versions`, { ...terms, effectiveFrom: scheduling.inDays(1), endsAt: null, dataSharing: [treatment('free-busy'), { purpose: 'operations', profile: 'booking' }] });
    expect(draft.status).toBe(201);
    expect(await manager.post(`/agreements/${id}/propose`, { version: draft.body['version'] })).toMatchObject({ status: 422, body: { code: 'data-sharing-too-narrow' } });
    expect(await manager.post(`/agreements/${id}/versions`, { ...terms, dataSharing: [{ purpose: 'marketing', profile: 'booking' }] })).toMatchObject({ status: 400 });
    await scheduling.sql(`DELETE FROM agreement_version WHERE status = 'draft'`);
  });

  test('P7: what the version in force does not list does not go: referrals at once, bookings and later changes when their date is over', async () => {
    const [booked, other] = [await patientOf(0), await patientOf(1)];
    const last = scheduling.inDays(3).slice(0, 10);
    const counts = async (): Promise<boolean> => (await scheduling.sql<{ shared: boolean }>(`SELECT counts_shared((SELECT agreement_id FROM agreement_version WHERE status = 'in-force'), $1) AS shared`, [new Date(scheduling.now())]))[0]!.shared;
    expect(await counts()).toBe(true);
    await amended([treatment('free-busy'), treatment('booking', last)]);
    expect(await counts()).toBe(false);
    expect(await harbor.post('/referrals', { patient: booked, to: { practice: 'summit' }, service: 'skin-check', reason: 'A mole' })).toMatchObject({ status: 403, body: { code: 'data-not-shared', profile: 'referral-packet' } });
    const [opening, next] = (await harbor.openings(`service=dermatology-consult&practice=summit&from=${scheduling.inDays(7)}&to=${scheduling.inDays(14)}&limit=50`));
    const visit = await harbor.post('/appointments', { opening: opening!.id, patient: booked });
    expect(visit.status).toBe(201);
    const atHost = `/patients/${String((await summit.get(`/appointments/${String(visit.body['id'])}`)).body['patient'])}`;

    scheduling.clock.moveTo(Date.parse(`${last}T00:00:00Z`) + 86_400_000 - Date.now() + 60_000);
    const search = await harbor.get(`/openings?service=dermatology-consult&practice=summit&from=${scheduling.inDays(3)}&to=${scheduling.inDays(10)}`);
    expect(search.body).toMatchObject({ items: [], leftOut: [expect.objectContaining({ code: 'data-not-shared' })] });
    expect(await harbor.post('/holds', { opening: next!.id })).toMatchObject({ status: 422, body: { code: 'not-shared', reason: 'data-not-shared' } });
    expect(await harbor.post('/appointments', { opening: next!.id, patient: other })).toMatchObject({ status: 422, body: { code: 'not-shared', reason: 'data-not-shared' } });
    expect((await harbor.call('PUT', `/patients/${booked}`, { ...person, familyName: 'Falkenratha', phone: '617-555-0158' })).status).toBe(200);
    expect((await summit.get(atHost)).body).toMatchObject({ phone: '+16175550150' });
    expect(((await harbor.get(`/patients/${booked}/disclosures`)).body['items'] as unknown as Item[]).map(({ because }) => because)).toEqual(['appointment']);
    // What is booked stays the patient's: the practice that booked it still reads it and may call it off.
    expect((await harbor.post(`/appointments/${String(visit.body['id'])}/cancel`, { reason: 'pat' })).status).toBe(200);
  });
});
