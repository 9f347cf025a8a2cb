/** RFC 4180; what is hidden or unknown is empty. Text that a spreadsheet would take for a formula is led by an apostrophe. */
export const csvOf = (columns: readonly string[], rows: readonly Row[]): string => `${lineOf(columns)}${csvRows(columns, rows)}`;

/** The same without the header line, for what is sent piece by piece. */
export const csvRows = (columns: readonly string[], rows: readonly Row[]): string => rows.map((row) => lineOf(columns.map((column) => row[column]))).join('');

type Row = Readonly<Record<string, unknown>>;
const lineOf = (values: readonly unknown[]): string => `${values.map(field).join(',')}\r\n`;

function field(value: unknown): string {
  if (value === null || value === undefined) return '';
  const plain = String(value);
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
