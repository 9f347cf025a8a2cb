import { Injectable } from '@nestjs/common';
import { newId } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { isUniqueViolation } from '@slotmesh/persistence';

export interface ClockJob {
  readonly id: string;
  readonly startedFrom: Date;
  readonly target: Date;
  readonly reached: Date;
  /** How many due instants were stopped at. */
  readonly steps: number;
  readonly state: 'running' | 'done' | 'failed';
  readonly error: string | null;
}

const COLUMNS = 'id, started_from AS "startedFrom", target, reached, steps, state, error';

@Injectable()
export class ClockRepository {
  async offset(tx: Sql): Promise<number> {
    const [row] = await tx.query<{ offset_ms: string }>('SELECT offset_ms FROM clock_offset');
    return Number(row?.offset_ms ?? 0);
  }

  /** Commits an offset before anybody is told of it; it only grows. */
  async grow(tx: Sql, offsetMs: number): Promise<void> {
    await tx.execute('UPDATE clock_offset SET offset_ms = greatest(offset_ms, $1)', [offsetMs]);
  }

  /** Starts a walk; null where one is under way, as the database allows only one. */
  async start(tx: Sql, from: Date, target: Date): Promise<ClockJob | null> {
    try {
      const [job] = await tx.query<ClockJob>(`INSERT INTO clock_job (id, started_from, target, reached, state) VALUES ($1, $2, $3, $2, 'running') RETURNING ${COLUMNS}`, [newId(), from, target]);
      return job ?? null;
    } catch (error) {
      if (isUniqueViolation(error, 'clock_job_one')) return null;
      throw error;
    }
  }

  async progress(tx: Sql, id: string, reached: Date): Promise<void> {
    await tx.execute('UPDATE clock_job SET reached = $2, steps = steps + 1 WHERE id = $1', [id, reached]);
  }

  async end(tx: Sql, id: string, state: 'done' | 'failed', reached: Date, error: string | null): Promise<void> {
    await tx.execute('UPDATE clock_job SET state = $2, reached = $3, error = $4 WHERE id = $1', [id, state, reached, error]);
  }

  async find(tx: Sql, id: string): Promise<ClockJob | null> {
    const [job] = await tx.query<ClockJob>(`SELECT ${COLUMNS} FROM clock_job WHERE id = $1`, [id]);
    return job ?? null;
  }

  async running(tx: Sql): Promise<ClockJob | null> {
    const [job] = await tx.query<ClockJob>(`SELECT ${COLUMNS} FROM clock_job WHERE state = 'running'`);
    return job ?? null;
  }
}
