import { newId } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { RunningNotifications, type TestPatient } from '../../test/running-notifications';

const ANA = 'frontdesk@summit.example';
const NAMED = `${ANA} of summit for harbor's inbox`;

describe("a partner's inbox, worked by agreement", () => {
  let running: RunningNotifications;
  const agreement = newId();
  const inbox = (practice = 'harbor', path = '/replies') => running.get(ANA, path, { 'slotmesh-for': practice });
  beforeAll(async () => {
    running = await RunningNotifications.start();
    running.scheduling.identity.deputies.set(NAMED, agreement);
  });
  afterAll(() => running?.stop());

  async function writes(text: string, patient: TestPatient): Promise<string> {
    expect(await running.says(patient, text)).toBe(200);
    return eventually('the text is read', async () => (await running.rows<{ id: string }>('SELECT id FROM reply WHERE patient = $1 AND handled ORDER BY id DESC LIMIT 1', [patient.id]))[0]?.id);
  }

  it('shows the person who is named what a person should read, and nothing of patients who restrict it or of unknown numbers', async () => {
    const [free, restricts] = [await running.patient(), await running.patient()];
    for (const patient of [free, restricts]) await running.outcome(await running.request(patient, [await running.visit(patient)]), 'sent sms');
    running.scheduling.identity.restricted.add(restricts.id);
    const shown = await writes('can I come at ten instead?', free);
    await writes('is there parking?', restricts);
    expect(await running.says({ ...free, phone: '+16175550999' }, 'who is this?')).toBe(200);
    await running.settled();
    expect((await running.get('frontdesk@harbor.example', '/replies')).body.items).toHaveLength(3);

    expect(await inbox()).toMatchObject({ status: 200, body: { items: [{ id: shown, patient: free.id, text: 'can I come at ten instead?' }] } });
    expect((await inbox('harbor', `/replies?patient=${restricts.id}&box=all`)).body.items).toEqual([]);
    // Nor does the end of a page tell that there is something.
    await writes('and a lift?', restricts);
    await running.settled();
    expect((await running.get('frontdesk@harbor.example', `/replies?patient=${restricts.id}&limit=1`)).body.nextCursor).not.toBeNull();
    expect((await inbox('harbor', `/replies?patient=${restricts.id}&limit=1`)).body).toEqual({ items: [], nextCursor: null });
    expect(running.scheduling.identity.disclosed).toEqual([{ id: shown, patient: free.id, to: 'summit' }]);
    const [audited] = await running.rows(`SELECT practice_id, details FROM audit_entry WHERE actor_subject = $1 AND action = 'replies.list'`, [ANA]);
    expect(audited).toMatchObject({ practice_id: 'harbor', details: { workedFrom: 'summit', byAgreement: agreement } });
    // Her own practice's inbox is its own.
    expect((await running.get(ANA, '/replies')).body.items).toEqual([]);
  });

  it('refuses every other route, and the inbox as soon as the agreement does not name her', async () => {
    for (const path of ['/messages', '/consents']) expect(await inbox('harbor', path)).toMatchObject({ status: 403, body: { code: 'not-worked-for' } });
    running.scheduling.identity.deputies.delete(NAMED);
    expect(await inbox()).toMatchObject({ status: 403, body: { code: 'not-named-for-desk' } });
    running.scheduling.silent = true;
    const silent = await inbox();
    running.scheduling.silent = false;
    expect(silent.status).toBe(503);
    const refused = await running.rows<{ practice_id: string }>(`SELECT practice_id FROM audit_entry WHERE action = 'access.refused' AND actor_subject = $1 AND details->>'code' = 'not-named-for-desk' ORDER BY 1`, [ANA]);
    expect(refused.map(({ practice_id }) => practice_id)).toEqual(['harbor', 'summit']);
  });
});
