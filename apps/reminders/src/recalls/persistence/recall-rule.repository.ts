import { Injectable } from '@nestjs/common';
import { practiceId, recallKind, serviceCode } from '@slotmesh/contracts';
import { type PracticeId, type ServiceCode, formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { recallTerms } from '../domain/recall';

const at = z.date().transform(instantOfDate);
const row = z.object({ id: z.string(), practice: practiceId, kind: recallKind, after_services: z.array(serviceCode), after_months: z.int(), terms: recallTerms, made_at: at, made_by: z.string(), ended_at: at.nullable(), ended_by: z.string().nullable() })
  .transform((r) => ({ id: r.id, practice: r.practice, kind: r.kind, afterServices: r.after_services, afterMonths: r.after_months, terms: r.terms, madeAt: r.made_at, madeBy: r.made_by, endedAt: r.ended_at, endedBy: r.ended_by }));
/** Who had a visit of these services is due so many months later. A rule never changes: another one takes its place. */
export type RecallRule = z.output<typeof row>;
const COLUMNS = 'id, practice, kind, after_services, after_months, terms, made_at, made_by, ended_at, ended_by';

@Injectable()
export class RecallRuleRepository {
  /** False: the practice has a rule of this kind. */
  async add(tx: Tx, rule: RecallRule): Promise<boolean> {
    return (await tx.execute(
      'INSERT INTO recall_rule (id, practice, kind, after_services, after_months, terms, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING',
      [rule.id, rule.practice, rule.kind, rule.afterServices, rule.afterMonths, JSON.stringify(rule.terms), formatInstant(rule.madeAt), rule.madeBy],
    )) === 1;
  }

  async standing(tx: Tx, practice: PracticeId, kind: RecallRule['kind']): Promise<string | null> {
    const [found] = await tx.query<{ id: string }>('SELECT id FROM recall_rule WHERE practice = $1 AND kind = $2 AND ended_at IS NULL', [practice, kind]);
    return found?.id ?? null;
  }

  async end(tx: Tx, id: string, by: string): Promise<RecallRule | null> {
    const [found] = await tx.query(`UPDATE recall_rule SET ended_at = coalesce(ended_at, $2), ended_by = coalesce(ended_by, $3) WHERE id = $1 RETURNING ${COLUMNS}`, [id, formatInstant(tx.now), by]);
    return found ? row.parse(found) : null;
  }

  /** The newest first. */
  async list(tx: Tx, after: string | null, limit: number): Promise<RecallRule[]> {
    return (await tx.query(`SELECT ${COLUMNS} FROM recall_rule WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`, [after, limit])).map((found) => row.parse(found));
  }

  /** In force at a practice for visits of a service. */
  async after(tx: Tx, practice: PracticeId, service: ServiceCode): Promise<RecallRule[]> {
    return (await tx.query(`SELECT ${COLUMNS} FROM recall_rule WHERE practice = $1 AND ended_at IS NULL AND $2 = ANY (after_services) ORDER BY kind`, [practice, service])).map((found) => row.parse(found));
  }
}
