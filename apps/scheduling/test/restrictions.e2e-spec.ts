import { DAY, newId, parseInstant, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { Client } from 'pg';
import { type Desk, type HttpResult, type OpeningItem, RunningScheduling } from './running-scheduling';

let scheduling: RunningScheduling;
let harbor: Desk;
let summit: Desk;
let nth = 0;

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  [harbor, summit] = await Promise.all([scheduling.desk('frontdesk@harbor.example'), scheduling.desk('frontdesk@summit.example')]);
  // Ten in the morning in Denver, noon in Boston: nobody's quiet hours.
  scheduling.clock.moveTo(parseInstant(`${new Date(plusMs(scheduling.now(), DAY)).toISOString().slice(0, 10)}T17:00:00Z`) - Date.now());
});
afterAll(async () => scheduling.stop());

const person = (more: object = {}) => ({ givenName: 'Rosalind', familyName: `Everett${String.fromCharCode(97 + nth)}`, birthDate: '1971-03-04', phone: `617-555-01${40 + nth}`, ...more });
async function registered(): Promise<{ readonly id: string; readonly record: object }> {
  nth += 1;
  const record = person();
  const answer = await harbor.post('/patients', record);
  expect(answer.status).toBe(201);
  return { id: String(answer.body['id']), record };
}
const restrict = (patient: string, practice: string | null = 'summit'): Promise<HttpResult> => harbor.post(`/patients/${patient}/restrictions`, { practice, reason: 'An ex-husband works there' });
const dermatology = (days: number, more = ''): Promise<OpeningItem[]> => harbor.openings(`service=dermatology-consult&practice=summit&from=${scheduling.inDays(days)}&to=${scheduling.inDays(days + 6)}&limit=100${more}`);
const disclosed = async (patient: string): Promise<number> => Number((await scheduling.sql<{ n: string }>('SELECT count(*) AS n FROM disclosure WHERE patient_id = $1', [patient]))[0]!.n);
const REFUSED = { status: 422, body: { code: 'patient-restricts', practice: 'summit' } };

