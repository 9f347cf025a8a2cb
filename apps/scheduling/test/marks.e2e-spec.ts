import { AppointmentBooked, AppointmentCancelled, AppointmentStatusChanged, PatientAnswered, ReminderFailed, ReminderFailureWithdrawn } from '@slotmesh/contracts';
import { DAY, HOUR, type Instant, describeDate, formatInstant, newId, parseInstant, parseZone, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { type Page, PatientBrowser } from './patient-browser';
import { Desk, type OpeningItem, RunningScheduling } from './running-scheduling';

const WINDOW = 24;
let scheduling: RunningScheduling;
let harbor: Desk;
let summit: Desk;
let managers: { readonly harbor: Desk; readonly summit: Desk };
let people = 0;

interface MarkItem { readonly id: string; readonly kind: string; readonly appointment: string; readonly counts: boolean; readonly excuse: string | null; readonly start: string; readonly zone: string }
interface Visit { readonly id: string; readonly patient: string; readonly body: Record<string, unknown>; readonly start: string; readonly zone: string }

beforeAll(async () => {
  scheduling = await RunningScheduling.start({ listenTo: [AppointmentBooked, AppointmentCancelled, AppointmentStatusChanged] });
  [harbor, summit] = [await scheduling.desk('frontdesk@harbor.example'), await scheduling.desk('frontdesk@summit.example')];
  managers = { harbor: await scheduling.desk('manager@harbor.example'), summit: await scheduling.desk('manager@summit.example') };
});
afterAll(async () => scheduling.stop());
beforeEach(async () => {
  await setPolicy('harbor', 'primary-care-visit', { cancellationWindowHours: WINDOW });
  await setPolicy('summit', 'dermatology-consult', { cancellationWindowHours: WINDOW });
});

async function setPolicy(practice: 'harbor' | 'summit', service: string, policy: object | null): Promise<void> {
  for (const { id } of await scheduling.sql<{ id: string }>('SELECT id FROM visit_type WHERE practice_id = $1 AND service_code = $2', [practice, service])) {
    const { body } = await managers[practice].get(`/visit-types/${id}`);
    expect((await managers[practice].call('PUT', `/visit-types/${id}`, { ...body, policy })).status).toBe(200);
  }
}
async function patientOf(desk: Desk): Promise<string> {
  people += 1;
  const letters = String(people).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!);
  const added = await desk.post('/patients', { givenName: 'Marcus', familyName: `Late${letters}`, birthDate: '1986-05-14', email: `m${people}@example.com` });
  expect(added.status).toBe(201);
  return String(added.body['id']);
}
const openings = (desk: Desk, practice: string, service: string, days: number): Promise<OpeningItem[]> => desk.openings(`service=${service}&practice=${practice}&from=${scheduling.inDays(days)}&to=${scheduling.inDays(days + 20)}&limit=50`);
async function booked(desk: Desk, practice: 'harbor' | 'summit', { patient, days = 3, more = {} }: { readonly patient?: string; readonly days?: number; readonly more?: object } = {}): Promise<Visit> {
  const who = patient ?? (await patientOf(desk));
  const [opening] = await openings(desk, practice, practice === 'harbor' ? 'primary-care-visit' : 'dermatology-consult', days);
  const { status, body } = await desk.post('/appointments', { opening: opening!.id, patient: who, ...more });
  expect({ status, body }).toMatchObject({ status: 201 });
  return { id: String(body['id']), patient: who, body, start: opening!.start, zone: opening!.zone };
}
const goTo = (at: number): void => void scheduling.clock.moveTo(scheduling.clock.offset + (at - scheduling.now()));
const before = (visit: Visit, hours: number): void => goTo(parseInstant(visit.start) - hours * HOUR);
const marksOf = async (desk: Desk, patient: string): Promise<MarkItem[]> => {
  const { status, body } = await desk.get(`/patients/${patient}/marks`);
  expect(status).toBe(200);
  return body['items'] as unknown as MarkItem[];
};
const hostPatientOf = async (visit: Visit): Promise<string> => (await scheduling.sql<{ id: string }>('SELECT patient_id AS id FROM appointment WHERE id = $1', [visit.id]))[0]!.id;
async function page(desk: Desk, visit: Visit): Promise<{ readonly who: PatientBrowser; readonly page: Page }> {
  const link = await desk.post(`/appointments/${visit.id}/patient-links`);
  const who = new PatientBrowser(scheduling.url);
  return { who, page: await who.follow(await who.submit(await who.open(String(link.body['url'])), '/open', { year: '1986', month: '5', day: '14' })) };
}
const linkTo = (from: Page, what: string): string => from.links().find((href) => href.includes(`/${what}`))!;
/** A visit of a day that is over, which did not take place. */
async function missed(desk: Desk, patient: string): Promise<Visit> {
  const visit = await booked(desk, 'harbor', { patient, days: 1, more: { despiteMarks: { reason: 'comes with her daughter' } } });
  goTo(parseInstant(visit.start) + HOUR);
  expect((await desk.post(`/appointments/${visit.id}/no-show`)).status).toBe(200);
  return visit;
}

