import { AppointmentBooked, AppointmentCancelled, OfferEnded, OfferMade, openingId } from '@slotmesh/contracts';
import { DAY, type Instant, describeDate, describeTime, formatInstant, localDateOf, parseInstant, parseZone, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { parseOpeningId } from '../src/openings/domain/opening-id';
import { type Page, PatientBrowser } from './patient-browser';
import { type Desk, type OpeningItem, RunningScheduling, TAKEN_TWICE } from './running-scheduling';

const BORN = '1986-05-14';
let scheduling: RunningScheduling;
let harbor: Desk;
let summit: Desk;

beforeAll(async () => {
  scheduling = await RunningScheduling.start({ listenTo: [AppointmentBooked, AppointmentCancelled, OfferMade, OfferEnded] });
  [harbor, summit] = [await scheduling.desk('frontdesk@harbor.example'), await scheduling.desk('frontdesk@summit.example')];
  // Ten in the morning in Denver, noon in Boston: nobody's quiet hours.
  advanceTo(parseInstant(`${new Date(plusMs(scheduling.now(), DAY)).toISOString().slice(0, 10)}T17:00:00Z`));
});
afterAll(() => scheduling.stop());

const advanceTo = (at: Instant): number => scheduling.clock.moveTo(at - Date.now());
let people = 0;
async function patientOf(desk: Desk, more: object = {}): Promise<string> {
  people += 1;
  const added = await desk.post('/patients', { givenName: 'Quentina', familyName: `Farraday${String(people).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!)}`, birthDate: BORN, email: `o${people}@example.com`, ...more });
  expect(added.status).toBe(201);
  return String(added.body['id']);
}
/** From then on times are given back, in days. */
const day = 5;
const dermatology = (from: number): Promise<OpeningItem[]> => summit.openings(`service=dermatology-consult&practice=summit&from=${scheduling.inDays(from)}&to=${scheduling.inDays(from + 6)}&limit=200`);
async function book(desk: Desk, opening: string, patient: string, more: object = {}): Promise<string> {
  const booked = await desk.post('/appointments', { opening, patient, ...more });
  expect(booked.status).toBe(201);
  return String(booked.body['id']);
}
async function wait(desk: Desk, patient: string, more: object = {}): Promise<string> {
  const added = await desk.post('/waitlist-entries', { patient, service: 'dermatology-consult', noticeMinutes: 60, ...more });
  expect(added.status).toBe(201);
  return String(added.body['id']);
}
/** A visit of the patient at the own practice, and the patient's link to it. */
async function linkOf(desk: Desk, patient: string, representative?: string): Promise<{ readonly visit: string; readonly url: string; readonly link: (representative: string) => Promise<string> }> {
  const [opening] = await desk.openings(desk === harbor ? `service=primary-care-visit&practice=harbor&from=${scheduling.inDays(20)}&limit=1` : `service=skin-check&practice=summit&from=${scheduling.inDays(20)}&limit=1`);
  const visit = await book(desk, opening!.id, patient);
  const link = async (holder?: string): Promise<string> => {
    const made = await desk.post(`/appointments/${visit}/patient-links`, holder === undefined ? {} : { representative: holder });
    expect(made.status).toBe(201);
    return String(made.body['url']);
  };
  return { visit, url: await link(representative), link };
}
const fieldsOf = (date: string): Record<string, string> => ({ year: date.slice(0, 4), month: String(Number(date.slice(5, 7))), day: String(Number(date.slice(8))) });
async function opened(url: string, birthDate = BORN): Promise<{ readonly who: PatientBrowser; readonly page: Page }> {
  const who = new PatientBrowser(scheduling.url);
  return { who, page: await who.follow(await who.submit(await who.open(url), '/open', fieldsOf(birthDate))) };
}
interface OfferItem { readonly id: string; readonly state: string; readonly start: string; readonly expiresAt: string }
const offersOf = async (desk: Desk, entry: string): Promise<OfferItem[]> => (await desk.get(`/waitlist-entries/${entry}`)).body['offers'] as unknown as OfferItem[];
/** What services that send learn of it. */
const toldAs = async (offer: OfferItem, confidential: true | undefined): Promise<void> => {
  const made = await eventually('the offer is told', () => scheduling.events.gathered(OfferMade).find(({ key }) => key === offer.id));
  expect(made.data.offer.confidential).toBe(confidential);
};
const openOffer = (desk: Desk, entry: string): Promise<OfferItem> => eventually('an open offer', async () => (await offersOf(desk, entry)).find(({ state }) => state === 'open'));
/** A time of summit that somebody gives back now. */
async function freed(take: (list: readonly OpeningItem[]) => OpeningItem = (list) => list[0]!): Promise<OpeningItem> {
  const opening = take(await dermatology(day));
  const visit = await book(summit, opening.id, await patientOf(summit));
  expect((await summit.post(`/appointments/${visit}/cancel`, { reason: 'pat' })).status).toBe(200);
  return opening;
}
const timeText = ({ start, zone }: { readonly start: string; readonly zone: string }, language = 'en'): string => `${describeDate(parseInstant(start), parseZone(zone), language)}, ${describeTime(parseInstant(start), parseZone(zone), language, 'long')}`;
const pathOf = (url: string): string => new URL(url).pathname;
/** The page says nothing of the offer, and cannot answer it. Returns how to try the answers once more from the page as it was open. */
async function hasNothingOf(offer: { readonly id: string }, url: string, birthDate: string): Promise<() => Promise<void>> {
  const { who, page } = await opened(url, birthDate);
  expect(page.withoutTokens()).not.toMatch(/came free|consult/i);
  const { fields } = page.forms()[0]!;
  const cannotAnswer = async (): Promise<void> => {
    for (const answer of ['accept', 'decline']) expect((await who.open(`${pathOf(url)}/offers/${offer.id}/${answer}`, { form: { form: fields['form']! } })).status).toBe(404);
  };
  await cannotAnswer();
  return cannotAnswer;
}
const auditOf = async (offer: string): Promise<string[]> => (await scheduling.sql<{ action: string }>(`SELECT action FROM audit_entry WHERE entity_id = $1 AND action LIKE 'patient-page.%' ORDER BY at, id`, [offer])).map(({ action }) => action);

/** No round or entry of one test answers for another. */
afterEach(async () => {
  for (const { id, practice } of await scheduling.sql<{ id: string; practice: string }>(`SELECT id, practice_id AS practice FROM waitlist_entry WHERE status = 'waiting'`)) await (practice === 'harbor' ? harbor : summit).post(`/waitlist-entries/${id}/withdraw`);
  await eventually('every round has ended', async () => (await scheduling.sql('SELECT id FROM offer_round WHERE next_at IS NOT NULL')).length === 0);
});

describe('an offer of the wait list on the page of a visit', () => {
  test('is listed after the birth date only, with service, place, provider, time and until when; looking changes nothing; a yes books it as the patient and leads to its page', async () => {
    const patient = await patientOf(summit);
    const { url } = await linkOf(summit, patient);
    const entry = await wait(summit, patient);
    const opening = await freed();
    const offer = await openOffer(summit, entry);
    const before = await scheduling.sql('SELECT o::text FROM offer o WHERE id = $1', [offer.id]);
    const door = await new PatientBrowser(scheduling.url).open(url);
    expect(door.withoutTokens()).not.toMatch(/came free|consult/i);
    const { who, page } = await opened(url);
    const [{ site, provider, zone }] = await scheduling.sql<{ site: string; provider: string; zone: string }>('SELECT s.name AS site, p.name AS provider, t.zone FROM site s, provider p, patient t WHERE s.id = $1 AND p.id = $2 AND t.id = $3', [opening.site.id, opening.provider.id, patient]) as [{ site: string; provider: string; zone: string }];
    for (const part of ['A time came free for you', timeText(opening), 'Dermatology', site, provider, `Kept until ${timeText({ start: offer.expiresAt, zone })}`, 'Yes, take this time', 'No, thank you']) expect(page.text()).toContain(part);
    const spanish = await who.open(`${pathOf(url)}?lang=es`);
    for (const part of ['Hay una hora libre para usted', timeText(opening, 'es'), 'Sí, tomar esta hora']) expect(spanish.text()).toContain(part);
    for (const each of [page, spanish]) expect(each.accessibilityProblems()).toEqual([]);
    for (const method of ['GET', 'HEAD']) expect((await who.open(`${pathOf(url)}/offers/${offer.id}/accept`, { method })).status).toBe(404);
    expect(await scheduling.sql('SELECT o::text FROM offer o WHERE id = $1', [offer.id])).toEqual(before);

    const answer = await who.submit(page, '/accept');
    const after = await who.follow(answer);
    expect(answer.headers.get('location')).not.toContain(pathOf(url));
    expect(after.text()).toContain('The time is yours.');
    expect(after.text()).toContain(describeDate(parseInstant(opening.start), parseZone(opening.zone), 'en'));
    expect(after.accessibilityProblems()).toEqual([]);
    expect((await offersOf(summit, entry))[0]).toMatchObject({ state: 'accepted' });
    const [row] = await scheduling.sql<{ id: string; booked_by: string; patient_id: string }>('SELECT id, booked_by, patient_id FROM appointment WHERE id = (SELECT appointment_id FROM waitlist_entry WHERE id = $1)', [entry]);
    expect(row).toMatchObject({ booked_by: `patient:${patient}`, patient_id: patient });
    const told = await eventually('the booking is told', () => scheduling.events.gathered(AppointmentBooked).find(({ key }) => key === row!.id));
    expect(told.data.by).toEqual({ kind: 'patient', practice: null });
    // A second tap is the same yes.
    expect((await who.submit(page, '/accept')).status).toBe(303);
    expect(await auditOf(offer.id)).toEqual(['patient-page.offer-accepted']);
    const ended = await eventually('the end is told', () => scheduling.events.gathered(OfferEnded).find(({ key }) => key === offer.id));
    // An answer is named, so that nobody writes of an end that the page has told.
    expect(ended.data.answer).not.toBeNull();
  });

  test("a partner's time is told with its practice and booked across practices; a no lets the next be asked and keeps the place", async () => {
    const [one, two] = [await patientOf(harbor, { language: 'es' }), await patientOf(harbor)];
    const links = [await linkOf(harbor, one), await linkOf(harbor, two)];
    const entries = [await wait(harbor, one), await wait(harbor, two)];
    const opening = await freed();
    const offer = await openOffer(harbor, entries[0]!);
    const first = await opened(links[0]!.url);
    expect(first.page.text()).toContain('Summit Dermatology');
    const no = await first.who.follow(await first.who.submit(first.page, '/decline'));
    expect(no.text()).toContain('Conserva su lugar en la lista de espera');
    expect(no.text()).not.toContain('Hay una hora libre');
    expect((await harbor.get(`/waitlist-entries/${entries[0]!}`)).body).toMatchObject({ status: 'waiting' });
    expect(await auditOf(offer.id)).toEqual(['patient-page.offer-declined']);
    await openOffer(harbor, entries[1]!);
    const second = await opened(links[1]!.url);
    const yes = await second.who.submit(second.page, '/accept');
    expect(yes.headers.get('location')).toContain(pathOf(links[1]!.url));
    expect((await second.who.follow(yes)).text()).toContain('The practice where it is sends a confirmation.');
    const { body } = await harbor.get(`/waitlist-entries/${entries[1]!}`);
    expect((await harbor.get(`/appointments/${String(body['appointment'])}`)).body).toMatchObject({ host: 'summit', booking: 'harbor', start: opening.start, status: 'booked' });
  });

  test('P2: says which later visit a yes gives up; the yes is told as one move', async () => {
    const patient = await patientOf(summit);
    const list = await dermatology(day);
    const later = list.find(({ start }) => parseInstant(start) - parseInstant(list[0]!.start) > DAY)!;
    const old = await book(summit, later.id, patient);
    const url = String((await summit.post(`/appointments/${old}/patient-links`)).body['url']);
    const entry = await wait(summit, patient, { replaces: old });
    await freed();
    const offer = await openOffer(summit, entry);
    expect(offer).toMatchObject({ replaces: { appointment: old, start: later.start, zone: later.zone } });
    const { who, page } = await opened(url);
    expect(page.text()).toContain(`With a yes, the later visit on ${timeText(later)} is given up.`);
    expect((await who.follow(await who.submit(page, '/accept'))).text()).toContain('The time is yours.');
    expect((await summit.get(`/appointments/${old}`)).body).toMatchObject({ status: 'cancelled', cancelReason: 'pat-swl' });
    const [cancelled, booked] = await Promise.all([
      eventually('the end of the old visit', () => scheduling.events.gathered(AppointmentCancelled).find(({ key }) => key === old)),
      eventually('the new visit', () => scheduling.events.gathered(AppointmentBooked).find(({ data }) => data.replaces === old)),
    ]);
    expect([cancelled.data.goesOn, cancelled.data.by.kind, booked.data.by.kind]).toEqual([true, 'patient', 'patient']);
  });

  test('P2: a yes gives up only what the page showed: where the desk has moved that visit meanwhile, nothing changes until it is shown anew', async () => {
    const patient = await patientOf(summit);
    const list = await dermatology(day);
    const [shown, elsewhen] = [1, 2].map((days) => list.find(({ start }) => parseInstant(start) - parseInstant(list[0]!.start) > days * DAY)!) as [OpeningItem, OpeningItem];
    const old = await book(summit, shown.id, patient);
    const url = String((await summit.post(`/appointments/${old}/patient-links`)).body['url']);
    const entry = await wait(summit, patient, { replaces: old });
    await freed();
    const offer = await openOffer(summit, entry);
    const { who, page } = await opened(url);
    expect(page.text()).toContain(`the later visit on ${timeText(shown)} is given up.`);
    expect((await summit.post(`/appointments/${old}/reschedule`, { opening: elsewhen.id })).status).toBe(200);
    const early = await who.submit(page, '/accept');
    expect([early.status, early.text()]).toEqual([409, expect.stringContaining('was changed meanwhile')]);
    expect(early.text()).toContain(`the later visit on ${timeText(elsewhen)} is given up.`);
    expect(early.accessibilityProblems()).toEqual([]);
    expect((await offersOf(summit, entry))[0]).toMatchObject({ id: offer.id, state: 'open' });
    expect((await summit.get(`/appointments/${old}`)).body).toMatchObject({ status: 'booked', start: elsewhen.start });
    expect((await who.submit(early, '/accept')).status).toBe(303);
    expect((await summit.get(`/appointments/${old}`)).body).toMatchObject({ status: 'cancelled', cancelReason: 'pat-swl' });
  });

  test('a late answer says in words what happened: over, somebody else has it, no longer on the list; nothing is booked', async () => {
    const patient = await patientOf(summit);
    const { url } = await linkOf(summit, patient);
    const entry = await wait(summit, patient);
    const opening = await freed();
    const lost = await openOffer(summit, entry);
    const { who, page } = await opened(url);
    const [round] = await scheduling.sql<{ id: string }>('SELECT round_id AS id FROM offer WHERE id = $1', [lost.id]);
    expect((await summit.post(`/offer-rounds/${round!.id}/take`, { reason: 'an urgent patient' })).status).toBe(201);
    for (const answer of ['/accept', '/decline']) {
      const late = await who.submit(page, answer);
      expect({ answer, status: late.status }).toEqual({ answer, status: 409 });
      expect(late.text()).toContain('somebody else has it. Nothing was changed. You are still on the wait list');
      expect(late.accessibilityProblems()).toEqual([]);
    }
    const [another] = (await dermatology(day)).filter(({ start }) => start !== opening.start);
    await freed(() => another!);
    const passed = await openOffer(summit, entry);
    const again = await who.open(pathOf(url));
    advanceTo(parseInstant(passed.expiresAt));
    // The page itself closes after 15 minutes; who opened it late still holds what it showed.
    const reopened = await who.follow(await who.submit(await who.open(url), '/open', fieldsOf(BORN)));
    expect(reopened.text()).not.toContain(passed.id);
    const token = reopened.forms()[0]!.fields['form']!;
    const form = again.forms().find(({ action }) => action.includes('/accept'))!;
    const late = await who.open(form.action, { form: { form: token } });
    expect([late.status, late.text()]).toEqual([409, expect.stringContaining('the answer came later. Nothing was changed. You are still on the wait list')]);
    expect((await summit.post(`/waitlist-entries/${entry}/withdraw`)).status).toBe(200);
    expect((await who.open(form.action, { form: { form: token } })).text()).toContain('you are no longer on this wait list');
    expect(await scheduling.sql('SELECT id FROM appointment WHERE patient_id = $1 AND service_code = $2', [patient, 'dermatology-consult'])).toEqual([]);
  });

  test('P1, P3: of a yes on the page, one more and one at the desk at the same moment one books, and the page says that it is theirs', async () => {
    const patient = await patientOf(summit);
    const { url } = await linkOf(summit, patient);
    const entry = await wait(summit, patient);
    await freed();
    const offer = await openOffer(summit, entry);
    const { who, page } = await opened(url);
    const [first, second, desk] = await Promise.all([who.submit(page, '/accept'), who.submit(page, '/accept'), summit.post(`/offers/${offer.id}/accept`)]);
    expect([first.status, second.status]).toEqual([303, 303]);
    expect([200, 409]).toContain(desk.status);
    expect(await scheduling.sql('SELECT id FROM appointment WHERE patient_id = $1 AND service_code = $2', [patient, 'dermatology-consult'])).toHaveLength(1);
    expect(await scheduling.sql(TAKEN_TWICE)).toEqual([]);
  });

  test('P8: a yes that meets another visit books nothing, says no reason, keeps the place and lets the next be asked', async () => {
    const [patient, next] = [await patientOf(harbor), await patientOf(harbor)];
    const { url } = await linkOf(harbor, patient);
    const [entry, behind] = [await wait(harbor, patient), await wait(harbor, next)];
    const own = await harbor.openings(`service=primary-care-visit&practice=harbor&from=${scheduling.inDays(day)}&to=${scheduling.inDays(day + 6)}&limit=200`);
    const opening = await freed((list) => list.find(({ start }) => own.some((each) => each.start === start))!);
    const offer = await openOffer(harbor, entry);
    const { who, page } = await opened(url);
    await book(harbor, own.find(({ start }) => start === opening.start)!.id, patient);
    const refused = await who.submit(page, '/accept');
    expect(refused.status).toBe(409);
    expect(refused.text()).toContain('That time cannot be booked now. Nothing was booked. You are still on the wait list');
    expect(refused.text()).not.toMatch(/another visit/i);
    expect((await scheduling.sql<{ code: string }>(`SELECT details->>'code' AS code FROM audit_entry WHERE entity_id = $1 AND action = 'patient-page.offer-refused'`, [offer.id]))[0]!.code).toBe('another-visit-then');
    expect((await offersOf(harbor, entry))[0]).toMatchObject({ state: 'lost' });
    await openOffer(harbor, behind);
  });
});

describe('who may see and answer an offer', () => {
  const born = (): string => `${Number(localDateOf(scheduling.now(), parseZone('America/Denver')).slice(0, 4)) - 15}-01-05`;
  const represent = async (patient: string, may: readonly string[]): Promise<string> => {
    const added = await summit.post(`/patients/${patient}/representatives`, { relation: 'parent', name: 'Rosalind Farraday', may, validFrom: '2026-01-01' });
    expect(added.status).toBe(201);
    return String(added.body['id']);
  };

  test('a representative sees it, and answers only who may book; nobody by the page of another patient, without the birth date or with a foreign form', async () => {
    const patient = await patientOf(summit, { birthDate: born() });
    const mine = await linkOf(summit, patient);
    const [full, looks] = [await mine.link(await represent(patient, ['see-visits', 'book'])), await mine.link(await represent(patient, ['see-visits']))];
    const other = await opened((await linkOf(summit, await patientOf(summit))).url);
    const entry = await wait(summit, patient);
    await freed();
    const offer = await openOffer(summit, entry);
    await toldAs(offer, undefined);
    const looking = await opened(looks, born());
    expect(looking.page.text()).toContain('A time came free for the patient');
    expect(looking.page.forms()).toEqual([]);
    const answering = await opened(full, born());
    const { fields } = answering.page.forms().find(({ action }) => action.includes('/accept'))!;
    expect((await new PatientBrowser(scheduling.url).open(`${pathOf(full)}/offers/${offer.id}/accept`, { form: fields })).status).toBe(403);
    expect((await answering.who.open(`${pathOf(full)}/offers/${offer.id}/decline`, { form: {} })).status).toBe(403);
    const stranger = other.page.forms()[0]!.fields['form']!;
    for (const answer of ['accept', 'decline']) expect((await other.who.open(new URL(other.page.path, scheduling.url).pathname + `/offers/${offer.id}/${answer}`, { form: { form: stranger } })).status).toBe(404);
    expect((await offersOf(summit, entry))[0]).toMatchObject({ state: 'open' });
    expect((await answering.who.follow(await answering.who.submit(answering.page, '/accept'))).text()).toContain('The time is yours.');
    const [row] = await scheduling.sql<{ booked_by: string }>('SELECT booked_by FROM appointment WHERE id = (SELECT appointment_id FROM waitlist_entry WHERE id = $1)', [entry]);
    expect(row!.booked_by).toMatch(/^representative:/);
  });

  test("an offer that takes the place of a confidential visit never shows on a parent's page, and cannot be answered there", async () => {
    const patient = await patientOf(summit, { birthDate: born() });
    const list = await dermatology(day);
    const hidden = await book(summit, list.find(({ start }) => parseInstant(start) - parseInstant(list[0]!.start) > 2 * DAY)!.id, patient, { confidential: true });
    const mine = await linkOf(summit, patient);
    const parents = await mine.link(await represent(patient, ['see-visits', 'book', 'cancel']));
    const entry = await wait(summit, patient, { replaces: hidden });
    await freed();
    const offer = await openOffer(summit, entry);
    await toldAs(offer, true);
    await hasNothingOf(offer, parents, born());
    const own = await opened(mine.url, born());
    const booked = await own.who.follow(await own.who.submit(own.page, '/accept'));
    expect(booked.text()).toContain('The time is yours.');
    expect((await scheduling.sql<{ confidential: boolean }>('SELECT confidential FROM appointment WHERE id = (SELECT appointment_id FROM waitlist_entry WHERE id = $1)', [entry]))[0]!.confidential).toBe(true);
  });

  test("what is offered to who waits confidentially never shows on a parent's page and cannot be answered there; the patient takes it, and the visit is confidential", async () => {
    const patient = await patientOf(summit, { birthDate: born() });
    const mine = await linkOf(summit, patient);
    const parent = await represent(patient, ['see-visits', 'book', 'cancel']);
    const parents = await mine.link(parent);
    const entry = await wait(summit, patient, { confidential: true });
    expect((await summit.get(`/waitlist-entries/${entry}`)).body).toMatchObject({ confidential: true, replaces: null });
    await freed();
    const offer = await openOffer(summit, entry);
    await toldAs(offer, true);
    const cannotAnswer = await hasNothingOf(offer, parents, born());
    expect((await offersOf(summit, entry))[0]).toMatchObject({ id: offer.id, state: 'open' });
    const own = await opened(mine.url, born());
    expect((await own.who.follow(await own.who.submit(own.page, '/accept'))).text()).toContain('The time is yours.');
    const booked = String((await summit.get(`/waitlist-entries/${entry}`)).body['appointment']);
    expect((await summit.get(`/appointments/${booked}`)).body).toMatchObject({ confidential: true, status: 'booked' });
    expect((await summit.post(`/appointments/${booked}/patient-links`, { representative: parent })).body['code']).toBe('visit-confidential');
    // What was taken is not told to the parent either, nor by an answer that comes late.
    await cannotAnswer();
  });

  test('what is booked instead of a confidential visit is confidential, also where that one was called off before the yes', async () => {
    const patient = await patientOf(summit, { birthDate: born() });
    const list = await dermatology(day);
    const hidden = await book(summit, list.find(({ start }) => parseInstant(start) - parseInstant(list[0]!.start) > 2 * DAY)!.id, patient, { confidential: true });
    const mine = await linkOf(summit, patient);
    const parent = await represent(patient, ['see-visits', 'book', 'cancel']);
    const entry = await wait(summit, patient, { replaces: hidden });
    await freed();
    const offer = await openOffer(summit, entry);
    const own = await opened(mine.url, born());
    expect((await summit.post(`/appointments/${hidden}/cancel`, { reason: 'pat' })).status).toBe(200);
    expect((await own.who.follow(await own.who.submit(own.page, '/accept'))).text()).toContain('The time is yours.');
    const booked = String((await summit.get(`/waitlist-entries/${entry}`)).body['appointment']);
    expect((await summit.post(`/appointments/${booked}/patient-links`, { representative: parent })).body['code']).toBe('visit-confidential');
    const ended = await eventually('the yes is told', () => scheduling.events.gathered(OfferEnded).find(({ key }) => key === offer.id));
    expect(ended.data.offer).toMatchObject({ state: 'accepted', confidential: true });
  });
});

test("P8: the times on a parent's page have no gap where the patient has a confidential visit, and a move into it is refused as taken", async () => {
  const born = `${Number(localDateOf(scheduling.now(), parseZone('America/New_York')).slice(0, 4)) - 15}-01-05`;
  const patient = await patientOf(harbor, { birthDate: born });
  const mine = await linkOf(harbor, patient);
  const parent = await harbor.post(`/patients/${patient}/representatives`, { relation: 'parent', name: 'Rosalind Farraday', may: ['see-visits', 'book'], validFrom: '2026-01-01' });
  const parents = await mine.link(String(parent.body['id']));
  const [hers, his] = [await opened(parents, born), await opened(mine.url, born)];
  const listed = async (who: PatientBrowser, url: string): Promise<string[]> => (await who.open(`${pathOf(url)}/move?from=${scheduling.inDays(day + 2).slice(0, 10)}`)).links().flatMap((link) => /\/move\/([^?]+)/.exec(link)?.[1] ?? []);
  const before = await listed(hers.who, parents);
  const starts = before.map((opening) => parseOpeningId(openingId.parse(opening)).start);
  const times = await harbor.openings(`service=dermatology-consult&practice=summit&from=${formatInstant(starts[0]!)}&limit=200`);
  const within = (at: Instant, { start, end }: OpeningItem): boolean => at >= parseInstant(start) && at < parseInstant(end);
  const hidden = times.find((time) => starts.some((at) => within(at, time)))!;
  const inTheWay = before.filter((_, index) => within(starts[index]!, hidden));
  await book(harbor, hidden.id, patient, { confidential: true });
  expect(await listed(hers.who, parents)).toEqual(before);
  const own = await listed(his.who, mine.url);
  expect(inTheWay.filter((opening) => own.includes(opening))).toEqual([]);
  const refused = await hers.who.open(`${pathOf(parents)}/move`, { form: { ...hers.page.forms()[0]!.fields, opening: inTheWay[0]! } });
  expect([refused.status, refused.text()]).toEqual([409, expect.stringContaining('That time is no longer free')]);
  expect(await scheduling.sql(`SELECT id FROM audit_entry WHERE patient_id = $1 AND action = 'patient-page.move-refused'`, [patient])).toHaveLength(1);

  // Nor does a second look, or a second try, tell it from one that was really taken and came free again.
  const taken = before.filter((opening) => !inTheWay.includes(opening)).at(-1)!;
  const other = await book(harbor, taken, await patientOf(harbor));
  expect((await hers.who.open(`${pathOf(parents)}/move`, { form: { ...hers.page.forms()[0]!.fields, opening: taken } })).status).toBe(409);
  expect((await harbor.post(`/appointments/${other}/cancel`, { reason: 'prov' })).status).toBe(200);
  const [later, stillOwn] = [await listed(hers.who, parents), await listed(his.who, mine.url)];
  expect([later.includes(inTheWay[0]!), later.includes(taken), stillOwn.includes(taken)]).toEqual([false, false, true]);
  for (const opening of [inTheWay[0]!, taken]) expect((await hers.who.open(`${pathOf(parents)}/move`, { form: { ...hers.page.forms()[0]!.fields, opening } })).status).toBe(409);
  const codes = await scheduling.sql<{ code: string }>(`SELECT details->>'code' AS code FROM audit_entry WHERE patient_id = $1 AND action = 'patient-page.move-refused' ORDER BY at, id`, [patient]);
  expect(codes.map(({ code }) => code)).toEqual(['another-visit-then', 'opening-taken', 'refused-before', 'refused-before']);
});

test('P8: of 40 tries at once a reader of the page is told no more than of ten', async () => {
  const patient = await patientOf(summit);
  const { visit, url } = await linkOf(summit, patient);
  const { who, page } = await opened(url);
  const form = { ...page.forms()[0]!.fields, opening: 'made-up' };
  const [elsewhen] = await dermatology(day);
  const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => (index % 4 === 0 ? who.open(`${pathOf(url)}/move/${elsewhen!.id}`) : who.open(`${pathOf(url)}/move`, { form }))));
  expect([409, 429].map((status) => answers.filter((answer) => answer.status === status).length)).toEqual([10, 30]);
  expect(await scheduling.sql(`SELECT id FROM audit_entry WHERE entity_id = $1 AND action = 'patient-page.move-refused'`, [visit])).toHaveLength(10);
});

