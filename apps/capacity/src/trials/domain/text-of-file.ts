import { FileNotText } from './trial.errors';

/** How a file was read. What spreadsheets write: UTF-8, or "Unicode text" (UTF-16 with a byte order mark), or on Windows without either, Windows-1252, of which Latin-1 is a part. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** The text of a file, without its byte order mark. Whatever is neither UTF-16 by its mark nor strict UTF-8 is taken as Windows-1252. Throws FileNotText where it has characters that no table has. */
export function textOf(bytes: Uint8Array): { readonly text: string; readonly encoding: Encoding } {
  const marked = encodingOfMark(bytes);
  const text = decoded(bytes, marked ?? 'utf-8');
  if (text === null && marked !== null) throw new FileNotText();
  const read = text === null ? { text: windows1252(bytes), encoding: 'windows-1252' as const } : { text, encoding: marked ?? ('utf-8' as const) };
  // Why: every spreadsheet file that is not CSV has some, and so has UTF-16 without its mark.
  if (read.text.includes('\0')) throw new FileNotText();
  return read;
}

/** The 32 places where Windows-1252 is not Latin-1. Why by hand: TextDecoder of Node 20 reads them as Latin-1. */
const BESIDE_LATIN1 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ';
const windows1252 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1').replace(/[\u0080-\u009F]/g, (one) => BESIDE_LATIN1.charAt(one.charCodeAt(0) - 0x80));

function encodingOfMark([first, second]: Uint8Array): Encoding | null {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : null;
}

function decoded(bytes: Uint8Array, encoding: Encoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