describe('calling off late', () => {
  test('is told before the yes, never refused, and marked when the patient does it on their page', async () => {
    const visit = await booked(harbor, 'harbor');
    const until = plusMs(parseInstant(visit.start), -WINDOW * HOUR);
    expect(visit.body).toMatchObject({ cancelFreeUntil: formatInstant(until), zone: visit.zone });
    const early = await page(harbor, visit);
    expect(early.page.text()).toContain(`You can cancel or move it until ${describeDate(until, parseZone(visit.zone), 'en')}`);
    expect((await early.who.open(linkTo(early.page, 'cancel'))).text()).toContain('You can cancel or move it until');
    before(visit, WINDOW - 1);
    const { who, page: shown } = await page(harbor, visit);
    const sure = await who.open(linkTo(shown, 'cancel'));
    expect(sure.text()).toContain('the practice notes that it was late');
    expect(sure.accessibilityProblems()).toEqual([]);
    expect((await who.follow(await who.submit(sure, '/cancel'))).text()).toContain('Cancelled');
    expect(await marksOf(harbor, visit.patient)).toEqual([expect.objectContaining({ kind: 'late-cancel', appointment: visit.id, counts: true, start: formatInstant(parseInstant(visit.start)), zone: visit.zone })]);
    expect((await harbor.get(`/appointments/${visit.id}`)).body['marks']).toEqual([expect.objectContaining({ kind: 'late-cancel' })]);
  });

  test('a move on the page marks as well, and the new time has its own last free moment', async () => {
    const visit = await booked(harbor, 'harbor');
    before(visit, 2);
    const { who, page: shown } = await page(harbor, visit);
    const times = await who.open(linkTo(shown, 'move'));
    const chosen = times.links().filter((href) => href.includes('/move/')).at(-1)!;
    const sure = await who.open(chosen);
    expect(sure.text()).toContain('the practice notes that it was late');
    await who.follow(await who.submit(sure, '/move'));
    expect(await marksOf(harbor, visit.patient)).toEqual([expect.objectContaining({ kind: 'late-move', start: formatInstant(parseInstant(visit.start)) })]);
    const after = (await harbor.get(`/appointments/${visit.id}`)).body;
    const until = parseInstant(String(after['start'])) - WINDOW * HOUR;
    expect(after['start']).not.toBe(visit.start);
    expect(after['cancelFreeUntil']).toBe(until > scheduling.now() ? formatInstant(until as Instant) : null);
  });

  test('an X by text marks at the host, also where a partner booked, and no event says so', async () => {
    const visit = await booked(harbor, 'summit');
    expect(visit.body['cancelFreeUntil']).toEqual(expect.any(String));
    before(visit, 3);
    const patient = await hostPatientOf(visit);
    await scheduling.events.publish(PatientAnswered, { key: visit.id, host: 'summit', booking: 'harbor', time: scheduling.now() }, { id: newId(), host: 'summit', message: newId(), patient, subject: { kind: 'appointment', id: visit.id, revision: 1 }, answer: 'cancel', at: formatInstant(scheduling.now()) });
    const told = await eventually('the end is published', () => scheduling.events.gathered(AppointmentCancelled).find(({ key }) => key === visit.id));
    expect(JSON.stringify(told.data)).not.toMatch(/late|mark/);
    expect(await marksOf(summit, patient)).toEqual([expect.objectContaining({ kind: 'late-cancel' })]);
    expect(await marksOf(harbor, visit.patient)).toEqual([]);
    expect((await harbor.get(`/appointments/${visit.id}`)).body['marks']).toBeNull();
    expect((await harbor.get(`/patients/${patient}/marks`)).status).toBe(404);
  });

  test('a partner that calls off in the patient\'s name makes the mark of the host, and cannot read it', async () => {
    const visit = await booked(harbor, 'summit');
    before(visit, 3);
    expect((await harbor.post(`/appointments/${visit.id}/cancel`, { reason: 'pat' })).status).toBe(200);
    expect(await marksOf(summit, await hostPatientOf(visit))).toHaveLength(1);
    expect((await harbor.get(`/appointments/${visit.id}`)).body['marks']).toBeNull();
  });

  test.each([
    ['the host calls it off', { reason: 'prov', hours: 2 }], ['no reason is given', { reason: 'oth', hours: 2 }], ['the wait list gave an earlier time', { reason: 'pat-swl', hours: 2 }], ['it is early enough', { reason: 'pat', hours: WINDOW + 1 }],
  ])('is no mark where %s', async (_why, { reason, hours }) => {
    const visit = await booked(harbor, 'harbor');
    before(visit, hours);
    expect((await harbor.post(`/appointments/${visit.id}/cancel`, { reason })).status).toBe(200);
    expect(await marksOf(harbor, visit.patient)).toEqual([]);
  });

  test('nobody is bound by a window that had begun when the visit was booked, nor by one that came later', async () => {
    await setPolicy('harbor', 'primary-care-visit', { cancellationWindowHours: 336 });
    const near = await booked(harbor, 'harbor', { days: 2 });
    expect(near.body['cancelFreeUntil']).toBeNull();
    expect((await page(harbor, near)).page.text()).not.toContain('late');
    await setPolicy('harbor', 'primary-care-visit', null);
    const before24 = await booked(harbor, 'harbor', { days: 2 });
    await setPolicy('harbor', 'primary-care-visit', { cancellationWindowHours: 240 });
    for (const visit of [near, before24]) {
      expect((await harbor.post(`/appointments/${visit.id}/cancel`, { reason: 'pat' })).status).toBe(200);
      expect(await marksOf(harbor, visit.patient)).toEqual([]);
    }
  });
});

