import { Clock, InfrastructureError } from '@slotmesh/kernel';
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { Actor } from './actor';
import { isInfrastructureFailure, isTransientConflict } from './errors';
import { Tx } from './tx';

const ATTEMPTS = 5;

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
        // Why in one text: each round trip counts on the way of a booking.
        await client.query(`BEGIN; SELECT set_config('slotmesh.tenant', ${client.escapeLiteral(actor.practice ?? '')}, true), set_config('slotmesh.subject', ${client.escapeLiteral(actor.subject)}, true)`);
        const tx = new Tx(client, actor, clock.now());
        const value = await fn(tx);
        await tx.audit.flush(tx, actor, tx.now);
        // Why last: sequence rows are the end of the lock order (P1).
        const events = await tx.outbox.flush(tx, source, tx.now, traceparent?.() ?? null);
        const { command } = await client.query('COMMIT');
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
