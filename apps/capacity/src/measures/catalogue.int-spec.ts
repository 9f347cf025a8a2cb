import { AccessTaken, EmptySearchesCounted, type EventDefinition, type EventWire, NetworkAccessTaken, ReferralSent, ReferralStatusChanged, type ReferralSnapshot, SharedTimeEnded, SharedTimeOffered, SharedTimeReduced, SupplyStated, WaitlistEntryAdded, WaitlistEntryEnded, type Wire, type referralSnapshot } from '@slotmesh/contracts';
import { DAY, MINUTE, formatInstant, newId, parseInstant, plusMs } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import fc from 'fast-check';
import { ConsumersStillRun } from '@slotmesh/messaging';
import { readAnew } from '../read-models';
import { catalogue } from './domain/catalogue';
import { RunningCapacity, type Visit, partnership } from '../../test/running-capacity';

type Fact = () => Promise<unknown>;
const [provider, site, visitType] = [newId(), newId(), newId()];
const at = { host: 'summit', booking: 'summit', provider, site, visitType, zone: 'America/Denver' };
const of = (day: string, hour: number, minutes: number) => ({ start: `${day}T${hour}:00:00.000Z`, end: formatInstant(plusMs(parseInstant(`${day}T${hour}:00:00Z`), minutes * MINUTE)) });
const JULY = 'from=2026-07-01&to=2026-07-31';

