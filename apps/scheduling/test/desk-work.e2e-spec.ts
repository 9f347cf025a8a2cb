import { MINUTE, formatInstant, newId, parseInstant, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { type Desk, type HttpResult, RunningScheduling } from './running-scheduling';

interface Access { readonly practice: string; readonly subject: string; readonly of: string; readonly desks: readonly string[]; readonly until?: string | null }
interface Item { readonly id: string; readonly patient: string; readonly practice: string }

const ANA = 'frontdesk@summit.example';
const people = new Map<string, Desk>();
const who = (name: string): Desk => people.get(name)!;
const named: Access = { practice: 'harbor', subject: ANA, of: 'summit', desks: ['wait-list'] };
let scheduling: RunningScheduling;
let agreement: string;
const patients: Record<string, string[]> = {};

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  for (const practice of ['harbor', 'summit', 'desert', 'lakeside']) {
    for (const role of ['manager', 'owner', 'frontdesk', 'clinician', 'auditor']) people.set(`${role}@${practice}`, await scheduling.desk(`${role}@${practice}.example`));
    patients[practice] = (await scheduling.sql<{ id: string }>('SELECT id FROM patient WHERE practice_id = $1 ORDER BY id', [practice])).map(({ id }) => id);
  }
  [{ id: agreement } = { id: '' }] = await scheduling.sql<{ id: string }>(`SELECT agreement_id AS id FROM agreement_version WHERE status = 'in-force'`);
  // Noon in Boston: nobody's quiet hours.
  const noon = parseInstant(`${scheduling.inDays(1).slice(0, 10)}T17:00:00Z`);
  scheduling.clock.moveTo(noon - Date.now());
});
afterAll(async () => scheduling.stop());

const moveTo = (at: string): void => void scheduling.clock.moveTo(Math.max(scheduling.clock.offset, Date.parse(at) - Date.now() + 1_000));
/** Signed by everybody, in force within minutes, and told to nobody else. */
async function amended(staffAccess: readonly Access[] | null): Promise<string> {
  const [{ version, terms } = { version: 0, terms: {} as Record<string, unknown> }] = await scheduling.sql<{ version: number; terms: Record<string, unknown> }>(`SELECT version, terms FROM agreement_version WHERE agreement_id = $1 AND status = 'in-force'`, [agreement]);
  const { staffAccess: _, ...others } = terms;
  const effectiveFrom = formatInstant(plusMs(scheduling.now(), 10 * MINUTE));
  const draft = await who('manager@harbor').post(`/agreements/${agreement}/versions`, { ...others, ...(staffAccess === null ? {} : { staffAccess }), effectiveFrom, endsAt: null });
  expect(draft).toMatchObject({ status: 201 });
  const proposed = await who('manager@harbor').post(`/agreements/${agreement}/propose`, { version: version + 1 });
  expect(proposed).toMatchObject({ status: 200 });
  for (const by of ['owner@harbor', 'manager@summit', 'owner@summit', 'manager@desert', 'owner@desert']) expect(await who(by).post(`/agreements/${agreement}/approve`, { version: version + 1, hash: proposed.body['hash'] })).toMatchObject({ status: 200 });
  return effectiveFrom;
}
const inForce = async (from: string): Promise<void> => {
  moveTo(from);
  await eventually('the amendment is in force', async () => (await scheduling.sql(`SELECT 1 FROM agreement_version WHERE agreement_id = $1 AND status IN ('proposed', 'approved')`, [agreement])).length === 0);
};
const access = async (staffAccess: readonly Access[] | null): Promise<void> => inForce(await amended(staffAccess));
const asked = (name: string, path: string, practice = 'harbor'): Promise<HttpResult> => who(name).call('GET', path, undefined, { 'slotmesh-for': practice });
const done = (name: string, path: string, practice = 'harbor', headers: Record<string, string> = {}): Promise<HttpResult> => who(name).call('POST', path, {}, { ...headers, 'slotmesh-for': practice });
const itemsOf = ({ body }: HttpResult): Item[] => body['items'] as unknown as Item[];
const refusals = async (practice: string, subject = ANA): Promise<string[]> => (await scheduling.sql<{ code: string; reason: string | null }>(`SELECT details->>'code' AS code, details->>'reason' AS reason FROM audit_entry WHERE action = 'access.refused' AND practice_id = $1 AND actor_subject = $2 ORDER BY at, id`, [practice, subject])).map(({ code, reason }) => (reason === null ? code : `${code} ${reason}`));
const refused = { status: 403, body: { code: 'not-named-for-desk' } };
async function wait(practice: string, patient = patients[practice]!.pop()!, more: object = {}): Promise<{ readonly entry: string; readonly patient: string }> {
  const added = await who(`frontdesk@${practice}`).post('/waitlist-entries', { patient, service: 'dermatology-consult', noticeMinutes: 60, ...more });
  expect(added.status).toBe(201);
  return { entry: String(added.body['id']), patient };
}
const disclosed = async (patient: string): Promise<object[]> => (await who('frontdesk@harbor').get(`/patients/${patient}/disclosures`)).body['items'] as unknown as object[];

