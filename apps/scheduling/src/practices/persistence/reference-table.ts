import type { PracticeId } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';

export interface ReferenceRow {
  readonly id: string;
  readonly practice_id: PracticeId;
  readonly version: number;
}

/**
 * Plain reads and writes of one table of reference data. Partners' searches read each other's rows, only the owner writes (row-level security says so as well).
 * Table and columns come from the code; every method has one constant statement.
 */
export class ReferenceTable<Row extends ReferenceRow> {
  private readonly read: string;
  private readonly written: string;

  constructor(private readonly table: string, columns: readonly (keyof Row & string)[], dates: readonly (keyof Row & string)[] = []) {
    this.written = columns.join(', ');
    this.read = columns.map((column) => (dates.includes(column) ? `${column}::text AS ${column}` : column)).join(', ');
  }

  async find(sql: Sql, id: string): Promise<Row | null> {
    const [row] = await sql.query<Row>(`SELECT ${this.read} FROM ${this.table} WHERE id = $1`, [id]);
    return row ?? null;
  }

  async lockOwn(sql: Sql, practice: PracticeId, id: string): Promise<Row | null> {
    const [row] = await sql.query<Row>(`SELECT ${this.read} FROM ${this.table} WHERE id = $1 AND practice_id = $2 FOR NO KEY UPDATE`, [id, practice]);
    return row ?? null;
  }

  list(sql: Sql, by: { practice: PracticeId | null; after: string | null; limit: number }): Promise<Row[]> {
    return sql.query<Row>(`SELECT ${this.read} FROM ${this.table} WHERE ($1::text IS NULL OR practice_id = $1) AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`, [by.practice, by.after, by.limit]);
  }

  async add(tx: Tx, row: Row): Promise<void> {
    await tx.execute(`INSERT INTO ${this.table} (${this.written}) SELECT ${this.written} FROM jsonb_populate_record(NULL::${this.table}, $1::jsonb)`, [JSON.stringify(row)]);
  }

  async change(tx: Tx, row: Row): Promise<void> {
    await tx.execute(`UPDATE ${this.table} SET (${this.written}) = (SELECT ${this.written} FROM jsonb_populate_record(NULL::${this.table}, $1::jsonb)) WHERE id = $2 AND practice_id = $3`, [JSON.stringify(row), row.id, row.practice_id]);
  }

  async remove(tx: Tx, practice: PracticeId, id: string): Promise<boolean> {
    return (await tx.execute(`DELETE FROM ${this.table} WHERE id = $1 AND practice_id = $2`, [id, practice])) === 1;
  }
}
