import { randomBytes } from 'node:crypto';
import type { ProviderId, ResourceId, SiteId, VisitTypeId } from '@slotmesh/kernel';
import { type UnitOfWork, workerFor } from '@slotmesh/persistence';
import { SmallNetwork, type Told, wall } from '../../../test/small-network';
import { AgreementRepository } from '../../agreements/persistence/agreement.repository';
import { QuotaRepository } from '../../agreements/persistence/quota.repository';
import { RestrictionRepository } from '../../disclosures/persistence/restriction.repository';
import { HostPressure } from '../../openings/host-pressure';
import { OwnOpenings } from '../../openings/own-openings';
import { CalendarRepository } from '../../openings/persistence/calendar.repository';
import { CareRepository } from '../../openings/persistence/care.repository';
import { OfferingRepository } from '../../openings/persistence/offering.repository';
import { OpeningDirectory } from '../../openings/persistence/opening-directory';
import { SharingFacts } from '../../openings/sharing-facts';
import { PatientVault } from '../../patients/patient-vault';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { PolicyFacts } from '../../policies/policy-facts';
import { NetworkWaits } from '../network-waits';
import { OwnWaits } from '../own-waits';
import { AccessRepository } from '../persistence/access.repository';
import { TakeAccess } from './take-access';

const [BOSTON, DENVER] = ['America/New_York', 'America/Denver'];

