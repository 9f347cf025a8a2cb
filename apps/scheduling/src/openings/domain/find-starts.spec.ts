import { addDays, contains, type Instant, instant, instantOf, localDateOf, localTimeOf, type LocalDate, type LocalTime, overlaps, parseInstant, parseZone, type TimeRange, type Zone } from '@slotmesh/kernel';
import fc from 'fast-check';
import { openRanges, rangeOfDays } from '../../availability/domain/working-hours';
import { bookableWindow, findStarts, isStart, type StartNeed, type StartQuery, starts } from './find-starts';

const zones = ['America/New_York', 'America/Phoenix', 'Australia/Lord_Howe', 'Europe/London'].map(parseZone);
const base = parseInstant('2026-11-23T09:00:00Z');
const at = (minutes: number): Instant => instant(base + minutes * 60_000);
const range = (from: number, to: number): TimeRange => ({ start: at(from), end: at(to) });
const query = (more: Partial<StartQuery>): StartQuery => ({
  open: [range(0, 180)], busy: [], durationMinutes: 30, bufferBeforeMinutes: 0, bufferAfterMinutes: 0, stepMinutes: 30, window: range(-1_000, 10_000), ...more,
});
const minutes = (q: StartQuery, limit?: number): number[] => findStarts(q, limit).map((s) => (s - base) / 60_000);

/** A need without buffers, by the calendars of what could serve. */
const of = (...calendars: TimeRange[][]): StartNeed => ({ bufferBeforeMinutes: 0, bufferAfterMinutes: 0, resources: calendars.map((busy, i) => ({ id: `resource ${i}`, busy })) });
const minute = fc.integer({ min: 0, max: 1_440 });
const span = (max: number): fc.Arbitrary<TimeRange> => fc.tuple(minute, fc.integer({ min: 1, max })).map(([from, length]) => range(from, from + length));
const sorted = (max: number, maxLength: number): fc.Arbitrary<TimeRange[]> => fc.array(span(max), { maxLength }).map((ranges) => ranges.sort((a, b) => a.start - b.start));
const disjoint: fc.Arbitrary<TimeRange[]> = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 5, max: 300 })), { maxLength: 6 }).map((pairs) => {
  let reached = 0;
  return pairs.map(([gap, length]) => range((reached += gap), (reached += length)));
});
/** Few resources and several needs, so that needs often look at the same ones; each with buffers of its own. */
const needs: fc.Arbitrary<StartNeed[]> = fc.array(sorted(200, 5), { minLength: 1, maxLength: 3 }).chain((calendars) => fc.array(fc.record({
  bufferBeforeMinutes: fc.constantFrom(0, 10, 25), bufferAfterMinutes: fc.constantFrom(0, 5, 40), resources: fc.subarray(calendars.map((busy, i) => ({ id: `resource ${i}`, busy }))),
}), { maxLength: 3 }));
const anyQuery: fc.Arbitrary<StartQuery> = fc.record({
  open: disjoint, busy: sorted(120, 10), oneOf: needs,
  durationMinutes: fc.integer({ min: 1, max: 90 }), bufferBeforeMinutes: fc.constantFrom(0, 5, 15), bufferAfterMinutes: fc.constantFrom(0, 10, 20), stepMinutes: fc.constantFrom(5, 7, 15, 20, 30),
  window: fc.tuple(minute, minute).map(([from, length]) => range(from, from + length)),
});

/** The rule word for word, minute by minute. */
function slowly(q: StartQuery): Instant[] {
  const found: Instant[] = [];
  for (let m = 0; m < 2_400; m += 1) {
    const start = at(m);
    const piece = q.open.find((p) => p.start <= start && start < p.end);
    if (!piece || start < q.window.start || start >= q.window.end || (start - (piece.opens ?? piece.start)) % (q.stepMinutes * 60_000) !== 0) continue;
    const visit = { start, end: at(m + q.durationMinutes) };
    const minutesOpen = Array.from({ length: q.durationMinutes }, (_, i) => ({ start: at(m + i), end: at(m + i + 1) })).every((one) => q.open.some((p) => contains(p, one)));
    const free = (busy: readonly TimeRange[], buffers: Pick<StartNeed, 'bufferBeforeMinutes' | 'bufferAfterMinutes'>): boolean =>
      !busy.some((b) => overlaps(b, { start: at(m - buffers.bufferBeforeMinutes), end: at(m + q.durationMinutes + buffers.bufferAfterMinutes) }));
    const served = ([need, ...others]: readonly StartNeed[], used: readonly string[]): boolean =>
      need === undefined || need.resources.some(({ id, busy }) => !used.includes(id) && free(busy, need) && served(others, [...used, id]));
    if (visit.end > visit.start && minutesOpen && free(q.busy, q) && served(q.oneOf ?? [], [])) found.push(start);
  }
  return found;
}