test('P8: who collects times that cannot be had is stopped for an hour, whatever the reasons were, and another patient is not', async () => {
  const patient = await patientOf(summit);
  const [mine, yours] = [await linkOf(summit, patient), await linkOf(summit, await patientOf(summit))];
  const { who, page } = await opened(mine.url);
  const { fields } = page.forms()[0]!;
  const tries = (browser: PatientBrowser, url: string, form: Record<string, string>): Promise<Page> => browser.open(`${pathOf(url)}/move`, { form: { ...form, opening: 'made-up' } });
  const statuses: number[] = [];
  for (let n = 0; n < 9; n += 1) statuses.push((await tries(who, mine.url, fields)).status);
  const [elsewhen] = await dermatology(day);
  statuses.push((await who.open(`${pathOf(mine.url)}/move/${elsewhen!.id}`)).status);
  expect(statuses).toEqual(Array<number>(10).fill(409));
  for (const stopped of [await tries(who, mine.url, fields), await who.open(`${pathOf(mine.url)}/move/${elsewhen!.id}`)]) {
    expect(stopped.status).toBe(429);
    expect(stopped.text()).toContain('This is not possible now');
    expect(stopped.accessibilityProblems()).toEqual([]);
  }
  const another = await opened(yours.url);
  expect((await tries(another.who, yours.url, another.page.forms()[0]!.fields)).status).toBe(409);
  advanceTo(plusMs(scheduling.now(), 61 * 60_000));
  const again = await opened(mine.url);
  expect((await tries(again.who, mine.url, again.page.forms()[0]!.fields)).status).toBe(409);
});
