import type { ProviderId, ResourceId, SiteId, VisitTypeId } from '@slotmesh/kernel';
import { workerFor } from '@slotmesh/persistence';
import { SmallNetwork, type Told, datesFrom, wall } from '../../../test/small-network';
import { AgreementRepository } from '../../agreements/persistence/agreement.repository';
import { CalendarRepository } from '../../openings/persistence/calendar.repository';
import { OfferingRepository } from '../../openings/persistence/offering.repository';
import { OpeningDirectory } from '../../openings/persistence/opening-directory';
import { SupplyRepository } from '../persistence/supply.repository';
import { StateSupply } from './state-supply';

const BOSTON = 'America/New_York';
/** A Sunday; the hours are counted from Monday, November 30, on. */
const NOW = wall('2026-11-29', '12:00', BOSTON);

describe('the supply that is stated', () => {
  let network: SmallNetwork;
  let states: StateSupply[];
  let [first, second]: SiteId[] = [];
  let [skinCheck, echo]: VisitTypeId[] = [];
  let provider: { readonly id: ProviderId; readonly resource: ResourceId };

  beforeEach(async () => {
    network = await SmallNetwork.start(NOW, { harbor: BOSTON, summit: 'America/Denver' });
    states = network.processes.map((work) => new StateSupply(work, network.clock, new SupplyRepository(), new OpeningDirectory(new OfferingRepository(), new CalendarRepository()), new CalendarRepository(), new AgreementRepository()));
    [first, second] = [await network.site('harbor', BOSTON), await network.site('harbor', BOSTON)];
    [skinCheck, echo] = [await network.visitType({ practice: 'harbor', service: 'skin-check', minutes: 30, horizon: 20 }), await network.visitType({ practice: 'harbor', service: 'echo', minutes: 60, horizon: 10, needs: ['device'] })];
    await network.equipment('harbor', first!, 'device');
    provider = await network.provider('harbor', [skinCheck!, echo!]);
    await network.hours('harbor', provider.id, first!, [1], ['09:00-12:00', '13:00-17:00']);
    await network.hours('harbor', provider.id, second!, [2], ['13:00-17:00']);
  });
  afterEach(async () => network?.stop());

  const stated = async (): Promise<Told[]> => {
    while ((await states[0]!.execute()) > 0);
    return (await network.told()).sort((a, b) => String(a.payload['date']).localeCompare(String(b.payload['date'])));
  };
  const on = (all: readonly Told[], date: string): object | undefined => all.find(({ payload }) => payload['date'] === date)?.payload;
  const place = (site: SiteId | undefined, minutes: number) => ({ site, zone: BOSTON, minutes });

  it('P18: every date from today to the last that can be booked is stated once: by site, by service where its equipment is, less what is closed, and what partners could have of it once', async () => {
    await network.closeFrom('harbor', wall('2026-11-30', '11:00', BOSTON), wall('2026-11-30', '12:00', BOSTON));
    await network.close('harbor', '2026-12-07', '2026-12-07', provider.id);
    await network.hours('harbor', provider.id, second!, [3], ['09:00-10:00'], [echo!]);
    await network.agree(['harbor', 'summit'], [{ id: 'mornings', host: 'harbor', services: ['skin-check', 'echo'], opensDaysBefore: 5, returnsHoursBefore: 48, dailyQuota: 1, hours: [{ weekdays: [1], from: '09:30', to: '14:00' }] }]);
    const all = await stated();
    expect(all.map(({ payload, sequence, type }) => [payload['date'], sequence, type])).toEqual(datesFrom('2026-11-29', 21).map((date) => [date, 1, 'scheduling.supply.stated.v1']));
    expect(on(all, '2026-11-29')).toMatchObject({ minutes: 0, shared: 0, sites: [], services: [] });
    // Skin checks from 09:30 to 11:00 and from 13:00 to 14:00 in halves; echoes of an hour from 10:00 and from 13:00 and 13:30: to 11:00, and from 13:00 to 14:30.
    expect(on(all, '2026-11-30')).toMatchObject({ host: 'harbor', provider: provider.id, minutes: 360, shared: 180, sites: [place(first, 360)], services: [{ service: 'echo', minutes: 360 }, { service: 'skin-check', minutes: 360 }] });
    expect(on(all, '2026-12-01')).toMatchObject({ minutes: 240, shared: 0, sites: [place(second, 240)], services: [{ service: 'skin-check', minutes: 240 }] });
    // Kept for echoes, which that site has no device for.
    expect(on(all, '2026-12-02')).toMatchObject({ minutes: 60, sites: [place(second, 60)], services: [] });
    expect(on(all, '2026-12-07')).toMatchObject({ minutes: 0, sites: [] });
    expect(on(all, '2026-12-14')).toMatchObject({ minutes: 420 });
  });

  it('P18: bookings and the passing of days restate nothing; a change restates the dates that it changes and no past one, and each new date comes with its day', async () => {
    const before = await stated();
    await network.take('harbor', provider, skinCheck!, first!, wall('2026-11-30', '09:00', BOSTON), wall('2026-11-30', '09:30', BOSTON));
    expect(await stated()).toEqual([]);

    network.moveTo(wall('2026-12-02', '00:00', BOSTON));
    expect((await stated()).map(({ payload, sequence }) => [payload['date'], sequence])).toEqual([['2026-12-20', 1], ['2026-12-21', 1], ['2026-12-22', 1]]);
    await network.hours('harbor', provider.id, first!, [1], ['18:00-19:00']);
    const changed = await stated();
    expect(changed.map(({ payload, sequence }) => [payload['date'], payload['minutes'], sequence])).toEqual([['2026-12-07', 480, 2], ['2026-12-14', 480, 2], ['2026-12-21', 480, 2]]);
    expect(changed[0]!.key).toBe(before.find(({ payload }) => payload['date'] === '2026-12-07')!.key);

    await network.agree(['harbor', 'summit'], [{ id: 'all', host: 'harbor', returnsHoursBefore: 2 }]);
    expect((await stated()).map(({ payload }) => [payload['date'], payload['shared']]).slice(0, 2)).toEqual([['2026-12-07', 480], ['2026-12-08', 240]]);
    await network.admin.query('UPDATE provider SET active = false');
    expect((await stated()).every(({ payload }) => payload['minutes'] === 0 && payload['shared'] === 0)).toBe(true);
    expect(await stated()).toEqual([]);
  });

  it('P10: two workers at once state each date once, in one order, and the clock hears when the next falls due', async () => {
    for (let n = 0; n < 20; n += 1) await network.hours('harbor', (await network.provider('harbor', [skinCheck!])).id, first!, [1, 2, 3, 4, 5], ['08:00-16:00']);
    const nextDue = () => network.work.run(workerFor('test', null), (tx) => states[0]!.nextDue(tx));
    expect((await nextDue())!).toBeLessThan(network.clock.now());
    await Promise.all(states.map(async (state) => {
      for (let looked = 1; looked > 0 || (await nextDue())! <= network.clock.now(); ) looked = await state.execute();
    }));
    const all = await network.told();
    expect(all).toHaveLength(21 * 21);
    expect([new Set(all.map(({ key }) => key)).size, new Set(all.map(({ sequence }) => sequence))]).toEqual([21 * 21, new Set([1])]);
    expect(await nextDue()).toBe(Date.parse(wall('2026-11-30', '00:00', BOSTON)));
  });

  it('P7: of an agreement that ends only the dates before count as shared, and papers that have run out share nothing', async () => {
    await network.agree(['harbor', 'summit'], [{ id: 'all', host: 'harbor', returnsHoursBefore: 2 }], { endsAt: wall('2026-12-08', '15:00', BOSTON) });
    const all = await stated();
    expect(['2026-11-30', '2026-12-01', '2026-12-07', '2026-12-08', '2026-12-14'].map((date) => on(all, date))).toMatchObject([{ shared: 420 }, { shared: 240 }, { shared: 420 }, { shared: 120 }, { shared: 0 }]);
    await network.admin.query(`UPDATE member_document SET expires_on = '2026-11-30' WHERE practice_id = 'summit'`);
    expect(await stated()).toEqual([]);
    network.moveTo('2026-12-01T00:00:00Z');
    // In Boston it is the last of November, and that day's new date comes as well.
    expect((await stated()).map(({ payload }) => [payload['date'], payload['shared']])).toEqual(['2026-11-30', '2026-12-01', '2026-12-07', '2026-12-08', '2026-12-20'].map((date) => [date, 0]));
  });
});