describe("named staff work a partner's wait list by agreement", () => {
  test('they read and end waiting as themselves: the rows lie in the partner\'s audit with where they come from, and each patient\'s account says what they saw', async () => {
    const [one, other] = [await wait('harbor'), await wait('harbor')];
    expect(await asked('frontdesk@summit', '/waitlist-entries')).toMatchObject(refused);
    const from = await amended([named]);
    expect((await who('owner@summit').get(`/agreements/${agreement}/versions/2`)).body['difference']).toEqual(expect.arrayContaining([expect.objectContaining({ path: 'staffAccess', text: `staff access: added practice harbor; subject ${ANA}; of summit; desks wait-list` })]));
    expect(await asked('frontdesk@summit', '/waitlist-entries')).toMatchObject(refused);
    await inForce(from);

    const list = await asked('frontdesk@summit', '/waitlist-entries?status=waiting');
    expect(list.status).toBe(200);
    expect(itemsOf(list).map(({ id }) => id)).toEqual(expect.arrayContaining([one.entry, other.entry]));
    expect(new Set(itemsOf(list).map(({ practice }) => practice))).toEqual(new Set(['harbor']));
    expect(await asked('frontdesk@summit', `/waitlist-entries/${one.entry}`)).toMatchObject({ status: 200, body: { patient: one.patient, practice: 'harbor' } });
    const key = newId();
    const withdrawn = await done('frontdesk@summit', `/waitlist-entries/${one.entry}/withdraw`, 'harbor', { 'idempotency-key': key });
    expect(withdrawn).toMatchObject({ status: 200, body: { status: 'withdrawn' } });
    expect((await done('frontdesk@summit', `/waitlist-entries/${one.entry}/withdraw`, 'harbor', { 'idempotency-key': key })).body).toEqual(withdrawn.body);
    expect(await done('frontdesk@summit', `/waitlist-entries/${one.entry}/withdraw`)).toMatchObject({ status: 409, body: { code: 'waitlist-entry-ended' } });

    const rows = await scheduling.sql<{ practice_id: string; action: string; details: Record<string, string>; kind: string }>(`SELECT practice_id, action, details, actor_kind AS kind FROM audit_entry WHERE actor_subject = $1 AND details->>'workedFrom' IS NOT NULL AND action <> 'access.refused' ORDER BY at, id`, [ANA]);
    expect(rows.map(({ action }) => action)).toEqual(['waitlist-entry.listed', 'waitlist-entry.read', 'waitlist-entry.withdrawn']);
    for (const row of rows) expect(row).toMatchObject({ practice_id: 'harbor', details: { workedFrom: 'summit', byAgreement: agreement } });
    const seen = { to: 'summit', profile: 'desk-work', purpose: 'treatment', agreement, because: 'waitlist-entry', what: expect.stringContaining('entry of the list') };
    expect(await disclosed(one.patient)).toEqual([1, 2, 3].map(() => expect.objectContaining({ ...seen, becauseId: one.entry })));
    expect(await disclosed(other.patient)).toEqual([expect.objectContaining({ ...seen, becauseId: other.entry })]);
    // Their own practice's list is what it was, without a word of an agreement.
    expect((await who('frontdesk@summit').get('/waitlist-entries')).status).toBe(200);
    expect(await scheduling.sql(`SELECT 1 FROM audit_entry WHERE practice_id = 'summit' AND actor_subject = $1 AND action = 'waitlist-entry.listed' AND NOT details ? 'workedFrom'`, [ANA])).toHaveLength(1);
    await who('frontdesk@harbor').post(`/waitlist-entries/${other.entry}/withdraw`);
  });

  test('a yes on the phone books in the partner\'s name, by the person', async () => {
    const [opening] = await who('frontdesk@harbor').openings(`service=dermatology-consult&practice=summit&from=${scheduling.inDays(5)}&to=${scheduling.inDays(11)}&limit=50`);
    const visit = await who('frontdesk@summit').post('/appointments', { opening: opening!.id, patient: patients['summit']!.pop() });
    expect(visit.status).toBe(201);
    const { entry, patient } = await wait('harbor');
    expect((await who('frontdesk@summit').post(`/appointments/${String(visit.body['id'])}/cancel`, { reason: 'pat' })).status).toBe(200);
    const offer = await eventually('an open offer', async () => itemsOf(await asked('frontdesk@summit', `/offers?state=open&entry=${entry}`))[0]);
    expect(await done('frontdesk@desert', `/offers/${offer.id}/accept`)).toMatchObject(refused);
    const accepted = await done('frontdesk@summit', `/offers/${offer.id}/accept`);
    expect(accepted).toMatchObject({ status: 200, body: { state: 'accepted', patient } });
    const [booked] = await scheduling.sql('SELECT booking_id, host_id, booked_by FROM appointment WHERE id = $1', [accepted.body['appointment']]);
    expect(booked).toEqual({ booking_id: 'harbor', host_id: 'summit', booked_by: ANA });
    expect(await scheduling.sql(`SELECT 1 FROM audit_entry WHERE practice_id = 'harbor' AND actor_subject = $1 AND action = 'appointment.booked' AND details->>'workedFrom' = 'summit'`, [ANA])).toHaveLength(1);
    // The visit itself is no part of the list.
    expect(await asked('frontdesk@summit', `/appointments/${String(accepted.body['appointment'])}`)).toMatchObject({ status: 403, body: { code: 'not-worked-for' } });
  });

  test('P21: nothing of a third practice is seen or changed with it, on no list and by no id', async () => {
    const [own, third] = [await wait('harbor'), await wait('desert')];
    const ids = [...itemsOf(await asked('frontdesk@summit', '/waitlist-entries?limit=200')), ...itemsOf(await asked('frontdesk@summit', '/offers?limit=200'))].map(({ patient }) => patient);
    const practices = await scheduling.sql<{ practice_id: string }>('SELECT DISTINCT practice_id FROM patient WHERE id = ANY ($1::uuid[])', [ids]);
    expect(practices).toEqual([{ practice_id: 'harbor' }]);
    expect(ids).toContain(own.patient);
    expect(await asked('frontdesk@summit', `/waitlist-entries/${third.entry}`)).toMatchObject({ status: 404 });
    expect(await asked('frontdesk@summit', `/waitlist-entries?patient=${third.patient}`)).toMatchObject({ status: 200, body: { items: [] } });
    expect(await done('frontdesk@summit', `/waitlist-entries/${third.entry}/withdraw`)).toMatchObject({ status: 404, body: { code: 'waitlist-entry-unknown' } });
    // Her own practice's entries are not there either while she works for the other one.
    const mine = await wait('summit');
    expect(await asked('frontdesk@summit', `/waitlist-entries/${mine.entry}`)).toMatchObject({ status: 404 });
    expect(await done('frontdesk@summit', `/waitlist-entries/${mine.entry}/withdraw`)).toMatchObject({ status: 404 });
    const [round, offer] = [newId(), newId()];
    await scheduling.sql(`INSERT INTO offer_round (id, host_id, visit_type_id, provider_id, site_id, starts_at, ends_at, freed_by, freed_at, state, made, ended_at)
      SELECT $1, a.host_id, a.visit_type_id, a.provider_id, a.site_id, a.starts_at, a.ends_at, NULL, a.booked_at, 'exhausted', 1, a.booked_at FROM appointment a LIMIT 1`, [round]);
    await scheduling.sql(`INSERT INTO offer (id, round_id, entry_id, practice_id, host_id, patient_id, channels, offered_at, expires_at) SELECT $1, $2, e.id, 'desert', 'summit', e.patient_id, '{sms}', e.added_at, '2099-01-01' FROM waitlist_entry e WHERE e.id = $3`, [offer, round, third.entry]);
    for (const step of ['accept', 'decline']) expect(await done('frontdesk@summit', `/offers/${offer}/${step}`)).toMatchObject({ status: 404, body: { code: 'offer-unknown' } });
    expect(await scheduling.sql(`SELECT 1 FROM disclosure WHERE practice_id <> 'harbor' AND profile = 'desk-work'`)).toEqual([]);
    expect(await scheduling.sql(`SELECT status FROM waitlist_entry WHERE id = ANY ($1::uuid[])`, [[third.entry, mine.entry]])).toEqual([{ status: 'waiting' }, { status: 'waiting' }]);
    await scheduling.sql('DELETE FROM offer WHERE id = $1', [offer]);
  });

  test('a patient who asked that nothing goes to that partner is not there for them', async () => {
    const { entry, patient } = await wait('harbor');
    await wait('harbor', patient, { service: 'skin-check' });
    expect((await asked('frontdesk@summit', `/waitlist-entries?patient=${patient}&limit=1`)).body['nextCursor']).not.toBeNull();
    const known = (await disclosed(patient)).length;
    expect((await who('frontdesk@harbor').post(`/patients/${patient}/restrictions`, { practice: 'summit' })).status).toBe(201);
    // Nor does the end of a page tell that there is something.
    expect((await asked('frontdesk@summit', `/waitlist-entries?patient=${patient}&limit=1`)).body).toEqual({ items: [], nextCursor: null });
    expect(itemsOf(await asked('frontdesk@summit', '/waitlist-entries?limit=200')).map(({ id }) => id)).not.toContain(entry);
    expect(await asked('frontdesk@summit', `/waitlist-entries/${entry}`)).toMatchObject({ status: 404, body: { code: 'waitlist-entry-unknown' } });
    expect(await done('frontdesk@summit', `/waitlist-entries/${entry}/withdraw`)).toMatchObject({ status: 404, body: { code: 'waitlist-entry-unknown' } });
    expect(await disclosed(patient)).toHaveLength(known);
    expect((await who('frontdesk@harbor').get(`/waitlist-entries/${entry}`)).body).toMatchObject({ status: 'waiting' });
  });
});

