import { changesTold } from './changes-told';
import type { MeasureItem } from './measure-answers';
import { valueOver, valueShown } from './value-shown';

const of = (period: string, value: number, over: Partial<MeasureItem> = {}): MeasureItem => ({ period, numerator: value * 10, denominator: 10, value, limits: { centre: 5, lower: 2, upper: 8 }, flag: null, ...over });

describe('what a series is said to mean', () => {
  it('P18: only a period outside of its control limits is called a change, and it is named', () => {
    const calm = [of('2026-11-02', 3), of('2026-11-09', 7.9)];
    expect(changesTold('week', calm, 'days')).toMatch(/^No change: every week lies within its limits \(newest: 2 to 8\)/);
    expect(changesTold('week', [...calm, of('2026-11-16', 9, { flag: 'above' })], 'days').replace(/\s+/g, ' ')).toBe('Change: November 16 – 22, 2026 above the limits (limits of the newest week: 2 to 8).');
    const low = { flag: 'below' } as const;
    const longer = changesTold('week', [of('2026-10-19', 9, { flag: 'above' }), of('2026-10-26', 1, low), of('2026-11-02', 1, low), of('2026-11-09', 3), of('2026-11-16', 1, low)], 'days');
    expect(longer.replace(/\s+/g, ' ')).toMatch(/^Change: October 19 – 25, 2026 above the limits; October 26 – November 8, 2026 below the limits; November 16 – 22, 2026 below the limits \(/);
  });
  it('P18: where no limits can be drawn it says so, however far the numbers lie apart', () => {
    expect(changesTold('month', [of('2026-10', 1, { limits: null }), of('2026-11', 90, { limits: null })], 'days')).toMatch(/^Fewer than eight months/);
    expect(changesTold('day', [of('2026-11-02', 3)], 'days')).not.toMatch(/[Cc]hange/);
  });
  it('names the unit, and makes a number of several periods of what they were made of, not of their values', () => {
    expect([valueShown(1, 'days'), valueShown(4.875, 'days'), valueShown(0.125, 'share'), valueShown(1, 'visits per hour')]).toEqual(['1 day', '4.88 days', '12.5%', '1 visits per hour']);
    const uneven = [of('2026-11-02', 1, { numerator: 90, denominator: 90 }), of('2026-11-09', 0, { numerator: 0, denominator: 10 })];
    expect([valueOver({ kind: 'share', items: uneven }), valueOver({ kind: 'sum', items: uneven }), valueOver({ kind: 'share', items: [] })]).toEqual([0.9, 90, null]);
  });
});
