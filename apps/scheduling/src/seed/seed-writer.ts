import type { Tx } from '@slotmesh/persistence';

/**
 * Inserts the rows that are missing and returns the keys of those: what was there already is left alone, so that a second run changes nothing and a run
 * that was killed is completed. Table, key and columns come from the code, never from input.
 */
export async function addMissing<Row extends object>(tx: Tx, table: string, key: string, rows: readonly Row[]): Promise<Set<string>> {
  const [first] = rows;
  if (!first) return new Set();
  const columns = Object.keys(first).join(', ');
  const added = await tx.query<{ key: string }>(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb) ON CONFLICT DO NOTHING RETURNING ${key}::text AS key`,
    [JSON.stringify(rows)],
  );
  return new Set(added.map((row) => row.key));
}
