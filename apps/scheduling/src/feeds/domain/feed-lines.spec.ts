import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { formatInstant, localTimeOf, offsetAt, parseZone } from '@slotmesh/kernel';
import { readLocation } from './feed-location';
import { feedManifest, practiceCodeOf } from './feed-manifest';
import { REPEATED, emptyReport, lastOfEach, readLines } from './feed-report';
import { readSchedule } from './feed-schedule';
import { type FeedSlot, isSafeLink, readSlot } from './feed-slot';
import { readPostalCode } from './postal-code';
import type { Reading } from './reading';
import { NO_OFFSET, OTHER_SEASON, readSlotTime } from './slot-time';
import { zoneOfPlace } from './state-zone';

const samples = join(__dirname, '../../../test/samples/feed');
const linesOf = (name: string): string[] => readFileSync(join(samples, name), 'utf8').split(/\r?\n/);
const newYork = parseZone('America/New_York');
const place = { zone: newYork, phone: null };
const taken = <T>(reading: Reading<T>): T => {
  if ('refused' in reading) throw new Error(reading.refused);
  return reading.taken;
};
const slot = (more: object, base: object = {}): string => JSON.stringify({
  resourceType: 'Slot', id: '116', schedule: { reference: 'Schedule/116' }, status: 'free', start: '2031-07-02T09:00:00-04:00', end: '2031-07-02T21:00:00-04:00',
  extension: [{ url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/booking-deep-link', valueUrl: 'https://example.com/book' }], ...base, ...more,
});

describe('times of a feed', () => {
  const read = (text: string, zone = newYork): [string, string[]] => {
    const mended: string[] = [];
    return [formatInstant(readSlotTime(text, zone, (rule) => mended.push(rule))), mended];
  };

  it('an offset of the other half of the year is a constant of the publisher: the wall time stands', () => {
    expect(read('2023-03-24T09:00:00-05:00')).toEqual(['2023-03-24T13:00:00.000Z', [OTHER_SEASON]]);
    expect(read('2023-12-24T09:00:00-04:00')).toEqual(['2023-12-24T14:00:00.000Z', [OTHER_SEASON]]);
    expect(read('2021-09-05T09:00:00.000-08:00', parseZone('America/Los_Angeles'))).toEqual(['2021-09-05T16:00:00.000Z', [OTHER_SEASON]]);
  });

  it('an offset that the zone has then, or never, is taken at its word; one that is missing is read on the wall', () => {
    expect(read('2023-03-24T09:00:00-04:00')).toEqual(['2023-03-24T13:00:00.000Z', []]);
    expect(read('2023-03-24T13:00:00Z')).toEqual(['2023-03-24T13:00:00.000Z', []]);
    expect(read('2023-03-24T09:00:00+01:00')).toEqual(['2023-03-24T08:00:00.000Z', []]);
    expect(read('2023-03-24T09:00:00')).toEqual(['2023-03-24T13:00:00.000Z', [NO_OFFSET]]);
    expect(read('2023-03-24T09:00:00-05:00', parseZone('America/Phoenix'))).toEqual(['2023-03-24T14:00:00.000Z', []]);
  });

  it('both hours of the repeated hour of autumn are told apart by their offsets', () => {
    expect(read('2023-11-05T01:30:00-04:00')).toEqual(['2023-11-05T05:30:00.000Z', []]);
    expect(read('2023-11-05T01:30:00-05:00')).toEqual(['2023-11-05T06:30:00.000Z', []]);
  });

  it('P6: with its right offset every instant comes back as itself; with the offset of the other season the clock on the wall shows what was written', () => {
    fc.assert(fc.property(fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2037, 0, 1) }), fc.constantFrom('America/New_York', 'America/Los_Angeles', 'America/Phoenix', 'America/Chicago'), fc.boolean(), (ms, name, right) => {
      const zone = parseZone(name);
      const at = Math.floor(ms / 1_000) * 1_000;
      const offset = offsetAt(at, zone);
      const other = [Date.UTC(2030, 0, 1), Date.UTC(2030, 6, 1)].map((day) => offsetAt(day, zone)).find((one) => one !== offset) ?? offset;
      const written = right ? offset : other;
      const wall = new Date(at + offset * 60_000).toISOString().slice(0, 19);
      const sign = written < 0 ? '-' : '+';
      const text = `${wall}${sign}${String(Math.abs(written) / 60).padStart(2, '0')}:00`;
      const read = readSlotTime(text, zone, () => undefined);
      if (right) expect(read).toBe(at);
      // Why not always: in the hours that exist twice or never the wall alone cannot say which.
      else if (offsetAt(at - 3 * 3_600_000, zone) === offset && offsetAt(at + 3 * 3_600_000, zone) === offset) expect([read, localTimeOf(read, zone)]).toEqual([at, wall.slice(11, 16)]);
    }), { numRuns: 2_000 });
  });
});

