/** What a row is read with. Values come as pg gives them: timestamptz as Date, bigint as string, jsonb parsed. */
export interface Sql {
  query<Row extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs a statement and tells how many rows it touched. */
  execute(text: string, values?: readonly unknown[]): Promise<number>;
}

/** A statement that is ready to be sent. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}
