import { CallListEntryClosed } from '@slotmesh/contracts';
import { DAY, HOUR, type Instant, MINUTE, addDays, formatInstant, instantOf, localDateOf, newId, parseInstant, parseLocalTime, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { RunningReminders, newYork } from '../../test/running-reminders';

const host = { kind: 'host', practice: 'summit' } as const;
const manager = 'manager@summit.example';
const reminder = (id: string, days: number, over: object = {}) => ({ id, when: { kind: 'days-before', days, at: '10:00' }, template: 'visit-reminder', class: 'consented-care', channels: ['sms'], staleAfterMinutes: 600, ...over });
const moved = { id: 'moved', when: { kind: 'at-once', on: 'moved' }, template: 'visit-moved', class: 'consented-care', channels: ['sms'], staleAfterMinutes: 600 };

describe('visits and the plans of their practice', () => {
  let reminders: RunningReminders;
  type Visit = ReturnType<RunningReminders['visit']>;
  const linesOf = async (appointment: string): Promise<string[]> =>
    (await reminders.rows<{ line: string }>(
      `SELECT step || '@' || revision || ' waiting' AS line FROM timer WHERE appointment_id = $1
       UNION ALL SELECT step || '@' || revision || ' ' || state || coalesce(' ' || reason, '') FROM step_outcome WHERE appointment_id = $1 ORDER BY line`, [appointment])).map(({ line }) => line);
  const dueOf = async (appointment: string, step: string) => (await reminders.rows<{ fire_at: Date }>('SELECT fire_at FROM timer WHERE appointment_id = $1 AND step = $2', [appointment, step]))[0]?.fire_at.toISOString();
  const calls = async (appointment: string) => (await reminders.http('frontdesk@summit.example', 'GET', '/api/reminders/v1/call-list?limit=200')).body.items.filter((call: { appointment: string | null }) => call.appointment === appointment);
  const shifted = (visit: Visit, revision: number, days: number): Visit => ({ ...visit, revision, start: formatInstant(plusMs(parseInstant(visit.start), days * DAY)), end: formatInstant(plusMs(parseInstant(visit.end), days * DAY)) });
  async function plan(steps: object[], selector: object): Promise<string> {
    const made = await reminders.http(manager, 'POST', '/api/reminders/v1/plans', { name: 'Test', selector, steps });
    expect(made).toMatchObject({ status: 201 });
    return made.body.id;
  }
  const change = (id: string, steps: object[], selector: object) => reminders.http(manager, 'PUT', `/api/reminders/v1/plans/${id}`, { name: 'Test', selector, steps });
  async function visitOf(over: Partial<Visit> = {}): Promise<Visit> {
    const visit = reminders.visit(over);
    await reminders.patient(visit.patient);
    await reminders.book(visit);
    await eventually('the visit is planned', async () => (await linesOf(visit.id)).length > 0);
    return visit;
  }
  async function ended(visit: Visit, status: 'noshow' | 'fulfilled', at: Instant): Promise<void> {
    reminders.moveTo(at);
    await reminders.goOn({ ...visit, status }, status === 'noshow' ? 'booked' : 'checked-in');
  }
  /** A visit that ends a day from now, at 11:00 in New York. */
  const soon = (over: Partial<Visit> = {}): Partial<Visit> => {
    const start = instantOf(addDays(localDateOf(reminders.now, newYork), 2), parseLocalTime('10:30'), newYork);
    return { start: formatInstant(start), end: formatInstant(plusMs(start, 30 * MINUTE)), ...over };
  };

  beforeAll(async () => {
    reminders = await RunningReminders.start();
  });
  afterAll(() => reminders.stop());

  it('P12 P13: a new version waits for the next planning; then no step goes twice, what is no longer in the plan ends with a reason, and what is new and past stays away', async () => {
    const visitType = newId();
    const selector = { visitType };
    await reminders.visitType(visitType);
    await eventually('the visit type is known', async () => (await reminders.rows('SELECT FROM visit_type WHERE id = $1', [visitType])).length === 1);
    const id = await plan([reminder('first', 6), reminder('second', 4), reminder('third', 2)], selector);
    const visit = await visitOf({ visitType });
    expect(await linesOf(visit.id)).toEqual(['first@1 waiting', 'second@1 waiting', 'third@1 waiting']);
    reminders.moveTo(parseInstant((await dueOf(visit.id, 'first'))!));
    await eventually('the first is requested', () => reminders.stepsOf(visit.id).length === 1);
    expect((await change(id, [reminder('first', 1), reminder('renamed', 6), reminder('third', 3), reminder('fourth', 1)], selector)).status).toBe(200);
    await reminders.settled();
    expect(await linesOf(visit.id)).toEqual(['first@1 requested', 'second@1 waiting', 'third@1 waiting']);
    reminders.moveTo(plusMs(reminders.now, HOUR));
    await reminders.preferences(visit.patient, { zone: 'America/Chicago' });
    await eventually('it is planned again', async () => (await linesOf(visit.id)).includes('fourth@1 waiting'));
    expect(await linesOf(visit.id)).toEqual(['first@1 requested', 'fourth@1 waiting', 'renamed@1 skipped past-when-replanned', 'second@1 skipped plan-changed', 'third@1 waiting']);
    const next = shifted(visit, 2, 1);
    await reminders.move(next, visit, host);
    await eventually('the present revision is planned', async () => (await linesOf(visit.id)).some((line) => line.includes('@2 ')));
    expect((await linesOf(visit.id)).filter((line) => line.includes('@1'))).toEqual(['first@1 requested', 'fourth@1 skipped superseded', 'renamed@1 skipped past-when-replanned', 'second@1 skipped plan-changed', 'third@1 skipped superseded']);
    reminders.moveTo(parseInstant(next.start));
    await reminders.settled();
    const requested = reminders.stepsOf(visit.id);
    expect(new Set(requested).size).toBe(requested.length);
    expect(requested.filter((step) => step.endsWith('@1'))).toEqual(['first@1']);
  });

  it('P14: a move to another lead time takes the plan for that lead time, and repeats nothing that is settled', async () => {
    const visitType = newId();
    await reminders.visitType(visitType);
    await eventually('the visit type is known', async () => (await reminders.rows('SELECT FROM visit_type WHERE id = $1', [visitType])).length === 1);
    await plan([reminder('near', 1), moved], { visitType, leadDaysMax: 9 });
    await plan([reminder('far', 10), reminder('near', 2), moved], { visitType, leadDaysMin: 10 });
    await plan([reminder('spanish', 1)], { visitType, language: 'es', leadDaysMax: 9 });
    const visit = await visitOf({ visitType });
    expect(await linesOf(visit.id)).toEqual(['near@1 waiting']);
    const far = shifted(visit, 2, 20);
    await reminders.move(far, visit, host);
    await eventually('it is planned by the other plan', async () => (await linesOf(visit.id)).includes('far@2 waiting'));
    expect(await linesOf(visit.id)).toEqual(['far@2 waiting', 'moved@2 requested', 'near@1 skipped superseded', 'near@2 waiting']);
    await reminders.move({ ...visit, revision: 3 }, far, host);
    await eventually('it is planned by the first plan again', async () => (await linesOf(visit.id)).includes('near@3 waiting'));
    await eventually('the second move is told', () => reminders.stepsOf(visit.id).length === 2);
    expect(reminders.stepsOf(visit.id)).toEqual(['moved@2', 'moved@3']);
    await reminders.patient(visit.patient, { language: 'es' });
    await eventually('it is planned by the plan for the language', async () => (await linesOf(visit.id)).includes('spanish@3 waiting'));
    expect((await linesOf(visit.id)).filter((line) => line.includes('@3'))).toEqual(['moved@3 requested', 'near@3 skipped plan-changed', 'spanish@3 waiting']);
  });

  it('P15: a missed visit is followed by one note on the next permitted morning; a correction voids it, and the next outcome brings it again, once', async () => {
    const visit = await visitOf(soon());
    await ended(visit, 'noshow', plusMs(parseInstant(visit.end), HOUR));
    await eventually('the note waits', async () => (await linesOf(visit.id)).includes('no-show-note@1 waiting'));
    const morning = instantOf(addDays(localDateOf(parseInstant(visit.start), newYork), 1), parseLocalTime('08:00'), newYork);
    expect(await dueOf(visit.id, 'no-show-note')).toBe(formatInstant(morning));
    await reminders.goOn({ ...visit, status: 'booked' }, 'noshow');
    await eventually('the note is void', async () => (await linesOf(visit.id)).includes('no-show-note@1 skipped outcome-corrected'));
    await reminders.goOn({ ...visit, status: 'noshow' }, 'booked');
    await eventually('the note waits again', async () => (await linesOf(visit.id)).includes('no-show-note@1 waiting'));
    reminders.moveTo(morning);
    await eventually('the note is requested', () => reminders.requestsOf(visit.id).some(({ template }) => template === 'no-show-note'));
    expect(reminders.requestsOf(visit.id).find(({ template }) => template === 'no-show-note')).toMatchObject({ class: 'consented-care', mustReach: false });
    await reminders.goOn({ ...visit, status: 'booked' }, 'noshow');
    await reminders.goOn({ ...visit, status: 'noshow' }, 'booked');
    reminders.moveTo(plusMs(morning, 3 * DAY));
    await reminders.settled();
    expect(reminders.stepsOf(visit.id).filter((step) => step.startsWith('no-show'))).toEqual(['no-show-note@1']);
  });

  it('P15: a visit that took place is followed by one question at 10:00 of the next day, and one without an outcome by nothing', async () => {
    const [kept, unmarked, late] = [await visitOf(soon()), await visitOf(soon()), await visitOf(soon())];
    await ended(kept, 'fulfilled', plusMs(parseInstant(kept.end), HOUR));
    const ten = instantOf(addDays(localDateOf(parseInstant(kept.start), newYork), 1), parseLocalTime('10:00'), newYork);
    await eventually('the question waits', async () => (await dueOf(kept.id, 'feedback')) === formatInstant(ten));
    // The outcome of the other one is recorded two days later at night, within the two days in which the question is of use.
    await ended(late, 'fulfilled', plusMs(ten, 36 * HOUR));
    await eventually('the late question waits for the morning', async () => (await dueOf(late.id, 'feedback')) === formatInstant(plusMs(ten, 46 * HOUR)));
    reminders.moveTo(plusMs(ten, 46 * HOUR));
    await eventually('both are asked', () => [kept, late].every(({ id }) => reminders.stepsOf(id).includes('feedback@1')));
    reminders.moveTo(plusMs(ten, 5 * DAY));
    await reminders.settled();
    expect(reminders.requestsOf(unmarked.id).filter(({ template }) => template === 'feedback-question' || template === 'no-show-note')).toEqual([]);
    expect(await linesOf(unmarked.id)).not.toContainEqual(expect.stringMatching(/waiting$/));
  });

  it('P14: who missed visits before is on the call list a week ahead, until the call or the yes, whatever arrives by text', async () => {
    const missed = await visitOf(soon());
    await ended(missed, 'noshow', plusMs(parseInstant(missed.end), MINUTE));
    const visit = reminders.visit({ patient: missed.patient });
    await reminders.book(visit);
    const due = await eventually('the call waits', () => dueOf(visit.id, 'call-high-risk'));
    reminders.moveTo(parseInstant(due));
    await eventually('the call is on the list', async () => (await calls(visit.id)).length === 1);
    expect(await calls(visit.id)).toMatchObject([{ reason: 'high-risk', urgent: false, state: 'open' }]);
    const [confirmation] = reminders.requestsOf(visit.id);
    await reminders.outcome(confirmation!, 'delivered');
    await eventually('the text has arrived', async () => (await linesOf(visit.id)).some((line) => line.endsWith('delivered')));
    expect(await calls(visit.id)).toHaveLength(1);
    await reminders.confirm(visit);
    await eventually('the yes takes it off', async () => (await calls(visit.id)).length === 0);
    expect(reminders.events.gathered(CallListEntryClosed).some(({ data }) => data.patient === visit.patient && data.outcome === 'confirmed')).toBe(true);
  });

  it('P14: who asked to call off a visit that a text must not end is phoned about that, whatever becomes of the texts about it', async () => {
    const visit = await visitOf();
    const [confirmation, second] = await eventually('it is confirmed by text and email', () => { const found = reminders.requestsOf(visit.id); return found.length === 2 && found; });
    await reminders.outcome(confirmation!, 'undelivered', 'ambiguous');
    await eventually('the call is on the list', async () => (await calls(visit.id)).length === 1);
    await reminders.refuseCancel(visit);
    await eventually('it is about the wish', async () => (await calls(visit.id))[0].reason === 'asked-to-cancel');
    await reminders.outcome(confirmation!, 'unknown', 'ambiguous');
    await reminders.outcome(second!, 'delivered');
    await eventually('both are reported', async () => { const lines = await linesOf(visit.id); return lines.some((line) => line.includes(' unknown')) && lines.some((line) => line.endsWith(' delivered')); });
    expect(await calls(visit.id)).toMatchObject([{ reason: 'asked-to-cancel', urgent: true, state: 'open' }]);
  });

  it('P14: the day before, the unconfirmed whom the last message reached are not phoned, the others are', async () => {
    const [reached, unreached] = [await visitOf(), await visitOf()];
    const textAt = parseInstant((await dueOf(reached.id, 'text-1d'))!);
    reminders.moveTo(textAt);
    await eventually('both are reminded', () => [reached, unreached].every(({ id }) => reminders.stepsOf(id).includes('text-1d@1')));
    const textOf = (visit: Visit) => reminders.requestsOf(visit.id).find(({ subjects }) => subjects[0]!.step === 'text-1d')!;
    await reminders.outcome(textOf(reached), 'delivered');
    await reminders.outcome(textOf(unreached), 'skipped', 'opted-out');
    await eventually('both outcomes are known', async () => (await linesOf(reached.id)).includes('text-1d@1 delivered') && (await linesOf(unreached.id)).includes('text-1d@1 skipped opted-out'));
    reminders.moveTo(plusMs(textAt, 2 * HOUR));
    await eventually('the call is on the list', async () => (await linesOf(unreached.id)).includes('call-unreached@1 call-list unconfirmed'));
    expect(await calls(unreached.id)).toMatchObject([{ reason: 'unconfirmed' }]);
    await eventually('the other needs none', async () => (await linesOf(reached.id)).includes('call-unreached@1 skipped reached'));
    expect(await calls(reached.id)).toEqual([]);
  });

  it('P13: two visits of one patient on one day are one message, each step with its own outcome; a confidential one stands alone', async () => {
    const first = await visitOf();
    const later = (hours: number): Partial<Visit> => ({ patient: first.patient, start: formatInstant(plusMs(parseInstant(first.start), hours * HOUR)), end: formatInstant(plusMs(parseInstant(first.end), hours * HOUR)) });
    const second = reminders.visit(later(-2));
    const secret = reminders.visit({ ...later(1), confidential: true });
    await reminders.book(second);
    await reminders.book(secret);
    await eventually('all are planned', async () => (await dueOf(second.id, 'text-3d')) !== undefined && (await dueOf(secret.id, 'text-3d')) !== undefined);
    const due = await dueOf(first.id, 'text-3d');
    expect(await dueOf(second.id, 'text-3d')).toBe(due);
    reminders.moveTo(parseInstant(due!));
    const reminded = (visit: Visit) => reminders.requestsOf(visit.id).filter(({ subjects }) => subjects.some(({ step }) => step === 'text-3d'));
    await eventually('all are reminded', () => [first, second, secret].every((visit) => reminded(visit).length === 1));
    const [request] = reminded(first);
    expect(reminded(second)).toEqual([request]);
    expect(request!.subjects.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
    expect([request!.visitStart, request!.dueAt]).toEqual([parseInstant(second.start), parseInstant(due!)]);
    expect(reminded(secret)[0]!.subjects).toEqual([expect.objectContaining({ id: secret.id })]);
    expect(await reminders.rows(`SELECT DISTINCT request_id AS id FROM step_outcome WHERE appointment_id IN ($1, $2) AND step = 'text-3d'`, [first.id, second.id])).toEqual([{ id: request!.id }]);
  });
});
