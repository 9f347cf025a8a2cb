import { eventually } from '@slotmesh/testing';
import { type Desk, RunningScheduling } from './running-scheduling';

interface Entry { readonly id: string; readonly action: string; readonly patient: string | null; readonly actor: { readonly subject: string }; readonly seal: { readonly position: number; readonly hash: string } | null }

let scheduling: RunningScheduling;
let desk: Desk;
let auditor: Desk;
let patient: string;

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  [desk, auditor] = [await scheduling.desk('frontdesk@harbor.example'), await scheduling.desk('auditor@harbor.example')];
  const { body } = await desk.post('/patients/search', { name: 'Maria Alvarez' });
  patient = (body['items'] as unknown as { id: string }[])[0]!.id;
});
afterAll(async () => scheduling.stop());

const entries = async (who: Desk, query: string): Promise<Entry[]> => {
  const { status, body } = await who.get(`/audit?${query}`);
  expect(status).toBe(200);
  return body['items'] as unknown as Entry[];
};

describe('the audit over HTTP', () => {
  test("P23: who read a patient stands in the practice's own audit and is chained within seconds", async () => {
    await desk.get(`/patients/${patient}`);
    const [read] = await entries(auditor, `patient=${patient}&action=patient.read`);
    expect(read).toMatchObject({ patient, actor: { subject: 'frontdesk@harbor.example' } });
    const started = Date.now();
    await eventually('the row is chained', async () => (await entries(auditor, `patient=${patient}&action=patient.read`))[0]!.seal);
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  test('P21: lakeside sees none of it, an operator only what was done for no practice, and a desk may not look at all', async () => {
    expect(await entries(await scheduling.desk('auditor@lakeside.example'), `patient=${patient}`)).toEqual([]);
    const operator = await scheduling.desk('operator@network.example');
    expect((await entries(operator, 'limit=200')).every((entry) => entry.patient === null)).toBe(true);
    expect((await desk.get('/audit')).status).toBe(403);
    expect((await auditor.get('/audit?cursor=bm90LWEtY3Vyc29y')).status).toBe(400);
  });

  test('P23: verify holds while the service works, and names the row that somebody changed behind its back', async () => {
    const report = await eventually('all is chained', async () => {
      const { body } = await auditor.get('/audit/verify');
      return Number(body['sealed']) > 300 ? body : null;
    });
    expect(report).toMatchObject({ intact: true, faults: [] });
    const head = report['head'] as unknown as { position: number; hash: string };
    expect((await auditor.get(`/audit/verify?known=${head.position}:${head.hash}`)).body).toMatchObject({ intact: true });
    expect((await auditor.get(`/audit/verify?known=${head.position}:${'0'.repeat(64)}`)).body).toMatchObject({ intact: false, faults: [{ kind: 'cut' }] });
    const [row] = await scheduling.sql<{ id: string }>(`UPDATE audit_entry SET actor_subject = 'somebody@else.example' WHERE id = (SELECT entry_id FROM audit_seal WHERE position = 17) RETURNING id`);
    expect((await auditor.get('/audit/verify')).body).toMatchObject({ intact: false, faults: [{ kind: 'changed', position: 17, entry: row!.id }] });
  });

  test('P24: after registering, searching, booking and refusing nothing of a patient stands in the clear in any table, the kept answers included', async () => {
    const secret = { givenName: 'Zephyrine', familyName: 'Underhillock', birthDate: '1971-08-09', phone: '+16175550179', email: 'zephyrine.u@example.org', recordNumber: 'ZU-771-X', consent: { text: true, email: true } };
    const added = await desk.post('/patients', secret, { 'idempotency-key': 'first' });
    expect(added.status).toBe(201);
    expect((await desk.post('/patients', secret, { 'idempotency-key': 'again' })).status).toBe(409);
    expect((await desk.post('/patients/search', { name: 'Zephyrine Underhillock' })).body['items']).toHaveLength(1);
    const [opening] = await desk.openings(`service=dermatology-consult&from=${scheduling.inDays(3)}&to=${scheduling.inDays(13)}&limit=5`);
    const booked = await desk.post('/appointments', { opening: opening!.id, patient: added.body['id'], reason: 'A changing birthmark on Zephyrine' }, { 'idempotency-key': 'visit' });
    expect(booked.status).toBe(201);
    const [{ dump }] = await scheduling.sql<{ dump: string }>(`SELECT string_agg(xml::text, E'\\n') AS dump FROM (
      SELECT query_to_xml(format('SELECT to_jsonb(t)::text AS row FROM %I t', relname), false, true, '') AS xml FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace) AS tables`) as [{ dump: string }];
    expect(dump).toContain(String(booked.body['id']));
    for (const text of ['Zephyrine', 'zephyrine.u', 'Underhillock', 'zephyrineunderhillock', '5550179', 'ZU-771-X', '1971-08-09', 'birthmark']) expect({ text, found: dump.toLowerCase().includes(text.toLowerCase()) }).toEqual({ text, found: false });
  });
});
