import { addDays, instant, type Instant, instantOf, localDateOf, type LocalTime, parseZone, type TimeRange } from '@slotmesh/kernel';
import fc from 'fast-check';
import { compareBy, fitOf, kilometresShown, rank, type Rankable, rankings, reasons } from './ranking';

const denver = parseZone('America/Denver');
const at = (minutes: number): Instant => instant(Date.UTC(2026, 10, 23, 16) + minutes * 60_000);
const range = (from: number, to: number): TimeRange => ({ start: at(from), end: at(to) });
const opening = (id: string, minutes: number, more: Partial<Rankable> = {}): Rankable => ({ id, start: at(minutes), zone: denver, kilometres: null, fit: 'alone', ...more });
const ids = (openings: readonly Rankable[]): string => openings.map((o) => o.id).join('');

const any: fc.Arbitrary<Rankable> = fc.record({
  id: fc.stringMatching(/^[a-z0-9]{4}$/), start: fc.integer({ min: 0, max: 40 }).map((n) => at(n * 120)), zone: fc.constantFrom('America/Denver', 'Australia/Lord_Howe').map(parseZone),
  kilometres: fc.option(fc.double({ min: 0, max: 40, noNaN: true })), fit: fc.constantFrom('fills' as const, 'touches' as const, 'alone' as const),
});

describe('ranking', () => {
  const visit = { durationMinutes: 30, bufferBeforeMinutes: 0, bufferAfterMinutes: 0 };

  it('sees whether a visit fills a gap, touches a neighbour or stands alone', () => {
    const fit = (minutes: number): string => fitOf(visit, at(minutes), [range(0, 240)], [range(60, 90), range(120, 150)]);
    expect([0, 30, 90, 150, 180, 210].map(fit)).toEqual(['touches', 'touches', 'fills', 'touches', 'alone', 'touches']);
  });

  it('counts buffers, also where they hang over the edge of the hours', () => {
    const buffered = { ...visit, bufferBeforeMinutes: 10, bufferAfterMinutes: 10 };
    expect([0, 40, 50].map((m) => fitOf(buffered, at(m), [range(0, 240)], [range(0, 30)]))).toEqual(['touches', 'touches', 'alone']);
    expect(fitOf(buffered, at(0), [range(0, 30)], [])).toBe('fills');
  });

  it('takes no edge for one where a block runs on into the next', () => {
    expect(fitOf(visit, at(60), [range(0, 60), range(60, 240)], [])).toBe('alone');
  });

  it('soonest: by start, then closer, then with the smaller gap', () => {
    expect(ids(rank([opening('d', 60, { kilometres: 1 }), opening('c', 0), opening('b', 0, { kilometres: 9, fit: 'alone' }), opening('a', 0, { kilometres: 9, fit: 'fills' })], 'soonest'))).toBe('abcd');
  });

  it('closest: by distance as people are told it, then by start; an unknown place comes last', () => {
    expect(ids(rank([opening('d', 0), opening('c', 0, { kilometres: 12 }), opening('b', 90, { kilometres: 3.21 }), opening('a', 60, { kilometres: 3.24 })], 'closest'))).toBe('abcd');
  });

  it('compact: each date of the site begins with what leaves no gap', () => {
    const tomorrow = instantOf(addDays(localDateOf(at(0), denver), 1), '09:00' as LocalTime, denver);
    expect(ids(rank([{ ...opening('d', 0, { fit: 'fills' }), start: tomorrow }, opening('c', 0), opening('b', 120, { fit: 'touches' }), opening('a', 300, { fit: 'fills' })], 'compact'))).toBe('abcd');
  });

  it('is one order whatever comes in first, and two pages of it are the whole', () => {
    fc.assert(fc.property(fc.uniqueArray(any, { selector: (o) => o.id, maxLength: 12 }).chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), fc.constantFrom(...rankings), fc.nat(12), ([all, shuffled], ranking, cut) => {
      const whole = rank(all, ranking);
      expect(rank(shuffled, ranking)).toEqual(whole);
      const last = whole[cut];
      if (last) expect(rank(shuffled.filter((o) => compareBy(ranking)(o, last) > 0), ranking)).toEqual(whole.slice(cut + 1));
    }), { numRuns: 1_000 });
  });

  it('soonest never shows a later start before an earlier one, closest never a farther place before a nearer', () => {
    fc.assert(fc.property(fc.array(any, { maxLength: 12 }), (all) => {
      const starts = rank(all, 'soonest').map((o) => o.start);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
      const distances = rank(all, 'closest').map((o) => (o.kilometres === null ? Number.POSITIVE_INFINITY : kilometresShown(o.kilometres)));
      distances.forEach((kilometres, i) => expect(kilometres).toBeGreaterThanOrEqual(distances[i - 1] ?? 0));
    }));
  });

  it('says why in words for a desk', () => {
    const found = [opening('a', 0, { kilometres: 12.4 }), opening('b', 60, { kilometres: 3.24, fit: 'fills' }), opening('c', 90, { kilometres: 12.4, fit: 'touches' })];
    expect(reasons(found)).toEqual(['soonest; 12 km away', 'closest, 3.2 km away; fills a gap exactly', '12 km away; leaves no gap on one side']);
    expect(reasons(found, false)[0]).toBe('12 km away');
    expect(reasons([opening('a', 0), opening('b', 5)])).toEqual(['soonest', 'open time']);
    expect(reasons([])).toEqual([]);
  });
});