describe('slots of a feed', () => {
  it('refuses by a rule whatever cannot be read, and never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.object().map((value) => slot(value))), (line) => {
      const reading = readSlot(line, () => place);
      if ('refused' in reading) expect(reading.refused.length).toBeGreaterThan(0);
      else expect(reading.taken.end).toBeGreaterThan(reading.taken.start);
    }), { numRuns: 1_000 });
    for (const read of [readLocation, readSchedule]) fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (line) => expect(read(line)).toBeDefined()));
  });

  it.each([
    [slot({ schedule: { reference: 'Location/1' } }), 'schedule: must name a Schedule'],
    [slot({ end: '2031-07-02T09:00:00-04:00' }), 'end: not after start'],
    [slot({ start: '2031-02-30T09:00:00-05:00' }), 'time: no such date or time of day'],
    [slot({ start: 'tomorrow' }), 'time: not RFC 3339'],
    [slot({ extension: [] }), 'extension: neither an https booking link nor a phone that can exist'],
    [slot({ end: '2032-07-02T09:00:00-04:00' }), 'end: more than 31 days after start'],
    [slot({ extension: [{ url: 'slot-capacity', valueInteger: 1.5 }] }), 'slot-capacity: must be a whole number, 0 or more'],
    [null, 'the line is longer than 256 KiB'],
    ['{', 'the line is not JSON'],
  ])('refuses %s', (line, refused) => expect(readSlot(line, () => place)).toEqual({ refused }));

  it('a slot whose schedule is not known is refused', () => expect(readSlot(slot({}), () => null)).toEqual({ refused: 'schedule: not in the feed, or refused' }));

  it('only https links are shown to a desk; a phone takes their place, the own or the site’s', () => {
    for (const text of ['http://example.com', 'javascript:alert(1)', 'https://user:pass@example.com/', 'https://', '//example.com', ' https://example.com', 'data:text/html,x']) expect([text, isSafeLink(text)]).toEqual([text, false]);
    expect(isSafeLink('https://example.com//a?b=c#d')).toBe(true);
    const phone = taken(readLocation(linesOf('locations-ALL.ndjson')[0]!)).phone;
    expect(taken(readSlot(slot({ extension: [{ url: 'booking-deep-link', valueUrl: 'http://example.com' }] }), () => ({ ...place, phone })))).toMatchObject({ link: null, phone: '+18565550142' });
  });
});

