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