describe('the access snapshot', () => {
  let network: SmallNetwork;
  let takers: TakeAccess[];
  let [boston, denver]: SiteId[] = [];
  let [skinCheck, echo]: VisitTypeId[] = [];
  let [first, second]: { readonly id: ProviderId; readonly resource: ResourceId }[] = [];

  beforeAll(async () => {
    // A Monday, before six in both places.
    network = await SmallNetwork.start(wall('2026-11-30', '05:59', BOSTON), { harbor: BOSTON, summit: DENVER });
    takers = network.processes.map((work) => takerOf(work));
    [boston, denver] = [await network.site('harbor', BOSTON), await network.site('summit', DENVER)];
    skinCheck = await network.visitType({ practice: 'harbor', service: 'skin-check', minutes: 30, notice: 60, horizon: 300 });
    echo = await network.visitType({ practice: 'harbor', service: 'echo', minutes: 60, horizon: 5, policy: { patients: 'new' } });
    [first, second] = [await network.provider('harbor', [skinCheck]), await network.provider('harbor', [echo])];
    await network.hours('harbor', first.id, boston, [1, 3], ['06:30-07:00', '09:00-10:00']);
    await network.hours('harbor', second.id, boston, [2, 4], ['13:00-14:00']);
    await network.close('harbor', '2026-12-02', '2026-12-02');
    await network.take('harbor', first, skinCheck, boston, wall('2026-11-30', '09:00', BOSTON), wall('2026-11-30', '09:30', BOSTON));
    const theirs = [await network.visitType({ practice: 'summit', service: 'skin-check', minutes: 30 }), await network.visitType({ practice: 'summit', service: 'echo', minutes: 30 })] as const;
    const partner = await network.provider('summit', theirs);
    await network.hours('summit', partner.id, denver, [2], ['08:00-10:00']);
    await network.take('summit', partner, theirs[0], denver, wall('2026-12-01', '08:00', DENVER), wall('2026-12-01', '08:30', DENVER));
    await network.agree(['harbor', 'summit'], [{ id: 'skin', host: 'summit', services: ['skin-check'], opensDaysBefore: 30, returnsHoursBefore: 2 }]);
  });
  afterAll(async () => network?.stop());

  function takerOf(work: UnitOfWork): TakeAccess {
    const [calendars, agreements] = [new CalendarRepository(), new AgreementRepository()];
    const directory = new OpeningDirectory(new OfferingRepository(), calendars);
    const own = new OwnOpenings(directory, calendars, new CareRepository());
    const policies = new PolicyFacts(new PatientVault(randomBytes(32), randomBytes(32)), new PatientRepository());
    const sharing = new SharingFacts(agreements, new QuotaRepository(), new HostPressure(own, directory));
    return new TakeAccess(work, network.clock, new AccessRepository(), new OwnWaits(directory, calendars), new NetworkWaits(own, sharing, policies, new RestrictionRepository(), agreements, directory));
  }
  const nextDue = () => network.work.run(workerFor('test', null), (tx) => takers[0]!.nextDue(tx));
  /** By both processes at once. */
  async function taken(): Promise<Told[]> {
    await Promise.all(takers.map((taker) => taker.execute()));
    return network.told();
  }
  const instant = (date: string, time: string, zone = BOSTON) => new Date(wall(date, time, zone)).toISOString();

  it('P18: nothing is due before six in the morning of a place, and the clock hears when the next is', async () => {
    expect(await taken()).toEqual([]);
    expect(await nextDue()).toBe(Date.parse(wall('2026-11-30', '06:00', BOSTON)));
  });

  it('P18: at six it is told by provider and visit type when the third opening is that nobody has, and for the network with what a partner shares of the service', async () => {
    network.moveTo(wall('2026-11-30', '06:00', BOSTON));
    const [atSite, inNetwork, ...more] = (await taken()).sort((a, b) => a.type.length - b.type.length);
    expect(more).toEqual([]);
    // 06:30 is too soon and 09:00 is held, so 09:30 is the first; the second is 06:30 a week later, because the Wednesday is closed, and the third 09:00. Open are the Tuesday, the Thursday and that Monday.
    expect(atSite).toMatchObject({ type: 'scheduling.access.taken.v1', sequence: 1, payload: { host: 'harbor', site: boston, zone: BOSTON, date: '2026-11-30', at: instant('2026-11-30', '06:00') } });
    expect([...(atSite!.payload['waits'] as { service: string }[])].sort((a, b) => a.service.localeCompare(b.service))).toEqual([
      { provider: second!.id, visitType: echo, service: 'echo', patients: 'new', first: instant('2026-12-01', '13:00'), third: null, days: null, workingDays: null, horizonDays: 5 },
      { provider: first!.id, visitType: skinCheck, service: 'skin-check', patients: 'all', first: instant('2026-11-30', '09:30'), third: instant('2026-12-07', '09:00'), days: 7, workingDays: 3, horizonDays: 120 },
    ]);
    // The partner's 08:00 is held; its echoes are not shared.
    expect(inNetwork).toMatchObject({ type: 'scheduling.access.network-taken.v1', sequence: 1, payload: { practice: 'harbor', zone: BOSTON, date: '2026-11-30' } });
    expect(inNetwork!.payload['waits']).toEqual([
      { service: 'echo', host: null, first: instant('2026-12-01', '13:00'), third: null, days: null, workingDays: null, horizonDays: 5, own: { first: instant('2026-12-01', '13:00'), third: null, days: null, workingDays: null } },
      { service: 'skin-check', host: 'summit', first: instant('2026-11-30', '09:30'), third: instant('2026-12-01', '09:00', DENVER), days: 1, workingDays: 1, horizonDays: 120, own: { first: instant('2026-11-30', '09:30'), third: instant('2026-12-07', '09:00'), days: 7, workingDays: 3 } },
    ]);
    expect(await taken()).toEqual([]);
  });

  it('P18: each place has its own morning, and a partner that shares nothing is not in its neighbour\'s network', async () => {
    expect(await nextDue()).toBe(Date.parse(wall('2026-11-30', '06:00', DENVER)));
    network.moveTo(wall('2026-11-30', '06:00', DENVER));
    const told = await taken();
    expect(told.map(({ type, payload }) => [type, payload['host'] ?? payload['practice']]).sort()).toEqual([['scheduling.access.network-taken.v1', 'summit'], ['scheduling.access.taken.v1', 'summit']]);
    const [own] = told.filter(({ payload }) => payload['practice'] === 'summit');
    expect(own!.payload['waits']).toMatchObject([{ service: 'echo', host: 'summit', first: instant('2026-12-01', '08:30', DENVER) }, { service: 'skin-check', host: 'summit' }]);
  });

  it('P10: after an outage the present day is taken late, once, and the days that were missed are not made up', async () => {
    network.moveTo(wall('2026-12-03', '15:00', BOSTON));
    expect((await nextDue())!).toBeLessThan(network.clock.now());
    const told = await taken();
    expect(told).toHaveLength(4);
    expect(new Set(told.map(({ payload, sequence }) => `${payload['date']} ${payload['at']} ${sequence}`))).toEqual(new Set([`2026-12-03 ${instant('2026-12-03', '15:00')} 1`]));
    expect([await taken(), await nextDue()]).toEqual([[], Date.parse(wall('2026-12-04', '06:00', BOSTON))]);
  });
});
