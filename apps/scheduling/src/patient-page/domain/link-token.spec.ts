import { randomBytes } from 'node:crypto';
import { type AppointmentId, type PatientId, instant, newId } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type PatientLink, readLink, signLink } from './link-token';

const key = randomBytes(32);
const link = fc.record({
  appointment: fc.uuid().map((id) => id as AppointmentId), patient: fc.uuid().map((id) => id as PatientId), representative: fc.option(fc.uuid()), expires: fc.integer({ min: 0, max: 4_102_444_800 }).map((s) => instant(s * 1_000)),
}) satisfies fc.Arbitrary<PatientLink>;

describe('the text of a link', () => {
  it('gives back what was signed, in characters that a URL carries as they are', () => {
    fc.assert(fc.property(link, (value) => {
      const text = signLink(key, value);
      expect(text).toMatch(/^[A-Za-z0-9_-]{70,100}$/);
      expect(readLink(key, text)).toEqual(value);
    }));
  });

  it('is read by no other key, and not after any one character was changed, dropped or added', () => {
    fc.assert(fc.property(link, fc.nat(), fc.constantFrom(...'ABCXYZabcxyz0189-_'), (value, where, letter) => {
      const text = signLink(key, value);
      const at = where % text.length;
      expect(readLink(randomBytes(32), text)).toBeNull();
      if (text[at] !== letter) expect(readLink(key, text.slice(0, at) + letter + text.slice(at + 1))).toBeNull();
      expect(readLink(key, text.slice(0, at) + text.slice(at + 1))).toBeNull();
      expect(readLink(key, text.slice(0, at) + letter + text.slice(at))).toBeNull();
    }));
  });

  it('takes any text without a fuss', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => readLink(key, text) === null));
    expect(readLink(key, '')).toBeNull();
  });

  it("does not take a patient's link for a representative's: the kind is signed, too", () => {
    const own = signLink(key, { appointment: newId(), patient: newId(), representative: null, expires: instant(0) });
    const bytes = Buffer.from(own, 'base64url');
    bytes[0] = 2;
    expect(readLink(key, bytes.toString('base64url'))).toBeNull();
  });
});
