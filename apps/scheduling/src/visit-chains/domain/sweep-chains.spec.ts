import { MINUTE, type Instant, type ResourceId, instant, parseInstant, parseZone } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type Gap, keepsGap, windowAfter } from './gap';
import { type ChainOpening, type ReadOpenings, sweepChains } from './sweep-chains';

const zones = ['America/New_York', 'America/Denver', 'America/Phoenix'].map(parseZone);
/** Around the night in which clocks go forward. */
const begin = parseInstant('2027-03-12T12:00:00Z');
const openings = fc.array(fc.record({ at: fc.nat(300), minutes: fc.integer({ min: 1, max: 6 }), zone: fc.constantFrom(...zones), resource: fc.constantFrom('a', 'b'), after: fc.nat(2) }), { maxLength: 14 })
  .map((all) => all.map(({ at, minutes, zone, resource, after }, i): ChainOpening => ({
    id: `o${String(i).padStart(2, '0')}`, start: instant(begin + at * 15 * MINUTE), end: instant(begin + (at + minutes) * 15 * MINUTE), zone, provider: { resource: resource as ResourceId, bufferBeforeMinutes: 0, bufferAfterMinutes: after * 15 },
  })).sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1)));
const gap = fc.record<Gap>({
  min: fc.oneof(fc.record({ minutes: fc.nat(600) }), fc.record({ days: fc.nat(2) })),
  max: fc.option(fc.oneof(fc.record({ minutes: fc.integer({ min: 300, max: 3_000 }) }), fc.record({ days: fc.integer({ min: 0, max: 3 }) }))),
});
const world = fc.integer({ min: 2, max: 4 }).chain((length) => fc.record({ calendars: fc.array(openings, { minLength: length, maxLength: length }), gaps: fc.array(gap, { minLength: length - 1, maxLength: length - 1 }) }));

/** Some of what is read cannot be used. */
const usable = ({ id }: ChainOpening): boolean => !id.endsWith('3');
const reader = (calendars: readonly (readonly ChainOpening[])[], size: number, count: { reads: number }): ReadOpenings<ChainOpening> => async (step, from, behind) => {
  count.reads += 1;
  const rest = calendars[step]!.filter(({ start, id }) => start >= from && (behind === null || start > behind.start || (start === behind.start && id > behind.id)));
  const page = rest.slice(0, size);
  return { openings: page.filter(usable), last: page.at(-1) ?? null, more: rest.length > size };
};
const apart = (a: ChainOpening, b: ChainOpening): boolean => a.provider.resource !== b.provider.resource || a.end + a.provider.bufferAfterMinutes * MINUTE <= b.start;
/** Every way, looked at one by one: of each opening in which a chain can end, the latest begin. */
function everyEnd(calendars: readonly (readonly ChainOpening[])[], gaps: readonly Gap[]): { end: Instant; begins: Instant }[] {
  let ways = calendars[0]!.filter(usable).map((opening) => ({ opening, begins: opening.start }));
  for (const [i, between] of gaps.entries()) {
    ways = calendars[i + 1]!.filter(usable).flatMap((opening) => {
      const begins = ways.filter((way) => keepsGap(way.opening, between, opening.start) && apart(way.opening, opening)).map((way) => way.begins);
      return begins.length === 0 ? [] : [{ opening, begins: instant(Math.max(...begins)) }];
    });
  }
  return ways.map(({ opening, begins }) => ({ end: opening.end, begins })).sort((a, b) => a.end - b.end || b.begins - a.begins);
}

describe('linked visits that are looked for', () => {
  it('are the ones that end earliest, wait least and keep every gap, whatever the pages: as if each way was looked at', async () => {
    await fc.assert(fc.asyncProperty(world, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), async ({ calendars, gaps }, size, limit) => {
      const { chains, until } = await sweepChains({ gaps, from: begin, limit, mostReads: 1_000 }, reader(calendars, size, { reads: 0 }));
      expect(until).toBeNull();
      expect(chains.map((chain) => ({ end: chain.at(-1)!.end, begins: chain[0]!.start }))).toEqual(everyEnd(calendars, gaps).slice(0, limit));
      for (const chain of chains) for (const [i, between] of gaps.entries()) expect(keepsGap(chain[i]!, between, chain[i + 1]!.start)).toBe(true);
    }), { numRuns: 300 });
  });

  it('cost no more reads than are allowed, and then are still the earliest, up to the time that is named', async () => {
    await fc.assert(fc.asyncProperty(world, fc.nat(6), async ({ calendars, gaps }, mostReads) => {
      const count = { reads: 0 };
      const { chains, until } = await sweepChains({ gaps, from: begin, limit: 5, mostReads }, reader(calendars, 2, count));
      expect(count.reads).toBeLessThanOrEqual(mostReads);
      const all = everyEnd(calendars, gaps).slice(0, 5);
      expect(chains.map((chain) => chain.at(-1)!.end)).toEqual((until === null ? all : all.filter(({ end }) => end <= until)).map(({ end }) => end));
    }), { numRuns: 300 });
  });

  it('P6: days are counted by the calendar of the place, also over the night in which clocks change', () => {
    const friday = { end: parseInstant('2027-03-12T20:00:00Z'), zone: zones[0]! };
    expect(windowAfter(friday, { min: { days: 2 }, max: { days: 2 } })).toEqual({ from: parseInstant('2027-03-14T05:00:00Z'), latest: parseInstant('2027-03-15T03:59:59.999Z') });
    expect(windowAfter(friday, { min: { days: 0 }, max: { minutes: 90 } })).toEqual({ from: friday.end, latest: parseInstant('2027-03-12T21:30:00Z') });
  });
});
