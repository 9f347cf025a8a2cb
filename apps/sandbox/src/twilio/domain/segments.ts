/** How a text is split for the air interface. GSM 03.38 (3GPP TS 23.038) and concatenation headers of 3GPP TS 23.040. */
export interface Segmentation {
  readonly encoding: 'GSM-7' | 'UCS-2';
  readonly segments: number;
}

const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENDED = '\f^{}\\[~]|€';

const units = new Map<string, number>();
for (const char of BASIC) units.set(char, 1);
for (const char of EXTENDED) units.set(char, 2);

/** Segments of a body: GSM-7 160, then 153 each; UCS-2 70, then 67 each. An escape or surrogate pair is never cut in two. */
export function segment(body: string): Segmentation {
  const chars = [...body];
  const gsm = chars.every((char) => units.has(char));
  const sizes = chars.map((char) => (gsm ? (units.get(char) ?? 1) : char.length));
  const [single, part] = gsm ? [160, 153] : [70, 67];
  return { encoding: gsm ? 'GSM-7' : 'UCS-2', segments: countParts(sizes, single, part) };
}

function countParts(sizes: readonly number[], single: number, part: number): number {
  if (sizes.reduce((sum, size) => sum + size, 0) <= single) return 1;
  let parts = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > part) {
      parts += 1;
      used = 0;
    }
    used += size;
  }
  return parts;
}
