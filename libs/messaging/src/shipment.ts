/** As many rows as fit one request to the broker, at least one. Rows come sorted by lane and id; what is cut off is the end of a lane, so order is kept. */
export function fitting<Row extends { readonly lane: number; readonly payload: string }>(rows: readonly Row[], bytes: number): Row[] {
  const taken: Row[] = [];
  let size = 0;
  for (const row of rows) {
    // Why 400: key, headers and framing of a record.
    size += Buffer.byteLength(row.payload) + 400;
    if (size > bytes && taken.length > 0) break;
    taken.push(row);
  }
  return taken;
}
