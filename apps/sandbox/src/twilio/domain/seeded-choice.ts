import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends only on the seed and the words, so that a run with faults can be repeated. */
export function seededChoice(seed: number, ...words: readonly (string | number)[]): number {
  const digest = createHash('sha256').update(JSON.stringify([seed, ...words])).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}
