import { Clock, InfrastructureError } from '@slotmesh/kernel';
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { Actor } from './actor';
import { isInfrastructureFailure, isTransientConflict } from './errors';
import { Tx } from './tx';

const ATTEMPTS = 5;
const SET_TENANT = `SELECT set_config('slotmesh.tenant', $1, true), set_config('slotmesh.subject', $2, true)`;

export interface UnitOfWorkSettings {
  /** CloudEvents `source` of what this service publishes, such as `scheduling`. */
  readonly source: string;
  /** Under row-level security: people, patients, services. */
  readonly app: DataSource;
  /** Explicit worker policies: consumers and timers. */
  readonly worker: DataSource;
  readonly clock: Clock;
  /** The W3C trace context of the present call, if any. */
  readonly traceparent?: () => string | null;
}

/** Sets tenant, audit and outbox in one transaction. Deadlocks and serialisation failures run `fn` again, so it must not act outside the database. */
export class UnitOfWork {
  private readonly listeners = new Set<() => void>();

  constructor(private readonly settings: UnitOfWorkSettings) {}

  /** Calls `listener` after each commit that left events in the outbox, so that a relay need not wait for its next look. Returns how to take it back. */
  onEventsCommitted(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async run<T>(actor: Actor, fn: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(actor, fn);
      } catch (error) {
        if (isTransientConflict(error) && attempt < ATTEMPTS) continue;
        if (isInfrastructureFailure(error) && !(error instanceof InfrastructureError)) throw new InfrastructureError('the database does not answer', { cause: error });
        throw error;
      }
    }
  }

  private async attempt<T>(actor: Actor, fn: (tx: Tx) => Promise<T>): Promise<T> {
    const { app, worker, clock, source, traceparent } = this.settings;
    const runner = (actor.kind === 'worker' ? worker : app).createQueryRunner();
    try {
      const client: PoolClient = await runner.connect();
      try {
        // Why not awaited alone: both travel with the first statement of `fn`. A BEGIN alone fails only where the connection does, and a tenant that cannot be set
        // aborts the transaction, so that nothing behind it runs outside one.
        const begun = Promise.all([client.query({ name: 'begin', text: 'BEGIN' }), client.query({ name: 'set-tenant', text: SET_TENANT, values: [actor.practice ?? '', actor.subject] })]);
        begun.catch(() => undefined);
        const tx = new Tx(client, actor, clock.now());
        const value = await fn(tx);
        await begun;
        const events = tx.outbox.size;
        // Why the outbox last: sequence rows are the end of the lock order (P1). Both are made before anything is sent, because a COMMIT behind them cannot be taken back.
        const last = [tx.audit.take(actor, tx.now), tx.outbox.take(source, tx.now, traceparent?.() ?? null)].filter((statement) => statement !== null);
        const written = last.map(({ text, values }) => tx.execute(text, values));
        const [{ command }] = await Promise.all([client.query({ name: 'commit', text: 'COMMIT' }), ...written]);
        // Why: PostgreSQL answers COMMIT of a transaction in which a statement failed with ROLLBACK, and without an error.
        if (command !== 'COMMIT') throw new Error('a statement of the transaction failed and its error was not passed on; nothing was committed');
        if (events > 0) this.listeners.forEach((listener) => listener());
        return value;
      } catch (error) {
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    } finally {
      await runner.release().catch(() => undefined);
    }
  }
}
