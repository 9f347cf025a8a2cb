import { formatInstant, newId, parseInstant, plusMs, MINUTE } from '@slotmesh/kernel';
import type { EventWire, MessageOutcomeRecorded, MessageRequested } from '@slotmesh/contracts';
import { eventually } from '@slotmesh/testing';
import fc from 'fast-check';
import { RunningCapacity, type Visit, partnership } from '../../test/running-capacity';

type Request = EventWire<typeof MessageRequested>;
type Outcome = EventWire<typeof MessageOutcomeRecorded>;
type Fact = () => Promise<unknown>;

const DUE = '2026-07-20T14:00:00.000Z';
const path = '/measures/messages?from=2026-07&to=2026-07';
const late = (minutes: number): string => formatInstant(plusMs(parseInstant(DUE), minutes * MINUTE));

describe('messages', () => {
  let capacity: RunningCapacity;
  beforeAll(async () => {
    capacity = await RunningCapacity.start();
  });
  afterAll(() => capacity.stop());

  function request(visits: readonly Visit[], over: Partial<Request> = {}): Request {
    return {
      id: newId(), host: 'summit', booking: 'harbor', patient: newId(), subjects: visits.map(({ id, revision }) => ({ kind: 'appointment', id, revision, step: 'text-3d' })), class: 'exempt-care', template: 'visit-reminder', channels: ['sms', 'email'],
      expiresAt: late(600), visitStart: late(4_000), dueAt: DUE, ...over,
    };
  }
  /** Outcomes of all subjects, or of those given, in their order. */
  const outcomes = (of: Request, message: string, words: readonly [Outcome['outcome'], Outcome['channel'], number, (string | null)?][], subjects = of.subjects): Fact => async () => {
    for (const [outcome, channel, minutes, reason] of words) for (const subject of subjects) await capacity.became({ id: message, request: of.id, host: of.host, patient: of.patient, subject, channel, outcome, reason: reason ?? null, at: late(minutes) });
  };
  const cost = (message: string, micros: number, currency = 'USD'): Fact => () => capacity.costed({ id: message, host: 'summit', attempt: newId(), channel: 'sms', segments: 1, micros, currency, at: late(30) });

  it('P9 P18: events in any order over topics give the numbers, a rebuild from Kafka gives them again, and each opens into its rows', async () => {
    const [kept, confirmedBefore, moved, coming] = [capacity.visit(), capacity.visit(), capacity.visit(), capacity.visit()];
    const [digest, lateOne, fellBack, stopped, unknown, waiting, ofMay] = [request([kept, coming]), request([confirmedBefore]), request([moved]), request([kept]), request([kept]), request([kept]), request([kept], { dueAt: '2026-05-31T23:59:00.000Z' })];
    const [digestId, lateId, fellBackId] = [newId(), newId(), newId()];
    const movedOn: Visit = { ...moved, revision: 2 };
    const facts: Fact[] = [
      async () => { await capacity.book(kept); await capacity.confirm(kept); await capacity.goOn({ ...kept, participation: 'accepted' }, 'fulfilled'); },
      // Confirmed for a revision that is no longer the present one.
      async () => { await capacity.book(moved); await capacity.confirm(moved); await capacity.goOn(movedOn, 'arrived'); },
      () => capacity.book(coming),
      // Nothing of it has left yet when it is confirmed.
      async () => { await capacity.book(confirmedBefore); await capacity.confirm(confirmedBefore); },
      ...[digest, lateOne, fellBack, stopped, unknown, waiting, ofMay].map((one) => () => capacity.requested(one)),
      // One of two visits went in the message, the other was left out.
      async () => { await outcomes(digest, digestId, [['sent', 'sms', 2], ['delivered', 'sms', 3]], [digest.subjects[0]!])(); await outcomes(digest, digestId, [['skipped', null, 2, 'superseded']], [digest.subjects[1]!])(); },
      outcomes(lateOne, lateId, [['sent', 'sms', 12_000_000]]),
      outcomes(fellBack, fellBackId, [['sent', 'sms', 4], ['undelivered', 'sms', 5, '30003'], ['sent', 'email', 6]]),
      outcomes(stopped, newId(), [['skipped', null, 1, 'opted-out']]),
      outcomes(unknown, newId(), [['unknown', 'sms', 1, 'outcome-unknown'], ['call-list', 'sms', 60, 'outcome-unknown']]),
      cost(digestId, 8_300), cost(digestId, 8_300), cost(lateId, 7_900), cost(fellBackId, 7_900), cost(newId(), 1_000_000),
      () => capacity.practice('summit'),
    ];
    for (const fact of fc.sample(fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length }), 1)[0]!) await fact();
    const none = { waiting: 0, sent: 0, delivered: 0, undelivered: 0, skipped: 0, callList: 0, unknown: 0, skippedByReason: {}, visits: 0, confirmed: 0, kept: 0, costMicros: null, currency: null, costPerKeptMicros: null, minutesLateP50: null, minutesLateP95: null };
    const of = { host: 'summit', month: '2026-07', template: 'visit-reminder', hidden: false, opens: true };
    const expected = [
      { ...none, ...of, channel: 'email', asked: 1, sent: 1, visits: 1, costMicros: 7_900, currency: 'USD', minutesLateP50: 4, minutesLateP95: 4 },
      { ...none, ...of, channel: 'none', asked: 2, skipped: 1, waiting: 1, skippedByReason: { 'opted-out': 1 } },
      { ...none, ...of, channel: 'sms', asked: 3, delivered: 1, sent: 1, callList: 1, visits: 2, confirmed: 1, kept: 1, costMicros: 24_500, currency: 'USD', costPerKeptMicros: 24_500, minutesLateP50: 6_000_001, minutesLateP95: 11_400_000 },
    ];
    const shown = async () => (await capacity.get('manager@summit.example', path)).body;
    const complete = async () => JSON.stringify((await shown()).items.map(sorted)) === JSON.stringify(expected.map(sorted));
    await eventually('all are counted', complete, 30).catch(() => undefined);
    expect((await shown()).items).toEqual(expected);
    await capacity.settled();
    expect([(await shown()).missing, (await shown()).definition.id, (await capacity.get('manager@summit.example', path.replaceAll('2026-07', '2026-05'))).body.items.length]).toEqual([[], 'messages', 1]);

    for (const { channel, skippedByReason: _, ...counts } of expected) {
      for (const count of ['asked', 'waiting', 'sent', 'delivered', 'undelivered', 'skipped', 'callList', 'unknown', 'visits', 'confirmed', 'kept'] as const) {
        const { body } = await capacity.get('manager@summit.example', `/measures/messages/rows?host=summit&month=2026-07&channel=${channel}&template=visit-reminder&count=${count}`);
        expect([channel, count, body.items.length]).toEqual([channel, count, counts[count]]);
      }
    }
    const rows = (subject: string, count: string) => capacity.get(subject, `/measures/messages/rows?host=summit&month=2026-07&channel=sms&template=visit-reminder&count=${count}`);
    expect([(await rows('manager@summit.example', 'kept')).body.items, (await rows('manager@summit.example', 'callList')).body.items]).toEqual([[{ appointment: kept.id }], [{ request: unknown.id }]]);
    expect((await rows('manager@harbor.example', 'asked')).body).toMatchObject({ status: 403, code: 'rows-not-yours' });

    await capacity.forgetEverything();
    await capacity.startProcess();
    await eventually('the rebuild has the same numbers', complete, 60);
  });

  it('P9: a message that joins two requests is paid once', async () => {
    const [one, two] = [request([capacity.visit()], { dueAt: '2026-03-20T14:00:00.000Z' }), request([capacity.visit()], { dueAt: '2026-03-20T14:00:00.000Z' })];
    const message = newId();
    for (const joined of [one, two]) { await capacity.requested(joined); await outcomes(joined, message, [['delivered', 'sms', 3]])(); }
    await cost(message, 8_300)();
    const items = async () => (await capacity.get('manager@summit.example', path.replaceAll('2026-07', '2026-03'))).body.items as { delivered: number; costMicros: number | null }[];
    await eventually('both and the cost are counted', async () => { const [cell] = await items(); return cell?.delivered === 2 && cell.costMicros !== null; });
    expect(await items()).toMatchObject([{ asked: 2, delivered: 2, costMicros: 8_300 }]);
  });

  it('P18: who is not the host sees no count under 11, nothing that one could be computed from, no cost and no month that is not over; the host sees all', async () => {
    await capacity.admin.query('TRUNCATE practice');
    await capacity.admin.query(`INSERT INTO practice SELECT id, id, 'America/Denver', CASE WHEN id <> 'lakeside' THEN $1::uuid END, true, now() FROM unnest('{harbor,summit,desert,lakeside}'::text[]) AS p(id)`, [partnership]);
    const thisMonth = formatInstant(capacity.now).slice(0, 7);
    const count = fc.oneof(fc.integer({ min: 0, max: 13 }), fc.integer({ min: 11, max: 30 }));
    await fc.assert(fc.asyncProperty(count, count, fc.boolean(), async (delivered, undelivered, over) => {
      fc.pre(delivered + undelivered > 0);
      await capacity.admin.query('TRUNCATE message_request, message_outcome, message_cost');
      const month = over ? '2026-07' : thisMonth;
      await capacity.admin.query(
        `WITH made AS (INSERT INTO message_request SELECT gen_random_uuid(), 'summit', 'exempt-care', 'visit-reminder', $1::date, $1::date, now() FROM generate_series(1, $2::int) RETURNING id),
           told AS (INSERT INTO message_outcome SELECT id, id, 'summit', id, 'appointment', 1, 'sms', CASE WHEN row_number() OVER () <= $3::int THEN 'delivered' ELSE 'undelivered' END, NULL, $1::date + interval '5 minutes', now() FROM made RETURNING message)
         INSERT INTO message_cost SELECT gen_random_uuid(), message, 'summit', 8000, 'USD', now() FROM told`, [`${month}-01`, delivered + undelivered, delivered]);
      const at = path.replaceAll('2026-07', month);
      expect((await capacity.get('manager@summit.example', at)).body.items).toMatchObject([{ asked: delivered + undelivered, delivered, undelivered, costMicros: 8_000 * (delivered + undelivered), minutesLateP95: 5, hidden: false, opens: true }]);
      const shown = Math.min(delivered, undelivered) >= 11;
      const hidden = { undelivered: null, skipped: null, callList: null, unknown: null, waiting: null, sent: null, skippedByReason: null, visits: null, confirmed: null, kept: null, costMicros: null, currency: null, costPerKeptMicros: null, hidden: true, opens: false };
      const seen = over ? [{ ...hidden, asked: delivered + undelivered >= 11 ? delivered + undelivered : null, delivered: shown ? delivered : null, minutesLateP50: shown ? 5 : null, minutesLateP95: shown ? 5 : null }] : [];
      for (const other of ['manager@harbor.example', 'operator@network.example']) {
        const { items } = (await capacity.get(other, at)).body;
        expect(items.length).toBe(seen.length);
        expect(items).toMatchObject(seen);
      }
      expect((await capacity.get('manager@lakeside.example', at)).body.items).toEqual([]);
    }), { numRuns: 20 });
  });
});

const sorted = (cell: object) => Object.entries(cell).sort(([a], [b]) => (a < b ? -1 : 1));
