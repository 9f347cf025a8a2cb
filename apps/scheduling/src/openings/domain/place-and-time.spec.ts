import { addDays, instantOf, type LocalDate, type LocalTime, localTimeOf, parseZone, type PracticeId, instant } from '@slotmesh/kernel';
import fc from 'fast-check';
import { isInPartOfDay, isWithinReach, kilometresBetween, partsOfDay, placeFor } from './place-and-time';

const zones = ['America/New_York', 'America/Phoenix', 'Australia/Lord_Howe', 'America/St_Johns'].map(parseZone);
const boston = { latitude: 42.3601, longitude: -71.0589 };
const denver = { latitude: 39.7392, longitude: -104.9903 };
const point = fc.record({ latitude: fc.double({ min: -90, max: 90, noNaN: true }), longitude: fc.double({ min: -180, max: 180, noNaN: true }) });

describe('place and time', () => {
  it('P6: a start belongs to one part of the day, by the wall of its site, also on days of a change', () => {
    fc.assert(fc.property(fc.constantFrom(...zones), fc.oneof(fc.nat(3_000).map((n) => addDays('2024-01-01' as LocalDate, n)), fc.constantFrom('2026-03-08', '2026-11-01', '2026-10-04', '2026-04-05').map((d) => d as LocalDate)), fc.nat(1_439), (zone, date, minute) => {
      const start = instant(instantOf(date, '00:00' as LocalTime, zone) + minute * 60_000);
      const hour = Number(localTimeOf(start, zone).slice(0, 2));
      expect(partsOfDay.filter((part) => isInPartOfDay(start, zone, part))).toEqual([hour < 12 ? 'morning' : hour < 17 ? 'afternoon' : 'evening']);
    }));
  });

  it('knows how far Boston is from Denver, and nothing of a place without coordinates', () => {
    expect(kilometresBetween(boston, denver)).toBeCloseTo(2_845, -1);
    expect(kilometresBetween(boston, { latitude: null, longitude: null })).toBeNull();
  });

  it('P7: another practice measures to a sensitive place only roughly, whatever it asks, its own practice and whoever is told nothing exactly', () => {
    const [harbor, summit] = ['harbor', 'summit'] as [PracticeId, PracticeId];
    const quiet = { practice: summit, siteSensitive: true, latitude: 39.7294, longitude: -104.8319 };
    expect(placeFor(quiet, harbor)).toEqual({ latitude: 39.7, longitude: -104.8 });
    for (const by of [summit, undefined]) expect(placeFor(quiet, by)).toEqual({ latitude: 39.7294, longitude: -104.8319 });
    expect(placeFor({ ...quiet, siteSensitive: false }, harbor)).toEqual({ latitude: 39.7294, longitude: -104.8319 });
    expect(placeFor({ ...quiet, latitude: null, longitude: null }, harbor)).toEqual({ latitude: null, longitude: null });
    const atTheDoor = { latitude: 39.7294, longitude: -104.8319, radiusKm: 0.2 };
    expect([summit, harbor].map((by) => isWithinReach(placeFor(quiet, by), atTheDoor))).toEqual([true, false]);
    fc.assert(fc.property(point, point, (place, from) => {
      const moved = { ...quiet, latitude: Math.round(place.latitude * 10) / 10 + 0.04, longitude: Math.round(place.longitude * 10) / 10 - 0.04 };
      expect(kilometresBetween(from, placeFor(moved, harbor))).toBe(kilometresBetween(from, placeFor({ ...moved, latitude: moved.latitude - 0.07, longitude: moved.longitude + 0.07 }, harbor)));
    }));
  });

  it('distance is none to itself, the same both ways, and never more than half the way around', () => {
    fc.assert(fc.property(point, point, (a, b) => {
      expect(kilometresBetween(a, a)).toBe(0);
      expect(kilometresBetween(a, b)).toBeCloseTo(kilometresBetween(b, a)!, 6);
      expect(kilometresBetween(a, b)).toBeLessThanOrEqual(20_016);
    }));
  });
});
