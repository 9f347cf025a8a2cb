import { type LocalDate, type LocalTime, type ServiceCode, type SiteId, type VisitTypeId, type Zone, MINUTE, addDays, instantOf, localDateOf, parseZone, plusMs, union, weekdayOf } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type Schedule, openRanges, rangeOfDays } from '../../availability/domain/working-hours';
import { type PlaceOfWork, supplyOf } from './supply-of-date';

// Unlike changes: an hour, none, 30 minutes, and one at midnight.
const zones = ['America/New_York', 'America/Phoenix', 'Australia/Lord_Howe', 'America/Havana', 'Europe/London'].map(parseZone);
const schedule = (blocks: readonly (readonly [number, string, string])[]): Schedule => ({ hours: blocks.map(([weekday, from, to]) => ({ weekday, from: from as LocalTime, to: to as LocalTime, validFrom: '2020-01-06' as LocalDate, validTo: null })), exceptions: [], closures: [] });
const lent = (zone: Zone, hours: Schedule, durationMinutes = 30): PlaceOfWork => ({
  site: 'site' as SiteId, zone, schedule: hours, rules: null, visits: [{ visitType: 'type' as VisitTypeId, service: 'echo' as ServiceCode, durationMinutes, extraMinutes: 0, isLent: () => true }],
});
const roundTheClock = schedule([1, 2, 3, 4, 5, 6, 7].map((day) => [day, '00:00', '24:00']));
const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30')).map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`);
const week = fc.array(fc.tuple(fc.integer({ min: 1, max: 7 }), time, time), { minLength: 1, maxLength: 8 }).map(schedule);
const date = fc.oneof(fc.integer({ min: 0, max: 3_650 }).map((days) => addDays('2020-02-01' as LocalDate, days)), fc.constantFrom('2026-03-08', '2026-11-01', '2026-03-29', '2026-10-25', '2026-04-05', '2026-10-04').map((day) => day as LocalDate));

describe('what a date of a provider holds', () => {
  it('P6: who works round the clock has as many minutes as the day is long, and every service and partner could have them all', () => {
    fc.assert(fc.property(fc.constantFrom(...zones), date, (zone, day) => {
      const { start, end } = rangeOfDays(day, day, zone);
      const minutes = (end - start) / MINUTE;
      expect(supplyOf(day, [lent(zone, roundTheClock)])).toEqual({ minutes, shared: minutes, sites: [{ site: 'site', zone, minutes }], services: [{ service: 'echo', minutes }] });
    }));
    expect(['2026-03-08', '2026-11-01', '2026-11-02'].map((day) => supplyOf(day as LocalDate, [lent(zones[0]!, roundTheClock)]).minutes)).toEqual([1_380, 1_500, 1_440]);
    expect(supplyOf('2026-04-05' as LocalDate, [lent(zones[2]!, roundTheClock)]).minutes).toBe(1_470);
  });

  it('P6: the dates of a fortnight together hold every minute of the hours once, also of nights and where the clocks change', () => {
    fc.assert(fc.property(fc.constantFrom(...zones), date, week, (zone, first, hours) => {
      const range = rangeOfDays(first, addDays(first, 13), zone);
      const whole = union(openRanges(hours, range, zone)).reduce((sum, { start, end }) => sum + Math.max(0, Math.min(end, range.end) - Math.max(start, range.start)), 0) / MINUTE;
      const days = Array.from({ length: 14 }, (_, n) => supplyOf(addDays(first, n), [lent(zone, hours)]));
      expect(days.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(whole);
      for (const { minutes, shared, services } of days) expect([shared <= minutes, services.every((service) => service.minutes === minutes)]).toEqual([true, true]);
    }));
  });

  it('P6: a minute counts on the date that the wall of its site shows then', () => {
    fc.assert(fc.property(fc.constantFrom(...zones), date, week, (zone, day, hours) => {
      const around = { start: plusMs(instantOf(addDays(day, -1), '00:00' as LocalTime, zone), 0), end: instantOf(addDays(day, 2), '00:00' as LocalTime, zone) };
      let minutes = 0;
      for (const { start, end } of union(openRanges(hours, around, zone))) for (let at = start; at < end; at = plusMs(at, MINUTE)) if (localDateOf(at, zone) === day) minutes += 1;
      expect(supplyOf(day, [lent(zone, hours)]).minutes).toBe(minutes);
    }), { numRuns: 40 });
  });

  it('hours at two sites at one time are one time, and visits that overlap are shared once', () => {
    const monday = '2026-11-30' as LocalDate;
    expect(weekdayOf(monday)).toBe(1);
    const [boston, phoenix] = [lent(zones[0]!, schedule([[1, '09:00', '12:00']]), 60), { ...lent(zones[1]!, schedule([[1, '09:00', '12:00']]), 45), site: 'west' as SiteId }];
    // 14:00 to 17:00 and 16:00 to 19:00 of UTC; visits of 45 minutes on a grid of 15 reach to the end.
    expect(supplyOf(monday, [boston, phoenix])).toEqual({ minutes: 300, shared: 300, sites: [{ site: 'site', zone: zones[0], minutes: 180 }, { site: 'west', zone: zones[1], minutes: 180 }], services: [{ service: 'echo', minutes: 300 }] });
  });
});
