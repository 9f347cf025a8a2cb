/**
 * Spaces and marks that nobody sees: newer versions of Unicode's formatters put U+202F before AM, word processors put U+00A0 before a colon, and pages
 * that were copied bring marks of direction. One of them makes a whole text UCS-2 and more than doubles what it costs.
 */
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/gu;
const NOTHING = /[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/gu;

/** A space that looks like one becomes one; what has no width goes. */
export const onlyPlainSpaces = (text: string): string => text.replace(SPACES, ' ').replace(NOTHING, '');

/** `U+202F` and the like, each once. */
export const invisibleIn = (text: string): string[] =>
  [...new Set([...(text.match(SPACES) ?? []), ...(text.match(NOTHING) ?? [])])].map((character) => `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`).sort();
