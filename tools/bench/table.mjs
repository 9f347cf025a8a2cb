/** @param {readonly import('./bench.mjs').Figure[]} figures */
export function tableOf(figures) {
  const rows = [['what', 'measured', 'limit in this run', 'ratio', 'wanted', ''], ...figures.map((figure) => [figure.what, figure.measured, figure.limit, figure.ratio === null ? '' : figure.ratio.toFixed(2), figure.wanted, mark(figure.holds)])];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}`).join('\n');
}

/** @param {boolean | null} holds */
const mark = (holds) => (holds === null ? '' : holds ? 'holds' : 'FALLS SHORT');
