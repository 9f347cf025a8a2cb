/** States whose ZIP codes begin with a zero, which spreadsheets lose; Puerto Rico and the Virgin Islands lose two. */
const ONE_ZERO = new Set(['CT', 'MA', 'ME', 'NH', 'NJ', 'RI', 'VT']);
const TWO_ZEROS = new Set(['PR', 'VI']);

/** A five-digit ZIP code (with +4 where given), with lost zeros given back where the state says that they belong there; null where it is none. */
export function readPostalCode(text: string, state: string): { readonly postalCode: string; readonly mended: boolean } | null {
  const [, zip, plusFour] = /^(\d{3,5})(?:-(\d{1,4}))?$/.exec(text.trim()) ?? /^(\d{5})(\d{4})$/.exec(text.trim()) ?? [];
  if (zip === undefined) return null;
  const lost = 5 - zip.length;
  if (lost === 1 && !ONE_ZERO.has(state) && !TWO_ZEROS.has(state)) return null;
  if (lost === 2 && !TWO_ZEROS.has(state)) return null;
  // Why also behind the dash: the same spreadsheet has cut those zeros, too.
  const postalCode = zip.padStart(5, '0') + (plusFour === undefined ? '' : `-${plusFour.padStart(4, '0')}`);
  return { postalCode, mended: postalCode !== text.trim() };
}
