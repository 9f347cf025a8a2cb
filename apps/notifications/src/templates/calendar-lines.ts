/** Octets of a line without its end (RFC 5545 section 3.1). */
const LONGEST_LINE = 75;

/** A value of the type TEXT (section 3.3.11), which has line breaks and no other control characters. */
export const textValue = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll(';', '\\;').replaceAll(',', '\\,').replace(/\r\n|\r|\n/g, '\\n').replace(/[^\P{Cc}\t]/gu, '');

/** A value of a parameter; there is no way to write a double quote or a line break in one (section 3.2). */
export const parameterValue = (text: string): string => `"${text.replaceAll('"', "'").replace(/\p{Cc}/gu, ' ')}"`;

/** A moment in UTC (section 3.3.5). */
export const utcValue = (at: Date): string => `${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;

/** Content lines, each folded between characters where it is too long. */
export const contentOf = (lines: readonly string[]): string => `${lines.map(folded).join('\r\n')}\r\n`;

function folded(line: string): string {
  if (line.length <= LONGEST_LINE && Buffer.byteLength(line) <= LONGEST_LINE) return line;
  let [out, used] = ['', 0];
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (used + size > LONGEST_LINE) [out, used] = [`${out}\r\n `, 1];
    out += character;
    used += size;
  }
  return out;
}
