import fc from 'fast-check';
import { NameImpossible, parseName } from './name';

describe('name', () => {
  it('is kept as its bearer writes it', () => {
    for (const text of ['Ana María', "O'Brien", 'D’Angelo', 'Nguyễn', 'Kealiʻi', 'Smith-Jones', 'van der Berg', '李小龙', 'محمد', 'Aaron697', 'King, Jr.', 'J. R.']) expect(parseName(text)).toBe(text.normalize('NFC'));
    expect(parseName('  Ana \t  Ruiz ')).toBe('Ana Ruiz');
    expect(parseName('Jose\u0301')).toBe('José');
  });

  it('never becomes a link in a text', () => {
    expect(parseName('St.John')).toBe('St. John');
    expect(parseName('evil.com')).toBe('evil. com');
    for (const text of ['https://evil.example', 'www.evil.example/x', 'a@b.example']) expect(() => parseName(text.includes('/') || text.includes('@') ? text : `${text}/`)).toThrow(NameImpossible);
  });

  it('is refused when it is none', () => {
    for (const text of ['', '   ', '123', '-', 'a'.repeat(101), 'Ana\nRuiz', 'Ana\u202eRuiz', 'Ana\u0000', '<b>Ana</b>', '{{name}}', 'Ana; DROP']) expect(() => parseName(text)).toThrow(NameImpossible);
  });

  it('read once, it reads the same again, whatever was typed', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 120 }), fc.stringMatching(/^[A-Za-zÀ-ž .'-]{1,60}$/)), (text) => {
      let name: string;
      try {
        name = parseName(text);
      } catch (error) {
        expect(error).toBeInstanceOf(NameImpossible);
        return;
      }
      expect(parseName(name)).toBe(name);
      expect(name).toMatch(/^\S(.*\S)?$/u);
      expect(name).not.toMatch(/\.[\p{L}\p{N}]/u);
    }), { numRuns: 2_000 });
  });
});
