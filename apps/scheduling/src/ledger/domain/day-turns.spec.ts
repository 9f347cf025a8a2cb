import { type AgreementId, DAY, HOUR, type LocalDate, type PracticeId, instantOf, parseInstant, parseZone, plusMs } from '@slotmesh/kernel';
import type { Agreement, ShareRule } from '../../agreements/domain/share-rule';
import { nextTurn } from './day-turns';

const denver = parseZone('America/Denver');
const [host, guest] = ['summit', 'harbor'] as PracticeId[] as [PracticeId, PracticeId];
const date = '2027-03-20' as LocalDate;
const midnight = (day: string, zone = denver) => instantOf(day as LocalDate, '00:00' as never, zone);
const ends = midnight('2027-03-21');
const rule: ShareRule = { id: 'all', host, partners: null, visitTypes: null, services: null, sites: null, providers: null, opensDaysBefore: 30, returnsHoursBefore: 2, dailyQuota: null, blackoutDates: [], hours: null };
const agreed = (more: Partial<ShareRule>, terms: Partial<Agreement> = {}): Agreement => ({ id: 'a' as AgreementId, version: 1, practices: [guest, host], from: parseInstant('2026-01-01T00:00:00Z'), until: null, blackoutDates: [], rules: [{ ...rule, ...more }], ...terms });
const turns = (agreement: Agreement, zones = [denver]): number[] => {
  const found: number[] = [];
  for (let now = midnight('2027-02-01'); now < ends; now = nextTurn(date, ends, zones, { agreements: [agreement], host, horizons: [180], now })) found.push(now);
  return found.slice(1);
};

describe('when time alone changes what is open of a date', () => {
  test('it opens to neighbours, later to the network, and while own patients wait on the dates before it', () => {
    expect(turns(agreed({ networkDaysBefore: 10, ownFirstDays: 5 }))).toEqual(['2027-02-18', '2027-03-10', '2027-03-15', '2027-03-19', '2027-03-20'].map((day) => midnight(day)));
  });

  test('dates turn at each midnight of a host with sites in several zones, also where clocks change between', () => {
    const eastern = parseZone('America/New_York');
    expect(turns(agreed({ opensDaysBefore: 10 }), [eastern, denver])).toEqual(['2027-03-10', '2027-03-19', '2027-03-20'].flatMap((day) => [midnight(day, eastern), midnight(day)]));
    expect(midnight('2027-03-10') - midnight('2027-03-10', eastern)).toBe(2 * HOUR);
  });

  test('data may go no more', () => {
    const over = plusMs(midnight('2027-03-12'), 5 * HOUR);
    expect(turns(agreed({}, { dataSharedUntil: over }))).toContain(over);
    expect(turns(agreed({}, { dataSharedUntil: plusMs(ends, DAY) })).length).toBe(3);
  });
});
