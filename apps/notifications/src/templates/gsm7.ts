/** The default alphabet and the extension table of 3GPP TS 23.038, section 6.2.1. */
const BASIC = new Set('@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà');
const EXTENDED = new Set('^{}\\[~]|€\f');
const REPLACED: Readonly<Record<string, string>> = {
  '‘': "'", '’': "'", '‚': "'", '‛': "'", '“': '"', '”': '"', '„': '"', '–': '-', '—': '-', '‐': '-', '‑': '-', '…': '...', '•': '-', '«': '"', '»': '"',
  '\u00a0': ' ', '\u202f': ' ', '\u2009': ' ', '\u200b': '', '\t': ' ', ª: 'a', º: 'o', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D', ı: 'i', œ: 'oe', Œ: 'OE', '`': "'", '´': "'",
};

export const isGsm7 = (text: string): boolean => [...text].every((character) => BASIC.has(character) || EXTENDED.has(character));

/**
 * Rewrites a text so that it fits GSM-7: accents that the alphabet lacks are dropped (`sábado` becomes `sabado`), typographic marks become plain ones.
 * Why: one such character makes the whole text UCS-2 and takes it from 160 to 70 characters a segment. What has no likeness is left out.
 */
export function toGsm7(text: string): string {
  let plain = '';
  for (const character of text.normalize('NFC')) {
    if (BASIC.has(character) || EXTENDED.has(character)) plain += character;
    else if (character in REPLACED) plain += REPLACED[character];
    else plain += [...character.normalize('NFKD')].filter((part) => BASIC.has(part)).join('');
  }
  return plain;
}

/** A text that somebody typed: within GSM-7 where nothing of it is lost by that, else as it is, because words in another script must arrive. */
export function toGsm7IfItCan(text: string): string {
  const letters = (from: string): number => [...from.normalize('NFC')].filter((character) => /[\p{L}\p{N}]/u.test(character)).length;
  const plain = toGsm7(text);
  return letters(plain) >= letters(text) ? plain : text;
}

/** Segments that a carrier bills: GSM-7 160 or 153 septets (extended characters take two and are not cut), UCS-2 70 or 67 units (surrogate pairs are not cut). */
export function segmentsOf(text: string): { encoding: 'GSM-7' | 'UCS-2'; segments: number } {
  const gsm7 = isGsm7(text);
  const sizes = [...text].map((character) => (gsm7 ? (EXTENDED.has(character) ? 2 : 1) : character.length));
  const [single, part] = gsm7 ? [160, 153] : [70, 67];
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const encoding = gsm7 ? 'GSM-7' : 'UCS-2';
  if (total <= single) return { encoding, segments: total === 0 ? 0 : 1 };
  let segments = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > part) {
      segments++;
      used = 0;
    }
    used += size;
  }
  return { encoding, segments };
}