describe('no-shows and what marks lead to', () => {
  test('a no-show is set by a person, undone by reopening and excused with a reason; the mark stays in sight', async () => {
    const patient = await patientOf(harbor);
    const visit = await missed(harbor, patient);
    expect(await marksOf(harbor, patient)).toEqual([expect.objectContaining({ kind: 'no-show', appointment: visit.id, counts: true })]);
    expect((await harbor.post(`/appointments/${visit.id}/reopen`)).status).toBe(200);
    expect(await marksOf(harbor, patient)).toEqual([expect.objectContaining({ kind: 'no-show', counts: false })]);
    expect((await harbor.post(`/appointments/${visit.id}/no-show`)).status).toBe(200);
    const [again] = await marksOf(harbor, patient);
    const undone = (await marksOf(harbor, patient))[1]!;
    expect((await harbor.post(`/patients/${patient}/marks/${undone.id}/excuse`, { reason: 'a storm that day' })).body['code']).toBe('mark-counts-no-more');
    expect(await harbor.post(`/patients/${patient}/marks/${again!.id}/excuse`, { reason: 'a storm that day' })).toMatchObject({ status: 200, body: { counts: false } });
    expect(await marksOf(harbor, patient)).toEqual([expect.objectContaining({ id: again!.id, counts: false, excuse: 'a storm that day' }), expect.objectContaining({ counts: false })]);
    expect((await harbor.post(`/patients/${patient}/marks/${again!.id}/excuse`, { reason: 'once more' })).status).toBe(409);
    expect(JSON.stringify(await scheduling.sql('SELECT * FROM patient_mark'))).not.toContain('storm');
    expect((await scheduling.sql(`SELECT id FROM audit_entry WHERE action = 'patient-mark.excused' AND entity_id = $1`, [again!.id]))).toHaveLength(1);
    expect((await summit.post(`/patients/${patient}/marks/${again!.id}/excuse`, { reason: 'not ours' })).status).toBe(404);
  });

  test('a patient whom no reminder reached through our fault is not marked, whichever comes first, and the mark counts again where that is taken back', async () => {
    const [patient, other] = [await patientOf(harbor), await patientOf(harbor)];
    const say = async (definition: typeof ReminderFailed | typeof ReminderFailureWithdrawn, visit: Visit, revision = 1) => scheduling.events.publish(definition, { key: visit.id, host: 'harbor', time: scheduling.now() as Instant },
      { appointment: visit.id, host: 'harbor', patient: visit.patient, revision, at: formatInstant(scheduling.now() as Instant), reason: 'undelivered' as const });
    const counts = async (who: string): Promise<boolean[]> => (await marksOf(harbor, who)).map((mark) => mark.counts);
    const told = (visit: Visit, n: number) => eventually('it is known', async () => (await scheduling.sql('SELECT 1 FROM reminder_failure WHERE appointment_id = $1', [visit.id])).length === n);
    const visit = await missed(harbor, patient);
    await say(ReminderFailed, visit, 7);
    await say(ReminderFailed, visit);
    await say(ReminderFailed, visit);
    await eventually('the mark is lifted', async () => (await counts(patient)).join() === 'false');
    expect(await marksOf(harbor, patient)).toEqual([expect.objectContaining({ kind: 'no-show', liftedBecause: 'undelivered', undoneAt: null, excusedAt: null })]);
    const [{ id }] = await marksOf(harbor, patient) as [MarkItem];
    expect((await harbor.post(`/patients/${patient}/marks/${id}/excuse`, { reason: 'not needed' })).body['code']).toBe('mark-counts-no-more');
    expect((await harbor.get(`/appointments/${visit.id}`)).body['marks']).toEqual([expect.objectContaining({ counts: false, liftedBecause: 'undelivered' })]);
    expect(await scheduling.sql(`SELECT practice_id FROM audit_entry WHERE action = 'patient-mark.lifted' AND entity_id = $1`, [id])).toEqual([{ practice_id: 'harbor' }]);
    await say(ReminderFailureWithdrawn, visit);
    await eventually('it counts again', async () => (await counts(patient)).join() === 'true');
    // First what reminders says, then the mark.
    const second = await missed(harbor, other);
    expect((await harbor.post(`/appointments/${second.id}/reopen`)).status).toBe(200);
    await say(ReminderFailed, second);
    await told(second, 1);
    expect((await harbor.post(`/appointments/${second.id}/no-show`)).status).toBe(200);
    expect(await counts(other)).toEqual([false, false]);
    await say(ReminderFailureWithdrawn, second);
    await told(second, 0);
    expect(await counts(other)).toEqual([true, false]);
  });

  test('over the limit the own desk needs a reason, the page moves nothing, and a partner notices nothing', async () => {
    await setPolicy('harbor', 'primary-care-visit', { marks: { max: 1, withinDays: 60 } });
    const patient = await patientOf(harbor);
    await missed(harbor, patient);
    const one = await booked(harbor, 'harbor', { patient, days: 4 });
    expect(linkTo((await page(harbor, one)).page, 'move')).toBeDefined();
    await missed(harbor, patient);
    const [opening] = await openings(harbor, 'harbor', 'primary-care-visit', 6);
    expect(await harbor.post('/appointments', { opening: opening!.id, patient })).toMatchObject({ status: 422, body: { code: 'policy-marks', marks: 2, max: 1, withinDays: 60 } });
    const { who, page: shown } = await page(harbor, one);
    expect(shown.text()).toContain('To move it to another time, please call us.');
    expect(linkTo(shown, 'move')).toBeUndefined();
    expect(linkTo(shown, 'cancel')).toBeDefined();
    expect((await who.open(linkTo(shown, 'cancel').replace('/cancel', `/move/${opening!.id}`))).status).toBe(409);
    expect(await harbor.post('/appointments', { opening: opening!.id, patient, despiteMarks: { reason: 'needs his medicine' } })).toMatchObject({ status: 201 });
    expect((await scheduling.sql(`SELECT id FROM audit_entry WHERE action = 'appointment.booked-despite-marks' AND entity_id = $1`, [patient]))).toHaveLength(1);
    const counting = (await marksOf(harbor, patient)).filter(({ counts }) => counts);
    expect((await harbor.post(`/patients/${patient}/marks/${counting[0]!.id}/excuse`, { reason: 'was in hospital' })).status).toBe(200);
    const [other] = await openings(harbor, 'harbor', 'primary-care-visit', 8);
    expect(await harbor.post('/appointments', { opening: other!.id, patient })).toMatchObject({ status: 201 });
  });

  test('linked visits are asked about one by one, whichever of them is in the own calendar: the refusal names the step, a reason goes past it', async () => {
    const patient = await patientOf(harbor);
    await setPolicy('harbor', 'primary-care-visit', { marks: { max: 0, withinDays: 60 }, questions: [{ id: 'fever', text: { en: 'Fever?', es: '¿Fiebre?' }, kind: 'yes-no', required: true }] });
    const visit = await booked(harbor, 'harbor', { patient, days: 2, more: { answers: { fever: 'no' } } });
    await scheduling.sql(`INSERT INTO patient_mark (id, practice_id, patient_id, appointment_id, kind, starts_at, zone, marked_at, marked_by) SELECT $1, host_id, patient_id, id, 'no-show', starts_at, zone, $3, 's' FROM appointment WHERE id = $2`, [newId(), visit.id, formatInstant(scheduling.now())]);
    const [echo] = await openings(harbor, 'desert', 'echo', 4);
    const [own] = await harbor.openings(`service=primary-care-visit&practice=harbor&from=${echo!.end}&to=${scheduling.inDays(40)}&limit=5`);
    const steps = [{ opening: echo!.id }, { opening: own!.id, answers: { fever: 'no' } }];
    expect(await harbor.post('/visit-chains', { steps: [steps[0], { opening: own!.id }], patient })).toMatchObject({ status: 422, body: { code: 'required-answers', step: 2, questions: ['fever'], visits: [{ step: 2, code: 'required-answers', questions: ['fever'] }] } });
    expect(await harbor.post('/visit-chains', { steps: [steps[0], { opening: own!.id, answers: { fever: 'perhaps' } }], patient })).toMatchObject({ status: 422, body: { code: 'answers-do-not-fit', step: 2, errors: [{ pointer: '/steps/1/answers/fever' }] } });
    expect(await harbor.post('/visit-chains', { steps, patient })).toMatchObject({ status: 422, body: { code: 'policy-marks', step: 2, marks: 1, max: 0 } });
    expect((await harbor.post('/visit-chains', { steps, patient, despiteMarks: { reason: 'was in hospital that day' } })).status).toBe(201);
    const serial = { rule: 'FREQ=WEEKLY;COUNT=2', opening: (await openings(harbor, 'harbor', 'primary-care-visit', 9))[0]!.id, patient, answers: { fever: 'no' } };
    expect(await harbor.post('/series', serial)).toMatchObject({ status: 422, body: { code: 'policy-marks', date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) } });
  });

  test('a partner books the same person without a word about marks', async () => {
    await setPolicy('summit', 'dermatology-consult', { marks: { max: 0, withinDays: 60 } });
    const patient = await patientOf(harbor);
    const visit = await booked(harbor, 'summit', { patient, days: 1 });
    goTo(parseInstant(visit.start) + HOUR);
    expect((await summit.post(`/appointments/${visit.id}/no-show`)).status).toBe(200);
    const host = await hostPatientOf(visit);
    expect(await marksOf(summit, host)).toHaveLength(1);
    await booked(harbor, 'summit', { patient, days: 2 });
    const [opening] = await openings(summit, 'summit', 'dermatology-consult', 4);
    expect(await summit.post('/appointments', { opening: opening!.id, patient: host })).toMatchObject({ status: 422, body: { code: 'policy-marks' } });
  });

  test('visits past their end without an outcome stand on the host\'s list, by site and day, page by page, until a person says how it went', async () => {
    const [own, partner] = [await booked(harbor, 'harbor', { days: 1 }), await booked(harbor, 'summit', { days: 1 })];
    goTo(Math.max(parseInstant(own.start), parseInstant(partner.start)) + 3 * HOUR);
    const listed = async (desk: Desk, more = ''): Promise<string[]> => {
      const ids: string[] = [];
      for (let cursor = ''; ; ) {
        const { status, body } = await desk.get(`/appointments?unmarked=true&limit=2${more}${cursor}`);
        expect(status).toBe(200);
        ids.push(...(body['items'] as unknown as { id: string; unmarked: boolean }[]).map(({ id, unmarked }) => (unmarked ? id : 'not unmarked')));
        if (body['nextCursor'] === null) return ids;
        cursor = `&cursor=${String(body['nextCursor'])}`;
      }
    };
    expect(await listed(harbor)).toEqual(expect.arrayContaining([own.id]));
    expect(await listed(harbor)).not.toContain(partner.id);
    expect(await listed(summit)).toContain(partner.id);
    const site = String(own.body['site']);
    const day = `&from=${formatInstant(plusMs(parseInstant(own.start), -HOUR))}&to=${formatInstant(plusMs(parseInstant(own.start), HOUR))}`;
    expect(await listed(harbor, `&site=${site}${day}`)).toContain(own.id);
    expect(await listed(harbor, `&site=${newId()}`)).toEqual([]);
    expect(await listed(harbor, `&from=${formatInstant(plusMs(parseInstant(own.start), DAY))}`)).not.toContain(own.id);
    expect((await harbor.post(`/appointments/${own.id}/no-show`)).status).toBe(200);
    expect(await listed(harbor)).not.toContain(own.id);
  });
});

