import { PracticeDefined } from '@slotmesh/contracts';
import { HOUR, formatInstant, newId, parseZone, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { RunningReminders } from '../../test/running-reminders';

const PATH = '/api/reminders/v1/education';
const texts = { en: { title: 'Before your echo', body: '# Before\n\nEat **nothing** for six hours.' }, es: { title: 'Antes de su eco', body: 'No coma nada.' } };

describe('what patients read before a visit', () => {
  let reminders: RunningReminders;
  beforeAll(async () => {
    reminders = await RunningReminders.start();
    for (const practice of ['harbor', 'summit', 'lakeside']) {
      for (const role of ['manager', 'clinician']) reminders.identity.people.set(`${role}@${practice}.example`, { practice, roles: [role] });
      const partnership = practice === 'lakeside' ? null : '0193580e-0000-7000-8000-000000000001';
      await reminders.events.publish(PracticeDefined, { key: practice, host: practice, time: reminders.now }, { id: practice, name: practice, zone: 'America/Denver', phone: '+13035550100', email: `desk@${practice}.example`, senderNumber: '+13035550100', partnership, staffed: true });
    }
    await eventually('the practices are known', async () => (await reminders.rows('SELECT FROM partner_practice')).length === 3);
  });
  afterAll(() => reminders.stop());

  const post = (who: string, path: string, body?: object) => reminders.http(`${who}.example`, 'POST', `${PATH}${path}`, body);
  const page = async (id: string, query = '') => { const response = await fetch(`${await reminders.apps[0]!.getUrl()}/e/${id}${query}`); return { status: response.status, headers: response.headers, text: await response.text() }; };
  const timerOf = async (visit: string) => (await reminders.rows<{ fire_at: Date }>('SELECT fire_at FROM education_timer WHERE appointment_id = $1', [visit]))[0]?.fire_at.toISOString() ?? null;
  const asked = (visit: string) => reminders.requestsOf(visit).filter(({ template }) => template === 'education');
  const booked = async (service: string, over = {}) => {
    const start = plusMs(reminders.tenOClock(10), 4 * HOUR);
    const visit = reminders.visit({ patient: newId(), service, start: formatInstant(start), end: formatInstant(plusMs(start, HOUR)), ...over });
    await reminders.patient(visit.patient);
    await reminders.book(visit);
    await eventually('the visit is known', async () => (await reminders.rows('SELECT FROM appointment WHERE id = $1', [visit.id])).length > 0);
    return visit;
  };

  it('is used and shown only once every partner approved it by name, then also for visits that are booked already, and asked for once', async () => {
    const made = await post('manager@harbor', '', { service: 'echo', shared: true, texts, daysBefore: 3, source: 'https://example.org/echo' });
    expect([made.status, made.body]).toEqual([201, expect.objectContaining({ practices: ['harbor', 'summit'], inForce: false, version: 1, approvals: [] })]);
    const visit = await booked('echo');
    expect((await post('clinician@harbor', `/${made.body.id}/approve`)).body).toMatchObject({ inForce: false, approvals: [{ practice: 'harbor', by: 'clinician@harbor.example' }] });
    expect([(await post('manager@lakeside', `/${made.body.id}/approve`)).status, (await page(made.body.id)).status, await timerOf(visit.id)]).toEqual([404, 404, null]);
    expect((await post('manager@summit', `/${made.body.id}/approve`)).body).toMatchObject({ inForce: true });
    await eventually('the booked visit is planned', async () => (await timerOf(visit.id)) === formatInstant(reminders.tenOClock(7)));
    reminders.moveTo(reminders.tenOClock(7));
    const [request] = await eventually('it is asked for', () => asked(visit.id).length > 0 && asked(visit.id));
    expect(request).toMatchObject({ host: 'summit', class: 'education', template: 'education', channels: ['sms', 'email'], page: `http://localhost/e/${made.body.id}`, subjects: [{ id: visit.id, revision: 1, step: 'education' }] });
    const later = { ...visit, revision: 2, start: formatInstant(plusMs(reminders.now, 100 * HOUR)), end: formatInstant(plusMs(reminders.now, 101 * HOUR)) };
    await reminders.move(later, visit, { kind: 'host', practice: 'summit' });
    await reminders.outcome(request!, 'undelivered', 'ambiguous');
    await reminders.settled();
    expect([await timerOf(visit.id), asked(visit.id).length]).toEqual([null, 1]);
    const calls = (await reminders.http('frontdesk@summit.example', 'GET', '/api/reminders/v1/call-list?limit=200')).body.items;
    expect(calls.filter((call: { appointment: string }) => call.appointment === visit.id)).toEqual([]);
    const english = await page(made.body.id);
    expect([english.status, english.headers.get('content-type'), english.headers.get('referrer-policy')]).toEqual([200, 'text/html; charset=utf-8', 'no-referrer']);
    expect(english.text).toMatch(/<html lang="en">.*<h1>Before your echo<\/h1>.*<h2>Before<\/h2><p>Eat <strong>nothing<\/strong> for six hours\.<\/p>.*https:\/\/example\.org\/echo/);
    expect((await page(made.body.id, '?language=es')).text).toMatch(/<html lang="es">.*No coma nada\./);
    expect((await post('manager@harbor', `/${made.body.id}/retire`)).body.inForce).toBe(false);
    expect((await page(made.body.id)).status).toBe(404);
  });

  it('of a practice alone is approved by its own clinician, and its newer version takes its place when that one is', async () => {
    const first = (await post('manager@summit', '', { service: 'skin-check', texts, daysBefore: 2 })).body;
    expect((await post('manager@summit', `/${first.id}/approve`)).body.code).toBe('clinician-approves');
    expect((await post('clinician@harbor', `/${first.id}/approve`)).status).toBe(404);
    expect((await post('clinician@summit', `/${first.id}/approve`)).body.inForce).toBe(true);
    const second = (await post('clinician@summit', '', { service: 'skin-check', texts, daysBefore: 4, previous: first.id })).body;
    expect([second.version, (await page(first.id)).status]).toEqual([2, 200]);
    expect((await post('clinician@summit', `/${second.id}/approve`)).status).toBe(200);
    await eventually('the older one is gone', async () => (await page(first.id)).status === 404);
    const visit = await booked('skin-check');
    await eventually('the newer one is planned', async () => (await timerOf(visit.id)) === formatInstant(reminders.tenOClock(6)));
    await reminders.cancel({ ...visit, revision: 2, status: 'cancelled' }, { kind: 'host', practice: 'summit' });
    await eventually('nothing waits for a visit that is off', async () => (await timerOf(visit.id)) === null);
    expect((await post('manager@lakeside', '', { service: 'skin-check', shared: true, texts })).body.code).toBe('no-partners');
    expect((await post('manager@summit', '', { visitType: newId(), shared: true, texts })).status).toBe(400);
  });

  it('P12: goes for the new time of a visit that moved while its message waited', async () => {
    const content = (await post('manager@summit', '', { service: 'annual-physical', texts, daysBefore: 2 })).body;
    expect((await post('clinician@summit', `/${content.id}/approve`)).body.inForce).toBe(true);
    const visit = await booked('annual-physical');
    const [at, later] = [reminders.tenOClock(8), reminders.tenOClock(18)];
    await eventually('it is planned', async () => (await timerOf(visit.id)) === formatInstant(at));
    await reminders.preferences(visit.patient, { zone: parseZone('America/Los_Angeles') });
    await eventually('P6: it follows the patient to another zone', async () => (await timerOf(visit.id)) === formatInstant(plusMs(at, 3 * HOUR)));
    await reminders.preferences(visit.patient, {});
    await eventually('and back', async () => (await timerOf(visit.id)) === formatInstant(at));
    reminders.moveTo(at);
    const [request] = await eventually('it is asked for', () => asked(visit.id).length > 0 && asked(visit.id));
    const start = plusMs(later, 2 * 24 * HOUR + 4 * HOUR);
    await reminders.move({ ...visit, revision: 2, start: formatInstant(start), end: formatInstant(plusMs(start, HOUR)) }, visit, { kind: 'host', practice: 'summit' });
    await eventually('it has moved', async () => (await reminders.rows('SELECT FROM appointment WHERE id = $1 AND revision = 2', [visit.id])).length > 0);
    expect(await timerOf(visit.id)).toBeNull();
    await reminders.outcome(request!, 'skipped', 'superseded');
    await eventually('it is planned for the new time', async () => (await timerOf(visit.id)) === formatInstant(later));
    reminders.moveTo(later);
    await eventually('it is asked for again', () => asked(visit.id).some(({ subjects }) => subjects[0]!.revision === 2));
  });
});
