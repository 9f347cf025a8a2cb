import { DAY } from '@slotmesh/kernel';
import { FhirClient, bundleIn, matches, refusalIn, resourceIn } from './fhir-client';
import { Desk, RunningScheduling } from './running-scheduling';

interface Item { readonly id: string; readonly patient: string; readonly recordNumber: string | null; readonly start: string; readonly end: string; readonly zone: string; readonly minutes: number; readonly confidential: boolean; readonly visitTypeName: string }

describe('visits that took place leave for billing', () => {
  let scheduling: RunningScheduling;
  let harbor: Desk;
  let harborManager: Desk;
  let summit: Desk;
  let summitManager: Desk;
  let patients: string[];
  /** Three of harbor's visits that took place, by start; the second is confidential. */
  let completed: string[];
  let atSummit: string;
  let span: string;

  beforeAll(async () => {
    scheduling = await RunningScheduling.start();
    [harbor, harborManager, summit, summitManager] = await Promise.all(['frontdesk@harbor.example', 'manager@harbor.example', 'frontdesk@summit.example', 'manager@summit.example'].map((subject) => scheduling.desk(subject))) as [Desk, Desk, Desk, Desk];
    patients = (await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'harbor' ORDER BY id`)).map((row) => row.id);
    span = `from=${scheduling.inDays(-1)}&to=${scheduling.inDays(30)}`;
    const own = await harbor.openings(`service=primary-care-visit&practice=harbor&from=${scheduling.inDays(2)}&to=${scheduling.inDays(12)}&limit=200`);
    const starts = [...new Map(own.map((one) => [one.start, one])).values()];
    const [partners] = await harbor.openings(`service=dermatology-consult&practice=summit&from=${scheduling.inDays(2)}&to=${scheduling.inDays(12)}&limit=5`);
    const book = async (index: number, opening: string, more: object = {}): Promise<string> => {
      const booked = await harbor.post('/appointments', { opening, patient: patients[index], reason: 'Nobody bills this', ...more });
      expect(booked.status).toBe(201);
      return String(booked.body['id']);
    };
    completed = [await book(0, starts[0]!.id), await book(1, starts[3]!.id, { confidential: true }), await book(2, starts[6]!.id)];
    const missed = await book(3, starts[9]!.id);
    atSummit = await book(4, partners!.id);
    for (const [desk, id] of [...completed.map((id) => [harbor, id] as const), [summit, atSummit] as const]) for (const step of ['arrive', 'complete']) expect((await desk.post(`/appointments/${id}/${step}`)).status).toBe(200);
    expect((await harbor.post(`/appointments/${missed}/no-show`)).status).toBe(200);
  });
  afterAll(async () => scheduling?.stop());

  const itemsOf = async (desk: Desk, query: string): Promise<{ items: Item[]; nextCursor: string | null }> => {
    const { status, body } = await desk.get(`/completed-visits?${query}`);
    expect(status).toBe(200);
    return body as unknown as { items: Item[]; nextCursor: string | null };
  };
  const csvFrom = async (subject: string, query: string) => {
    const response = await fetch(`${scheduling.url}/api/scheduling/v1/completed-visits?format=csv&${query}`, { headers: { authorization: `Bearer ${await scheduling.issuer.tokenOf(subject)}` } });
    return { type: response.headers.get('content-type'), text: await response.text() };
  };

  test('P7: the host gets what it hosted and completed, by start and page by page, with its own record numbers; the practice that booked at a partner gets nothing of it', async () => {
    const all = await itemsOf(harborManager, span);
    expect(all.items.map(({ id }) => id)).toEqual(completed);
    expect(all.items.map(({ confidential }) => confidential)).toEqual([false, true, false]);
    for (const [i, item] of all.items.entries()) {
      expect(item).toMatchObject({ patient: patients[i], recordNumber: expect.stringMatching(/^H-\d+$/), zone: 'America/New_York', start: expect.stringMatching(/Z$/) });
      expect(item.minutes).toBe((Date.parse(item.end) - Date.parse(item.start)) / 60_000);
    }
    expect(JSON.stringify(all)).not.toMatch(/Nobody bills this|Alvarez|familyName|birthDate|phone/);
    const first = await itemsOf(harborManager, `${span}&limit=2`);
    const rest = await itemsOf(harborManager, `${span}&limit=2&cursor=${first.nextCursor!}`);
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(completed);
    expect(rest.nextCursor).toBeNull();
    expect((await itemsOf(summitManager, span)).items).toMatchObject([{ id: atSummit, zone: 'America/Denver', recordNumber: null }]);
    expect((await harborManager.get(`/completed-visits?from=${scheduling.inDays(0)}&to=${scheduling.inDays(400)}`)).status).toBe(400);
  });

  test('P22: it has a permission of its own, which a desk has not; P23: each reading leaves an audit row with how many were shown', async () => {
    expect((await harbor.get(`/completed-visits?${span}`)).status).toBe(403);
    const audited = async (): Promise<unknown[]> => (await scheduling.sql<{ details: { count: number } }>(`SELECT details FROM audit_entry WHERE action = 'completed-visit.listed' AND practice_id = 'harbor' ORDER BY at, id`)).map(({ details }) => details.count);
    const before = await audited();
    await itemsOf(harborManager, span);
    await csvFrom('manager@harbor.example', span);
    expect((await audited()).slice(before.length)).toEqual([3, 3]);
  });

  test('as CSV they are the same rows below a header line, and no name starts a formula in a spreadsheet', async () => {
    await scheduling.sql(`UPDATE visit_type SET name = '=HYPERLINK("https://evil.example","x")' WHERE id = (SELECT visit_type_id FROM appointment WHERE id = $1)`, [completed[0]]);
    const { type, text } = await csvFrom('manager@harbor.example', span);
    expect(type).toBe('text/csv; charset=utf-8');
    const lines = text.split('\r\n');
    expect(lines.pop()).toBe('');
    expect(lines[0]).toBe('id,patient,recordNumber,payer,start,end,zone,minutes,service,visitType,visitTypeName,modality,provider,providerName,site,siteName,referral,confidential');
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(completed);
    expect(lines[1]).toContain(`,"'=HYPERLINK(""https://evil.example"",""x"")",`);
    expect((await csvFrom('manager@harbor.example', `from=${scheduling.inDays(-9)}&to=${scheduling.inDays(-8)}`)).text).toBe(`${lines[0]!}\r\n`);
  });

  test('a CSV of more than a page has each visit once, in order, with one audit row a page', async () => {
    const copies = 1_203;
    await scheduling.sql(`INSERT INTO appointment SELECT (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'starts_at', a.starts_at + (n / 3) * interval '1 second', 'ends_at', a.ends_at + (n / 3) * interval '1 second', 'booking_patient_id', null))).*
      FROM appointment a, generate_series(1, ${copies}) n WHERE a.id = $1`, [completed[2]]);
    const { text } = await csvFrom('manager@harbor.example', span);
    const ids = text.split('\r\n').slice(1, -1).map((line) => line.split(',')[0]!);
    expect([ids.length, new Set(ids).size]).toEqual([copies + 3, copies + 3]);
    const [pages] = await scheduling.sql<{ n: number }>(`SELECT count(*)::int AS n FROM audit_entry WHERE action = 'completed-visit.listed' AND (details->>'count')::int IN (500, 206)`);
    expect(pages!.n).toBe(3);
    await scheduling.sql(`DELETE FROM appointment WHERE host_id = 'harbor' AND NOT id = ANY ($1) AND status = 'fulfilled'`, [completed]);
  });

  test('in FHIR they are finished Encounters, read and searched by the host; the confidential one is labelled', async () => {
    const [manager, desk] = [await FhirClient.of(scheduling, 'manager@harbor.example'), await FhirClient.of(scheduling, 'frontdesk@harbor.example')];
    const found = await manager.get('/Encounter?_count=2');
    expect(matches(found).map(({ id }) => id)).toEqual(completed.slice(0, 2));
    expect(matches(await manager.get(bundleIn(found).link.find(({ relation }) => relation === 'next')!.url)).map(({ id }) => id)).toEqual([completed[2]]);
    const one = resourceIn(await manager.get(`/Encounter/${completed[1]!}`));
    expect(one).toMatchObject({
      status: 'finished', class: { code: 'AMB' }, meta: { security: [{ code: 'R' }] }, subject: { reference: `Patient/${patients[1]!}`, identifier: { value: expect.stringMatching(/^H-/) } }, appointment: [{ reference: `Appointment/${completed[1]!}` }],
      serviceProvider: { reference: 'Organization/harbor' },
    });
    expect(resourceIn(await manager.get(`/Encounter/${completed[0]!}`))).not.toHaveProperty('meta.security');
    const start = (one['period'] as { start: string }).start;
    for (const query of [`appointment=${completed[1]!}`, `_id=${completed[1]!}&identifier=${completed[1]!}`, `patient=Patient/${patients[1]!}&status=finished`, `date=${start}`]) expect(matches(await manager.get(`/Encounter?${query}`)).map(({ id }) => id)).toEqual([completed[1]]);
    for (const query of [`_id=${completed[0]!}&appointment=${completed[1]!}`, `date=lt${new Date(Date.parse(start) - 30 * DAY).toISOString()}`, `appointment=${atSummit}`]) expect(matches(await manager.get(`/Encounter?${query}`))).toEqual([]);
    expect(refusalIn(await manager.get(`/Encounter/${atSummit}`))).toMatchObject({ status: 404, code: 'appointment-unknown' });
    expect(refusalIn(await desk.get('/Encounter'))).toMatchObject({ status: 403, code: 'permission-missing' });
  });
});
