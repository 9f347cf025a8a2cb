export interface CsvRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Rows of fields (RFC 4180, also with LF alone and with a byte order mark); empty lines are left out, and each row says the line it began on. */
export const readCsv = (text: string): CsvRow[] => [...rowsOfCsv(text, Infinity)];

/** One after the other, so that a reader may stop. A row is ended after one field more than `mostFields`; who has a limit looks at the first such row and goes no further. */
export function* rowsOfCsv(text: string, mostFields: number): Generator<CsvRow, void> {
  let fields: string[] = [];
  let line = 1;
  let began = 1;
  for (const [, quoted, plain = '', end = ''] of text.replace(/^\uFEFF/, '').matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|\r|$)/g)) {
    fields.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    line += (quoted?.match(/\n/g)?.length ?? 0) + (end !== ',' && end !== '' ? 1 : 0);
    if (end === ',' && fields.length <= mostFields) continue;
    if (fields.length > mostFields || fields.some((field) => field !== '')) yield { line: began, fields };
    fields = [];
    began = line;
  }
}
