import type { PracticeId, ServiceCode, VisitTypeId } from '@slotmesh/kernel';
import { type Actor, workerFor } from '@slotmesh/persistence';
import { SmallNetwork } from '../../../test/small-network';
import { EmptySearchRepository } from '../persistence/empty-search.repository';
import { TellEmptySearches } from './tell-empty-searches';

const deskOf = (practice: string): Actor => ({ kind: 'staff', practice: practice as PracticeId, subject: 'desk' });
const [skinCheck, echo] = ['skin-check' as ServiceCode, 'echo' as ServiceCode];

describe('searches that found nothing', () => {
  const searches = new EmptySearchRepository();
  let network: SmallNetwork;
  let tellers: TellEmptySearches[];
  let ofEcho: VisitTypeId;

  beforeAll(async () => {
    network = await SmallNetwork.start('2026-11-30T14:05:00Z', { harbor: 'America/New_York', summit: 'America/Denver' });
    tellers = network.processes.map((work) => new TellEmptySearches(work, searches));
    ofEcho = await network.visitType({ practice: 'summit', service: 'echo', minutes: 30 });
  });
  afterAll(async () => network?.stop());

  const count = (practice: string, wanted: { readonly service?: ServiceCode; readonly visitType?: VisitTypeId }, process = 0): Promise<void> =>
    network.processes[process]!.run(deskOf(practice), (tx) => searches.count(tx, practice as PracticeId, wanted, tx.now));
  const nextDue = () => network.work.run(workerFor('test', null), (tx) => tellers[0]!.nextDue(tx));
  async function told() {
    await Promise.all(tellers.map((teller) => teller.execute()));
    return (await network.told()).map(({ sequence, payload: { practice, service, hour, searches: n, at } }) => [practice, service, hour, n, at, sequence]).sort();
  }

  it('P18: are counted by practice, service and hour, however many desks count at once, and told once when the hour is over', async () => {
    expect(await nextDue()).toBeNull();
    await Promise.all(Array.from({ length: 20 }, (_, n) => count('harbor', { service: skinCheck }, n % 2)));
    await count('harbor', { visitType: ofEcho });
    await count('summit', { service: echo });
    await count('summit', { service: 'never-heard-of' as ServiceCode });
    network.moveTo('2026-11-30T14:59:59Z');
    expect([await told(), await nextDue()]).toEqual([[], Date.parse('2026-11-30T15:00:00Z')]);
    network.moveTo('2026-11-30T15:00:00Z');
    const [hour, at] = ['2026-11-30T14:00:00.000Z', '2026-11-30T15:00:00.000Z'];
    expect(await told()).toEqual([['harbor', 'echo', hour, 1, at, 1], ['harbor', 'skin-check', hour, 20, at, 1], ['summit', 'echo', hour, 1, at, 1]]);
    expect([await told(), await nextDue()]).toEqual([[], null]);
  });

  it('P10: a search that ends after its hour was told counts in the hour that runs, and none is told twice', async () => {
    await network.work.run(deskOf('harbor'), async (tx) => {
      await searches.count(tx, 'harbor' as PracticeId, { service: skinCheck }, Date.parse('2026-11-30T14:59:59Z') as typeof tx.now);
    });
    await count('harbor', { service: skinCheck });
    network.moveTo('2026-12-02T09:00:00Z');
    expect(await told()).toEqual([['harbor', 'skin-check', '2026-11-30T15:00:00.000Z', 2, '2026-12-02T09:00:00.000Z', 1]]);
    expect((await network.admin.query('SELECT 1 FROM empty_search')).rows).toEqual([]);
  });

  it('P9: an hour in which a search still counts is told when that has ended, with it', async () => {
    await count('harbor', { service: echo });
    let moved: unknown[] = [];
    await network.processes[1]!.run(deskOf('harbor'), async (tx) => {
      await searches.count(tx, 'harbor' as PracticeId, { service: echo }, tx.now);
      network.moveTo('2026-12-02T10:00:00Z');
      await tellers[0]!.execute();
      moved = await network.told();
    });
    expect(moved).toEqual([]);
    expect(await told()).toMatchObject([['harbor', 'echo', '2026-12-02T09:00:00.000Z', 2, '2026-12-02T10:00:00.000Z', 1]]);
  });
});
