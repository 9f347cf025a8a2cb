/** A fitted curve: the chance is logistic(intercept + weights . features). */
export interface LogisticFit {
  readonly intercept: number;
  readonly weights: readonly number[];
}
export const logistic = (z: number): number => 1 / (1 + Math.exp(-z));
export const logitOf = (fit: LogisticFit, features: readonly number[]): number => fit.weights.reduce((sum, weight, i) => sum + weight * (features[i] ?? 0), fit.intercept);

const MOST_STEPS = 50;
const STILL = 1e-10;
const NO_GAIN = 1e-14;

/**
 * Logistic regression with a penalty of `l2` / 2 on the square of each weight (the intercept has none), by Newton steps that are halved where they
 * overshoot. The loss is convex and l2 > 0 makes it strictly so: same data, same fit, also where the classes are separable. Nothing is random.
 */
export function fitLogistic(rows: readonly (readonly number[])[], misses: readonly boolean[], l2: number): LogisticFit {
  const size = (rows[0]?.length ?? 0) + 1;
  let at = new Array<number>(size).fill(0);
  let loss = lossOf(rows, misses, l2, at);
  for (let step = 0; step < MOST_STEPS; step++) {
    const { gradient, hessian } = slopes(rows, misses, l2, at);
    if (Math.max(...gradient.map(Math.abs)) <= STILL * Math.max(1, rows.length)) break;
    const towards = solved(hessian, gradient);
    let [length, next, nextLoss] = [1, at, Infinity];
    for (; length > 1e-8; length /= 2) {
      next = at.map((value, i) => value - length * (towards[i] ?? 0));
      nextLoss = lossOf(rows, misses, l2, next);
      if (nextLoss <= loss) break;
    }
    if (nextLoss > loss) break;
    const gain = loss - nextLoss;
    [at, loss] = [next, nextLoss];
    if (gain <= NO_GAIN * loss) break;
  }
  const [intercept = 0, ...weights] = at;
  return { intercept, weights };
}

/** Gradient of the penalised loss, intercept first; zero at the optimum. */
export const gradientAt = (rows: readonly (readonly number[])[], misses: readonly boolean[], l2: number, fit: LogisticFit): readonly number[] => slopes(rows, misses, l2, [fit.intercept, ...fit.weights]).gradient;

function lossOf(rows: readonly (readonly number[])[], misses: readonly boolean[], l2: number, at: readonly number[]): number {
  let loss = at.slice(1).reduce((sum, weight) => sum + (l2 * weight * weight) / 2, 0);
  for (let n = 0; n < rows.length; n++) {
    const z = zOf(at, rows[n]!);
    // Why: log(1 + e^z) overflows for large z.
    loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - (misses[n] ? z : 0);
  }
  return loss;
}

function zOf(at: readonly number[], row: readonly number[]): number {
  let z = at[0]!;
  for (let i = 0; i < row.length; i++) z += at[i + 1]! * row[i]!;
  return z;
}

function slopes(rows: readonly (readonly number[])[], misses: readonly boolean[], l2: number, at: readonly number[]): { gradient: number[]; hessian: number[][] } {
  const size = at.length;
  const gradient = Float64Array.from(at, (weight, i) => (i === 0 ? 0 : l2 * weight));
  const hessian = new Float64Array(size * size);
  for (let i = 1; i < size; i++) hessian[i * size + i] = l2;
  const x = new Float64Array(size);
  x[0] = 1;
  for (let n = 0; n < rows.length; n++) {
    x.set(rows[n]!, 1);
    const chance = logistic(zOf(at, rows[n]!));
    const [off, spread] = [chance - (misses[n] ? 1 : 0), chance * (1 - chance)];
    for (let i = 0; i < size; i++) {
      gradient[i]! += off * x[i]!;
      const part = spread * x[i]!;
      for (let j = 0; j <= i; j++) hessian[i * size + j]! += part * x[j]!;
    }
  }
  return { gradient: [...gradient], hessian: at.map((_, i) => at.map((__, j) => hessian[Math.max(i, j) * size + Math.min(i, j)]!)) };
}

/** Solves a symmetric positive definite system by Cholesky's way; a vanishing pivot (an intercept without any spread) is kept off zero. */
function solved(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const size = right.length;
  const low = matrix.map(() => new Array<number>(size).fill(0));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= low[i]![k]! * low[j]![k]!;
      low[i]![j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / low[j]![j]!;
    }
  }
  const half = new Array<number>(size).fill(0);
  for (let i = 0; i < size; i++) half[i] = (right[i]! - low[i]!.slice(0, i).reduce((sum, value, k) => sum + value * half[k]!, 0)) / low[i]![i]!;
  const whole = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    let sum = half[i]!;
    for (let k = i + 1; k < size; k++) sum -= low[k]![i]! * whole[k]!;
    whole[i] = sum / low[i]![i]!;
  }
  return whole;
}
