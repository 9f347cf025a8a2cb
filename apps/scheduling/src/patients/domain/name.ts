import { type Brand, DomainError } from '@slotmesh/kernel';

/** A given or family name as its bearer writes it: composed letters, single spaces, fit to stand in a text message. */
export type PersonName = Brand<string, 'PersonName'>;

/** The message never repeats the name. */
export class NameImpossible extends DomainError {
  constructor(rule: string) {
    super('invalid', 'name-impossible', `This name ${rule}`);
  }
}

const MOST = 100;
// Letters and marks of every script, digits (records of other systems have them), joiners that some scripts need, and what stands between parts of a name.
const PERMITTED = /^[\p{L}\p{M}\p{N}\u200C\u200D '’ʻʼ`´.,()-]+$/u;

/** Reads a name. Throws NameImpossible. A dot is always followed by a space (`St. John`), so that no phone ever makes a link of a name in a text. */
export function parseName(text: string): PersonName {
  const name = text.normalize('NFC').replace(/\.(?=[\p{L}\p{N}])/gu, '. ').replace(/[^\S\n\r]+/gu, ' ').trim();
  if (name === '') throw new NameImpossible('is empty.');
  if (!/\p{L}/u.test(name)) throw new NameImpossible('has no letter.');
  if ([...name].length > MOST) throw new NameImpossible(`is longer than ${MOST} characters.`);
  if (!PERMITTED.test(name)) throw new NameImpossible('has a character that names do not have. Use letters, spaces, hyphens, apostrophes and dots.');
  return name as PersonName;
}