describe('the measures of the catalogue', () => {
  let capacity: RunningCapacity;
  beforeAll(async () => {
    capacity = await RunningCapacity.start();
  });
  afterAll(() => capacity.stop());

  const numbers = async (id: string, query = `${JULY}&by=total`) => {
    const { items } = (await capacity.get('manager@summit.example', `/measures/${id}?${query}`)).body as { items: { numerator: number; denominator: number | null; value: number | null }[] };
    return items.map(({ numerator, denominator, value }) => [numerator, denominator, value]);
  };
  const rowsOf = async (id: string, part: string) => ((await capacity.get('manager@summit.example', `/measures/${id}/rows?${JULY}&part=${part}`)).body as { items: { row: string }[] }).items.map(({ row }) => row).sort();

  it('P9 P10 P18: each is what was counted by hand, whatever the order of events, read twice or built again from the first, and opens into its rows', async () => {
    const visit = (over: Partial<Visit>) => capacity.visit({ ...at, bookedAt: '2026-07-01T16:00:00.000Z', ...over });
    const kept = visit(of('2026-07-06', 16, 30));
    const keptOfPartner = visit({ ...of('2026-07-06', 17, 60), booking: 'harbor', bookedAt: '2026-07-06T15:00:00.000Z' });
    const missed = visit(of('2026-07-06', 18, 30));
    const calledOffLate = visit({ ...of('2026-07-06', 19, 30), cancelFreeUntil: '2026-07-05T19:00:00.000Z' });
    const bumped = visit(of('2026-07-07', 16, 30));
    const movedOn = visit({ ...of('2026-07-07', 17, 30), cancelFreeUntil: '2026-07-05T19:00:00.000Z' });
    // From it goes on the one below, which was booked two days later and is still the request of 1 July.
    const goingOn = visit({ ...of('2026-07-06', 20, 30), askedAt: '2026-07-01T16:00:00.000Z', bookedAt: '2026-07-03T16:00:00.000Z' });
    const mistake = visit(of('2026-07-07', 18, 30));
    const unmarked = visit(of('2026-07-07', 19, 30));
    const declined = visit({ ...of('2026-07-07', 20, 30), status: 'pending' });
    const later = plusMs(capacity.now, 20 * DAY);
    const again = visit({ patient: calledOffLate.patient, bookedAt: formatInstant(plusMs(capacity.now, DAY)), start: formatInstant(later), end: formatInstant(plusMs(later, 1_800_000)) });
    const supply = (day: string, minutes: number) => ({ id: `0193580e-0000-8000-8000-0000000${day.replaceAll('-', '').slice(3)}`, host: 'summit', provider, date: day, at: formatInstant(capacity.now), minutes, shared: 60, sites: [{ site, zone: 'America/Denver', minutes }], services: [{ service: 'skin-check', minutes: minutes / 2 }] });
    const wait = { provider, service: 'skin-check', first: '2026-07-07T16:00:00.000Z', horizonDays: 84 };
    const entry = (practice = 'summit') => ({ id: newId(), practice, patient: newId(), service: 'skin-check', urgency: 'routine' as const, at: '2026-07-08T16:00:00.000Z' });
    const [waits, gotTime, gaveUp] = [entry(), entry(), entry()];
    const referral = (): Wire<typeof referralSnapshot> => ({
      id: newId(), version: 1, status: 'sent', sender: 'summit', receiver: 'desert', patient: newId(), receiverPatient: null, service: 'cardiology-consult', urgency: 'routine', needsAuthorisation: false, authorisationExpires: null, declineCode: null, appointment: null, visitAt: null,
      sentAt: '2026-07-09T16:00:00.000Z', since: '2026-07-09T16:00:00.000Z', dueAt: null, waitsFor: null, zone: 'America/Denver',
    });
    const goes = (one: Wire<typeof referralSnapshot>, ...steps: ReferralSnapshot['status'][]): Fact => async () => {
      const by = { kind: 'sender' as const, practice: 'summit' };
      await capacity.tell(ReferralSent, one.id, 'summit', { referral: one, by });
      let previous = one.status;
      for (const status of steps) {
        await capacity.tell(ReferralStatusChanged, one.id, 'summit', { referral: { ...one, status }, by, previous });
        previous = status;
      }
    };
    const [seen, missedOnce, refused] = [referral(), referral(), referral()];
    const sharedDay = { id: newId(), agreement: newId(), host: 'summit', date: '2026-07-06', at: formatInstant(capacity.now) };
    const told = <D extends EventDefinition>(definition: D, data: EventWire<D> & { readonly id: string }) => capacity.tell(definition, data.id, 'summit', data);
    const facts: Fact[] = [
      () => capacity.practice('summit'), () => capacity.practice('desert'),
      async () => { await capacity.book(kept); await capacity.goOn(kept, 'arrived'); await capacity.goOn(kept, 'fulfilled'); },
      async () => { await capacity.book(keptOfPartner); await capacity.goOn(keptOfPartner, 'fulfilled'); },
      async () => { await capacity.book(missed); await capacity.goOn(missed, 'noshow'); await capacity.goOn(missed, 'booked'); await capacity.goOn(missed, 'noshow'); },
      async () => { await capacity.book(calledOffLate); await capacity.cancel(calledOffLate, 'pat-crs'); },
      async () => { await capacity.book(bumped); await capacity.cancel(bumped, 'prov-pers'); },
      async () => { await capacity.book(movedOn); await capacity.cancel(movedOn, 'pat', { goesOn: true }); },
      () => capacity.book(goingOn, { replaces: movedOn.id }),
      async () => { await capacity.book(mistake); await capacity.goOn(mistake, 'entered-in-error'); },
      () => capacity.book(unmarked), () => capacity.book(again),
      async () => { await capacity.book(declined); await capacity.goOn(declined, 'cancelled'); },
      async () => { await told(SupplyStated, supply('2026-07-06', 600)); await told(SupplyStated, supply('2026-07-06', 480)); },
      () => told(SupplyStated, supply('2026-07-07', 120)),
      () => told(AccessTaken, { id: newId(), host: 'summit', site, zone: 'America/Denver', date: '2026-07-06', at: '2026-07-06T12:00:00.000Z', waits: [
        { ...wait, visitType, patients: 'all', third: '2026-07-18T16:00:00.000Z', days: 12, workingDays: 9 }, { ...wait, visitType: newId(), patients: 'established', third: null, days: null, workingDays: null }] }),
      () => told(NetworkAccessTaken, { id: newId(), practice: 'summit', zone: 'America/Denver', date: '2026-07-06', at: '2026-07-06T12:00:00.000Z', waits: [{ service: 'skin-check', host: 'desert', first: wait.first, third: '2026-07-09T16:00:00.000Z', days: 3, workingDays: 3, horizonDays: 84, own: { first: wait.first, third: '2026-07-18T16:00:00.000Z', days: 12, workingDays: 9 } },
        { service: 'echo', host: 'desert', first: wait.first, third: '2026-07-08T16:00:00.000Z', days: 2, workingDays: 2, horizonDays: 84, own: null }, { service: 'x-ray', host: 'desert', first: null, third: '2026-07-08T16:00:00.000Z', days: 2, workingDays: 2, horizonDays: 30, own: { first: null, third: null, days: null, workingDays: null } }] }),
      () => told(EmptySearchesCounted, { id: newId(), practice: 'summit', service: 'skin-check', hour: '2026-07-06T15:00:00.000Z', searches: 3, at: '2026-07-06T16:00:00.000Z' }),
      () => told(WaitlistEntryAdded, waits),
      async () => { await told(WaitlistEntryAdded, gotTime); await told(WaitlistEntryEnded, { id: gotTime.id, practice: 'summit', outcome: 'booked', appointment: newId(), at: '2026-07-09T16:00:00.000Z' }); },
      async () => { await told(WaitlistEntryAdded, gaveUp); await told(WaitlistEntryEnded, { id: gaveUp.id, practice: 'summit', outcome: 'withdrawn', appointment: null, at: '2026-07-09T16:00:00.000Z' }); },
      goes(seen, 'received', 'accepted', 'scheduled', 'seen', 'note-returned', 'closed'), goes(missedOnce, 'accepted', 'scheduled', 'accepted'), goes(refused, 'declined'),
      async () => {
        await told(SharedTimeOffered, { ...sharedDay, minutes: 120, places: [] });
        await told(SharedTimeReduced, { ...sharedDay, withdrawn: 10, takenBack: 20 });
        await told(SharedTimeEnded, { ...sharedDay, offered: 30, takenBack: 5, returned: 40, late: [] });
      },
    ];
    for (const fact of fc.sample(fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length }), 1)[0]!) await fact();

    const expected: Record<string, unknown[]> = {
      activity: [[2, null, 2]],
      'no-show': [[1, 3, 0.3333]],
      'late-cancel': [[1, 4, 0.25]],
      // Eight took time on these days, one of them called off by the practice; the mistake and the declined request never count.
      bumped: [[1, 8, 0.125]],
      // Asked for on 1 July for the 6th (four visits: 5 days) and the 7th (three: 6 days), one on its own day; the visit that was moved is no request beside the one that goes on from it.
      'lead-time': [[38, 8, 4.75]],
      'booked-within-week': [[8, 8, 1]],
      // Seven requests of its own in July (one more was booked by a partner; a move is one), one who waits, one who gave up, three searches.
      demand: [[12, null, 12]],
      'empty-searches': [[3, null, 3]],
      supply: [[600, null, 600]],
      fill: [[180, 600, 0.3]],
      'schedule-utilisation': [[210, 600, 0.35]],
      'provider-utilisation': [[90, 600, 0.15]],
      'future-open': [[420, 600, 0.7]],
      'booked-ahead': [[2, null, 2]],
      waiting: [[1, null, 1]],
      'third-next-available': [[96, 2, 48]],
      'third-next-available-working-days': [[9, 1, 9]],
      'new-patient-wait': [[12, 1, 12]],
      'third-next-available-with-partners': [[7, 3, 2.3333]],
      // 12 - 3, and of a service without a third opening of its own 30 - 2; that of which it has no providers is in neither.
      'sooner-with-partners': [[37, 2, 18.5]],
      'beyond-horizon': [[1, 2, 0.5]],
      rebooked: [[1, 2, 0.5]],
      'referrals-scheduled': [[2, 3, 0.6667]],
      'referrals-seen': [[1, 3, 0.3333]],
      'referrals-answered': [[1, 3, 0.3333]],
      'shared-offered': [[150, null, 150]],
      'shared-used': [[60, 150, 0.4]],
      'shared-returned': [[75, 150, 0.5]],
      scaling: [[2, 10, 0.2]],
    };
    expect(Object.keys(expected).sort()).toEqual(catalogue.map(({ definition }) => definition.id).sort());
    const all = async () => Object.fromEntries(await Promise.all(Object.keys(expected).map(async (id) => [id, await numbers(id)] as const)));
    const asExpected = async () => JSON.stringify(await all()) === JSON.stringify(expected);
    await eventually('all are counted', asExpected, 40).catch(() => undefined);
    expect(await all()).toEqual(expected);
    await capacity.settled();
    await eventually('the counts of single visits are taken together', async () => (await capacity.admin.query('SELECT FROM visit_delta')).rowCount === 0);
    expect(await all()).toEqual(expected);

    const appointment = ({ id }: { readonly id: string }) => `appointment/${id}`;
    expect([await rowsOf('no-show', 'numerator'), await rowsOf('no-show', 'denominator'), await rowsOf('late-cancel', 'numerator'), await rowsOf('bumped', 'numerator'), await rowsOf('rebooked', 'numerator'), await rowsOf('referrals-seen', 'numerator'), await rowsOf('waiting', 'numerator')]).toEqual([
      [appointment(missed)], [appointment(missed), appointment(kept), appointment(keptOfPartner)].sort(), [appointment(calledOffLate)], [appointment(bumped)], [appointment(calledOffLate)], [`referral/${seen.id}`], [`wait-list-entry/${waits.id}`]]);
    // Every count of single things is as many as its rows.
    for (const id of ['activity', 'no-show', 'late-cancel', 'bumped', 'booked-ahead', 'booked-within-week', 'rebooked', 'referrals-scheduled', 'referrals-answered', 'beyond-horizon', 'scaling']) expect([id, (await rowsOf(id, 'numerator')).length]).toEqual([id, (expected[id]![0] as number[])[0]]);
    for (const id of ['no-show', 'late-cancel', 'bumped', 'lead-time', 'booked-within-week', 'rebooked', 'third-next-available', 'referrals-seen']) expect([id, (await rowsOf(id, 'denominator')).length]).toEqual([id, (expected[id]![0] as number[])[1]]);

    await capacity.counted();
    const network = async (id: string) => (await capacity.get('manager@summit.example', `/measures/${id}/network?from=2026-07&to=2026-07`)).body.items as { numerator: number; denominator: number | null }[];
    for (const [id, [cell]] of Object.entries(expected) as [string, [number[]]][]) {
      // By service: scheduled time has half of the minutes for the one service here.
      const of = { supply: 300, fill: 180, 'schedule-utilisation': 210, 'provider-utilisation': 90, 'future-open': 120 }[id] ?? cell[0];
      expect([id, (await network(id)).reduce((sum, { numerator }) => sum + (numerator ?? 0), 0)]).toEqual([id, of]);
    }

    const parts = (await capacity.get('manager@summit.example', `/measures/fill?${JULY}&by=week&group=service,provider`)).body.items;
    expect(parts).toMatchObject([{ period: '2026-07-06', service: 'skin-check', provider, numerator: 180, denominator: 300, value: 0.6, opens: true, flag: null }]);
    for (const filter of ['', '&service=skin-check', `&site=${site}`]) expect((await capacity.get('manager@summit.example', `/measures/supply/rows?${JULY}${filter}`)).body.items).toHaveLength(2);
    expect((await capacity.get('manager@summit.example', `/measures/fill?${JULY}&group=service,site`)).body).toMatchObject({ status: 400, code: 'supply-parts-do-not-add' });
    expect((await capacity.get('manager@summit.example', `/measures/scaling?${JULY}&group=service`)).body).toMatchObject({ status: 400, code: 'cannot-group-by' });
    expect((await capacity.get('operator@network.example', `/measures/activity?${JULY}`)).body).toMatchObject({ status: 403, code: 'no-own-numbers' });
    expect((await capacity.get('manager@desert.example', `/measures/activity?${JULY}`)).body.items).toEqual([]);
    expect((await capacity.get('manager@summit.example', `/measures/no-show/csv?${JULY}&by=total`)).text.split('\r\n')[1]).toMatch(/^no-show,1,[^,]+,summit,2026-07-01,,,,,1,3,0\.3333,share,$/);

    await capacity.readAgain();
    await capacity.settled();
    expect(await all()).toEqual(expected);
    await capacity.forgetEverything();
    await capacity.startProcess();
    await eventually('the rebuild has the same numbers', asExpected, 60).catch(() => undefined);
    expect(await all()).toEqual(expected);

    // As after an upgrade: what an older build kept of events has not what this one wants.
    await capacity.settled();
    await expect(readAnew(capacity.config, { always: true })).rejects.toThrow(ConsumersStillRun);
    await capacity.stopProcess();
    await capacity.admin.query('UPDATE visit SET patient = NULL, request_day = NULL, cancelled_at = NULL, ended_by = NULL, goes_on = false; DELETE FROM supply_day; DELETE FROM read_model; DELETE FROM recommendation_turn');
    expect(await readAnew(capacity.config)).toBe(true);
    expect(await readAnew(capacity.config)).toBe(false);
    // Nobody was advised from half of the events.
    expect((await capacity.admin.query('SELECT practice FROM recommendation_turn')).rows).toEqual([]);
    // Killed between the emptying and the first event: nothing is there, and that is not as if nothing had ever been read.
    await capacity.admin.query(`UPDATE read_model SET version = 0; DELETE FROM inbox; DELETE FROM visit; DELETE FROM visit_count; DELETE FROM supply_day; DELETE FROM access_wait`);
    expect(await readAnew(capacity.config)).toBe(true);
    await capacity.startProcess();
    expect(await all()).toEqual(expected);
    expect((await capacity.admin.query('SELECT count(*)::int AS snapshots, min(at) AS first, max(at) AS last FROM access_snapshot')).rows).toEqual([{ snapshots: 2, first: new Date('2026-07-06T12:00:00Z'), last: new Date('2026-07-06T12:00:00Z') }]);
  });

  it('P18: scaling compares visits an hour with the thirteen weeks before sharing began, so that added hours are no scaling', async () => {
    await capacity.admin.query(`TRUNCATE visit, visit_count, visit_delta, supply_day, agreement; UPDATE supply_since SET since = '2025-12-01'`);
    const week = async (day: string, visits: number, minutes: number) => {
      await capacity.admin.query(`INSERT INTO supply_day (id, host, provider, day, minutes, shared, changed_at) VALUES (gen_random_uuid(), 'summit', $1, $2, $3, 0, now())`, [provider, day, minutes]);
      await capacity.admin.query(
        `INSERT INTO visit (id, revision, status, host, booking, site, provider, visit_type, service, modality, start_at, end_at, zone, day, booked_at, changed_at, took_time)
         SELECT gen_random_uuid(), 1, 'fulfilled', 'summit', 'summit', $1, $2, $3, 'skin-check', 'in-person', $4::date + time '16:00', $4::date + time '16:30', 'America/Denver', $4::date, $4::date, now(), true FROM generate_series(1, $5::int)`, [site, provider, visitType, day, visits]);
    };
    const scaling = async () => (await capacity.get('manager@summit.example', '/measures/scaling?from=2026-03-01&to=2026-04-30')).body;
    await week('2026-02-02', 8, 480);
    await week('2026-03-02', 10, 480);
    await week('2026-04-06', 16, 960);
    expect(await scaling()).toMatchObject({ baseline: null, items: [{ period: '2026-03', value: 1.25, ratio: null }, { period: '2026-04', value: 1, ratio: null }] });
    await capacity.admin.query(`INSERT INTO agreement (id, version, partnership, status, practices, effective_from, changed_at) VALUES (gen_random_uuid(), 1, $1, 'in-force', '{summit,harbor}', '2026-03-01T07:00:00Z', now())`, [partnership]);
    expect((await scaling()).baseline).toBeNull();
    await capacity.admin.query(`UPDATE supply_since SET since = '2025-11-30'`);
    expect(await scaling()).toMatchObject({ baseline: { from: '2025-11-30', to: '2026-02-28', value: 1 }, items: [{ period: '2026-03', value: 1.25, ratio: 1.25 }, { period: '2026-04', value: 1, ratio: 1 }] });
  });

  it('P9 P18: a month across practices is what its days add up to, whenever hours, the time zone or a visit of it become known', async () => {
    await capacity.practice('harbor', 'Europe/London');
    await capacity.settled();
    await capacity.admin.query('TRUNCATE visit, visit_count, visit_delta, supply_day, supply_part, supply_since, empty_search, waiting, month_cell, month_changed');
    const day = (date: string) => capacity.admin.query(
      `INSERT INTO visit (id, revision, status, host, booking, site, provider, visit_type, service, modality, start_at, end_at, zone, day, booked_at, changed_at, took_time)
       VALUES (gen_random_uuid(), 1, 'fulfilled', 'harbor', 'harbor', $1, $2, $3, 'skin-check', 'in-person', $4::date + time '16:00', $4::date + time '16:30', 'America/Denver', $4, $4::date, now(), true)`, [site, provider, visitType, date]);
    const hours = (date: string) => capacity.tell(SupplyStated, newId(), 'harbor', { id: newId(), host: 'harbor', provider, date, at: formatInstant(capacity.now), minutes: 480, shared: 0, sites: [], services: [] });
    /** Cells of months that differ from what their days add up to. */
    const stale = async () => {
      await capacity.counted();
      const days = `SELECT practice, date_trunc('month', day)::date, measure, service, sum(numerator)::numeric, sum(denominator)::numeric, sum(people)::bigint, sum(rest)::bigint FROM measure_cell WHERE practice = 'harbor' AND (grain IS NULL OR grain = 'service') GROUP BY 1, 2, 3, 4`;
      const months = `SELECT practice, month, measure, service, numerator::numeric, denominator::numeric, people, rest FROM month_cell WHERE practice = 'harbor'`;
      return (await capacity.admin.query(`(${days} EXCEPT ${months}) UNION ALL (${months} EXCEPT ${days})`)).rows;
    };
    await day('2026-05-06');
    await capacity.tell(EmptySearchesCounted, newId(), 'harbor', { id: newId(), practice: 'harbor', service: 'skin-check', hour: '2026-06-01T03:00:00.000Z', searches: 3, at: formatInstant(capacity.now) });
    await hours('2026-06-08');
    await capacity.settled();
    expect(await stale()).toEqual([]);
    // May had no hours that were known; a date of April says that it had.
    await hours('2026-04-06');
    await capacity.settled();
    expect(await stale()).toEqual([]);
    // Three in the morning of 1 June in UTC is 31 May where the practice is.
    await capacity.practice('harbor');
    await capacity.settled();
    expect(await stale()).toEqual([]);
  });

  it('P18: partners see of a month that is over the value alone, and nothing where fewer than eleven people stand behind it or behind the rest; the line is of one service', async () => {
    await capacity.knowsPractices();
    const count = fc.oneof(fc.integer({ min: 0, max: 13 }), fc.integer({ min: 11, max: 40 }));
    await fc.assert(fc.asyncProperty(count, count, async (missed, came) => {
      fc.pre(missed + came > 0);
      await capacity.admin.query('TRUNCATE visit, visit_count, visit_delta, month_cell, month_changed');
      await capacity.admin.query(
        `INSERT INTO visit (id, revision, status, host, booking, site, provider, visit_type, service, modality, start_at, end_at, zone, day, booked_at, changed_at, took_time)
         SELECT gen_random_uuid(), 1, CASE WHEN n <= $1 THEN 'noshow' ELSE 'fulfilled' END, 'summit', 'summit', $3, $4, $5, 'skin-check', 'in-person', '2026-05-06T16:00:00Z', '2026-05-06T16:30:00Z', 'America/Denver', '2026-05-06', '2026-05-01T16:00:00Z', now(), true
         FROM generate_series(1, $1::int + $2::int) AS n`, [missed, came, site, provider, visitType]);
      await capacity.counted();
      const see = async (who: string) => (await capacity.get(who, '/measures/no-show/network?from=2026-05&to=2026-05')).body as { items: object[]; line: object[] };
      const exact = Math.round((missed / (missed + came)) * 10_000) / 10_000;
      expect((await see('manager@summit.example')).items).toEqual([{ practice: 'summit', service: 'skin-check', month: '2026-05', numerator: missed, denominator: missed + came, value: exact, hidden: false, opens: true }]);
      const shown = Math.min(missed, came) >= 11;
      const value = shown ? Math.round(exact * 100) / 100 : null;
      for (const [other, more] of [['manager@harbor.example', {}], ['operator@network.example', { partnership }]] as const) {
        const { items, line } = await see(other);
        expect(items).toEqual([{ practice: 'summit', ...more, service: 'skin-check', month: '2026-05', numerator: null, denominator: null, value, hidden: !shown, opens: false }]);
        expect(line).toEqual(shown ? [{ ...more, service: 'skin-check', month: '2026-05', median: value, practices: 1 }] : []);
      }
      expect((await see('manager@lakeside.example')).items).toEqual([]);
    }), { numRuns: 15 });
  });
});