describe('a closed day', () => {
  test('nobody is late for a visit of a closed day', async () => {
    const [moved, cancelled] = [await booked(harbor, 'harbor', { days: 40 }), await booked(harbor, 'harbor', { days: 40 })];
    const provider = (visit: Visit) => visit.body['provider'];
    for (const visit of [moved, cancelled]) {
      const closed = await managers.harbor.post('/absences', { provider: provider(visit), from: new Intl.DateTimeFormat('en-CA', { timeZone: visit.zone }).format(new Date(visit.start)), reason: 'Ill' });
      expect(closed.status).toBe(201);
      expect((await harbor.post(`/absences/${String(closed.body['id'])}/ask`)).status).toBe(200);
    }
    before(moved, 2);
    const mover = await page(harbor, moved);
    expect(mover.page.text()).not.toMatch(/It is late/);
    expect(mover.page.text()).toContain('This visit cannot take place at this time');
    expect((await mover.who.submit(await mover.who.open(mover.page.links().find((link) => link.includes('/move/'))!), '/move')).status).toBe(303);
    const leaver = await page(harbor, cancelled);
    expect((await leaver.who.submit(await leaver.who.open(linkTo(leaver.page, 'cancel')), '/cancel')).status).toBe(303);
    expect([...(await marksOf(harbor, moved.patient)), ...(await marksOf(harbor, cancelled.patient))]).toEqual([]);
  });
});
