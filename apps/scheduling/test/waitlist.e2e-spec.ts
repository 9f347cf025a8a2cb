import { AppointmentBooked, MessageOutcomeRecorded, OfferAnswerRefused, OfferEnded, OfferMade, OfferRoundEnded, PatientAnswered, WaitlistEntryEnded, WaitlistEntryExpired } from '@slotmesh/contracts';
import { DAY, HOUR, MINUTE, type Instant, formatInstant, newId, parseInstant, plusMs } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { eventually } from '@slotmesh/testing';
import { MOST_OFFERS } from '../src/waitlist/domain/round';
import { Desk, type HttpResult, type OpeningItem, RunningScheduling, TAKEN_TWICE } from './running-scheduling';

let scheduling: RunningScheduling;
let harbor: Desk;
let summit: Desk;
let desert: Desk;
let lakeside: Desk;
let auditor: Desk;
const patients: Record<string, string[]> = {};

beforeAll(async () => {
  scheduling = await RunningScheduling.start({ listenTo: [OfferMade, OfferEnded, OfferAnswerRefused, AppointmentBooked, WaitlistEntryEnded, WaitlistEntryExpired, OfferRoundEnded] });
  [harbor, summit, desert, lakeside, auditor] = await Promise.all(['frontdesk@harbor.example', 'frontdesk@summit.example', 'frontdesk@desert.example', 'frontdesk@lakeside.example', 'auditor@harbor.example'].map((subject) => scheduling.desk(subject))) as [Desk, Desk, Desk, Desk, Desk];
  for (const practice of ['harbor', 'summit', 'desert', 'lakeside']) patients[practice] = (await scheduling.sql<{ id: string }>('SELECT id FROM patient WHERE practice_id = $1 ORDER BY id', [practice])).map(({ id }) => id);
  // Ten in the morning in Denver, noon in Boston: nobody's quiet hours.
  const now = scheduling.now();
  const noon = parseInstant(`${new Date(plusMs(now, DAY)).toISOString().slice(0, 10)}T17:00:00Z`);
  advanceTo(noon);
});
afterAll(async () => scheduling.stop());

const advanceTo = (at: Instant): number => scheduling.clock.moveTo(at - Date.now());
const patient = (practice = 'harbor'): string => {
  const id = patients[practice]!.pop();
  if (!id) throw new Error(`no more patients at ${practice}`);
  return id;
};
const dermatology = async (days: number): Promise<OpeningItem[]> => (await harbor.openings(`service=dermatology-consult&practice=summit&from=${scheduling.inDays(days)}&to=${scheduling.inDays(days + 6)}&limit=200`));
const wait = async (desk: Desk, id: string, more: object = {}): Promise<string> => {
  const added = await desk.post('/waitlist-entries', { patient: id, service: 'dermatology-consult', noticeMinutes: 60, ...more });
  expect(added.status).toBe(201);
  return String(added.body['id']);
};
const book = async (desk: Desk, opening: OpeningItem, who: string): Promise<string> => {
  const booked = await desk.post('/appointments', { opening: opening.id, patient: who });
  expect(booked.status).toBe(201);
  return String(booked.body['id']);
};
interface OfferItem { readonly id: string; readonly state: string; readonly entry: string; readonly host: string; readonly start: string; readonly expiresAt: string }
const offersOf = async (desk: Desk, entry: string): Promise<OfferItem[]> => (await desk.get(`/waitlist-entries/${entry}`)).body['offers'] as unknown as OfferItem[];
const openOffer = async (desk: Desk, entry: string): Promise<OfferItem> => {
  await eventually('an open offer', async () => (await offersOf(desk, entry)).some(({ state }) => state === 'open'));
  return (await offersOf(desk, entry)).find(({ state }) => state === 'open')!;
};
const stateOf = (desk: Desk, entry: string, offer: string) => async () => (await offersOf(desk, entry)).find(({ id }) => id === offer)?.state;
const becomes = (desk: Desk, entry: string, offer: string, state: string) => eventually(`the offer is ${state}`, async () => (await stateOf(desk, entry, offer)()) === state);
const roundsOf = async ({ start, provider }: OpeningItem) => scheduling.sql<{ id: string; state: string; made: number; next_at: Date }>('SELECT id, state, made, next_at FROM offer_round WHERE starts_at = $1 AND provider_id = $2 ORDER BY freed_at DESC', [start, provider.id]);
const endOf = (round: string) => scheduling.events.gathered(OfferRoundEnded).filter(({ key }) => key === round);
/** Neither the wait list nor a round of an earlier test may answer for this one: a time that it freed would be offered here. */
const emptyList = async (): Promise<void> => {
  const desks: Record<string, Desk> = { harbor, summit, desert, lakeside };
  for (const { id, practice } of await scheduling.sql<{ id: string; practice: string }>(`SELECT id, practice_id AS practice FROM waitlist_entry WHERE status = 'waiting'`)) {
    expect((await desks[practice]!.post(`/waitlist-entries/${id}/withdraw`)).status).toBe(200);
  }
  await eventually('every round has ended', async () => (await scheduling.sql('SELECT id FROM offer_round WHERE next_at IS NOT NULL')).length === 0);
};
beforeEach(emptyList);
const deadlocks = async (): Promise<number> => Number((await scheduling.sql<{ n: string }>('SELECT deadlocks AS n FROM pg_stat_database WHERE datname = current_database()'))[0]!.n);
const overlaps = async (): Promise<number> => (await scheduling.sql(TAKEN_TWICE)).length;

/** So many patients of harbor at once who wait for dermatology, the last one longest; no desk can withdraw them. `tag`: a hexadecimal digit of their ids. */
async function crowd(tag: string, size: number, { weekdays = null, zone = 'America/New_York' }: { readonly weekdays?: readonly number[] | null; readonly zone?: string } = {}): Promise<void> {
  const id = (kind: number): string => `('00000000-0000-7000-8000-${tag}00${kind}' || lpad(to_hex(n), 8, '0'))::uuid`;
  await scheduling.sql(`INSERT INTO person (id, lone_practice_id) SELECT ${id(1)}, 'harbor' FROM generate_series(1, $1::int) n`, [size]);
  await scheduling.sql(`INSERT INTO patient (id, practice_id, person_id, wrapped_key, given_name, family_name, birth_date, name_index, birth_date_index, language, zone, registered_at)
    SELECT ${id(2)}, 'harbor', ${id(1)}, 'x', 'x', 'x', 'x', md5('${tag} waits' || n), md5('${tag} born' || n), 'en', $2, now() FROM generate_series(1, $1::int) n`, [size, zone]);
  await scheduling.sql(`INSERT INTO waitlist_entry (id, practice_id, patient_id, person_id, service_code, weekdays, notice_minutes, urgency, channels, added_at, until)
    SELECT ${id(3)}, 'harbor', ${id(2)}, ${id(1)}, 'dermatology-consult', $2::smallint[], 60, 'urgent', '{sms}', now() - n * interval '1 minute', now() + interval '90 days' FROM generate_series(1, $1::int) n`, [size, weekdays]);
}
const leave = (tag: string) => scheduling.sql(`UPDATE waitlist_entry SET status = 'withdrawn' WHERE id::text LIKE $1`, [`00000000-0000-7000-8000-${tag}003%`]);