describe('who is not named is refused, and it is written down', () => {
  test('another person, another list, another practice, another route, a stranger', async () => {
    expect(await asked('clinician@summit', '/waitlist-entries')).toMatchObject({ status: 403, body: { code: 'not-named-for-desk', reason: 'not-named' } });
    expect(await asked('frontdesk@summit', '/waitlist-entries', 'desert')).toMatchObject({ status: 403, body: { reason: 'not-named' } });
    expect(await asked('frontdesk@desert', '/waitlist-entries')).toMatchObject({ status: 403, body: { reason: 'not-named' } });
    expect(await asked('frontdesk@lakeside', '/waitlist-entries')).toMatchObject({ status: 403, body: { reason: 'no-agreement' } });
    expect(await asked('auditor@summit', '/waitlist-entries')).toMatchObject(refused);
    for (const path of ['/patients/search', `/patients/${patients['harbor']![0]!}`, '/appointments', '/offer-rounds', '/audit']) {
      expect(await (path.endsWith('search') ? done('frontdesk@summit', path) : asked('frontdesk@summit', path))).toMatchObject({ status: expect.any(Number), body: { code: expect.stringMatching(/^(not-worked-for|permission-missing)$/) } });
    }
    expect(await done('frontdesk@summit', '/waitlist-entries')).toMatchObject({ status: 403, body: { code: 'not-worked-for' } });
    for (const wrong of ['summit', '', 'harbor, harbor', 'Harbor', "harbor' OR 'a'='a"]) expect(await asked('frontdesk@summit', '/waitlist-entries', wrong)).toMatchObject({ status: 403, body: { code: 'not-worked-for' } });
    expect(await refusals('summit', 'clinician@summit.example')).toEqual(['not-named-for-desk not-named']);
    expect(await refusals('harbor', 'clinician@summit.example')).toEqual(['not-named-for-desk not-named']);
    // Of a stranger's attempt the practice hears nothing, so that nobody fills its audit; the stranger's own has it.
    expect(await refusals('harbor', 'frontdesk@lakeside.example')).toEqual([]);
    expect(await refusals('lakeside', 'frontdesk@lakeside.example')).toEqual(['not-named-for-desk no-agreement']);
    expect(await refusals('summit')).toEqual(expect.arrayContaining(['not-worked-for', 'not-named-for-desk not-named']));
  });

  test('the call list and the inbox are lists of their own: to be named for the one is not to be named for the other', async () => {
    const service = await scheduling.issuer.serviceToken('reminders');
    const ask = async (path: string, body: object) => {
      const response = await fetch(`${scheduling.url}/api/scheduling/v1/desk-work/${path}`, { method: 'POST', headers: { authorization: `Bearer ${service}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
      return { status: response.status, body: await response.json() };
    };
    const ana = { subject: ANA, from: 'summit', practice: 'harbor' };
    await access([{ ...named, desks: ['call-list'] }]);
    expect(await asked('frontdesk@summit', '/waitlist-entries')).toMatchObject({ status: 403, body: { reason: 'desk-not-agreed' } });
    expect(await ask('questions', { ...ana, desk: 'call-list', permission: 'call-list:work' })).toEqual({ status: 200, body: { allowed: true, agreement } });
    expect(await ask('questions', { ...ana, desk: 'inbox', permission: 'messages:read' })).toEqual({ status: 200, body: { allowed: false, reason: 'desk-not-agreed', partner: true } });
    // A role that does not hold what the list takes.
    expect(await ask('questions', { ...ana, desk: 'call-list', permission: 'audit:read' })).toEqual({ status: 200, body: { allowed: false, reason: 'not-staff', partner: true } });
    expect(await ask('questions', { ...ana, from: 'desert', desk: 'call-list', permission: 'call-list:work' })).toEqual({ status: 200, body: { allowed: false, reason: 'not-staff', partner: true } });

    const [free, restricts, foreign] = [patients['harbor']!.pop()!, patients['harbor']!.pop()!, patients['desert']!.pop()!];
    expect((await who('frontdesk@harbor').post(`/patients/${restricts}/restrictions`, { practice: null })).status).toBe(201);
    // Somebody whom desert booked at harbor, and who asked desert that nothing goes to summit.
    const [guest, home] = [patients['harbor']!.pop()!, patients['desert']!.pop()!];
    await scheduling.sql('UPDATE patient SET person_id = (SELECT person_id FROM patient WHERE id = $2) WHERE id = $1', [guest, home]);
    expect((await who('frontdesk@desert').post(`/patients/${home}/restrictions`, { practice: 'summit' })).status).toBe(201);
    const readings = [free, restricts, foreign, guest].map((patient) => ({ id: newId(), patient }));
    expect(await ask('readings', { ...ana, desk: 'call-list', readings })).toEqual({ status: 200, body: { ids: [readings[0]!.id] } });
    expect(await ask('readings', { ...ana, desk: 'inbox', readings })).toEqual({ status: 200, body: { ids: [] } });
    expect(await disclosed(free)).toEqual([expect.objectContaining({ to: 'summit', profile: 'desk-work', because: 'call', becauseId: readings[0]!.id })]);
    for (const patient of [restricts, guest]) expect(await disclosed(patient)).toEqual([]);
    const response = await fetch(`${scheduling.url}/api/scheduling/v1/desk-work/questions`, { method: 'POST', headers: { authorization: `Bearer ${await scheduling.issuer.tokenOf(ANA)}`, 'content-type': 'application/json' }, body: JSON.stringify({ ...ana, desk: 'call-list', permission: 'call-list:work' }) });
    expect(response.status).toBe(403);
  });
});

describe('it ends at once', () => {
  test('with an amendment without the person, at the instant at which it comes into force', async () => {
    await access([named]);
    const effectiveFrom = await amended([{ ...named, subject: 'clinician@summit.example' }]);
    expect((await asked('frontdesk@summit', '/waitlist-entries')).status).toBe(200);
    moveTo(effectiveFrom);
    expect(await asked('frontdesk@summit', '/waitlist-entries')).toMatchObject({ status: 403, body: { reason: 'not-named' } });
    expect((await asked('clinician@summit', '/waitlist-entries')).status).toBe(200);
    expect((await refusals('harbor')).at(-1)).toBe('not-named-for-desk not-named');
    await inForce(effectiveFrom);
  });

  test('when the person is no staff any more, or has another role', async () => {
    await access([named]);
    const [{ roles } = { roles: [] }] = await scheduling.sql<{ roles: string[] }>('SELECT roles FROM staff WHERE subject = $1', [ANA]);
    expect((await asked('frontdesk@summit', '/waitlist-entries')).status).toBe(200);
    for (const change of [`roles = '{owner}'`, 'active = false', `practice_id = 'desert'`]) {
      await scheduling.sql(`UPDATE staff SET ${change} WHERE subject = $1`, [ANA]);
      expect(await done('frontdesk@summit', `/waitlist-entries/${newId()}/withdraw`)).toMatchObject({ status: 403 });
      await scheduling.sql(`UPDATE staff SET roles = $2, active = true, practice_id = 'summit' WHERE subject = $1`, [ANA, roles]);
    }
    await eventually('the role is known again', async () => (await asked('frontdesk@summit', '/waitlist-entries')).status === 200);
  });

  test('with its own date, with a paper that runs out, with the exit of either practice, and with the last instant of the agreement', async () => {
    await access([{ ...named, until: scheduling.inDays(2).slice(0, 10) }]);
    expect((await asked('frontdesk@summit', '/waitlist-entries')).status).toBe(200);
    moveTo(`${scheduling.inDays(3).slice(0, 10)}T00:00:00Z`);
    expect(await asked('frontdesk@summit', '/waitlist-entries')).toMatchObject({ status: 403, body: { reason: 'access-over' } });

    await access([named]);
    const [paper] = await scheduling.sql<{ expires_on: string }>(`SELECT expires_on::text FROM member_document WHERE practice_id = 'harbor' AND kind = 'baa' AND withdrawn_at IS NULL`);
    await scheduling.sql(`UPDATE member_document SET expires_on = $1 WHERE practice_id = 'harbor' AND kind = 'baa'`, [scheduling.inDays(-1).slice(0, 10)]);
    expect(await asked('frontdesk@summit', '/waitlist-entries')).toMatchObject({ status: 403, body: { reason: 'papers-missing' } });
    await scheduling.sql(`UPDATE member_document SET expires_on = $1 WHERE practice_id = 'harbor' AND kind = 'baa'`, [paper!.expires_on]);
    expect((await asked('frontdesk@summit', '/waitlist-entries')).status).toBe(200);

    const plan = newId();
    for (const party of ['harbor', 'summit']) {
      await scheduling.sql(`INSERT INTO exit_plan (id, partnership_id, practice_id, practices, reason, state, given_by, given_at, exit_at, left_at) SELECT $1, partnership_id, practice_id, '{desert,harbor,summit}', 'r', 'left', 's', $2, $3, $3 FROM membership WHERE practice_id = $4`,
        [plan, scheduling.inDays(-90), formatInstant(plusMs(scheduling.now(), -100)), party]);
      expect(await asked('frontdesk@summit', '/waitlist-entries')).toMatchObject({ status: 403, body: { reason: 'no-agreement' } });
      await scheduling.sql('DELETE FROM exit_plan WHERE id = $1', [plan]);
    }
    expect((await asked('frontdesk@summit', '/waitlist-entries')).status).toBe(200);

    await who('manager@summit').post(`/agreements/${agreement}/terminate`, { reason: 'we close the desk' });
    const { body } = await who('owner@summit').post(`/agreements/${agreement}/terminate`, { reason: 'we close the desk' });
    const endsAt = String(body['endsAt']);
    await scheduling.sql(`UPDATE member_document SET expires_on = '2099-01-01'`);
    scheduling.clock.moveTo(Date.parse(endsAt) - Date.now() - 30_000);
    expect((await asked('frontdesk@summit', '/waitlist-entries')).status).toBe(200);
    moveTo(endsAt);
    expect(await asked('frontdesk@summit', '/waitlist-entries')).toMatchObject({ status: 403, body: { reason: 'no-agreement' } });
    expect((await refusals('harbor')).at(-1)).toBe('not-named-for-desk no-agreement');
  });
});
