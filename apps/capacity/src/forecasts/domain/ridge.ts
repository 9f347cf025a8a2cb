/**
 * Coefficients that minimise the sum of squared residuals plus `penalties[j] * b[j]^2`, by Cholesky decomposition of the normal equations. Every penalty
 * must be above 0, so that the matrix is positive definite whatever the columns are.
 */
export function ridge(rows: readonly Float64Array[], targets: readonly number[], penalties: readonly number[]): Float64Array {
  const size = penalties.length;
  const matrix = Array.from(penalties, (penalty, j) => {
    const line = new Float64Array(size);
    line[j] = penalty;
    return line;
  });
  const right = new Float64Array(size);
  rows.forEach((row, i) => {
    for (let j = 0; j < size; j++) {
      const x = row[j]!;
      if (x === 0) continue;
      right[j]! += x * targets[i]!;
      const line = matrix[j]!;
      for (let k = 0; k <= j; k++) line[k]! += x * row[k]!;
    }
  });
  return solve(matrix, right);
}

/** In place: the lower triangle becomes the factor, the right side the solution. */
function solve(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  for (let j = 0; j < size; j++) {
    const line = matrix[j]!;
    for (let k = 0; k <= j; k++) {
      let sum = line[k]!;
      const other = matrix[k]!;
      for (let i = 0; i < k; i++) sum -= line[i]! * other[i]!;
      line[k] = j === k ? Math.sqrt(sum) : sum / other[k]!;
    }
  }
  for (let j = 0; j < size; j++) {
    let sum = right[j]!;
    for (let i = 0; i < j; i++) sum -= matrix[j]![i]! * right[i]!;
    right[j] = sum / matrix[j]![j]!;
  }
  for (let j = size - 1; j >= 0; j--) {
    let sum = right[j]!;
    for (let i = j + 1; i < size; i++) sum -= matrix[i]![j]! * right[i]!;
    right[j] = sum / matrix[j]![j]!;
  }
  return right;
}
