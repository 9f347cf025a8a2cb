/** The quantile of the standard normal distribution, to 0.00045 (Abramowitz and Stegun 26.2.23). Throws RangeError outside of 0 to 1. */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) throw new RangeError('A probability lies between 0 and 1.');
  const t = Math.sqrt(-2 * Math.log(Math.min(probability, 1 - probability)));
  const upper = t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3);
  return probability === 0.5 ? 0 : probability > 0.5 ? upper : -upper;
}
