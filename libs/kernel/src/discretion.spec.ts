import fc from 'fast-check';
import { type NameReader, nameFor, neutralSite, staffReading } from './discretion';

const told: Readonly<Record<NameReader, string | null>> = { 'own-staff': 'Recovery Center', 'behind-birth-date': 'Recovery Center', elsewhere: 'Worcester', 'over-a-shoulder': 'Worcester', statistics: 'Worcester', public: null };
const name = (reader: NameReader, sensitive: boolean): string | null => (reader === 'public' ? nameFor(reader, { name: 'Recovery Center', sensitive }, 'Worcester') : nameFor(reader, { name: 'Recovery Center', sensitive }, 'Worcester'));

describe('names that tell why somebody comes', () => {
  it.each(Object.entries(told))('reader %s is told %s', (reader, expected) => {
    expect(name(reader as NameReader, true)).toBe(expected);
    expect(name(reader as NameReader, false)).toBe('Recovery Center');
  });

  it('are for the practice whose they are, and for nobody who belongs to another or to none', () => {
    fc.assert(fc.property(fc.string(), fc.option(fc.string()), (owner, reader) => staffReading(owner, reader) === (owner === reader ? 'own-staff' : 'elsewhere')));
    expect(staffReading('harbor', null)).toBe('elsewhere');
  });

  it('leaves a site its city, where that is known', () => expect([neutralSite('Worcester'), neutralSite('')]).toEqual(['Worcester', 'Office']));
});
