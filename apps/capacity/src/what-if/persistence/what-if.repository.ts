import { Injectable } from '@nestjs/common';
import { type PracticeId, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import type { After } from '../../list-cursor';
import { type WhatIfTask, whatIfTask } from '../what-if-task';

const state = z.enum(['queued', 'running', 'done', 'cancelled', 'failed']);
/** `question` and `answer` are documents that were checked when they were written; `answer` holds nothing that its reader may not see. */
const row = z.object({ id: z.string(), asked_at: z.date(), question: z.record(z.string(), z.unknown()), state, done: z.int(), total: z.int(), answer: z.record(z.string(), z.unknown()).nullable(), failure: z.string().nullable(), ended_at: z.date().nullable() });
const listed = row.omit({ question: true, answer: true }).extend({ kind: z.enum(['advice', 'changes']), practices: z.enum(['given', 'known']), verdict: z.string().nullable(), sentence: z.string().nullable() });
const taken = z.object({ id: z.string(), task: whatIfTask.nullable().catch(null), attempts: z.int() });

export interface WhatIf {
  readonly id: string;
  readonly askedAt: string;
  readonly endedAt: string | null;
  readonly question: Readonly<Record<string, unknown>>;
  readonly state: z.output<typeof state>;
  /** Simulated years, of about so many. */
  readonly progress: { readonly done: number; readonly total: number };
  readonly answer: Readonly<Record<string, unknown>> | null;
  readonly failure: string | null;
}

/** As it stands in a list: what was asked for and what came out, in a sentence. */
export interface ListedWhatIf extends Omit<WhatIf, 'question' | 'answer'> {
  readonly kind: 'advice' | 'changes';
  readonly practices: 'given' | 'known';
  readonly verdict: string | null;
  readonly sentence: string | null;
}

@Injectable()
export class WhatIfRepository {
  /** Adds nothing where there is one of this id. */
  async add(tx: Tx, { id, question, task, total }: { readonly id: string; readonly question: object; readonly task: WhatIfTask; readonly total: number }): Promise<boolean> {
    const added = await tx.execute('INSERT INTO what_if (id, practice, asked_by, asked_at, question, task, total) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING',
      [id, tx.actor.practice, tx.actor.subject, formatInstant(tx.now), JSON.stringify(question), JSON.stringify(task), total]);
    return added === 1;
  }

  /** Of those who ask: a practice, or operators. */
  async find(tx: Tx, id: string): Promise<WhatIf | null> {
    const [found] = await tx.query('SELECT id, asked_at, question, state, done, total, answer, failure, ended_at FROM what_if WHERE id = $1 AND practice IS NOT DISTINCT FROM $2', [id, tx.actor.practice]);
    if (!found) return null;
    const { asked_at, ended_at, done, total, ...rest } = row.parse(found);
    return { ...rest, askedAt: asked_at.toISOString(), endedAt: ended_at?.toISOString() ?? null, progress: { done, total } };
  }

  /** The newest first, `limit` behind one of them. */
  async list(tx: Tx, after: After | null, limit: number): Promise<ListedWhatIf[]> {
    const rows = await tx.query(
      `SELECT id, asked_at, state, done, total, failure, ended_at, CASE WHEN question ? 'advice' THEN 'advice' ELSE 'changes' END AS kind, CASE WHEN question ? 'practices' THEN 'given' ELSE 'known' END AS practices, answer->>'verdict' AS verdict, answer->>'sentence' AS sentence
       FROM what_if WHERE practice IS NOT DISTINCT FROM $1 AND ($2::timestamptz IS NULL OR (asked_at, id) < ($2, $3::uuid)) ORDER BY asked_at DESC, id DESC LIMIT $4`, [tx.actor.practice, after && formatInstant(after.at), after?.id ?? null, limit]);
    return rows.map((found) => {
      const { asked_at, ended_at, done, total, ...rest } = listed.parse(found);
      return { ...rest, askedAt: asked_at.toISOString(), endedAt: ended_at?.toISOString() ?? null, progress: { done, total } };
    });
  }

  async open(tx: Tx, practice: PracticeId | null): Promise<number> {
    const [found] = await tx.query<{ open: number }>(`SELECT count(*)::int AS open FROM what_if WHERE practice IS NOT DISTINCT FROM $1 AND state IN ('queued', 'running')`, [practice]);
    return found?.open ?? 0;
  }

  /** False: it had ended. */
  async cancel(tx: Tx, id: string): Promise<boolean> {
    return (await tx.execute(`UPDATE what_if SET state = 'cancelled', ended_at = $2 WHERE id = $1 AND practice IS NOT DISTINCT FROM $3 AND state IN ('queued', 'running')`, [id, formatInstant(tx.now), tx.actor.practice])) === 1;
  }

  /** With all that was simulated. Whoever runs it stops within a second. */
  async forget(tx: Tx, id: string): Promise<void> {
    await tx.execute('DELETE FROM what_if WHERE id = $1 AND practice IS NOT DISTINCT FROM $2', [id, tx.actor.practice]);
  }

  /** Takes a new one, or one whose process has not been heard of within its lease, which is real time: of whom fewest run, then which has waited longest, so that nobody's ten keep all others waiting. `task` null: it cannot be read, which must keep nobody else waiting. */
  async take(tx: Tx, runner: string, leaseMs: number): Promise<{ readonly id: string; readonly task: WhatIfTask | null; readonly attempts: number } | null> {
    const [found] = await tx.query(
      `UPDATE what_if SET state = 'running', runner = $1, lease_until = clock_timestamp() + $2 * interval '1 ms', attempts = attempts + 1, done = 0
       WHERE id = (SELECT id FROM what_if w WHERE state = 'queued' OR (state = 'running' AND lease_until < clock_timestamp())
           ORDER BY (SELECT count(*) FROM what_if r WHERE r.state = 'running' AND r.lease_until >= clock_timestamp() AND r.practice IS NOT DISTINCT FROM w.practice), asked_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id, task, attempts`,
      [runner, leaseMs]);
    return found ? taken.parse(found) : null;
  }

  /** Keeps the lease. False: it is no longer this runner's, because it was cancelled or taken by another. */
  async progress(tx: Tx, id: string, runner: string, done: number, leaseMs: number): Promise<boolean> {
    return (await tx.execute(`UPDATE what_if SET done = $3, lease_until = clock_timestamp() + $4 * interval '1 ms' WHERE id = $1 AND runner = $2 AND state = 'running'`, [id, runner, done, leaseMs])) === 1;
  }

  /** Another process may begin it again at once. */
  async giveBack(tx: Tx, id: string, runner: string): Promise<void> {
    await tx.execute(`UPDATE what_if SET state = 'queued', runner = NULL, lease_until = NULL, attempts = attempts - 1, done = 0 WHERE id = $1 AND runner = $2 AND state = 'running'`, [id, runner]);
  }

  async end(tx: Tx, id: string, runner: string, outcome: { readonly answer: object } | { readonly failure: string }): Promise<void> {
    const [answer, failure] = 'answer' in outcome ? [JSON.stringify(outcome.answer), null] : [null, outcome.failure];
    await tx.execute(`UPDATE what_if SET state = CASE WHEN $3::jsonb IS NULL THEN 'failed' ELSE 'done' END, answer = $3::jsonb, failure = $4, done = CASE WHEN $3::jsonb IS NULL THEN done ELSE total END, runner = NULL, lease_until = NULL, ended_at = $5 WHERE id = $1 AND runner = $2 AND state = 'running'`,
      [id, runner, answer, failure, formatInstant(tx.now)]);
  }
}

