import { Injectable } from '@nestjs/common';
import { practiceId } from '@slotmesh/contracts';
import { FIRST_INSTANT, type Instant, type PracticeId, formatInstant, instantOfDate, instantOrNull } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import type { Training, TrainedModel } from '../domain/training';
import type { Drift } from '../domain/drift';

const numbers = z.array(z.number());
const trained = z.object({
  model: z.object({
    encoding: z.object({ names: z.array(z.string()), services: z.array(z.string()), modalities: z.array(z.string()), usualRate: z.number(), means: numbers, spreads: numbers }),
    fit: z.object({ intercept: z.number(), weights: numbers }), calibration: z.object({ intercept: z.number(), slope: z.number() }),
  }),
  testScores: numbers,
});
const row = z.object({
  visits: z.number(), revision: z.number(), trained: trained.nullable(), card: z.looseObject({ version: z.string(), useful: z.boolean() }).nullable(), refusal: z.object({ reason: z.string(), sentence: z.string() }).nullable(),
  drift: z.looseObject({ alarm: z.boolean() }).nullable(), watched_at: z.date(),
});
const drifting = z.object({ practice: z.string(), alarm: z.boolean() });
const due = z.object({ id: practiceId });
const next = z.object({ never: z.boolean().nullable(), next: z.date().nullable() });

export interface KeptModel {
  readonly visits: number;
  readonly revision: number;
  readonly trained: TrainedModel | null;
  readonly card: z.output<typeof row>['card'];
  readonly refusal: z.output<typeof row>['refusal'];
  readonly drift: z.output<typeof row>['drift'];
  readonly watchedAt: Instant;
}

const DUE_AT = '(SELECT m.due_at FROM no_show_model m WHERE m.practice = p.id ORDER BY m.trained_at DESC LIMIT 1)';

@Injectable()
export class NoShowModelRepository {
  async of(tx: Tx, practice: PracticeId, trainedAt: Instant): Promise<KeptModel | null> {
    const [found] = await tx.query('SELECT visits, revision, trained, card, refusal, drift, watched_at FROM no_show_model WHERE practice = $1 AND trained_at = $2', [practice, formatInstant(trainedAt)]);
    if (!found) return null;
    const { watched_at, ...rest } = row.parse(found);
    return { ...rest, watchedAt: instantOfDate(watched_at) };
  }

  /** Of the practices whose model has not been made or is to be looked at again, the one that has waited longest. */
  async firstDue(tx: Tx): Promise<PracticeId | null> {
    const [found] = await tx.query(`SELECT p.id FROM practice p WHERE coalesce(${DUE_AT}, '-infinity') <= $1 ORDER BY coalesce(${DUE_AT}, '-infinity'), p.id LIMIT 1`, [formatInstant(tx.now)]);
    return found ? due.parse(found).id : null;
  }

  /** Null: there is no practice. One whose model was never made is due from the beginning of time. */
  async nextDue(sql: Sql): Promise<Instant | null> {
    const [found] = await sql.query(`SELECT bool_or(d.at IS NULL) AS never, min(d.at) AS next FROM practice p CROSS JOIN LATERAL (SELECT ${DUE_AT} AS at) d`);
    const { never, next: at } = next.parse(found);
    return never ? FIRST_INSTANT : instantOrNull(at);
  }

  /** Of each practice that has a model, or had an alarm that nobody has looked at. */
  async drifts(tx: Tx): Promise<{ readonly practice: string; readonly alarm: boolean }[]> {
    return z.array(drifting).parse(await tx.query(`SELECT practice, alarmed_at IS NOT NULL AS alarm FROM (SELECT DISTINCT ON (practice) practice, card IS NOT NULL AS trained FROM no_show_model ORDER BY practice, trained_at DESC) newest LEFT JOIN no_show_alarm USING (practice) WHERE trained OR alarmed_at IS NOT NULL ORDER BY practice`));
  }

  /** Follows `revision`, 0 for the first; false where another process was first. `training` null: the model stays, and only what was watched is new. */
  async save(tx: Tx, practice: PracticeId, trainedAt: Instant, watched: { readonly training: Training | null; readonly revision: number; readonly visits: number; readonly drift: Drift | null; readonly dueAt: Instant }): Promise<boolean> {
    const { training, revision, visits, drift, dueAt } = watched;
    const at = [practice, formatInstant(trainedAt), json(drift), formatInstant(tx.now), formatInstant(dueAt), revision];
    if (training === null) return (await tx.execute('UPDATE no_show_model SET drift = $3, watched_at = $4, due_at = $5, revision = revision + 1 WHERE practice = $1 AND trained_at = $2 AND revision = $6', at)) === 1;
    const parts = training.kind === 'trained' ? [json({ model: training.model, testScores: training.testScores }), json(training.card), null] : [null, null, json({ reason: training.reason, sentence: training.sentence })];
    return (await tx.execute(
      `INSERT INTO no_show_model (practice, trained_at, drift, watched_at, due_at, revision, visits, trained, card, refusal) VALUES ($1, $2, $3, $4, $5, $6::int + 1, $7, $8, $9, $10)
       ON CONFLICT (practice, trained_at) DO UPDATE SET drift = excluded.drift, watched_at = excluded.watched_at, due_at = excluded.due_at, revision = excluded.revision, visits = excluded.visits, trained = excluded.trained, card = excluded.card, refusal = excluded.refusal
       WHERE no_show_model.revision = $6::int`, [...at, visits, ...parts])) === 1;
  }

  /** The practice falls due again at `dueAt`, with or without a model; where there is none, `refusal` says why. Not where another process has looked meanwhile. */
  async postpone(tx: Tx, practice: PracticeId, trainedAt: Instant, dueAt: Instant, refusal: { readonly reason: string; readonly sentence: string }): Promise<void> {
    await tx.execute(
      `INSERT INTO no_show_model (practice, trained_at, watched_at, due_at, revision, visits, refusal) VALUES ($1, $2, $3, $4, 1, 0, $5)
       ON CONFLICT (practice, trained_at) DO UPDATE SET due_at = excluded.due_at, revision = no_show_model.revision + 1 WHERE no_show_model.due_at <= excluded.watched_at`,
      [practice, formatInstant(trainedAt), formatInstant(tx.now), formatInstant(dueAt), json(refusal)]);
  }
}

const json = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));
