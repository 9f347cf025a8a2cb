import { createHmac } from 'node:crypto';
import type { PatientId } from '@slotmesh/kernel';

export interface Weighted {
  /** A whole number: this arm's share of all weights. */
  readonly weight: number;
}

/**
 * The arm of a patient: HMAC-SHA-256 of the id under the seed of the experiment, as a number in [0, 1), cut by the weights of the arms in their order. Nothing but the id of the record goes in (P20), so it is the same
 * for every visit, in every process and in any order, and nobody without the seed can tell it beforehand.
 */
export function armOf<A extends Weighted>(seed: string, arms: readonly A[], patient: PatientId): A {
  const total = arms.reduce((sum, { weight }) => sum + weight, 0);
  const drawn = createHmac('sha256', Buffer.from(seed, 'base64url')).update(patient.toLowerCase()).digest().readBigUInt64BE(0);
  let left = Number((drawn * BigInt(total)) >> 64n);
  for (const arm of arms) {
    left -= arm.weight;
    if (left < 0) return arm;
  }
  throw new Error('an experiment without an arm');
}