describe('the wait list over HTTP', () => {
  test('a time reaches the first whom it suits, however many stand in front and want another day', async () => {
    const opening = (await dermatology(5))[0]!;
    const visit = await book(summit, opening, patient('summit'));
    const last = await wait(harbor, patient());
    const other = (new Date(plusMs(parseInstant(opening.start), 2 * DAY)).getUTCDay() || 7);
    await crowd('e', 1200, { weekdays: [other] });
    try {
      expect((await summit.post(`/appointments/${visit}/cancel`, { reason: 'pat' })).status).toBe(200);
      expect(await openOffer(harbor, last)).toMatchObject({ start: opening.start });
    } finally {
      await leave('e');
    }
  });

  test('a round that has asked as many as it may ends and opens the time to every desk, however many still wait', async () => {
    const opening = (await dermatology(5))[0]!;
    const visit = await book(summit, opening, patient('summit'));
    await crowd('c', 40);
    try {
      expect((await summit.post(`/appointments/${visit}/cancel`, { reason: 'pat' })).status).toBe(200);
      const offer = await eventually('an open offer', async () => (await scheduling.sql<{ id: string }>(`SELECT id FROM offer WHERE state = 'open'`))[0]);
      await scheduling.sql('UPDATE offer_round SET made = $2 WHERE id = $1', [(await roundsOf(opening))[0]!.id, MOST_OFFERS]);
      expect((await harbor.post(`/offers/${offer.id}/decline`)).status).toBe(200);
      await eventually('the round has ended', async () => (await roundsOf(opening))[0]?.state === 'exhausted');
      expect((await dermatology(5)).map(({ id }) => id)).toContain(opening.id);
    } finally {
      await leave('c');
    }
  });

  test('P15: at night, where many wait and all of them sleep, a round looks again when somebody may be awake, not every minute', async () => {
    const opening = (await dermatology(6))[0]!;
    const visit = await book(summit, opening, patient('summit'));
    await crowd('d', 30);
    const [evening, night] = [scheduling.now(), plusMs(scheduling.now(), 12 * HOUR)];
    advanceTo(night);
    try {
      expect((await summit.post(`/appointments/${visit}/cancel`, { reason: 'pat' })).status).toBe(200);
      const round = await eventually('the round is open', async () => (await roundsOf(opening)).find(({ state }) => state === 'open'));
      expect(round.made).toBe(0);
      expect(round.next_at.getTime() % (15 * MINUTE)).toBe(0);
    } finally {
      await leave('d');
      advanceTo(plusMs(evening, DAY));
    }
  });

  test('a time that is given back at a partner goes to the first in turn, held meanwhile, and a yes books it across practices', async () => {
    const opening = (await dermatology(5))[0]!;
    const visit = await book(summit, opening, patient('summit'));
    const [routine, urgent] = [await wait(harbor, patient()), await wait(harbor, patient(), { urgency: 'urgent' })];
    expect((await summit.post(`/appointments/${visit}/cancel`, { reason: 'pat' })).status).toBe(200);
    const offer = await openOffer(harbor, urgent);
    expect(offer).toMatchObject({ host: 'summit', start: opening.start, state: 'open' });
    expect(parseInstant(offer.expiresAt) - scheduling.now()).toBeLessThanOrEqual(30 * MINUTE);
    expect(await offersOf(harbor, routine)).toEqual([]);
    expect((await dermatology(5)).map(({ id }) => id)).not.toContain(opening.id);
    expect(await harbor.post('/holds', { opening: opening.id })).toMatchObject({ status: 409, body: { code: 'opening-taken' } });

    const accepted = await harbor.post(`/offers/${offer.id}/accept`);
    expect(accepted).toMatchObject({ status: 200, body: { state: 'accepted' } });
    const booked = await harbor.get(`/appointments/${String(accepted.body['appointment'])}`);
    expect(booked.body).toMatchObject({ status: 'booked', host: 'summit', booking: 'harbor', start: opening.start });
    expect((await harbor.get(`/waitlist-entries/${urgent}`)).body).toMatchObject({ status: 'booked', appointment: booked.body['id'] });
    const [round] = await roundsOf(opening);
    expect(round).toMatchObject({ state: 'filled', made: 1 });
    const [told, ...more] = await eventually('the end of the round is told', async () => endOf(round!.id).length > 0 && endOf(round!.id));
    expect([told, more]).toMatchObject([{ host: 'summit', data: { host: 'summit', service: 'dermatology-consult', freedBy: visit, outcome: 'filled', offers: 1, appointment: accepted.body['appointment'] } }, []]);
    expect(await harbor.post(`/offers/${offer.id}/accept`)).toMatchObject({ status: 409, body: { code: 'offer-over', state: 'accepted' } });
    const [disclosed] = await scheduling.sql<{ n: string }>(`SELECT count(*) AS n FROM disclosure WHERE to_practice_id = 'summit' AND patient_id = (SELECT patient_id FROM waitlist_entry WHERE id = $1)`, [urgent]);
    expect(Number(disclosed!.n)).toBe(1);
    expect(await overlaps()).toBe(0);
  });

  test('a no and a window that passes let the next in turn be asked, and everybody keeps the place; at the end the time is open to all', async () => {
    const opening = (await dermatology(5))[1]!;
    const visit = await book(harbor, opening, patient());
    const [first, second] = [await wait(harbor, patient()), await wait(harbor, patient())];
    await harbor.post(`/appointments/${visit}/cancel`, { reason: 'pat' });
    const one = await openOffer(harbor, first);
    expect((await harbor.post(`/offers/${one.id}/decline`)).status).toBe(200);
    const two = await openOffer(harbor, second);
    advanceTo(parseInstant(two.expiresAt));
    await becomes(harbor, second, two.id, 'expired');
    await eventually('the round has ended', async () => (await roundsOf(opening))[0]?.state === 'exhausted');
    for (const entry of [first, second]) expect((await harbor.get(`/waitlist-entries/${entry}`)).body).toMatchObject({ status: 'waiting' });
    expect((await dermatology(4)).map(({ id }) => id)).toContain(opening.id);
    expect((await harbor.post('/holds', { opening: opening.id })).status).toBe(201);
  });

  test('P10: answers by text end offers through the event: yes books as the patient, a late yes changes nothing and says so', async () => {
    const opening = (await dermatology(5))[2]!;
    const visit = await book(summit, opening, patient('summit'));
    const entry = await wait(harbor, patient());
    await summit.post(`/appointments/${visit}/cancel`, { reason: 'pat' });
    const offer = await openOffer(harbor, entry);
    const says = (answer: 'confirm' | 'cancel', id: string = newId()) => scheduling.events.publish(PatientAnswered, { key: offer.id, host: 'harbor', time: scheduling.now() }, { id, host: 'harbor', patient: newId(), message: newId(), subject: { kind: 'offer', id: offer.id, revision: 1 }, answer, at: formatInstant(scheduling.now()) });
    await says('confirm');
    await becomes(harbor, entry, offer.id, 'accepted');
    const [booked] = await scheduling.sql<{ booked_by: string }>('SELECT booked_by FROM appointment WHERE id = (SELECT appointment_id FROM waitlist_entry WHERE id = $1)', [entry]);
    expect(booked!.booked_by).toBe(`offer:${offer.id}`);
    const late = newId();
    await says('confirm', late);
    await eventually('the late yes is refused', async () => scheduling.events.gathered(OfferAnswerRefused).some(({ data }) => data.answer === late));
    const told = [...scheduling.events.gathered(OfferMade), ...scheduling.events.gathered(OfferEnded)].filter(({ key }) => key === offer.id);
    expect(told.map(({ sequence, host, data }) => [sequence, host, data.offer.state, data.offer.revision])).toEqual([[1, 'harbor', 'open', 1], [2, 'harbor', 'accepted', 2]]);
  });

  test('who cannot be reached is passed over at once, before the window ends', async () => {
    const opening = (await dermatology(5))[3]!;
    const visit = await book(summit, opening, patient('summit'));
    const [first, second] = [await wait(harbor, patient()), await wait(harbor, patient())];
    await summit.post(`/appointments/${visit}/cancel`, { reason: 'pat' });
    const offer = await openOffer(harbor, first);
    const at = formatInstant(scheduling.now());
    await scheduling.events.publish(MessageOutcomeRecorded, { key: newId(), host: 'harbor', time: scheduling.now() }, { id: newId(), request: newId(), host: 'harbor', patient: newId(), subject: { kind: 'offer', id: offer.id, revision: 1, step: 'waitlist-offer' }, channel: null, outcome: 'skipped', reason: 'no-contact', at });
    await becomes(harbor, first, offer.id, 'not-reached');
    expect(await openOffer(harbor, second)).toMatchObject({ start: opening.start });
  });

  test('P1, P3: inside four hours a few are asked at once, and of simultaneous yeses from two practices exactly one books', async () => {
    const opening = (await dermatology(5)).find(({ start }) => parseInstant(start) % DAY >= 16 * HOUR)!;
    const visit = await book(summit, opening, patient('summit'));
    const asked: [Desk, string][] = [[harbor, await wait(harbor, patient())], [desert, await wait(desert, patient('desert'))], [harbor, await wait(harbor, patient())]];
    const later = plusMs(parseInstant(opening.start), -3 * HOUR);
    advanceTo(later);
    await summit.post(`/appointments/${visit}/cancel`, { reason: 'pat' });
    const offers = await Promise.all(asked.map(async ([desk, entry]) => ({ desk, entry, offer: await openOffer(desk, entry) })));
    const answers = await Promise.all(offers.flatMap(({ desk, offer }) => [desk.post(`/offers/${offer.id}/accept`), desk.post(`/offers/${offer.id}/accept`)]));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, body } of answers) expect([status, body['code']]).toEqual(status === 200 ? [200, undefined] : [409, 'offer-over']);
    const states = await Promise.all(offers.map(({ desk, entry, offer }) => stateOf(desk, entry, offer.id)()));
    expect(states.sort()).toEqual(['accepted', 'lost', 'lost']);
    expect(await overlaps()).toBe(0);
    const [active] = await scheduling.sql<{ n: string }>(`SELECT count(*) AS n FROM hold WHERE state = 'active' AND holder_subject LIKE 'offer-round:%'`);
    expect(Number(active!.n)).toBe(0);
  });

  test('P2: an offer that takes the place of a later visit moves the patient, and the freed time is offered on', async () => {
    const list = await dermatology(6);
    const [early, late] = [list[0]!, list.find(({ start }) => parseInstant(start) - parseInstant(list[0]!.start) > DAY)!];
    const inTheWay = await book(summit, early, patient('summit'));
    const mover = patient();
    const old = await book(harbor, late, mover);
    const entry = await wait(harbor, mover, { replaces: old, urgency: 'urgent' });
    const next = await wait(harbor, patient());
    await summit.post(`/appointments/${inTheWay}/cancel`, { reason: 'pat' });
    const offer = await openOffer(harbor, entry);
    expect(offer.start).toBe(early.start);
    expect((await harbor.post(`/offers/${offer.id}/accept`)).status).toBe(200);
    expect((await harbor.get(`/appointments/${old}`)).body).toMatchObject({ status: 'cancelled', cancelReason: 'pat-swl' });
    expect((await openOffer(harbor, next)).start).toBe(late.start);
  });

  test('P7: who is in no partnership is never asked, a host learns how many were asked and never who, a partner sees only its own offers', async () => {
    const opening = (await dermatology(6))[1]!;
    const visit = await book(summit, opening, patient('summit'));
    const outsider = await wait(lakeside, patient('lakeside'), { urgency: 'urgent' });
    const entry = await wait(harbor, patient());
    await summit.post(`/appointments/${visit}/cancel`, { reason: 'pat' });
    const offer = await openOffer(harbor, entry);
    expect(await offersOf(lakeside, outsider)).toEqual([]);
    const seen = (await summit.get('/offer-rounds?state=open')).body['items'] as unknown as { start: string; offers: number }[];
    expect(seen).toContainEqual(expect.objectContaining({ start: opening.start, offers: 1 }));
    expect(JSON.stringify(seen)).not.toContain(entry);
    for (const desk of [summit, desert, lakeside]) {
      expect((await desk.get('/offers')).body['items']).not.toContainEqual(expect.objectContaining({ id: offer.id }));
      expect((await desk.get(`/waitlist-entries/${entry}`)).status).toBe(404);
      expect(await desk.post(`/offers/${offer.id}/accept`)).toMatchObject({ status: 404, body: { code: 'offer-unknown' } });
      expect((await desk.post(`/waitlist-entries/${entry}/withdraw`)).status).toBe(404);
    }
    expect((await auditor.post(`/offers/${offer.id}/accept`)).status).toBe(403);
    const [round] = await roundsOf(opening);
    expect((await harbor.post(`/offer-rounds/${round!.id}/take`, { reason: 'chest pain' })).status).toBe(404);
    const taken = await summit.post(`/offer-rounds/${round!.id}/take`, { reason: 'an urgent patient' });
    await eventually('the end of the round is told', async () => endOf(round!.id).some(({ data }) => data.outcome === 'taken-by-desk' && data.offers > 0));
    expect(taken).toMatchObject({ status: 201, body: { start: opening.start } });
    await becomes(harbor, entry, offer.id, 'lost');
    expect((await summit.post('/appointments', { hold: taken.body['id'], patient: patient('summit') })).status).toBe(201);
    expect((await summit.post(`/offer-rounds/${round!.id}/take`, { reason: 'once more' })).status).toBe(409);
  });

  test('a time that nobody waits for, or that its provider cannot keep, is held for nobody', async () => {
    const [unwanted, broken] = (await dermatology(6)).slice(2, 4) as [OpeningItem, OpeningItem];
    const free = async (opening: OpeningItem, reason: string): Promise<HttpResult> => summit.post(`/appointments/${await book(summit, opening, patient('summit'))}/cancel`, { reason });
    await free(unwanted, 'pat');
    await eventually('nobody waits', async () => (await roundsOf(unwanted))[0]?.state === 'nobody-waits');
    const nobody = (await roundsOf(unwanted))[0]!.id;
    await eventually('that nobody waits is told', async () => endOf(nobody).some(({ data }) => data.outcome === 'nobody-waits' && data.offers === 0));
    await wait(harbor, patient());
    await free(broken, 'prov');
    expect(await roundsOf(broken)).toEqual([]);
    const holds = await scheduling.sql(`SELECT id FROM hold WHERE holder_subject LIKE 'offer-round:%' AND starts_at = ANY ($1)`, [[unwanted.start, broken.start]]);
    expect(holds).toEqual([]);
  });

  test('P15: at night nobody is asked; the round waits for the morning with the time held', async () => {
    const opening = (await dermatology(7))[0]!;
    const visit = await book(summit, opening, patient('summit'));
    const entry = await wait(harbor, patient());
    const night: Instant = parseInstant(`${new Date(plusMs(scheduling.now(), DAY)).toISOString().slice(0, 10)}T05:00:00Z`);
    advanceTo(night);
    await summit.post(`/appointments/${visit}/cancel`, { reason: 'pat' });
    await eventually('the round waits', async () => (await roundsOf(opening))[0]?.state === 'open');
    const [round] = await roundsOf(opening);
    expect([round!.made, round!.next_at.toISOString().slice(11, 16)]).toEqual([0, expect.stringMatching(/^1[23]:00$/)]);
    advanceTo(parseInstant(round!.next_at.toISOString()));
    expect(await openOffer(harbor, entry)).toMatchObject({ start: opening.start });
  });

  test.each([
    ['/to', { from: '12:00', to: '09:00' }], ['/latest', { earliest: '2026-12-02', latest: '2026-12-01' }], ['/weekdays/0', { weekdays: [8] }], ['/channels/0', { channels: ['pigeon'] }], ['/near/radiusKm', { near: { latitude: 1, longitude: 1, radiusKm: 0 } }], ['/urgency', { urgency: 'very' }],
  ])('bad input is refused at %s and nobody is put on the list', async (pointer, bad) => {
    const who = patients['harbor']![0]!;
    expect(await harbor.post('/waitlist-entries', { patient: who, service: 'dermatology-consult', ...bad })).toMatchObject({ status: 400, body: { code: 'invalid-request', errors: [{ pointer }] } });
    expect((await harbor.get(`/waitlist-entries?patient=${who}&status=waiting`)).body['items']).toEqual([]);
  });

  test('a patient waits once for a service; only the own practice adds, and may withdraw', async () => {
    const who = patient();
    const entry = await wait(harbor, who);
    expect(await harbor.post('/waitlist-entries', { patient: who, service: 'dermatology-consult' })).toMatchObject({ status: 409, body: { code: 'already-waiting', entry } });
    expect((await summit.post('/waitlist-entries', { patient: who, service: 'dermatology-consult' })).status).toBe(404);
    expect(await harbor.post('/waitlist-entries', { patient: patient(), service: 'dermatology-consult', replaces: newId() })).toMatchObject({ status: 422, body: { code: 'replaced-visit-unknown' } });
    expect((await harbor.post(`/waitlist-entries/${entry}/withdraw`)).body).toMatchObject({ status: 'withdrawn' });
    expect(await harbor.post(`/waitlist-entries/${entry}/withdraw`)).toMatchObject({ status: 409, body: { code: 'waitlist-entry-ended' } });
    await wait(harbor, who);
  });
});

