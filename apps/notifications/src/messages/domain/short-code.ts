import { randomInt } from 'node:crypto';

/** Without I, L, O, U, 0 and 1: read over the phone without mistakes, and no rude words. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Five characters that make a text findable at the provider and speakable on the phone; unique among a phone's recent texts by its unique index. */
export const newShortCode = (): string => Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
export const shortCodeLine = (code: string): string => `Ref ${code}`;
