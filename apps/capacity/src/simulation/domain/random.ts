/** Taken once: in a context of its own, where tests run, each look at a global costs more than the sum itself. */
const { imul, sqrt, log, cos, exp, min, PI } = Math;

/** A 32-bit mix in which every bit of the input moves every bit of the result (finaliser of MurmurHash3). */
export function mix(value: number): number {
  let h = value | 0;
  h = imul(h ^ (h >>> 16), 0x85ebca6b);
  h = imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The key of one thing under another: of a run under a seed, of a day under a practice, of a patient under a day. */
export const keyUnder = (key: number, index: number): number => mix(imul(key ^ 0x9e3779b9, 0x01000193) + imul(index + 1, 0x9e3779b1));

/**
 * The n-th number in [0, 1) that belongs to a key. Why not a stream: a patient keeps the same luck in every scenario, whoever else asks,
 * so that two scenarios differ by what was changed alone (common random numbers).
 */
export const uniform = (key: number, n: number): number => keyUnder(key, n) / 4_294_967_296;

/** Box and Muller; takes the numbers n and n + 1 of the key. */
export const normal = (key: number, n: number): number => sqrt(-2 * log(1 - uniform(key, n))) * cos(2 * PI * uniform(key, n + 1));

/** A larger mean at a time underflows exp(-mean). */
const PART = 200;

/** A Poisson count by inversion: with the same key, a larger mean never gives a smaller count as long as both are under 200. */
export function poisson(mean: number, key: number): number {
  let count = 0;
  for (let rest = mean, n = 0; rest > 0; rest -= PART, n++) {
    const part = min(rest, PART);
    const u = uniform(key, n);
    let term = exp(-part);
    let below = term;
    let k = 0;
    while (u >= below && term > 0) {
      k++;
      term *= part / k;
      below += term;
    }
    count += k;
  }
  return count;
}