describe('what changes between an offer and a yes', () => {
  const apart = (list: readonly OpeningItem[], first: OpeningItem): OpeningItem => list.find(({ start }) => parseInstant(start) - parseInstant(first.start) > DAY)!;

  test('a closure made meanwhile is kept: nobody else is asked, and a yes books nothing', async () => {
    const opening = (await dermatology(5))[0]!;
    const visit = await book(summit, opening, patient('summit'));
    const [one, two] = [await wait(harbor, patient()), await wait(harbor, patient())];
    await summit.post(`/appointments/${visit}/cancel`, { reason: 'pat' });
    const offer = await openOffer(harbor, one);
    const manager = await scheduling.desk('manager@summit.example');
    const closed = await manager.post('/closures', { site: opening.site.id, provider: opening.provider.id, time: { start: opening.start, end: opening.end }, reason: 'the doctor is away' });
    expect(closed.status).toBe(201);
    expect((await harbor.post(`/offers/${offer.id}/accept`)).status).toBe(409);
    expect((await harbor.post(`/offers/${offer.id}/decline`)).status).toBe(200);
    await eventually('the round has ended', async () => (await roundsOf(opening))[0]?.state === 'exhausted');
    expect(await offersOf(harbor, two)).toEqual([]);
    expect((await manager.call('DELETE', `/closures/${String(closed.body['id'])}`)).status).toBe(204);
  });

  test('a closure that is shortened or lifted lets rounds begin: one for each who would take a time, inside what was shut, and none for what still is', async () => {
    // Ten in the morning in Denver: summit's patient may be asked, too.
    const morning = parseInstant(`${formatInstant(scheduling.now()).slice(0, 10)}T17:00:00Z`);
    advanceTo(morning > scheduling.now() ? morning : plusMs(morning, DAY));
    const list = await dermatology(9);
    const opening = list[0]!;
    const [manager, day] = [await scheduling.desk('manager@summit.example'), opening.start.slice(0, 10)];
    const closure = { site: opening.site.id, days: { firstDay: day, lastDay: day }, reason: 'the house is painted' };
    const closed = await manager.post('/closures', closure);
    expect(closed.status).toBe(201);
    const only = { practices: ['summit'], earliest: day, latest: day };
    const [one, two] = [await wait(harbor, patient(), only), await wait(summit, patient('summit'), only)];
    await wait(lakeside, patient('lakeside'), { earliest: day, latest: day });
    const still = list.filter(({ start }) => start.startsWith(day)).map(({ start }) => start).sort();
    const noon = still[Math.floor(still.length / 2)]!;
    expect((await manager.call('PUT', `/closures/${String(closed.body['id'])}`, { site: opening.site.id, time: { start: noon, end: `${day}T23:59:00Z` }, reason: 'only the afternoon' }, { 'if-match': '"1"' })).status).toBe(200);
    const offers = [await openOffer(harbor, one), await openOffer(summit, two)];
    for (const { start } of offers) expect(parseInstant(start)).toBeLessThan(parseInstant(noon));
    expect((await harbor.post(`/offers/${offers[0]!.id}/accept`)).status).toBe(200);
    expect((await summit.post(`/offers/${offers[1]!.id}/decline`)).status).toBe(200);
    const rounds = async () => scheduling.sql<{ starts_at: Date; next_at: Date | null }>(`SELECT starts_at, next_at FROM offer_round WHERE freed_by IS NULL AND host_id = 'summit' AND starts_at >= $1 AND starts_at < $2`, [`${day}T00:00:00Z`, `${day}T23:59:00Z`]);
    expect(await rounds()).toHaveLength(2);
    await eventually('both rounds have ended', async () => (await rounds()).every(({ next_at: next }) => next === null));
    expect((await manager.call('DELETE', `/closures/${String(closed.body['id'])}`)).status).toBe(204);
    const afternoon = await openOffer(summit, two);
    expect(parseInstant(afternoon.start)).toBeGreaterThanOrEqual(parseInstant(noon));
    expect(await overlaps()).toBe(0);
  });

  test('hours that an exception adds are offered, what was open all along is not, and hours that come back when it is taken away are, too', async () => {
    const manager = await scheduling.desk('manager@summit.example');
    const dateOf = ({ start, zone }: OpeningItem): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(new Date(start));
    const other = new Set((await scheduling.sql<{ key: string }>(`SELECT provider_id || ' ' || date AS key FROM availability_exception`)).map(({ key }) => key));
    const opening = (await dermatology(13)).find((item) => !other.has(`${item.provider.id} ${dateOf(item)}`))!;
    const day = dateOf(opening);
    const usual = await scheduling.sql<{ from: string; to: string }>(`SELECT from_time AS "from", to_time AS "to" FROM availability WHERE provider_id = $1 AND weekday = extract(isodow FROM $2::date) ORDER BY from_time`, [opening.provider.id, day]);
    const only = { practices: ['summit'], earliest: day, latest: day };
    const [one, two, three] = [await wait(harbor, patient(), only), await wait(harbor, patient(), only), await wait(harbor, patient(), { ...only, to: '12:00' })];
    const body = { provider: opening.provider.id, site: opening.site.id, date: day, ranges: [...usual, { from: '18:00', to: '19:00' }] };
    const added = await manager.post('/availability-exceptions', body);
    expect(added.status).toBe(201);
    const offers = [await openOffer(harbor, one), await openOffer(harbor, two)];
    const hourOf = (at: string): number => Number(new Intl.DateTimeFormat('en-GB', { timeZone: opening.zone, hour: '2-digit' }).format(new Date(at)));
    expect(offers.map(({ start }) => hourOf(start))).toEqual([18, 18]);
    expect(new Set(offers.map(({ start }) => start)).size).toBe(2);
    expect(await offersOf(harbor, three)).toEqual([]);
    expect((await harbor.post(`/offers/${offers[0]!.id}/accept`)).status).toBe(200);
    expect((await harbor.post(`/offers/${offers[1]!.id}/decline`)).status).toBe(200);
    // The morning goes, and comes back with the usual hours: then it is offered to who waits for a morning.
    const path = `/availability-exceptions/${String(added.body['id'])}`;
    expect((await manager.call('PUT', path, { ...body, ranges: [{ from: '18:00', to: '19:00' }] })).status).toBe(200);
    await scheduling.reopenedTimeIsLookedAt();
    expect(await offersOf(harbor, three)).toEqual([]);
    expect((await manager.call('DELETE', path)).status).toBe(204);
    expect(hourOf((await openOffer(harbor, three)).start)).toBeLessThan(12);
    expect(await overlaps()).toBe(0);
  });

  test('hours that are added every week are offered: a time for each who would take one and no more, of the next eight weeks; what they leave as it was is not', async () => {
    const manager = await scheduling.desk('manager@summit.example');
    const opening = (await dermatology(13))[0]!;
    const evening = { practices: ['summit'], from: '18:00', to: '21:00' };
    const [one, two] = [await wait(harbor, patient(), evening), await wait(summit, patient('summit'), evening)];
    const [late, far] = [await wait(harbor, patient(), { ...evening, from: '20:00' }), await wait(harbor, patient(), { ...evening, earliest: scheduling.inDays(70).slice(0, 10) })];
    const weekly = { provider: opening.provider.id, site: opening.site.id, weekday: 3, from: '18:00', to: '19:00', validFrom: '2026-01-01' };
    const added = await manager.post('/availability', weekly);
    expect(added.status).toBe(201);
    const path = `/availability/${String(added.body['id'])}`;
    const offers = [await openOffer(harbor, one), await openOffer(summit, two)];
    const onTheWall = (at: string): string => new Intl.DateTimeFormat('en-GB', { timeZone: opening.zone, weekday: 'short', hour: '2-digit' }).format(new Date(at));
    expect(offers.map(({ start }) => onTheWall(start))).toEqual(['Wed, 18', 'Wed, 18']);
    expect(new Set(offers.map(({ start }) => start)).size).toBe(2);
    const begun = async (): Promise<number> => (await scheduling.sql(`SELECT id FROM offer_round r WHERE r.freed_by IS NULL AND extract(hour FROM r.starts_at AT TIME ZONE $1) >= 18 AND r.provider_id = $2 AND extract(isodow FROM r.starts_at AT TIME ZONE $1) = 3`, [opening.zone, opening.provider.id])).length;
    await scheduling.reopenedTimeIsLookedAt();
    expect(await begun()).toBe(2);
    expect((await harbor.post(`/offers/${offers[0]!.id}/accept`)).status).toBe(200);
    expect((await summit.post(`/offers/${offers[1]!.id}/decline`)).status).toBe(200);
    // Neither times nor place change: there is nothing to offer.
    expect((await manager.call('PUT', path, { ...weekly, walkIns: 1 })).status).toBe(200);
    await scheduling.reopenedTimeIsLookedAt();
    expect(await begun()).toBe(2);
    expect((await manager.call('PUT', path, { ...weekly, to: '21:00' })).status).toBe(200);
    expect(onTheWall((await openOffer(harbor, late)).start)).toBe('Wed, 20');
    await scheduling.reopenedTimeIsLookedAt();
    expect(await offersOf(harbor, far)).toEqual([]);
    expect((await manager.call('DELETE', path)).status).toBe(204);
    await scheduling.reopenedTimeIsLookedAt();
    expect(await overlaps()).toBe(0);
  });

  test('who waits until a time leaves the list then by itself, once, and not while being asked', async () => {
    const until = plusMs(scheduling.now(), 10 * MINUTE);
    const [asked, alone] = [await wait(harbor, patient(), { until: formatInstant(until) }), await wait(harbor, patient(), { until: formatInstant(until), weekdays: [7], from: '03:00', to: '03:01' })];
    expect(await harbor.post('/waitlist-entries', { patient: patient(), service: 'dermatology-consult', until: scheduling.inDays(-1) })).toMatchObject({ status: 422, body: { code: 'waiting-over' } });
    const opening = (await dermatology(5))[0]!;
    const visit = await book(summit, opening, patient('summit'));
    await summit.post(`/appointments/${visit}/cancel`, { reason: 'pat' });
    const offer = await openOffer(harbor, asked);
    advanceTo(plusMs(until, MINUTE));
    const statusOf = async (entry: string): Promise<unknown> => (await harbor.get(`/waitlist-entries/${entry}`)).body['status'];
    await eventually('the one who is not asked has left', async () => (await statusOf(alone)) === 'expired');
    expect([await statusOf(asked), (await harbor.post(`/waitlist-entries/${alone}/withdraw`)).body['code']]).toEqual(['waiting', 'waitlist-entry-ended']);
    expect((await harbor.post(`/offers/${offer.id}/decline`)).status).toBe(200);
    await eventually('the one who was asked has left', async () => (await statusOf(asked)) === 'expired');
    const told = () => scheduling.events.gathered(WaitlistEntryExpired).map(({ key }) => key).filter((key) => [asked, alone].includes(key));
    await eventually('both are told', async () => told().length >= 2);
    expect(told().sort()).toEqual([asked, alone].sort());
  });

  test('P2: a visit that was moved nearer, or has begun, is not given up for a later time', async () => {
    const list = await dermatology(3);
    const first = list[3]!;
    const middle = apart(list, first);
    const inTheWay = await book(summit, middle, patient('summit'));
    const who = patient();
    const old = await book(harbor, apart(list, middle), who);
    const entry = await wait(harbor, who, { replaces: old });
    await summit.post(`/appointments/${inTheWay}/cancel`, { reason: 'pat' });
    const offer = await openOffer(harbor, entry);
    expect((await harbor.post(`/appointments/${old}/reschedule`, { opening: first.id })).status).toBe(200);
    expect(await harbor.post(`/offers/${offer.id}/accept`)).toMatchObject({ status: 409, body: { code: 'replaced-visit-nearer' } });
    expect((await harbor.get(`/appointments/${old}`)).body).toMatchObject({ status: 'booked', start: first.start });
    expect((await harbor.get(`/waitlist-entries/${entry}`)).body).toMatchObject({ status: 'waiting' });
  });

  test('P18: a visit that moved twice is still asked for when its first one was', async () => {
    const list = await dermatology(7);
    const early = list[0]!;
    const middle = apart(list, early);
    const inTheWay = { [early.id]: await book(summit, early, patient('summit')), [middle.id]: await book(summit, middle, patient('summit')) };
    const who = patient();
    const published = async (id: string) => (await eventually('the booking is published', () => scheduling.events.gathered(AppointmentBooked).find(({ key }) => key === id))).data;
    const moved = async (from: string, to: OpeningItem): Promise<string> => {
      const entry = await wait(harbor, who, { replaces: from, urgency: 'urgent' });
      await summit.post(`/appointments/${inTheWay[to.id]}/cancel`, { reason: 'pat' });
      const accepted = await harbor.post(`/offers/${(await openOffer(harbor, entry)).id}/accept`);
      expect(accepted.status).toBe(200);
      return String(accepted.body['appointment']);
    };
    const first = await book(harbor, apart(list, middle), who);
    const second = await moved(first, middle);
    const third = await moved(second, early);
    const asked = (await published(first)).appointment;
    expect(asked.askedAt).toBeUndefined();
    expect(await published(third)).toMatchObject({ replaces: second, appointment: { start: parseInstant(early.start), askedAt: asked.bookedAt } });
  });

  test('the referral and the reason go with a visit that moves by an offer', async () => {
    const who = patient();
    const sent = await harbor.post('/referrals', { patient: who, to: { practice: 'summit' }, service: 'dermatology-consult', reason: 'A mole on the left shoulder that has changed.' });
    const referral = `/referrals/${String(sent.body['id'])}`;
    for (const step of ['receive', 'accept']) expect((await summit.post(`${referral}/${step}`)).status).toBe(200);
    const list = await dermatology(5);
    const early = list[1]!;
    const inTheWay = await book(summit, early, patient('summit'));
    const booked = await harbor.post('/appointments', { opening: apart(list, early).id, patient: who, referral: sent.body['id'], reason: 'bring photographs' });
    expect(booked.status).toBe(201);
    const entry = await wait(harbor, who, { replaces: booked.body['id'] });
    await summit.post(`/appointments/${inTheWay}/cancel`, { reason: 'pat' });
    const accepted = await harbor.post(`/offers/${(await openOffer(harbor, entry)).id}/accept`);
    expect(accepted.status).toBe(200);
    expect((await harbor.get(referral)).body).toMatchObject({ status: 'scheduled', appointment: accepted.body['appointment'] });
    expect((await summit.get(`/appointments/${String(accepted.body['appointment'])}`)).body).toMatchObject({ reason: 'bring photographs' });
    const event = await eventually('the booking is published', () => scheduling.events.gathered(AppointmentBooked).find(({ key }) => key === accepted.body['appointment']));
    expect(event.data.by).toEqual({ kind: 'booking', practice: 'harbor' });
  });

  test('P8: "another visit then" at an offer is audited and counted as everywhere', async () => {
    const own = await harbor.openings(`service=primary-care-visit&practice=harbor&from=${scheduling.inDays(5)}&to=${scheduling.inDays(11)}&limit=200`);
    const during = ({ start, end }: OpeningItem): OpeningItem | undefined => own.find((other) => other.start < end && other.end > start);
    const opening = (await dermatology(5)).find((time) => during(time) !== undefined)!;
    const visit = await book(summit, opening, patient('summit'));
    const who = patient();
    const entry = await wait(harbor, who);
    await summit.post(`/appointments/${visit}/cancel`, { reason: 'pat' });
    const offer = await openOffer(harbor, entry);
    await book(harbor, during(opening)!, who);
    expect(await harbor.post(`/offers/${offer.id}/accept`)).toMatchObject({ status: 409, body: { code: 'another-visit-then' } });
    const [row] = await scheduling.sql<{ n: number }>(`SELECT count(*)::int AS n FROM audit_entry WHERE action = 'appointment.overlap-refused' AND entity_id = $1`, [offer.id]);
    expect(row!.n).toBe(1);
    const made = await scheduling.sql(`SELECT action FROM audit_entry WHERE entity = 'offer' AND entity_id = $1`, [offer.id]);
    expect(made).toContainEqual({ action: 'offer.made' });
  });

  test('no offer stays open for a patient who is taken off the list at this very moment', async () => {
    const opening = (await dermatology(5))[2]!;
    const visit = await book(summit, opening, patient('summit'));
    const entry = await wait(harbor, patient());
    await scheduling.admin.query('BEGIN');
    await scheduling.admin.query('SELECT id FROM waitlist_entry WHERE id = $1 FOR NO KEY UPDATE', [entry]);
    const withdrawing = harbor.post(`/waitlist-entries/${entry}/withdraw`);
    await summit.post(`/appointments/${visit}/cancel`, { reason: 'pat' });
    await scheduling.admin.query('COMMIT');
    expect((await withdrawing).status).toBe(200);
    await eventually('the round has ended', async () => ((await roundsOf(opening))[0]?.state ?? 'new') !== 'new');
    expect((await offersOf(harbor, entry)).filter(({ state }) => state === 'open')).toEqual([]);
  });

  /** A patient of harbor whose record can be written whole. */
  const registered = async (given: string): Promise<{ readonly id: string; readonly dies: () => Promise<HttpResult> }> => {
    const added = await harbor.post('/patients', { givenName: given, familyName: 'Quarrington', birthDate: '1951-03-09', phone: '617 555 0163', email: `${given.toLowerCase()}.q@example.net` });
    expect(added.status).toBe(201);
    const [id, path] = [String(added.body['id']), `/patients/${String(added.body['id'])}`];
    return { id, dies: async () => harbor.call('PUT', path, { ...(await harbor.get(path)).body, deceased: true }) };
  };

  test('a death ends an open offer at once: the next in turn is asked while its window still runs, the entries say why, and nothing is asked of the dead any more', async () => {
    const opening = (await dermatology(5))[0]!;
    const visit = await book(summit, opening, patient('summit'));
    const old = await registered('Leopold');
    const [entry, other] = [await wait(harbor, old.id), await wait(harbor, old.id, { service: 'skin-check' })];
    const next = await wait(harbor, patient());
    await summit.post(`/appointments/${visit}/cancel`, { reason: 'pat' });
    const offer = await openOffer(harbor, entry);
    expect(await harbor.call('PUT', `/patients/${old.id}`, { ...(await harbor.get(`/patients/${old.id}`)).body, deceased: true }, { 'if-match': '"7"' })).toMatchObject({ status: 412 });
    expect((await offersOf(harbor, entry)).map(({ state }) => state)).toEqual(['open']);
    expect(await old.dies()).toMatchObject({ status: 200, body: { deceased: true } });
    for (const id of [entry, other]) expect((await harbor.get(`/waitlist-entries/${id}`)).body).toMatchObject({ status: 'withdrawn', endReason: 'deceased' });
    expect((await offersOf(harbor, entry)).map(({ state }) => state)).toEqual(['withdrawn']);
    expect(scheduling.now()).toBeLessThan(parseInstant(offer.expiresAt));
    expect(await openOffer(harbor, next)).toMatchObject({ start: opening.start });
    const told = await eventually('the end of the offer and of both entries is told', () => {
      const ended = scheduling.events.gathered(WaitlistEntryEnded).filter(({ key }) => key === entry || key === other);
      return ended.length === 2 && scheduling.events.gathered(OfferEnded).some(({ key, data }) => key === offer.id && data.offer.state === 'withdrawn') && ended;
    });
    expect(told.map(({ data }) => [data.outcome, data.reason])).toEqual([['withdrawn', 'deceased'], ['withdrawn', 'deceased']]);
    expect(scheduling.events.gathered(OfferMade).filter(({ data }) => data.offer.patient === old.id)).toHaveLength(1);
    expect(await harbor.post('/waitlist-entries', { patient: old.id, service: 'skin-check' })).toMatchObject({ status: 422, body: { code: 'patient-deceased' } });
    expect(await scheduling.sql(`SELECT id FROM audit_entry WHERE action = 'waitlist-entry.withdrawn' AND entity_id = $1`, [entry])).toHaveLength(1);
  });

  test('whoever is put on the list, or asked, at the very moment when the death is recorded waits no more', async () => {
    const [list, before] = [await dermatology(6), await deadlocks()];
    for (const [round, given] of ['Ambrose', 'Benedict', 'Cosima', 'Dorothea', 'Eusebius'].entries()) {
      const old = await registered(given);
      const visit = await book(summit, list[round * 3]!, patient('summit'));
      await wait(harbor, old.id);
      const record = (await harbor.get(`/patients/${old.id}`)).body;
      const [died, cancelled, ...added] = await Promise.all([harbor.call('PUT', `/patients/${old.id}`, { ...record, deceased: true }), summit.post(`/appointments/${visit}/cancel`, { reason: 'pat' }),
        ...['skin-check', 'echo', 'cardiology-consult'].map((service) => harbor.post('/waitlist-entries', { patient: old.id, service }))]);
      expect([died!.status, cancelled!.status]).toEqual([200, 200]);
      for (const { status } of added) expect([201, 422]).toContain(status);
      expect(await scheduling.sql(`SELECT id FROM waitlist_entry WHERE patient_id = $1 AND status = 'waiting' UNION SELECT id FROM offer WHERE patient_id = $1 AND state = 'open'`, [old.id])).toEqual([]);
    }
    expect(await deadlocks()).toBe(before);
  });

  test('P1: two who are asked in the same two rounds, in turns that cross, die at one moment: neither waits for the other for ever', async () => {
    const afternoon = ({ start }: OpeningItem): boolean => parseInstant(start) % DAY >= 17 * HOUR && parseInstant(start) % DAY < 21 * HOUR;
    const skin = (await harbor.openings(`service=skin-check&practice=summit&from=${scheduling.inDays(7)}&to=${scheduling.inDays(13)}&limit=200`)).filter(afternoon);
    const apartInTime = (a: OpeningItem, b: OpeningItem): boolean => a.end <= b.start || b.end <= a.start;
    const [first, second] = (await dermatology(7)).filter(afternoon).flatMap((a) => skin.filter((b) => apartInTime(a, b) && Math.abs(parseInstant(a.start) - parseInstant(b.start)) < HOUR).map((b) => [a, b] as const))[0]!;
    const visits = [await book(summit, first, patient('summit')), await book(summit, second, patient('summit'))];
    const [one, other] = [await registered('Pavel'), await registered('Quentin')];
    const asked: string[] = [];
    for (const [{ id }, service] of [[one, 'dermatology-consult'], [one, 'skin-check'], [other, 'skin-check'], [other, 'dermatology-consult']] as const) asked.push(await wait(harbor, id, { service }));
    advanceTo(plusMs(Math.min(parseInstant(first.start), parseInstant(second.start)) as Instant, -3 * HOUR));
    for (const visit of visits) expect((await summit.post(`/appointments/${visit}/cancel`, { reason: 'pat' })).status).toBe(200);
    for (const entry of asked) await openOffer(harbor, entry);
    const before = await deadlocks();
    await scheduling.admin.query('BEGIN');
    await scheduling.admin.query('SELECT id FROM waitlist_entry WHERE id = ANY ($1) FOR NO KEY UPDATE', [[asked[0], asked[2]]]);
    const dying = Promise.all([one.dies(), other.dies()]);
    await eventually('both wait', async () => (await scheduling.sql('SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = $1', ['Lock'])).length >= 2);
    await scheduling.admin.query('COMMIT');
    expect((await dying).map(({ status }) => status)).toEqual([200, 200]);
    expect(await deadlocks()).toBe(before);
    for (const entry of asked) expect((await offersOf(harbor, entry)).map(({ state }) => state)).toEqual(['withdrawn']);
  });

  test('who waits at two practices is asked about a time once: by one of a few who are asked at once, and not again after a no', async () => {
    const facts = { givenName: 'Rosalind', familyName: 'Twicetold', birthDate: '1950-02-03', phone: '617 555 0177', email: 'rosalind.t@example.net', zone: 'America/New_York' };
    const entries: [Desk, string][] = [];
    for (const desk of [harbor, desert]) {
      const added = await desk.post('/patients', facts);
      expect(added.status).toBe(201);
      entries.push([desk, await wait(desk, String(added.body['id']))]);
    }
    const asked = () => scheduling.sql<{ id: string; state: string }>('SELECT id, state FROM offer WHERE entry_id = ANY ($1) ORDER BY id', [entries.map(([, entry]) => entry)]);
    expect(await scheduling.sql('SELECT DISTINCT person_id FROM waitlist_entry WHERE id = ANY ($1)', [entries.map(([, entry]) => entry)])).toHaveLength(1);
    const list = (await dermatology(5)).filter(({ start }) => parseInstant(start) % DAY >= 19 * HOUR);
    const visits = [await book(summit, list[0]!, patient('summit')), await book(summit, list[1]!, patient('summit'))];
    await summit.post(`/appointments/${visits[0]!}/cancel`, { reason: 'pat' });
    const offer = await openOffer(harbor, entries[0]![1]);
    await harbor.post(`/offers/${offer.id}/decline`);
    await eventually('the round has ended', async () => (await roundsOf(list[0]!))[0]?.state === 'exhausted');
    expect((await asked()).map(({ state }) => state)).toEqual(['declined']);
    advanceTo(plusMs(parseInstant(list[1]!.start), -3 * HOUR));
    await summit.post(`/appointments/${visits[1]!}/cancel`, { reason: 'pat' });
    const round = await eventually('somebody is asked', async () => (await roundsOf(list[1]!)).find(({ made }) => made > 0));
    expect(round.made).toBe(1);
    expect((await asked()).map(({ state }) => state)).toEqual(['declined', 'open']);
  });

  test('a transaction whose tenant cannot be set leaves nothing behind', async () => {
    const entry = await wait(harbor, patient());
    const work = scheduling.app.get(UnitOfWork, { strict: false });
    const update = work.run(workerFor('nul\0subject', null), (tx) => tx.execute(`UPDATE waitlist_entry SET urgency = 'urgent' WHERE id = $1`, [entry]));
    await expect(update).rejects.toThrow();
    expect((await harbor.get(`/waitlist-entries/${entry}`)).body).toMatchObject({ urgency: 'routine' });
  });
});

