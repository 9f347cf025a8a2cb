import { createHash } from 'node:crypto';
import type { Instant } from '@slotmesh/kernel';
import { DatabaseError, type PoolClient, type QueryResult } from 'pg';
import type { Actor } from './actor';
import { AuditBuffer } from './audit';
import { OutboxBuffer } from './outbox';
import type { Sql } from './sql';

/** `in_failed_sql_transaction` */
const isConsequence = (error: unknown): boolean => error instanceof DatabaseError && error.code === '25P02';

const statementNames = new Map<string, string>();
function nameOf(text: string): string {
  let name = statementNames.get(text);
  if (!name) statementNames.set(text, (name = createHash('sha1').update(text).digest('base64url')));
  return name;
}

/**
 * One transaction: the only way in to the database. SQL text must be constant (values go as parameters), because each text is prepared once per connection.
 * Statements started together (`Promise.all`) travel together and run in the order in which they were started; together only what is one statement each, for a
 * longer branch could go on after the others were rolled back.
 */
export class Tx implements Sql {
  readonly outbox = new OutboxBuffer();
  readonly audit = new AuditBuffer();
  private savepoints = 0;
  private failure: unknown = null;

  constructor(
    private readonly client: PoolClient,
    readonly actor: Actor,
    /** Domain time at the start of the transaction. */
    readonly now: Instant,
  ) {}

  async query<Row extends object = Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.run<Row>(text, values)).rows;
  }

  async execute(text: string, values: readonly unknown[] = []): Promise<number> {
    return (await this.run(text, values)).rowCount ?? 0;
  }

  private async run<Row extends object>(text: string, values: readonly unknown[]): Promise<QueryResult<Row>> {
    try {
      return await this.client.query<Row>({ name: nameOf(text), text, values: [...values] });
    } catch (error) {
      // Why: of statements that travel together the later ones fail because of the first, and what the first said decides whether the transaction is tried again.
      if (isConsequence(error) && this.failure !== null) throw this.failure;
      this.failure = error;
      throw error;
    }
  }

  /** Runs `fn`; where it throws, the database, the outbox and the audit are as they were before, and the error goes on to the caller. */
  async savepoint<T>(fn: () => Promise<T>): Promise<T> {
    const name = `s${++this.savepoints}`;
    const [events, entries] = [this.outbox.mark(), this.audit.mark()];
    // Why not awaited alone: it travels with the first statement of `fn`; where it fails, that one fails too.
    const set = this.client.query({ name: `savepoint-${name}`, text: `SAVEPOINT ${name}` });
    set.catch(() => undefined);
    try {
      // Why no RELEASE: the commit does it, and a round trip is saved.
      const value = await fn();
      await set;
      return value;
    } catch (error) {
      await this.client.query(`ROLLBACK TO SAVEPOINT ${name}`);
      this.outbox.forgetSince(events);
      this.audit.forgetSince(entries);
      throw error;
    }
  }
}
