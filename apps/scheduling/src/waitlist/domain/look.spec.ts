import { DEFAULT_QUIET_HOURS, MINUTE, type WaitlistEntryId, type Zone, instant, isQuiet, parseInstant, parseZone, plusMs } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type ReadList, inOrderOfAsking } from './look';
import { type Candidate, nextOffers } from './round';
import { byTurn, urgencies } from './turn';

const zones = ['America/New_York', 'America/Phoenix', 'Pacific/Honolulu', 'Europe/Berlin'].map(parseZone);
const candidate: fc.Arbitrary<Candidate> = fc.record({ id: fc.uuid().map((id) => id as WaitlistEntryId), urgency: fc.constantFrom(...urgencies), addedAt: fc.integer({ min: 0, max: 4 }).map(instant), kilometres: fc.option(fc.integer({ min: 0, max: 3 })), zone: fc.constantFrom(...zones) });
const list = fc.uniqueArray(candidate, { maxLength: 40, selector: ({ id }) => id });
const begin = parseInstant('2026-03-06T00:00:00Z');
const moment = fc.integer({ min: 0, max: 4 * 24 * 60 }).map((minutes) => plusMs(begin, minutes * MINUTE));
const asleep = (zone: Zone, now: Parameters<typeof isQuiet>[0]): number => (isQuiet(now, DEFAULT_QUIET_HOURS, zone) ? 1 : 0);

/** The list as the database gives it: without the way. */
const listed = (all: readonly Candidate[]): Candidate[] => [...all].sort((a, b) => byTurn({ ...a, kilometres: null }, { ...b, kilometres: null }));
function reader(all: readonly Candidate[]): { readonly read: ReadList<Candidate>; readonly rows: () => number } {
  const rows = listed(all);
  let count = 0;
  return {
    rows: () => count,
    read: (part) => {
      const wanted = rows.slice(part.behind === null ? 0 : rows.findIndex(({ id }) => id === part.behind?.id) + 1).filter(({ zone }) => ('only' in part ? part.only.includes(zone) : !part.without.includes(zone)));
      const found = wanted.slice(0, part.most);
      count += found.length;
      return Promise.resolve(found);
    },
  };
}
async function taken(look: AsyncIterable<Candidate>, most: number): Promise<Candidate[]> {
  const found: Candidate[] = [];
  if (most === 0) return found;
  for await (const one of look) if (found.push(one) >= most) break;
  return found;
}

describe('a look down the list', () => {
  it('P15, P20: begins as the full look does, wherever it stops, however short its pages are', async () => {
    await fc.assert(fc.asyncProperty(list, moment, fc.nat(45), fc.integer({ min: 1, max: 9 }), async (all, now, most, first) => {
      const full = [...all].sort((a, b) => asleep(a.zone, now) - asleep(b.zone, now) || byTurn(a, b));
      expect(await taken(inOrderOfAsking(reader(all).read, now, { first, longest: 2 * first }), most)).toEqual(full.slice(0, most));
    }), { numRuns: 500 });
  });

  it('asks whom the full look asks, and wakes when it does, where not everybody may be asked', async () => {
    await fc.assert(fc.asyncProperty(list, moment, fc.infiniteStream(fc.boolean()), fc.integer({ min: 1, max: 60 }), async (all, now, dice, hours) => {
      const may = new Set(all.filter(() => dice.next().value === true).map(({ id }) => id));
      const round = { start: plusMs(now, hours * 60 * MINUTE), cutOff: plusMs(now, (hours * 60 - 30) * MINUTE), made: 0 };
      const lazy: Candidate[] = [];
      for await (const one of inOrderOfAsking(reader(all).read, now, { first: 3, longest: 6 })) if (may.has(one.id) && lazy.push(one) >= 16) break;
      const full = [...all].sort((a, b) => asleep(a.zone, now) - asleep(b.zone, now) || byTurn(a, b)).filter(({ id }) => may.has(id));
      expect(nextOffers(lazy, round, now)).toEqual(nextOffers(full.slice(0, 16), round, now));
      expect(nextOffers(lazy, round, now).offers).toEqual(nextOffers(full, round, now).offers);
    }), { numRuns: 500 });
  });

  it('reads one page where the first may be asked, and at night no more than a page for each of the two halves', async () => {
    const many = (zone: Zone): Candidate[] => Array.from({ length: 5_000 }, (_, i) => ({ id: String(i).padStart(6, '0') as WaitlistEntryId, urgency: 'routine', addedAt: instant(i), kilometres: null, zone }));
    const noon = parseInstant('2026-03-06T17:00:00Z');
    const [day, night] = [reader(many(zones[0]!)), reader(many(zones[0]!))];
    await taken(inOrderOfAsking(day.read, noon), 17);
    expect(day.rows()).toBe(50);
    await taken(inOrderOfAsking(night.read, parseInstant('2026-03-06T07:00:00Z')), 17);
    expect(night.rows()).toBe(100);
  });
});