describe('at night', () => {
  test('hours that are added day by day keep one time for each who waits, not one a day', async () => {
    await emptyList();
    const manager = await scheduling.desk('manager@summit.example');
    const opening = (await dermatology(13))[0]!;
    // Midnight in Boston: nobody is asked before eight, so a time that is kept waits for the morning.
    advanceTo(parseInstant(`${scheduling.inDays(1).slice(0, 10)}T05:00:00Z`));
    const who = [await wait(harbor, patient(), { practices: ['summit'], from: '18:00', to: '21:00' }), await wait(harbor, patient(), { practices: ['summit'], from: '18:00', to: '21:00' })];
    const kept: number[] = [];
    for (const weekday of [1, 2, 3, 4]) {
      expect((await manager.post('/availability', { provider: opening.provider.id, site: opening.site.id, weekday, from: '18:00', to: '19:00', validFrom: '2026-01-01' })).status).toBe(201);
      await scheduling.reopenedTimeIsLookedAt();
      kept.push((await scheduling.sql('SELECT id FROM offer_round WHERE freed_by IS NULL AND next_at IS NOT NULL')).length);
    }
    expect(kept).toEqual([2, 2, 2, 2]);
    for (const entry of who) expect(await offersOf(harbor, entry)).toEqual([]);
  });
});
