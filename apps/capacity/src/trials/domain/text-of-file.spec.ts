import fc from 'fast-check';
import { textOf } from './text-of-file';

const text = fc.string({ unit: 'grapheme', maxLength: 200 }).filter((one) => !one.includes('\0') && !one.startsWith('\uFEFF'));
const marked = (mark: readonly number[], bytes: Uint8Array): Uint8Array => Uint8Array.from([...mark, ...bytes]);

describe('the text of a file', () => {
  it('is the one that was written, in UTF-8 with and without a mark, and in UTF-16 of both orders', () => {
    fc.assert(fc.property(text, (written) => {
      const [utf8, utf16] = [Buffer.from(written), Buffer.from(written, 'utf16le')];
      expect(textOf(utf8)).toEqual({ text: written, encoding: 'utf-8' });
      expect(textOf(marked([0xef, 0xbb, 0xbf], utf8))).toEqual({ text: written, encoding: 'utf-8' });
      expect(textOf(marked([0xff, 0xfe], utf16))).toEqual({ text: written, encoding: 'utf-16le' });
      expect(textOf(marked([0xfe, 0xff], Buffer.from(utf16).swap16()))).toEqual({ text: written, encoding: 'utf-16be' });
    }));
  });

  it('is Windows-1252 where it cannot be UTF-8, also where Latin-1 has no letter', () => {
    expect(textOf(Buffer.from('Zoë,2025-01-07', 'latin1'))).toEqual({ text: 'Zoë,2025-01-07', encoding: 'windows-1252' });
    expect(textOf(Uint8Array.of(0x80, 0x2c, 0x9c, 0x6f, 0x81, 0x92, 0x99, 0x9f, 0xff))).toEqual({ text: '€,œo\u0081’™Ÿÿ', encoding: 'windows-1252' });
  });

  it('is none where the file is no text, and says how to save it', () => {
    const refused = 'Save it as "CSV UTF-8"';
    expect(() => textOf(Buffer.from('PK\u0003\u0004\u0000é', 'latin1'))).toThrow(refused);
    expect(() => textOf(Buffer.from('date', 'utf16le'))).toThrow(refused);
    expect(() => textOf(marked([0xff, 0xfe], Buffer.from('dat')))).toThrow(refused);
    expect(() => textOf(Uint8Array.of(0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00))).toThrow(refused);
  });
});
