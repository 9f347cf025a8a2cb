import { DAY, parseInstant, plusMs } from '@slotmesh/kernel';
import { type EarlierVisit, riskOf } from './risk';

const now = parseInstant('2026-07-01T12:00:00Z');
const ago = (days: number, outcome: EarlierVisit['outcome']): EarlierVisit => ({ outcome, start: plusMs(now, -days * DAY) });

describe('the risk to miss a visit', () => {
  it('is high after two missed visits within twelve months, or where the last one was missed', () => {
    expect(riskOf([ago(300, 'noshow'), ago(200, 'noshow'), ago(100, 'fulfilled')], now)).toBe('high');
    expect(riskOf([ago(900, 'fulfilled'), ago(800, 'noshow')], now)).toBe('high');
    expect(riskOf([ago(10, 'noshow')], now)).toBe('high');
  });

  it('is normal otherwise: a first visit, one missed long ago, two of which one is older than a year', () => {
    expect(riskOf([], now)).toBe('normal');
    expect(riskOf([ago(100, 'fulfilled'), ago(200, 'noshow')], now)).toBe('normal');
    expect(riskOf([ago(366, 'noshow'), ago(200, 'noshow'), ago(100, 'fulfilled')], now)).toBe('normal');
    expect(riskOf([ago(365, 'noshow'), ago(200, 'noshow'), ago(100, 'fulfilled')], now)).toBe('high');
  });

  it('P20: knows nothing of a person but how and when earlier visits ended, in whatever order they come', () => {
    const visits = [ago(1, 'fulfilled'), ago(30, 'noshow'), ago(60, 'noshow')];
    expect(riskOf(visits, now)).toBe(riskOf(visits.toReversed(), now));
    expect(Object.keys(ago(1, 'noshow')).sort()).toEqual(['outcome', 'start']);
  });
});
