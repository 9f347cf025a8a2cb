import { DAY, HOUR, type LocalDate, type LocalTime, type PracticeId, type ServiceCode, parseInstant, parseZone, plusMs } from '@slotmesh/kernel';
import { type FreedTime, type Wish, suits } from './wish';

// Sunday, the clocks of Denver went forward that night: 15:30Z is 9:30 on the wall.
const time: FreedTime = { host: 'summit' as PracticeId, service: 'skin-check' as ServiceCode, start: parseInstant('2026-03-08T15:30:00Z'), zone: parseZone('America/Denver'), latitude: 39.74, longitude: -104.99 };
const wish: Wish = { service: time.service, practices: null, weekdays: null, from: null, to: null, earliest: null, latest: null, near: null, noticeMinutes: 0 };
const before = plusMs(time.start, -DAY);

describe('what a waiting patient would take', () => {
  it.each<[string, Partial<Wish>, boolean]>([
    ['anything', {}, true],
    ['another service', { service: 'echo' as ServiceCode }, false],
    ['a practice that is accepted', { practices: ['summit' as PracticeId] }, true],
    ['only another practice', { practices: ['desert' as PracticeId] }, false],
    ['Sundays', { weekdays: [7] }, true],
    ['weekdays only', { weekdays: [1, 2, 3, 4, 5] }, false],
    ['P6: from 9:30 of the wall clock, on the day of the change too', { from: '09:30' as LocalTime }, true],
    ['P6: after 9:30 of the wall clock', { from: '09:31' as LocalTime }, false],
    ['before 9:30, which 9:30 is not', { to: '09:30' as LocalTime }, false],
    ['from a date of the site on', { earliest: '2026-03-08' as LocalDate }, true],
    ['until the day before', { latest: '2026-03-07' as LocalDate }, false],
    ['a place within reach', { near: { latitude: 39.7, longitude: -105, radiusKm: 10 } }, true],
    ['a place out of reach', { near: { latitude: 42.36, longitude: -71.06, radiusKm: 100 } }, false],
    ['a day of notice', { noticeMinutes: 24 * 60 }, true],
    ['more notice than is left', { noticeMinutes: 24 * 60 + 1 }, false],
  ])('%s', (_, narrowed, expected) => expect(suits({ ...wish, ...narrowed }, time, before)).toBe(expected));

  it('is not a site whose place nobody knows, where a way was named', () => {
    expect(suits({ ...wish, near: { latitude: 39.7, longitude: -105, radiusKm: 10 } }, { ...time, latitude: null, longitude: null }, plusMs(before, HOUR))).toBe(false);
  });
});
