import { DAY, HOUR, formatInstant, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { type Desk, type HttpResult, RunningScheduling } from './running-scheduling';

interface VersionBody { version: number; status: string; hash: string; effectiveFrom: string; effectiveTo: string | null; endedBecause: string | null; revision: number; terms: Terms; awaited: { practice: string; step: string }[]; signatures: { practice: string; subject: string; step: string }[]; difference: { path: string; text: string }[] }
interface Terms { name: string; practices: string[]; effectiveFrom: string; endsAt?: string | null; noticeDays?: number; rules?: object[] }

let scheduling: RunningScheduling;
const people = new Map<string, Desk>();
const who = (name: string): Desk => people.get(name)!;

beforeAll(async () => {
  scheduling = await RunningScheduling.start();
  for (const practice of ['harbor', 'summit', 'desert', 'lakeside']) for (const role of ['manager', 'owner', 'frontdesk', 'clinician', 'auditor']) people.set(`${role}@${practice}`, await scheduling.desk(`${role}@${practice}.example`));
  people.set('operator', await scheduling.desk('operator@network.example'));
});
afterAll(async () => scheduling.stop());

const bodyOf = ({ body }: HttpResult): VersionBody => body as unknown as VersionBody;
const termsOf = (more: Partial<Terms> = {}): Terms => ({ name: 'Skin checks', practices: ['harbor', 'summit'], effectiveFrom: scheduling.inDays(30), rules: [{ id: 'skin', host: 'summit', services: ['skin-check'], dailyQuota: 4 }], ...more });
async function drafted(by: string, terms: Terms): Promise<string> {
  const answer = await who(by).post('/agreements', terms);
  expect(answer).toMatchObject({ status: 201, body: { status: 'draft', version: 1 } });
  return String(answer.body['id']);
}
const propose = (by: string, id: string, version = 1) => who(by).post(`/agreements/${id}/propose`, { version });
const versionOf = async (by: string, id: string, version = 1): Promise<VersionBody> => bodyOf(await who(by).get(`/agreements/${id}/versions/${version}`));
async function approve(by: string, id: string, version = 1, hash?: string): Promise<HttpResult> {
  return who(by).post(`/agreements/${id}/approve`, { version, hash: hash ?? (await versionOf(by, id, version)).hash });
}
/** From draft to signed by everybody; the first of `practices` proposes. */
async function approved(terms: Terms, id?: string, version = 1): Promise<string> {
  const [first, ...others] = terms.practices;
  const agreement = id ?? await drafted(`manager@${first!}`, terms);
  expect(await propose(`manager@${first!}`, agreement, version)).toMatchObject({ status: 200, body: { status: 'proposed' } });
  for (const by of [`owner@${first!}`, ...others.flatMap((practice) => [`manager@${practice}`, `owner@${practice}`])]) expect(await approve(by, agreement, version)).toMatchObject({ status: 200 });
  expect((await versionOf(`manager@${first!}`, agreement, version)).status).toBe('approved');
  return agreement;
}
const moveTo = (at: string): void => void scheduling.clock.moveTo(Math.max(scheduling.clock.offset, Date.parse(at) - Date.now() + 1_000));
const becomes = (by: string, id: string, version: number, status: string) => eventually(`version ${version} is ${status}`, async () => (await versionOf(by, id, version)).status === status);
const published = async (id: string): Promise<number> => Number((await scheduling.sql<{ last: string }>(`SELECT last FROM event_sequence WHERE key = $1 AND topic = 'scheduling.agreement.v1'`, [id]))[0]?.last ?? 0);
const refusals = async (subject: string): Promise<string[]> => (await scheduling.sql<{ code: string; route: string }>(`SELECT details->>'code' AS code, entity_id AS route FROM audit_entry WHERE action = 'access.refused' AND actor_subject = $1 ORDER BY at, id`, [`${subject}.example`])).map(({ code, route }) => `${route.split('/').at(-1)!} ${code}`);
const bookable = async (by: string, service: string, practice: string, from = 2): Promise<number> => (await who(by).openings(`service=${service}&practice=${practice}&from=${scheduling.inDays(from)}&to=${scheduling.inDays(from + 6)}&limit=20`)).length;

describe('agreement versions', () => {
  test('an agreement goes from draft to force to amendment to its end by notice, by two people of each practice', async () => {
    const first = termsOf();
    const id = await drafted('manager@harbor', first);
    expect((await who('manager@summit').get(`/agreements/${id}`)).status).toBe(404);
    const proposed = bodyOf(await propose('manager@harbor', id));
    expect(proposed).toMatchObject({ status: 'proposed', awaited: [{ practice: 'harbor', step: 'checker' }, { practice: 'summit', step: 'maker' }] });
    expect((await approve('owner@harbor', id)).status).toBe(200);
    expect((await approve('manager@summit', id)).status).toBe(200);
    expect(bodyOf(await approve('owner@summit', id))).toMatchObject({ status: 'approved', awaited: [] });
    moveTo(first.effectiveFrom);
    await becomes('manager@harbor', id, 1, 'in-force');

    const amended = termsOf({ effectiveFrom: scheduling.inDays(20), rules: [{ id: 'skin', host: 'summit', services: ['skin-check'], dailyQuota: 2 }, { id: 'physicals', host: 'harbor', services: ['annual-physical'] }] });
    const draft = await who('manager@summit').post(`/agreements/${id}/versions`, { ...amended, practices: ['summit', 'harbor'] });
    expect(draft).toMatchObject({ status: 201, body: { version: 2, status: 'draft', basedOn: 1 } });
    expect(bodyOf(draft).difference.map(({ path }) => path)).toEqual(['effectiveFrom', 'rules.skin.dailyQuota', 'rules.physicals']);
    expect(bodyOf(draft).difference[1]!.text).toBe('rules, skin, daily quota: 4 becomes 2');
    await approved({ ...amended, practices: ['summit', 'harbor'] }, id, 2);
    expect((await versionOf('manager@harbor', id, 1)).effectiveTo).toBe((await versionOf('manager@harbor', id, 2)).effectiveFrom);
    expect((await versionOf('manager@harbor', id, 1)).status).toBe('in-force');
    moveTo(amended.effectiveFrom);
    await becomes('manager@harbor', id, 2, 'in-force');
    expect((await versionOf('manager@harbor', id, 1)).status).toBe('superseded');

    expect(await who('manager@summit').post(`/agreements/${id}/terminate`, { reason: 'we close' })).toMatchObject({ status: 200, body: { endsAt: null } });
    expect(await who('manager@summit').post(`/agreements/${id}/terminate`, { reason: 'we close' })).toMatchObject({ status: 403, body: { code: 'second-person-needed' } });
    const before = scheduling.now();
    const { body } = await who('owner@summit').post(`/agreements/${id}/terminate`, { reason: 'we close' });
    const endsAt = Date.parse(String(body['endsAt']));
    expect(endsAt - before).toBeGreaterThanOrEqual(90 * DAY);
    expect(endsAt - before).toBeLessThan(90 * DAY + HOUR);
    moveTo(String(body['endsAt']));
    await becomes('manager@harbor', id, 2, 'terminated');
    expect(await versionOf('manager@harbor', id, 2)).toMatchObject({ endedBecause: 'notice' });
    const audited = await scheduling.sql<{ action: string }>(`SELECT action FROM audit_entry WHERE entity_id = $1`, [id]);
    expect(audited.map(({ action }) => action.replace('agreement.', '')).sort()).toEqual(['approved', 'approved', 'drafted', 'drafted', 'in-force', 'in-force', 'notice-confirmed', 'notice-given', 'proposed', 'proposed', ...Array.from({ length: 6 }, () => 'signed'), 'superseded', 'terminated']);
  });

  test('who may not is refused, and every attempt is written down', async () => {
    const id = await drafted('manager@harbor', termsOf());
    expect(await propose('frontdesk@harbor', id)).toMatchObject({ status: 403, body: { code: 'permission-missing' } });
    expect(await propose('manager@summit', id)).toMatchObject({ status: 404, body: { code: 'agreement-unknown' } });
    expect(await propose('owner@harbor', id)).toMatchObject({ status: 200 });
    const { hash } = await versionOf('manager@harbor', id);
    expect(await approve('manager@harbor', id)).toMatchObject({ status: 403, body: { code: 'own-proposal' } });
    expect(await approve('owner@harbor', id)).toMatchObject({ status: 403, body: { code: 'second-person-needed' } });
    expect(await approve('manager@summit', id, 1, '0'.repeat(64))).toMatchObject({ status: 409, body: { code: 'agreement-differs' } });
    expect(await approve('manager@summit', id)).toMatchObject({ status: 200 });
    expect(await approve('manager@summit', id)).toMatchObject({ status: 403, body: { code: 'second-person-needed' } });
    for (const outsider of ['manager@desert', 'owner@lakeside']) expect(await approve(outsider, id, 1, hash)).toMatchObject({ status: 404, body: { code: 'agreement-unknown' } });
    for (const other of ['clinician@summit', 'auditor@summit', 'frontdesk@summit', 'operator']) expect(await approve(other, id, 1, hash)).toMatchObject({ status: 403 });
    expect(await who('manager@harbor').call('PUT', `/agreements/${id}/versions/1`, termsOf())).toMatchObject({ status: 409, body: { code: 'agreement-step-refused' } });
    expect(await who('manager@harbor').call('DELETE', `/agreements/${id}/versions/1`)).toMatchObject({ status: 409 });
    expect(await who('owner@summit').post(`/agreements/${id}/decline`, { version: 1, reason: 'four a day are too many' })).toMatchObject({ status: 200, body: { status: 'terminated', endedBecause: 'declined', endedNote: 'four a day are too many' } });
    expect(await approve('owner@harbor', id, 1, hash)).toMatchObject({ status: 409 });
    expect(await who('manager@lakeside').call('POST', '/agreements', termsOf({ practices: ['lakeside', 'harbor'], rules: [] }), { 'idempotency-key': 'once' })).toMatchObject({ status: 422, body: { code: 'no-partnership' } });
    await eventually('the refusal that was kept for its key is written down', async () => (await refusals('manager@lakeside')).includes('agreements answered-422'));
    expect(await refusals('frontdesk@harbor')).toEqual(['propose permission-missing']);
    expect(await refusals('manager@harbor')).toEqual(expect.arrayContaining(['approve own-proposal', ':version agreement-step-refused']));
    expect(await refusals('manager@desert')).toEqual(['approve agreement-unknown']);
    expect(await refusals('owner@lakeside')).toEqual(['approve agreement-unknown']);
    expect(await refusals('clinician@summit')).toEqual(['approve permission-missing']);
  });

  test('many people of many practices sign at once: each practice has two signatures of two people, and the version is approved once', async () => {
    const terms = termsOf({ practices: ['desert', 'harbor', 'summit'] });
    const id = await drafted('manager@desert', terms);
    const { hash } = bodyOf(await propose('manager@desert', id));
    const signers = ['owner@desert', 'manager@harbor', 'owner@harbor', 'manager@summit', 'owner@summit'];
    const answers = await Promise.all([...signers, ...signers, ...signers].map((by) => who(by).post(`/agreements/${id}/approve`, { version: 1, hash })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(answers.filter(({ status }) => ![200, 403, 409].includes(status))).toEqual([]);
    const { status, signatures } = await versionOf('owner@harbor', id);
    expect(status).toBe('approved');
    expect(new Set(signatures.map(({ subject }) => subject)).size).toBe(6);
    expect((await scheduling.sql(`SELECT 1 FROM audit_entry WHERE entity_id = $1 AND action = 'agreement.approved'`, [id]))).toHaveLength(1);
    expect(await published(id)).toBe(2);
  });

  test('nothing that was proposed can be rewritten, not even in the database', async () => {
    const id = await drafted('manager@harbor', termsOf());
    const draft = await versionOf('manager@harbor', id);
    expect((await who('manager@harbor').call('PUT', `/agreements/${id}/versions/1`, termsOf({ name: 'Better' }), { 'if-match': `"${draft.revision}"` })).status).toBe(200);
    expect(await who('owner@harbor').call('PUT', `/agreements/${id}/versions/1`, termsOf({ name: 'Late' }), { 'if-match': `"${draft.revision}"` })).toMatchObject({ status: 412 });
    const thrown = await drafted('manager@harbor', termsOf());
    expect((await who('manager@summit').call('DELETE', `/agreements/${thrown}/versions/1`)).status).toBe(404);
    expect((await who('owner@harbor').call('DELETE', `/agreements/${thrown}/versions/1`)).status).toBe(204);
    expect((await who('manager@harbor').get(`/agreements/${thrown}`)).status).toBe(404);
    await propose('manager@harbor', id);
    await expect(scheduling.sql(`UPDATE agreement_version SET terms = '{}' WHERE agreement_id = $1`, [id])).rejects.toThrow('is not rewritten');
    await expect(scheduling.sql(`DELETE FROM agreement_version WHERE agreement_id = $1`, [id])).rejects.toThrow('is not rewritten');
  });

  test('a proposal lapses where it is not signed in time; two at once, an outdated draft and a past instant are refused', async () => {
    const soon = termsOf({ effectiveFrom: scheduling.inDays(1) });
    const id = await drafted('manager@harbor', soon);
    await propose('manager@harbor', id);
    moveTo(soon.effectiveFrom);
    await becomes('manager@harbor', id, 1, 'terminated');
    expect((await versionOf('manager@harbor', id)).endedBecause).toBe('lapsed');
    const past = await drafted('manager@harbor', termsOf({ effectiveFrom: formatInstant(plusMs(scheduling.now(), -HOUR)) }));
    expect(await propose('manager@harbor', past)).toMatchObject({ status: 409, body: { code: 'effective-date-passed' } });
    const terms = (name: string) => ({ ...termsOf({ name, effectiveFrom: scheduling.inDays(40) }) });
    const other = await approved(termsOf({ effectiveFrom: scheduling.inDays(3) }));
    moveTo(scheduling.inDays(3));
    await becomes('manager@harbor', other, 1, 'in-force');
    for (const name of ['One', 'Two']) expect((await who('manager@harbor').post(`/agreements/${other}/versions`, terms(name))).status).toBe(201);
    expect((await propose('manager@harbor', other, 2)).status).toBe(200);
    expect(await propose('manager@harbor', other, 3)).toMatchObject({ status: 409, body: { code: 'proposal-pending', version: 2 } });
    for (const by of ['owner@harbor', 'manager@summit', 'owner@summit']) expect((await approve(by, other, 2)).status).toBe(200);
    moveTo(scheduling.inDays(40));
    await becomes('manager@harbor', other, 2, 'in-force');
    expect(await propose('manager@harbor', other, 3)).toMatchObject({ status: 409, body: { code: 'effective-date-passed' } });
    expect(await who('manager@harbor').call('PUT', `/agreements/${other}/versions/3`, termsOf())).toMatchObject({ status: 200 });
    expect(await propose('manager@harbor', other, 3)).toMatchObject({ status: 409, body: { code: 'draft-outdated' } });
  });

  test('a party that a new version leaves out has to sign it, too', async () => {
    const start = scheduling.inDays(2);
    const all = termsOf({ practices: ['harbor', 'summit', 'desert'], effectiveFrom: start });
    const id = await approved(all);
    moveTo(start);
    await becomes('manager@harbor', id, 1, 'in-force');
    expect((await who('manager@harbor').post(`/agreements/${id}/versions`, termsOf({ effectiveFrom: scheduling.inDays(9) }))).status).toBe(201);
    expect(bodyOf(await propose('manager@harbor', id, 2)).awaited.map(({ practice }) => practice)).toEqual(['desert', 'harbor', 'summit']);
    for (const by of ['owner@harbor', 'manager@summit', 'owner@summit', 'manager@desert']) expect((await approve(by, id, 2)).status).toBe(200);
    expect((await versionOf('owner@desert', id, 2)).status).toBe('proposed');
    expect(bodyOf(await approve('owner@desert', id, 2)).status).toBe('approved');
  });

  test('who was only invited neither ends nor amends what others agreed on, and a no to an approved amendment leaves what is in force as it was', async () => {
    const start = scheduling.inDays(1);
    const id = await approved(termsOf({ effectiveFrom: start, noticeDays: 2 }));
    moveTo(start);
    await becomes('manager@harbor', id, 1, 'in-force');
    const wider = termsOf({ practices: ['harbor', 'summit', 'lakeside'], effectiveFrom: scheduling.inDays(20) });
    expect((await who('manager@harbor').post(`/agreements/${id}/versions`, wider)).status).toBe(201);
    expect((await propose('manager@harbor', id, 2)).status).toBe(200);
    for (const by of ['manager@lakeside', 'owner@lakeside']) expect(await who(by).post(`/agreements/${id}/terminate`, { reason: 'not ours to end' })).toMatchObject({ status: 403, body: { code: 'no-party-of-it' } });
    expect(await who('manager@lakeside').post(`/agreements/${id}/decline`, { version: 2, reason: 'not for us' })).toMatchObject({ status: 200 });
    expect(await who('owner@lakeside').post(`/agreements/${id}/terminate`, { reason: 'not ours to end' })).toMatchObject({ status: 403, body: { code: 'no-party-of-it' } });
    expect(await who('owner@lakeside').post(`/agreements/${id}/versions`, wider)).toMatchObject({ status: 403, body: { code: 'no-party-of-it' } });

    const amended = termsOf({ effectiveFrom: scheduling.inDays(20), noticeDays: 2 });
    expect((await who('manager@harbor').post(`/agreements/${id}/versions`, amended)).status).toBe(201);
    await approved(amended, id, 3);
    expect((await versionOf('manager@harbor', id, 1)).effectiveTo).toBe(amended.effectiveFrom);
    expect(await who('manager@summit').post(`/agreements/${id}/decline`, { version: 3, reason: 'after all not' })).toMatchObject({ status: 200, body: { status: 'terminated', endedBecause: 'declined' } });
    expect(await versionOf('manager@harbor', id, 1)).toMatchObject({ status: 'in-force', effectiveTo: null });

    expect((await who('manager@harbor').post(`/agreements/${id}/versions`, amended)).status).toBe(201);
    await approved(amended, id, 4);
    await who('manager@summit').post(`/agreements/${id}/terminate`, { reason: 'we close' });
    const { body } = await who('owner@summit').post(`/agreements/${id}/terminate`, { reason: 'we close' });
    expect(await versionOf('manager@harbor', id, 4)).toMatchObject({ status: 'terminated', endedBecause: 'withdrawn' });
    expect((await versionOf('manager@harbor', id, 1)).effectiveTo).toBe(body['endsAt']);
  });

  test('terms that cannot be are refused with what is wrong: others\' sites, strangers, rules of nobody', async () => {
    const harborSite = (await scheduling.sql<{ id: string }>(`SELECT id FROM site WHERE practice_id = 'harbor' LIMIT 1`))[0]!.id;
    const wrongSite = await drafted('manager@harbor', termsOf({ rules: [{ id: 'skin', host: 'summit', sites: [harborSite] }] }));
    expect(await propose('manager@harbor', wrongSite)).toMatchObject({ status: 422, body: { code: 'terms-refused' } });
    const stranger = await drafted('manager@harbor', termsOf({ practices: ['harbor', 'nobody-here'], rules: [] }));
    expect(await propose('manager@harbor', stranger)).toMatchObject({ status: 422, body: { code: 'in-another-partnership' } });
    expect(await who('manager@harbor').post('/agreements', termsOf({ rules: [{ id: 'r', host: 'desert' }] }))).toMatchObject({ status: 400 });
    for (const huge of [{ id: 'x'.repeat(101) }, { dailyQuota: 9e15 }, { weeklyQuota: 9e15 }, { opensDaysBefore: 9e15 }, { networkDaysBefore: 9e15 }, { returnsHoursBefore: 1e308 }]) {
      expect(await who('manager@harbor').post('/agreements', termsOf({ rules: [{ id: 'r', host: 'summit', ...huge }] }))).toMatchObject({ status: 400 });
    }
    const shouted = await drafted('manager@harbor', termsOf({ rules: [{ id: 'r', host: 'harbor', sites: [harborSite.toUpperCase()] }] }));
    expect((await versionOf('manager@harbor', shouted)).terms.rules).toMatchObject([{ sites: [harborSite] }]);
    expect(await who('manager@harbor').post('/agreements', termsOf({ practices: ['summit', 'desert'], rules: [] }))).toMatchObject({ status: 422, body: { code: 'terms-refused' } });
    expect(await who('manager@lakeside').post('/agreements', termsOf({ practices: ['lakeside', 'harbor'], rules: [] }))).toMatchObject({ status: 422, body: { code: 'no-partnership' } });
  });
});

describe('members and their papers', () => {
  const paper = (kind: string, more: object = {}) => ({ kind, title: kind, document: 'urn:example:paper', sha256: 'a'.repeat(64), owner: 'manager@lakeside.example', signedOn: scheduling.inDays(-10).slice(0, 10), expiresOn: scheduling.inDays(400).slice(0, 10), ...more });

  test('a practice joins by an agreement: only with its papers, and it sees nothing of the partners before it is in force', async () => {
    const terms = termsOf({ practices: ['harbor', 'lakeside'], effectiveFrom: scheduling.inDays(5), rules: [{ id: 'physicals', host: 'harbor', services: ['annual-physical'] }] });
    const id = await drafted('manager@harbor', terms);
    await propose('manager@harbor', id);
    expect((await who('manager@lakeside').get(`/agreements/${id}`)).status).toBe(200);
    expect((await who('manager@lakeside').get('/practices/harbor')).status).toBe(404);
    expect(await approve('manager@lakeside', id)).toMatchObject({ status: 422, body: { code: 'papers-missing', missing: ['business associate agreement', 'ownership check', 'state-law check'] } });
    for (const kind of ['baa', 'ownership']) expect(await who('manager@lakeside').post('/member-documents', paper(kind))).toMatchObject({ status: 201 });
    expect(await who('manager@lakeside').post('/member-documents', paper('state-law', { expiresOn: scheduling.inDays(2).slice(0, 10) }))).toMatchObject({ status: 201 });
    expect(await approve('manager@lakeside', id)).toMatchObject({ status: 422, body: { missing: ['state-law check'] } });
    expect(await who('manager@lakeside').post('/member-documents', paper('state-law', { owner: 'manager@harbor.example' }))).toMatchObject({ status: 422, body: { code: 'owner-not-staff' } });
    expect(await who('manager@lakeside').post('/member-documents', paper('state-law'))).toMatchObject({ status: 201 });
    for (const by of ['owner@harbor', 'manager@lakeside', 'owner@lakeside']) expect((await approve(by, id)).status).toBe(200);
    expect((await who('manager@lakeside').get('/practices/harbor')).status).toBe(404);
    expect(await bookable('frontdesk@lakeside', 'annual-physical', 'harbor', 6)).toBe(0);
    moveTo(terms.effectiveFrom);
    await becomes('manager@harbor', id, 1, 'in-force');
    expect((await who('manager@lakeside').get('/practices/harbor')).status).toBe(200);
    expect(await bookable('frontdesk@lakeside', 'annual-physical', 'harbor')).toBeGreaterThan(0);
    expect(await bookable('frontdesk@lakeside', 'skin-check', 'summit')).toBe(0);
    const partnership = (await who('manager@lakeside').get('/partnerships')).body['items'] as unknown as { members: string[] }[];
    expect(partnership[0]!.members).toContain('lakeside');
    expect(await scheduling.sql(`SELECT 1 FROM person WHERE lone_practice_id = 'lakeside'`)).toEqual([]);
    expect(await who('manager@lakeside').post('/partnerships', { name: 'Another' })).toMatchObject({ status: 409, body: { code: 'member-already' } });
  });

  test('a practice that is in another partnership when the agreement should begin is not bound by it, and what was in force goes on', async () => {
    const start = scheduling.inDays(2);
    const id = await approved(termsOf({ effectiveFrom: start }));
    moveTo(start);
    await becomes('manager@harbor', id, 1, 'in-force');
    const wider = termsOf({ practices: ['harbor', 'summit', 'visitor'], effectiveFrom: scheduling.inDays(4), rules: [] });
    await scheduling.sql(`INSERT INTO practice (id, name, zone, phone, email, sender_number) VALUES ('visitor', 'Visitor', 'America/Chicago', '', '', 'x'); INSERT INTO staff (subject, practice_id, roles) VALUES ('manager@visitor.example', 'visitor', '{manager}'), ('owner@visitor.example', 'visitor', '{owner}');
      INSERT INTO member_document SELECT gen_random_uuid(), 'visitor', kind, title, document, sha256, owner, signed_on, expires_on, added_at, added_by FROM member_document WHERE practice_id = 'desert' AND withdrawn_at IS NULL`);
    for (const role of ['manager', 'owner']) people.set(`${role}@visitor`, await scheduling.desk(`${role}@visitor.example`));
    await who('manager@harbor').post(`/agreements/${id}/versions`, wider);
    await propose('manager@harbor', id, 2);
    for (const by of ['owner@harbor', 'manager@summit', 'owner@summit', 'manager@visitor', 'owner@visitor']) expect((await approve(by, id, 2)).status).toBe(200);
    expect((await who('manager@visitor').post('/partnerships', { name: 'Visitors', governingState: 'IL' })).status).toBe(201);
    moveTo(wider.effectiveFrom);
    await becomes('manager@harbor', id, 2, 'terminated');
    expect(await versionOf('manager@harbor', id, 2)).toMatchObject({ endedBecause: 'lapsed', endedNote: 'in another partnership by then: visitor' });
    expect(await versionOf('manager@harbor', id, 1)).toMatchObject({ status: 'in-force', effectiveTo: null });
  });

  test('P7: a practice whose paper is taken back or runs out shares nothing and gets nothing until the next one is there', async () => {
    const shared = () => bookable('frontdesk@desert', 'primary-care-visit', 'harbor');
    expect(await shared()).toBeGreaterThan(0);
    const { body } = await who('manager@harbor').get('/member-documents?practice=harbor');
    const baa = (body['items'] as unknown as { id: string; kind: string }[]).find(({ kind }) => kind === 'baa')!;
    expect(await who('manager@desert').post(`/member-documents/${baa.id}/withdraw`, { reason: 'not ours' })).toMatchObject({ status: 404 });
    expect((await who('manager@harbor').post(`/member-documents/${baa.id}/withdraw`, { reason: 'signed by the wrong person' })).status).toBe(200);
    expect(await shared()).toBe(0);
    expect(await bookable('frontdesk@harbor', 'skin-check', 'summit')).toBe(0);
    const refused = await who('frontdesk@harbor').get(`/openings?service=skin-check&practice=summit&from=${scheduling.inDays(2)}&to=${scheduling.inDays(8)}`);
    expect(JSON.stringify(refused.body['leftOut'])).toContain('a paper of harbor has run out or is missing');
    expect((await who('manager@harbor').post('/member-documents', { ...paper('baa'), owner: 'manager@harbor.example', expiresOn: scheduling.inDays(3).slice(0, 10) })).status).toBe(201);
    expect(await shared()).toBeGreaterThan(0);
    moveTo(scheduling.inDays(4));
    expect(await shared()).toBe(0);
    expect((await who('manager@harbor').post('/member-documents', { ...paper('baa'), owner: 'manager@harbor.example', signedOn: scheduling.inDays(2).slice(0, 10) })).body).toMatchObject({ code: 'not-signed-yet' });
    expect((await who('manager@harbor').post('/member-documents', { ...paper('baa'), owner: 'manager@harbor.example' })).status).toBe(201);
    expect(await shared()).toBeGreaterThan(0);
  });
});
