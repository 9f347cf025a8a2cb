import { Injectable } from '@nestjs/common';
import { language, practiceId, serviceCode, visitTypeId } from '@slotmesh/contracts';
import { type Instant, type PracticeId, formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import type { EducationContent } from '../domain/education';

const at = z.date().transform(instantOfDate);
const text = z.object({ title: z.string(), body: z.string() });
const row = z.object({
  id: z.string(), practice: practiceId, practices: z.array(practiceId), service: serviceCode.nullable(), visit_type: visitTypeId.nullable(), texts: z.partialRecord(language, text), source_url: z.string().nullable(), days_before: z.int(), version: z.int(),
  previous: z.string().nullable(), made_at: at, made_by: z.string(), retired_at: at.nullable(), approvals: z.array(z.object({ practice: z.string(), by: z.string(), at: z.string() })),
}).transform((r): EducationContent => ({
  id: r.id, practice: r.practice, practices: r.practices, service: r.service, visitType: r.visit_type, texts: r.texts, sourceUrl: r.source_url, daysBefore: r.days_before, version: r.version, previous: r.previous, madeAt: r.made_at, madeBy: r.made_by,
  retiredAt: r.retired_at, approvals: r.approvals.map((approval) => ({ ...approval, at: formatInstant(instantOfDate(new Date(approval.at))) })),
}));
const SELECT = `SELECT c.id, c.practice, c.practices, c.service, c.visit_type, c.texts, c.source_url, c.days_before, c.version, c.previous, c.made_at, c.made_by, c.retired_at,
  coalesce((SELECT jsonb_agg(jsonb_build_object('practice', a.practice, 'by', a.approved_by, 'at', a.at) ORDER BY a.at) FROM education_approval a WHERE a.content_id = c.id), '[]') AS approvals FROM education_content c`;

@Injectable()
export class EducationRepository {
  async add(tx: Tx, content: EducationContent): Promise<void> {
    await tx.execute(
      'INSERT INTO education_content (id, practice, practices, service, visit_type, texts, source_url, days_before, version, previous, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)',
      [content.id, content.practice, content.practices, content.service, content.visitType, JSON.stringify(content.texts), content.sourceUrl, content.daysBefore, content.version, content.previous, formatInstant(content.madeAt), content.madeBy],
    );
  }

  async find(tx: Tx, id: string): Promise<EducationContent | null> {
    const [found] = await tx.query(`${SELECT} WHERE c.id = $1`, [id]);
    return found ? row.parse(found) : null;
  }

  /** The newest first. */
  async list(tx: Tx, after: string | null, limit: number): Promise<EducationContent[]> {
    return (await tx.query(`${SELECT} WHERE $1::uuid IS NULL OR c.id < $1 ORDER BY c.id DESC LIMIT $2`, [after, limit])).map((found) => row.parse(found));
  }

  /** That may be for visits of a host; who decides sees which are in force. */
  async ofHost(tx: Tx, host: PracticeId): Promise<EducationContent[]> {
    return (await tx.query(`${SELECT} WHERE $1 = ANY (c.practices) AND c.retired_at IS NULL`, [host])).map((found) => row.parse(found));
  }

  /** The first yes of a practice stands. */
  async approve(tx: Tx, content: EducationContent, practice: PracticeId, by: string): Promise<boolean> {
    return (await tx.execute('INSERT INTO education_approval (content_id, practice, practices, approved_by, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING', [content.id, practice, content.practices, by, formatInstant(tx.now)])) === 1;
  }

  async retire(tx: Tx, id: string, by: string): Promise<boolean> {
    return (await tx.execute('UPDATE education_content SET retired_at = $2, retired_by = $3 WHERE id = $1 AND retired_at IS NULL', [id, formatInstant(tx.now), by])) === 1;
  }

  /** A newer version that everybody approved takes the place of the one before. */
  async retirePrevious(tx: Tx, id: string, at: Instant): Promise<void> {
    await tx.execute(`UPDATE education_content p SET retired_at = $2, retired_by = 'newer version' FROM education_content n WHERE n.id = $1 AND p.id = n.previous AND p.retired_at IS NULL`, [id, formatInstant(at)]);
  }

  /** Contents that everybody has approved and whose coming visits were not looked at yet; they are held. */
  async takeApproved(tx: Tx, limit: number): Promise<EducationContent[]> {
    const ids = await tx.query<{ id: string }>(
      `UPDATE education_content SET planned_at = $1 WHERE id IN (SELECT c.id FROM education_content c WHERE c.planned_at IS NULL AND c.retired_at IS NULL
         AND cardinality(c.practices) = (SELECT count(*) FROM education_approval a WHERE a.content_id = c.id) ORDER BY c.id LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id`,
      [formatInstant(tx.now), limit],
    );
    return (await tx.query(`${SELECT} WHERE c.id = ANY ($1::uuid[]) ORDER BY c.id`, [ids.map(({ id }) => id)])).map((found) => row.parse(found));
  }

  async waits(tx: Tx): Promise<boolean> {
    const [found] = await tx.query<{ waits: boolean }>(
      `SELECT EXISTS (SELECT FROM education_content c WHERE c.planned_at IS NULL AND c.retired_at IS NULL AND cardinality(c.practices) = (SELECT count(*) FROM education_approval a WHERE a.content_id = c.id)) AS waits`);
    return found?.waits ?? false;
  }

  async definePractice(tx: Tx, practice: PracticeId, partnership: string | null, staffed: boolean): Promise<void> {
    await tx.execute('INSERT INTO partner_practice (practice, partnership, staffed) VALUES ($1, $2, $3) ON CONFLICT (practice) DO UPDATE SET partnership = excluded.partnership, staffed = excluded.staffed', [practice, partnership, staffed]);
  }

  /** With whom a practice shares its partnership, itself among them: those that have people. */
  async partnersOf(tx: Tx, practice: PracticeId): Promise<PracticeId[]> {
    const rows = await tx.query<{ practice: string }>('SELECT o.practice FROM partner_practice p JOIN partner_practice o ON o.partnership = p.partnership WHERE p.practice = $1 AND (o.staffed OR o.practice = $1) ORDER BY o.practice', [practice]);
    return rows.map((found) => practiceId.parse(found.practice));
  }
}
