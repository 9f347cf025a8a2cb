/** Rows of fields (RFC 4180, also with LF alone and with a byte order mark); empty lines are left out, and each row says the line it began on. */
export function readCsv(text: string): { readonly line: number; readonly fields: readonly string[] }[] {
  const rows: { line: number; fields: string[] }[] = [];
  let fields: string[] = [];
  let line = 1;
  let began = 1;
  for (const [, quoted, plain = '', end = ''] of text.replace(/^\uFEFF/, '').matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|\r|$)/g)) {
    fields.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    line += (quoted?.match(/\n/g)?.length ?? 0) + (end !== ',' && end !== '' ? 1 : 0);
    if (end === ',') continue;
    if (fields.some((field) => field !== '')) rows.push({ line: began, fields });
    fields = [];
    began = line;
  }
  return rows;
}
