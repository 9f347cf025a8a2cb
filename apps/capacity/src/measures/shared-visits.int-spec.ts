import { eventually } from '@slotmesh/testing';
import fc from 'fast-check';
import { RunningCapacity, type Visit, day } from '../../test/running-capacity';

const path = `/measures/shared-visits?from=${day}&to=${day}`;
const ends: readonly Visit['status'][] = ['cancelled', 'fulfilled', 'noshow', 'entered-in-error', 'booked'];

describe('shared visits', () => {
  let capacity: RunningCapacity;
  beforeAll(async () => {
    capacity = await RunningCapacity.start();
  });
  afterAll(() => capacity.stop());

  it('P9 P18: events in any order over topics give the numbers, and a rebuild from Kafka gives them again', async () => {
    const expected = { booked: 0, cancelled: 0, fulfilled: 0, noShow: 0, unmarked: 0, open: 0 };
    const visits = Array.from({ length: 40 }, (_, n) => ({ visit: capacity.visit(), end: ends[n % ends.length]! }));
    for (const { end } of visits) {
      if (end === 'entered-in-error') continue;
      expected.booked++;
      if (end === 'booked') expected.unmarked++;
      else expected[end === 'noshow' ? 'noShow' : end === 'cancelled' ? 'cancelled' : 'fulfilled']++;
    }
    const declined = capacity.visit({ status: 'pending' });
    const own = capacity.visit({ booking: 'summit' });
    const open = capacity.visit({ start: `${day}T17:00:00.000Z`, end: '2100-01-01T00:00:00.000Z' });
    const facts = [
      ...visits.map(({ visit, end }) => async () => { await capacity.book(visit); if (end !== 'booked') await capacity.goOn(visit, end); }),
      async () => { await capacity.book(declined); await capacity.goOn(declined, 'cancelled'); },
      () => capacity.book(own),
      () => capacity.book(open),
      () => capacity.practice('harbor'), () => capacity.practice('summit'), () => capacity.visitType(open.visitType), () => capacity.agreement(), () => capacity.heldAndBooked(),
    ];
    const [order] = fc.sample(fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length }), 1);
    for (const fact of order!) await fact();

    const numbers = async () => (await capacity.get('manager@harbor.example', path)).body.items;
    const cells = [{ host: 'summit', booking: 'harbor', service: 'skin-check', day, ...expected, booked: expected.booked + 1, open: 1, hidden: false, opens: true }];
    await eventually('all events are counted', async () => JSON.stringify(sorted(await numbers())) === JSON.stringify(sorted(cells)));
    await capacity.settled();
    expect((await capacity.get('manager@harbor.example', path)).body.missing).toEqual([]);

    await capacity.forgetEverything();
    await capacity.startProcess();
    await eventually('the rebuild has the same numbers', async () => JSON.stringify(sorted(await numbers())) === JSON.stringify(sorted(cells)), 60);
  });
});

const sorted = (cells: readonly object[]) => cells.map((cell) => Object.fromEntries(Object.entries(cell).sort(([a], [b]) => (a < b ? -1 : 1))));
