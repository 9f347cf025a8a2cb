import { z } from 'zod';
import { eventually } from '@slotmesh/testing';
import { RunningNotifications } from '../../test/running-notifications';
import { BUILT_IN_VERSION } from './built-in';

const ANA = 'ana@harbor.example';
const RUTH = 'ruth@harbor.example';
const STRANGER = 'manager@summit.example';
const OWN = '{% if practice.name %}{{ practice.name }}: {% endif %}{% if patient.name %}Hola {{ patient.name }}: {% endif %}le esperamos el {{ timesAndPlaces }}. C confirma, X cancela, o llame al {{ practice.phone }}. STOP: no más textos.';
const reminder = { name: 'visit-reminder', language: 'es', channel: 'sms', source: OWN };
const template = z.looseObject({ id: z.string().nullable(), version: z.number(), state: z.string(), inForce: z.boolean(), reviewer: z.string().nullable(), owner: z.string().optional() });

describe("a practice's own wordings", () => {
  let running: RunningNotifications;
  beforeAll(async () => {
    running = await RunningNotifications.start();
    for (const [who, practice] of [[ANA, 'harbor'], [RUTH, 'harbor'], [STRANGER, 'summit']] as const) running.scheduling.identity.people.set(who, { practice, roles: ['manager'] });
  });
  afterAll(() => running?.stop());

  async function post(who: string, path: string, body: object = {}) {
    const response = await fetch(`${await running.apps[0]!.getUrl()}/api/notifications/v1/templates${path}`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${await running.scheduling.identity.tokenFor(who)}` }, body: JSON.stringify(body) });
    return { status: response.status, body: z.looseObject({ id: z.string().optional(), errors: z.array(z.looseObject({ code: z.string().optional() })).optional() }).parse(await response.json()) };
  }
  const inForce = async () => z.array(template).parse((await running.get(ANA, '/templates?name=visit-reminder&language=es&channel=sms')).body.items).filter((each) => each.inForce);
  async function told(): Promise<{ body: string; version: number; language: string }> {
    const patient = await running.patient({ language: 'es' });
    const request = await running.request(patient, [await running.visit(patient)], { channels: ['sms'] });
    await running.outcome(request, 'sent sms');
    const text = await running.text(patient.phone, /./);
    const [attempt] = await running.rows<{ version: number; language: string }>('SELECT template_version AS version, language FROM attempt t JOIN message m ON m.id = t.message_id WHERE m.request_id = $1', [request]);
    return { body: text.body, ...attempt! };
  }

  it('are what patients get after another, named person approved them, and no longer once they are retired; each attempt keeps which', async () => {
    const draft = await post(ANA, '', reminder);
    expect(draft).toMatchObject({ status: 201, body: { version: 1001, state: 'draft', inForce: false, reviewer: null } });
    expect(await told()).toMatchObject({ body: expect.stringContaining('su cita es'), version: BUILT_IN_VERSION, language: 'es' });
    expect(await post(ANA, `/${draft.body.id}/approve`, { reviewer: 'Ana Ortiz' })).toMatchObject({ status: 403, body: { code: 'reviewer-is-author' } });
    expect(await post(RUTH, `/${draft.body.id}/approve`, {})).toMatchObject({ status: 400 });
    expect(await post(RUTH, `/${draft.body.id}/approve`, { reviewer: 'Ruth Vidal' })).toMatchObject({ status: 200, body: { state: 'approved', inForce: true, reviewer: 'Ruth Vidal' } });
    expect(await post(RUTH, `/${draft.body.id}/approve`, { reviewer: 'Ruth Vidal' })).toMatchObject({ status: 409, body: { code: 'template-not-draft' } });
    expect(await told()).toEqual({ body: expect.stringMatching(/^Harbor Family Medicine: Hola Maria: le esperamos el .* en Boston Clinic\. C confirma.* Ref [0-9A-Z]{5}$/), version: 1001, language: 'es' });
    expect(await inForce()).toMatchObject([{ id: draft.body.id, owner: 'practice' }]);
    expect(await post(ANA, `/${draft.body.id}/retire`)).toMatchObject({ status: 200, body: { state: 'retired', inForce: false } });
    expect(await told()).toMatchObject({ body: expect.stringContaining('su cita es'), version: BUILT_IN_VERSION });
    expect(await inForce()).toMatchObject([{ id: null, owner: 'network' }]);
    const audited = await running.rows<{ action: string }>(`SELECT action FROM audit_entry WHERE entity = 'template' AND action <> 'access.refused' ORDER BY at, id`);
    expect(audited.map(({ action }) => action)).toEqual(['template.drafted', 'template.approved', 'template.retired']);
  });

  it('are refused with every finding at once, and previewed without being kept', async () => {
    const bad = { ...reminder, language: 'en', source: 'Your cancer screening {{ service }} http://x.example' };
    const refused = await post(ANA, '', bad);
    expect(refused).toMatchObject({ status: 422, body: { code: 'template-refused', type: 'urn:slotmesh:problem:template-refused' } });
    expect(refused.body.errors?.map(({ code }) => code)).toEqual(['unknown-variable', 'reason-for-visit', 'link']);
    const preview = await post(ANA, '/preview', reminder);
    expect(preview).toMatchObject({ status: 200, body: { findings: [{ severity: 'warn', code: 'length' }], readingLevel: { measure: 'fernandez-huerta', easy: true }, samples: [{ of: 'everyday', segments: { encoding: 'GSM-7' }, text: expect.stringContaining('le esperamos') }, { of: 'longest' }] } });
    expect((await running.get(ANA, '/templates?name=visit-reminder&language=en&channel=sms')).body.items).toMatchObject([{ owner: 'network', reviewer: 'the maintainers of Slotmesh' }]);
  });

  it('P21: are neither seen nor changed by another practice', async () => {
    const draft = await post(ANA, '', { ...reminder, name: 'visit-moved' });
    expect(draft.status).toBe(201);
    expect(await running.get(STRANGER, `/templates/${draft.body.id}`)).toMatchObject({ status: 404 });
    expect(await post(STRANGER, `/${draft.body.id}/approve`, { reviewer: 'Somebody Else' })).toMatchObject({ status: 404 });
    expect((await running.get(STRANGER, '/templates?name=visit-moved')).body.items.map(({ owner }: { owner: string }) => owner)).toEqual(['network', 'network', 'network', 'network']);
    expect(await running.get(ANA, `/templates/${draft.body.id}`)).toMatchObject({ status: 200, body: { state: 'draft' } });
  });

  it('P24: give way to the neutral wording of the network where the practice must not be named', async () => {
    const draft = await post(ANA, '', { ...reminder, name: 'visit-cancelled', language: 'en', source: 'Harbor House{% if practice.name %} {{ practice.name }}{% endif %}: your visit {{ times }} is off. Call {{ practice.phone }}. STOP ends texts.' });
    expect(await post(RUTH, `/${draft.body.id}/approve`, { reviewer: 'Ruth Vidal' })).toMatchObject({ status: 200 });
    const patient = await running.patient();
    const hidden = await running.visit(patient, 3, { visitType: running.visitType });
    await running.rows(`UPDATE visit_type SET sensitive = true WHERE id = $1`, [running.visitType]);
    const cancelled = await running.cancel(hidden);
    await eventually('the change is known', async () => (await running.rows(`SELECT 1 FROM visit WHERE id = $1 AND status = 'cancelled'`, [cancelled.id])).length === 1);
    await running.outcome(await running.request(patient, [cancelled], { template: 'visit-cancelled', channels: ['sms'] }), 'sent sms');
    expect((await running.text(patient.phone, /cancelled/)).body).not.toContain('Harbor House');
  });
});