describe("a patient's restriction", () => {
  test('search leaves the partner out and says why; hold, booking, move and referral are refused, and nothing reaches the partner any more', async () => {
    const { id, record } = await registered();
    const [first, second, third] = await dermatology(3);
    const booked = await harbor.post('/appointments', { opening: first!.id, patient: id });
    expect(booked.status).toBe(201);
    const atHost = `/patients/${String((await summit.get(`/appointments/${String(booked.body['id'])}`)).body['patient'])}`;
    expect((await harbor.post('/referrals', { patient: id, to: { practice: 'summit' }, service: 'skin-check', reason: 'A mole' })).status).toBe(201);

    const added = await restrict(id);
    expect(added).toMatchObject({ status: 201, body: { id: expect.any(String) } });
    expect(await restrict(id)).toMatchObject({ status: 409, body: { code: 'restricted-already' } });
    const before = await disclosed(id);

    const search = await harbor.get(`/openings?service=dermatology-consult&from=${scheduling.inDays(3)}&to=${scheduling.inDays(9)}&patient=${id}`);
    expect(search.body['items']).toEqual([]);
    expect(search.body).toMatchObject({ leftOut: expect.arrayContaining([expect.objectContaining({ code: 'patient-restricts' })]) });
    expect((await dermatology(3)).length).toBeGreaterThan(0);
    expect(await harbor.post('/holds', { opening: second!.id, patient: id })).toMatchObject(REFUSED);
    const held = await harbor.post('/holds', { opening: third!.id });
    expect(held.status).toBe(201);
    expect(await harbor.post('/appointments', { hold: held.body['id'], patient: id })).toMatchObject(REFUSED);
    expect(await harbor.post('/appointments', { opening: second!.id, patient: id })).toMatchObject(REFUSED);
    expect(await harbor.post(`/appointments/${String(booked.body['id'])}/reschedule`, { opening: second!.id })).toMatchObject(REFUSED);
    expect(await harbor.post('/referrals', { patient: id, to: { practice: 'summit' }, service: 'dermatology-consult', reason: 'Again' })).toMatchObject(REFUSED);
    expect((await harbor.get(`/referrals/options?service=dermatology-consult&patient=${id}`)).body['items']).toEqual([]);

    expect((await harbor.call('PUT', `/patients/${id}`, { ...record, phone: '617-555-0199' })).status).toBe(200);
    expect((await summit.get(atHost)).body).not.toMatchObject({ phone: '+16175550199' });
    expect(await disclosed(id)).toBe(before);
    expect((await harbor.post(`/appointments/${String(booked.body['id'])}/cancel`, { reason: 'pat' })).status).toBe(200);

    const path = `/patients/${id}/restrictions`;
    expect((await harbor.call('DELETE', `${path}/${String(added.body['id'])}`)).status).toBe(204);
    expect(await harbor.call('DELETE', `${path}/${String(added.body['id'])}`)).toMatchObject({ status: 404, body: { code: 'restriction-unknown' } });
    expect((await harbor.get(path)).body['items']).toEqual([{ id: added.body['id'], practice: 'summit', from: expect.any(String), setBy: 'frontdesk@harbor.example', endedAt: expect.any(String), endedBy: 'frontdesk@harbor.example', reason: 'An ex-husband works there' }]);
    expect((await harbor.post('/appointments', { opening: second!.id, patient: id })).status).toBe(201);
    const kept = await scheduling.sql<{ sealed_reason: string }>('SELECT sealed_reason FROM patient_restriction WHERE patient_id = $1', [id]);
    expect(kept[0]!.sealed_reason).not.toContain('husband');
    const audited = await scheduling.sql<{ action: string }>(`SELECT action FROM audit_entry WHERE patient_id = $1 AND action LIKE 'patient.restrict%' ORDER BY at, id`, [id]);
    expect(audited.map(({ action }) => action)).toEqual(['patient.restricted', 'patient.restriction-ended', 'patient.restrictions-read']);
  });

  test('all partners, only partners, and only by the own practice', async () => {
    const { id } = await registered();
    expect(await restrict(id, 'lakeside')).toMatchObject({ status: 422, body: { code: 'not-a-partner' } });
    expect(await restrict(id, 'harbor')).toMatchObject({ status: 422, body: { code: 'not-a-partner' } });
    expect(await summit.post(`/patients/${id}/restrictions`, { practice: 'harbor' })).toMatchObject({ status: 404, body: { code: 'patient-unknown' } });
    expect((await summit.get(`/patients/${id}/restrictions`)).status).toBe(404);
    expect((await restrict(id, null)).status).toBe(201);
    const [opening] = await dermatology(4);
    expect(await harbor.post('/appointments', { opening: opening!.id, patient: id })).toMatchObject(REFUSED);
    const own = await harbor.openings(`service=primary-care-visit&practice=harbor&from=${scheduling.inDays(3)}&to=${scheduling.inDays(9)}&limit=1&patient=${id}`);
    expect((await harbor.post('/appointments', { opening: own[0]!.id, patient: id })).status).toBe(201);
  });

  test("an open offer of the partner's time ends, the next in turn is asked, and a later round does not ask this patient", async () => {
    const [opening, later] = await dermatology(5);
    const other = async (): Promise<string> => (await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'summit' AND id NOT IN (SELECT patient_id FROM appointment) ORDER BY id LIMIT 1`))[0]!.id;
    const frees = async (freed: OpeningItem): Promise<void> => {
      const visit = await summit.post('/appointments', { opening: freed.id, patient: await other() });
      expect(visit.status).toBe(201);
      expect((await summit.post(`/appointments/${String(visit.body['id'])}/cancel`, { reason: 'pat' })).status).toBe(200);
    };
    const wait = async (patient: string, urgency: string): Promise<string> => String((await harbor.post('/waitlist-entries', { patient, service: 'dermatology-consult', noticeMinutes: 60, urgency })).body['id']);
    const [restricting, next] = [(await registered()).id, (await registered()).id];
    const [urgent, routine] = [await wait(restricting, 'urgent'), await wait(next, 'routine')];
    const states = async (entry: string): Promise<string[]> => ((await harbor.get(`/waitlist-entries/${entry}`)).body['offers'] as unknown as { state: string }[]).map(({ state }) => state);
    // Whoever else waits for it has not been there: the visit is moved off first, so that only these two are asked.
    await frees(opening!);
    await eventually('the first in turn is asked', async () => (await states(urgent)).includes('open'));
    expect((await restrict(restricting)).status).toBe(201);
    expect(await states(urgent)).toEqual(['withdrawn']);
    await eventually('the next in turn is asked', async () => (await states(routine)).includes('open'));
    const [offer] = await scheduling.sql<{ id: string }>(`SELECT id FROM offer WHERE entry_id = $1 AND state = 'open'`, [routine]);
    expect((await harbor.post(`/offers/${offer!.id}/accept`)).status).toBe(200);
    await frees(later!);
    await eventually('the later round has ended', async () => (await scheduling.sql('SELECT id FROM offer_round WHERE next_at IS NOT NULL')).length === 0);
    expect(await states(urgent)).toEqual(['withdrawn']);
  });

  describe('whichever commits first counts', () => {
    const waitsForLock = (what: string) => eventually(what, async () => (await scheduling.sql(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)).length > 0);
    /** What another transaction does, open until the end. */
    async function meanwhile(statements: readonly [string, unknown[]][], fn: () => Promise<void>): Promise<void> {
      const other = new Client({ connectionString: scheduling.database.adminUrl });
      await other.connect();
      try {
        await other.query('BEGIN');
        for (const [text, values] of statements) await other.query(text, values);
        await fn();
        await other.query('COMMIT');
      } finally {
        await other.end();
      }
    }

    test('a booking that meets a restriction on its way waits for it and is refused, whole', async () => {
      const { id } = await registered();
      const [opening] = await dermatology(8);
      let booking: Promise<HttpResult> | undefined;
      await meanwhile([['SELECT 1 FROM patient WHERE id = $1 FOR NO KEY UPDATE', [id]], [`INSERT INTO patient_restriction (id, practice_id, patient_id, from_at, set_by) VALUES ($1, 'harbor', $2, now(), 's')`, [newId(), id]]], async () => {
        booking = harbor.post('/appointments', { opening: opening!.id, patient: id });
        await waitsForLock('the booking waits');
      });
      expect(await booking).toMatchObject(REFUSED);
      expect(await disclosed(id)).toBe(0);
      expect((await dermatology(8)).map((one) => one.id)).toContain(opening!.id);
    });

    test('a restriction that meets a booking on its way waits for it: that visit stays, and the next is refused', async () => {
      const { id } = await registered();
      const [first, second] = await dermatology(9);
      let both: Promise<HttpResult[]> | undefined;
      await meanwhile([['SELECT 1 FROM person WHERE id = (SELECT person_id FROM patient WHERE id = $1) FOR NO KEY UPDATE', [id]]], async () => {
        const booking = harbor.post('/appointments', { opening: first!.id, patient: id });
        await waitsForLock('the booking waits for the person');
        both = Promise.all([booking, restrict(id)]);
        await eventually('the restriction waits for the booking', async () => (await scheduling.sql(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)).length === 2);
        expect(await scheduling.sql('SELECT 1 FROM patient_restriction WHERE patient_id = $1', [id])).toEqual([]);
      });
      expect((await both)!.map(({ status }) => status)).toEqual([201, 201]);
      expect(await disclosed(id)).toBe(1);
      expect(await harbor.post('/appointments', { opening: second!.id, patient: id })).toMatchObject(REFUSED);
    });

    test('many at once: every booking is made and disclosed, or refused and not', async () => {
      const openings = (await dermatology(10)).filter((one, i, all) => all.findIndex(({ start }) => start === one.start) === i);
      for (let round = 0; round < 6; round += 1) {
        const { id } = await registered();
        const [one, restricted, two] = await Promise.all([harbor.post('/appointments', { opening: openings[round * 2]!.id, patient: id }), restrict(id), harbor.post('/appointments', { opening: openings[round * 2 + 1]!.id, patient: id })]);
        expect(restricted.status).toBe(201);
        for (const answer of [one, two]) if (answer.status !== 201) expect(answer).toMatchObject(REFUSED);
        expect(await disclosed(id)).toBe([one, two].filter(({ status }) => status === 201).length);
      }
    });
  });

  test('P4: a restriction that is sent twice under one key is one', async () => {
    const { id } = await registered();
    const key = { 'idempotency-key': newId() };
    const [one, two] = [await harbor.post(`/patients/${id}/restrictions`, { practice: 'summit' }, key), await harbor.post(`/patients/${id}/restrictions`, { practice: 'summit' }, key)];
    expect([one.status, two.body['id']]).toEqual([201, one.body['id']]);
  });
});
