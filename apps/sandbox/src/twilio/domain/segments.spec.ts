import fc from 'fast-check';
import { segment } from './segments';

describe('segments of a text', () => {
  it.each([
    ['', 1],
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['a'.repeat(306), 2],
    ['a'.repeat(307), 3],
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
  ])('counts GSM-7 text %#', (body, segments) => {
    expect(segment(body)).toEqual({ encoding: 'GSM-7', segments });
  });

  it.each([
    ['á'.repeat(70), 1],
    ['á'.repeat(71), 2],
    ['á'.repeat(134), 2],
    ['á'.repeat(135), 3],
    ['👍'.repeat(35), 1],
    ['👍'.repeat(36), 2],
  ])('counts UCS-2 text %#', (body, segments) => {
    expect(segment(body)).toEqual({ encoding: 'UCS-2', segments });
  });

  it('does not cut an escape pair at the end of a part', () => {
    expect(segment('a'.repeat(152) + '€' + 'a'.repeat(152)).segments).toBe(3);
  });

  it('one curly apostrophe turns one segment into three', () => {
    const plain = "Your visit's at 3. ".repeat(8);
    expect(segment(plain).segments).toBe(1);
    expect(segment(plain.replace("'", '’')).segments).toBe(3);
  });

  it('never needs fewer parts for a longer text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.string({ unit: 'grapheme', maxLength: 60 }), (a, b) => segment(a + b).segments >= segment(a).segments));
  });
});