describe('places of a feed', () => {
  it.each([['8332-3762', 'NJ', '08332-3762'], ['7002-126', 'NJ', '07002-0126'], ['8332', 'NJ', '08332'], ['98944', 'WA', '98944'], ['926', 'PR', '00926'], ['021085', 'MA', null], ['9894', 'WA', null], ['K1A 0B1', 'NY', null]])('%s in %s is %s', (text, state, postalCode) => {
    expect(readPostalCode(text, state)?.postalCode ?? null).toBe(postalCode);
  });

  it('a state with one zone has it; one with two asks where; no position or no state, no zone', () => {
    expect(zoneOfPlace('NJ', null)).toEqual({ zone: 'America/New_York', guessed: false });
    expect(zoneOfPlace('WA', null)).toEqual({ zone: 'America/Los_Angeles', guessed: false });
    expect(zoneOfPlace('AZ', null)).toEqual({ zone: 'America/Phoenix', guessed: false });
    const at = (state: string, latitude: number, longitude: number): string | undefined => zoneOfPlace(state, { latitude, longitude })?.zone;
    expect([at('FL', 25.76, -80.19), at('FL', 30.42, -87.21), at('TX', 29.76, -95.37), at('TX', 31.76, -106.49), at('IN', 39.77, -86.16), at('IN', 41.59, -87.35), at('IN', 37.97, -87.57), at('OR', 45.52, -122.68), at('OR', 44.03, -116.96), at('ID', 43.62, -116.2), at('ID', 47.68, -116.78), at('TN', 36.16, -86.78), at('TN', 35.96, -83.92), at('KY', 38.25, -85.76), at('KY', 37.08, -88.6), at('MI', 42.33, -83.05)])
      .toEqual(['America/New_York', 'America/Chicago', 'America/Chicago', 'America/Denver', 'America/Indiana/Indianapolis', 'America/Chicago', 'America/Chicago', 'America/Los_Angeles', 'America/Boise', 'America/Boise', 'America/Los_Angeles', 'America/Chicago', 'America/New_York', 'America/New_York', 'America/Chicago', 'America/Detroit']);
    expect([zoneOfPlace('KY', null), zoneOfPlace('ZZ', { latitude: 1, longitude: 1 })]).toEqual([null, null]);
    for (const state of 'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY'.split(' ')) {
      expect(() => parseZone(zoneOfPlace(state, { latitude: 40, longitude: -90 })!.zone)).not.toThrow();
    }
  });
});

describe('the invented feed with every quirk', () => {
  it('its manifest: the address without slash and query, the files in kinds, the practice from the host', () => {
    const manifest = feedManifest.parse(JSON.parse(readFileSync(join(samples, 'bulk-publish.json'), 'utf8')));
    expect(manifest).toMatchObject({ address: 'https://api.sunrise-pharmacy.example/smart/$bulk-publish', publishedAt: Date.UTC(2031, 5, 30, 20, 27, 12, 613) });
    expect(manifest.files).toHaveLength(6);
    expect(['https://api.riteaid.com/digital', 'https://prepmod.doh.wa.gov/api', 'https://example.org', 'http://127.0.0.1:80/x', 'http://localhost:1/x'].map(practiceCodeOf)).toEqual(['riteaid', 'prepmod', 'example', null, 'localhost']);
  });

  it('is taken, mended and refused line by line', () => {
    const [places, schedules, slots] = [emptyReport(), emptyReport(), emptyReport()];
    const zones = new Map(readLines(places, 0, linesOf('locations-ALL.ndjson'), readLocation).map(({ value }) => [value.externalId, value]));
    const given = readLines(schedules, 0, linesOf('schedules-ALL.ndjson'), readSchedule).filter(({ value }) => zones.has(value.location));
    const read = readLines<FeedSlot>(slots, 0, linesOf('slots-ALL.ndjson'), (line) => readSlot(line, (id) => zones.get(given.find(({ value }) => value.externalId === id)?.value.location ?? '') ?? null));
    const kept = lastOfEach(slots, read, ({ schedule, start }) => `${schedule} ${start}`);
    expect({ places, schedules, slots }).toMatchSnapshot();
    expect(kept.map(({ schedule, start, end, free, capacity, link, phone }) => [schedule, formatInstant(start), (end - start) / 60_000, free, capacity, link, phone])).toMatchSnapshot();
    expect(slots.mended[REPEATED]).toBe(1);
    expect([...zones.values()].map(({ name, zone, phone, address }) => [name, zone, phone, address.postalCode])).toEqual([
      ['Sunrise Pharmacy, 12 Linden Street, Millbrook', 'America/New_York', '+18565550142', '08332-3762'], ['Sunrise Pharmacy, 3 Harbor Road, Bayfield', 'America/New_York', null, '07002-0126'],
      ['Sunrise Pharmacy, 77 Cedar Way, Sunnyvale Falls', 'America/Los_Angeles', null, '98944'], ['Sunrise Pharmacy, 5 Gulf Drive, Pensacola Bay', 'America/Chicago', '+18505550107', '32501'],
    ]);
  });
});