describe('starts', () => {
  it('the grid begins at the opening minute of the block and the visit ends inside it', () => {
    expect(minutes(query({ open: [range(10, 130)] }))).toEqual([10, 40, 70, 100]);
    expect(minutes(query({ open: [range(10, 130)], durationMinutes: 45 }))).toEqual([10, 40, 70]);
  });

  it('a closure in the middle of a block does not shift the grid behind it', () => {
    expect(minutes(query({ open: [{ ...range(0, 70), opens: at(0) }, { ...range(100, 200), opens: at(0) }] }))).toEqual([0, 30, 120, 150]);
  });

  it('a visit longer than the step needs all of its time, not its first slot only', () => {
    expect(minutes(query({ stepMinutes: 15, busy: [range(45, 60)] }))).toEqual([0, 15, 60, 75, 90, 105, 120, 135, 150]);
  });

  it('buffers may hang over the edge of open hours but never over what is taken', () => {
    expect(minutes(query({ open: [range(0, 60)], bufferBeforeMinutes: 10, bufferAfterMinutes: 10 }))).toEqual([0, 30]);
    expect(minutes(query({ open: [range(0, 120)], bufferBeforeMinutes: 10, bufferAfterMinutes: 10, busy: [range(60, 70)] }))).toEqual([0, 90]);
  });

  it('a visit may run over midnight from one block into the next that touches it', () => {
    expect(minutes(query({ open: [range(0, 60), range(60, 120)], durationMinutes: 45 }))).toEqual([0, 30, 60]);
  });

  it('a room or device of each kind must be free for the whole time, the same one throughout', () => {
    expect(minutes(query({ open: [range(0, 60)], durationMinutes: 60, oneOf: [of([range(0, 30)], [range(30, 60)])] }))).toEqual([]);
    expect(minutes(query({ open: [range(0, 60)], oneOf: [of([range(0, 30)], [range(30, 60)])] }))).toEqual([0, 30]);
    expect(minutes(query({ oneOf: [of()] }))).toEqual([]);
  });

  it('what a room needs afterwards is the time of the room, not of the provider', () => {
    const cleaned = { ...of([range(70, 80)]), bufferAfterMinutes: 20 };
    expect(minutes(query({ oneOf: [cleaned] }))).toEqual([0, 90, 120, 150]);
    expect(minutes(query({ oneOf: [of([range(70, 80)])], bufferAfterMinutes: 20 }))).toEqual([0, 30, 90, 120, 150]);
  });

  it('two needs do not share one resource', () => {
    expect(minutes(query({ open: [range(0, 60)], oneOf: [of([]), of([])] }))).toEqual([]);
    expect(minutes(query({ open: [range(0, 60)], oneOf: [of([], [range(0, 30)]), of([])] }))).toEqual([30]);
  });

  it('minimum notice counts real minutes, the horizon calendar dates of the site', () => {
    const zone = parseZone('America/New_York');
    const asked = { start: instant(0), end: parseInstant('2030-01-01T00:00:00Z') };
    const window = bookableWindow(parseInstant('2026-03-08T06:30:00Z'), { minimumNoticeMinutes: 120, horizonDays: 1 }, asked, zone);
    expect(window).toEqual({ start: parseInstant('2026-03-08T08:30:00Z'), end: parseInstant('2026-03-10T04:00:00Z') });
  });

  it('P5: finds exactly what the rule, read word for word, allows', () => {
    fc.assert(fc.property(anyQuery, (q) => expect(findStarts(q)).toEqual(slowly(q))), { numRuns: 500 });
  });

  it('the first n of a lazy search are the first n of the whole, and each is a start of its own', () => {
    fc.assert(fc.property(anyQuery, fc.nat(5), (q, n) => {
      const all = findStarts(q);
      expect(findStarts(q, n)).toEqual(all.slice(0, n));
      for (const start of all.slice(0, 5)) expect(isStart(q, start)).toBe(true);
      for (const start of q.open.map((p) => instant(p.start + 60_000)).filter((s) => !all.includes(s) && s >= q.window.start && s < q.window.end)) expect(isStart(q, start)).toBe(false);
    }), { numRuns: 500 });
  });

  it('P6: every start in any zone lies in open wall time and never repeats, also where a night has 23, 24.5 or 25 hours', () => {
    const day = fc.integer({ min: 0, max: 2_000 }).map((n) => addDays('2024-01-01' as LocalDate, n));
    const near = fc.oneof(day, fc.constantFrom('2026-03-08', '2026-11-01', '2026-04-05', '2026-10-04', '2026-03-29', '2026-10-25', '2028-02-29', '2026-12-31').map((text) => text as LocalDate));
    fc.assert(fc.property(fc.constantFrom<Zone>(...zones), near, fc.constantFrom(['22:00', '06:00'], ['00:00', '24:00'], ['08:20', '17:00'], ['01:10', '04:00']), (zone, date, [from, to]) => {
      const hours = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: from as LocalTime, to: to as LocalTime, validFrom: '2020-01-01' as LocalDate, validTo: null }));
      const asked = rangeOfDays(date, addDays(date, 1), zone);
      const open = openRanges({ hours, exceptions: [], closures: [] }, asked, zone);
      const found = [...starts({ open, busy: [], durationMinutes: 20, bufferBeforeMinutes: 0, bufferAfterMinutes: 0, stepMinutes: 20, window: asked })];
      expect(found.length).toBeGreaterThan(0);
      expect(new Set(found).size).toBe(found.length);
      for (const start of found) {
        const wall = localTimeOf(start, zone);
        const inside = from! < to! ? wall >= from! && wall < to! : wall >= from! || wall < to!;
        // Why: where the opening minute falls into the gap, it is the same minute after it.
        const skipped = instantOf(localDateOf(start, zone), wall, zone) !== start;
        expect(inside || skipped).toBe(true);
      }
    }), { numRuns: 600 });
  });
});
