import { providerId, serviceCode } from '@slotmesh/contracts';
import { DAY, HOUR, type Zone, formatInstant, instant, parseInstant } from '@slotmesh/kernel';
import * as fc from 'fast-check';
import { dates, many, rangeOf, reference, token, typedReference } from './values';

const zone = 'America/New_York' as Zone;
const uuid = '019b0000-0000-7000-8000-000000000000';
const range = (...given: string[]) => {
  const { from, to } = rangeOf(dates.parse(given), zone);
  return [from && formatInstant(from), to && formatInstant(to)];
};

describe('dates', () => {
  it.each([
    [['ge2026-12-01'], ['2026-12-01T05:00:00.000Z', null]], [['gt2026-12-01'], ['2026-12-02T05:00:00.000Z', null]], [['le2026-12-01'], [null, '2026-12-02T05:00:00.000Z']], [['lt2026-12-01'], [null, '2026-12-01T05:00:00.000Z']],
    [['2026-12-01'], ['2026-12-01T05:00:00.000Z', '2026-12-02T05:00:00.000Z']], [['eq2026-03-08'], ['2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z']],
    [['ge2026-12-01T09:00:00Z', 'lt2026-12-01T10:00:00-05:00'], ['2026-12-01T09:00:00.000Z', '2026-12-01T15:00:00.000Z']], [['ge2026-12-01T09:00:00 01:00'], ['2026-12-01T08:00:00.000Z', null]],
    [['ge2026-12-01', 'ge2026-12-03'], ['2026-12-03T05:00:00.000Z', null]],
  ])('P6: %j is %j: a date is a day of the zone, also the short one', (given, expected) => expect(range(...given)).toEqual(expected));

  it.each(['tomorrow', 'ne2026-12-01', 'ge2026-13-01', 'ge2026-12-01T09:00:00', 'ge', ''])('refuses %j', (given) => expect(dates.safeParse(given).success).toBe(false));

  it('takes exactly the instants that each bound says', () => {
    const at = fc.integer({ min: parseInstant('2026-01-01T00:00:00Z'), max: parseInstant('2027-12-31T00:00:00Z') });
    fc.assert(fc.property(at, at, fc.constantFrom('ge', 'gt', 'le', 'lt', 'eq'), (bound, other, prefix) => {
      const { from, to } = rangeOf(dates.parse(`${prefix}${formatInstant(instant(bound))}`), zone);
      const taken = (ms: number): boolean => (from === null || ms >= from) && (to === null || ms < to);
      const says = { ge: other >= bound, gt: other > bound, le: other <= bound, lt: other < bound, eq: other === bound }[prefix];
      expect(taken(other)).toBe(says);
      expect(taken(bound)).toBe(prefix !== 'gt' && prefix !== 'lt');
    }));
  });

  it('gives every day its own hours: days follow each other without gap or overlap', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 720 }), (day) => {
      const date = (offset: number): string => formatInstant(instant(parseInstant('2026-01-01T12:00:00Z') + (day + offset) * DAY)).slice(0, 10);
      const [today, next] = [rangeOf(dates.parse(date(0)), zone), rangeOf(dates.parse(date(1)), zone)];
      expect(today.to).toBe(next.from);
      expect([23, 24, 25]).toContain((today.to! - today.from!) / HOUR);
    }));
  });
});

describe('references and tokens', () => {
  it.each([uuid, `Practitioner/${uuid}`, `http://localhost:8080/fhir/R4/Practitioner/${uuid}`])('reads %s', (given) => expect(reference('Practitioner', providerId).parse(given)).toBe(uuid));
  it.each(['', `Location/${uuid}`, 'Practitioner/', 'Practitioner/1', `a/b/${uuid}`])('refuses %j as a Practitioner', (given) => expect(reference('Practitioner', providerId).safeParse(given).success).toBe(false));
  it('reads an actor by its type, which must be named', () => {
    const actor = typedReference('Practitioner', 'Location');
    expect(actor.parse(`Location/${uuid}`)).toEqual({ type: 'Location', id: uuid });
    for (const given of [uuid, `Patient/${uuid}`]) expect(actor.safeParse(given).success).toBe(false);
  });
  it.each(['echo', '|echo', 'urn:x|echo'])('reads the code of %s', (given) => expect(token('urn:x', serviceCode).parse(given)).toBe('echo'));
  it.each(['urn:y|echo', 'urn:x|', 'a|b|c'])('refuses %s', (given) => expect(token('urn:x', serviceCode).safeParse(given).success).toBe(false));
  it('reads lists with commas, repeated parameters and both', () => {
    for (const given of ['echo,skin-check', ['echo', 'skin-check'], ['echo,skin-check']]) expect(many(token('urn:x', serviceCode)).parse(given)).toEqual(['echo', 'skin-check']);
  });
});
