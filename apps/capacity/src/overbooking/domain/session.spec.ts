import fc from 'fast-check';
import { kept } from './distribution';
import { USUAL_WEIGHTS, type BookedSlots, outcomeOf, utilityOf } from './session';
import { showRate } from './show-rate';
import { waitsByBand } from './waits-by-band';

const rate = fc.double({ min: 0, max: 1, noNaN: true }).map(showRate);
const session = fc.array(fc.array(rate, { maxLength: 4 }), { minLength: 1, maxLength: 20 });
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** Every way in which the bookings can be kept or missed, followed one by one. */
function byEnumeration(slots: BookedSlots) {
  const bookings = slots.flatMap((rates, slot) => rates.map((one) => ({ slot, rate: one })));
  let [seen, wait, overtime, idle] = [0, 0, 0, 0];
  for (let kept = 0; kept < 2 ** bookings.length; kept++) {
    const came = bookings.map((_, i) => ((kept >> i) & 1) === 1);
    const chance = bookings.reduce((all, one, i) => all * (came[i] ? one.rate : 1 - one.rate), 1);
    const arrivals = slots.map((_, slot) => bookings.filter((one, i) => came[i] && one.slot === slot).length);
    let clock = 0;
    for (const [slot, people] of arrivals.entries()) {
      if (clock <= slot && people === 0) idle += chance;
      clock = Math.max(clock, slot);
      for (let person = 0; person < people; person++) { seen += chance; wait += chance * (clock - slot); clock++; }
    }
    overtime += chance * Math.max(0, clock - slots.length);
  }
  return { seen, wait, overtime, idle };
}

describe('the exact recursion of a session', () => {
  it('seen is the slots without the idle ones and with the overtime, whatever is booked', () => {
    fc.assert(fc.property(session, (slots) => {
      const { seen, idle, overtime } = outcomeOf(slots);
      expect(seen).toBeCloseTo(slots.length - idle + overtime, 9);
    }));
  });

  it('chances add up to one and none is negative', () => {
    fc.assert(fc.property(session, (slots) => {
      for (const chances of [...outcomeOf(slots).waiting, ...slots.map(kept)]) {
        expect(sum(chances)).toBeCloseTo(1, 9);
        expect(Math.min(...chances)).toBeGreaterThanOrEqual(0);
      }
    }));
  });

  it('is what following every case by hand gives', () => {
    const small = fc.array(fc.array(rate, { maxLength: 3 }), { minLength: 1, maxLength: 4 }).filter((slots) => slots.flat().length <= 8);
    fc.assert(fc.property(small, (slots) => {
      const { seen, wait, overtime, idle } = outcomeOf(slots);
      const byHand = byEnumeration(slots);
      for (const [mine, theirs] of [[seen, byHand.seen], [wait, byHand.wait], [overtime, byHand.overtime], [idle, byHand.idle]] as const) expect(mine).toBeCloseTo(theirs, 9);
    }));
  });

  it('one booking more never lessens who is seen, the wait or the overtime, and never adds idle time', () => {
    fc.assert(fc.property(session, fc.nat(), rate, (slots, at, more) => {
      const fuller = slots.map((rates, slot) => (slot === at % slots.length ? [...rates, more] : rates));
      const [before, after] = [outcomeOf(slots), outcomeOf(fuller)];
      expect(after.seen).toBeGreaterThanOrEqual(before.seen - 1e-9);
      expect(after.wait).toBeGreaterThanOrEqual(before.wait - 1e-9);
      expect(after.overtime).toBeGreaterThanOrEqual(before.overtime - 1e-9);
      expect(after.idle).toBeLessThanOrEqual(before.idle + 1e-9);
    }));
  });

  it('one booking a slot makes nobody wait', () => {
    fc.assert(fc.property(fc.array(rate, { minLength: 1, maxLength: 30 }), (rates) => {
      const outcome = outcomeOf(rates.map((one) => [one]));
      expect([outcome.wait, outcome.overtime]).toEqual([0, 0]);
      expect(utilityOf(outcome, USUAL_WEIGHTS)).toBeCloseTo(sum(rates), 9);
    }));
  });
});

describe('waits by band', () => {
  const band = (name: string, slots: number) => fc.record({ band: fc.constant(name), rate, bookingsPerSlot: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: slots, maxLength: slots }) });

  it('P20: the waits of all bands, each by who comes of it, are the wait of the session', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 10 }).chain((slots) => fc.tuple(fc.constant(slots), band('a', slots), band('b', slots))), ([slots, a, b]) => {
      const { bands } = waitsByBand(slots, [a, b]);
      const whole = outcomeOf(Array.from({ length: slots }, (_, slot) => [a, b].flatMap((one) => new Array(one.bookingsPerSlot[slot]!).fill(one.rate))));
      expect(sum(bands.map((one, i) => one.bookings * [a, b][i]!.rate * (one.waitPerSeen ?? 0)))).toBeCloseTo(whole.wait, 9);
    }));
  });

  it('P20: a band that is put into the doubled slots is seen to wait longer, and the gap is told', () => {
    const plan = [{ band: 'often-missed', rate: showRate(0.6), bookingsPerSlot: [2, 2, 0, 0, 0, 0] }, { band: 'rarely-missed', rate: showRate(0.9), bookingsPerSlot: [0, 0, 0, 1, 1, 1] }];
    const { bands, gap } = waitsByBand(6, plan);
    expect(bands[0]!.waitPerSeen!).toBeGreaterThan(bands[1]!.waitPerSeen!);
    expect(gap).toBe(true);
    expect(waitsByBand(2, [{ band: 'one', rate: showRate(0.8), bookingsPerSlot: [1, 0] }, { band: 'two', rate: showRate(0.8), bookingsPerSlot: [0, 1] }]).gap).toBe(false);
  });
});
