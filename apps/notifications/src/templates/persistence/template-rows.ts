import { language } from '@slotmesh/contracts';
import { formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import type { TemplateSource } from '../built-in';
import { templateChannel } from '../domain/template-draft';
import { type TemplateName, templateNames } from '../template-names';

const at = z.date().transform((date) => formatInstant(instantOfDate(date)));
const templateRow = z.object({
  id: z.uuid(), name: z.enum(templateNames), language, channel: templateChannel, version: z.int(), source: z.string(), subject: z.string().nullable(), state: z.enum(['draft', 'approved', 'retired']), inForce: z.boolean(),
  warnings: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })), madeBy: z.string(), madeAt: at, reviewer: z.string().nullable(), reviewedAt: at.nullable(), retiredAt: at.nullable(),
});
export type TemplateRow = z.output<typeof templateRow>;

const COLUMNS = `t.id, t.name, t.language, t.channel, t.version, t.source, t.subject, t.state, t.warnings, t.made_by AS "madeBy", t.made_at AS "madeAt", t.reviewer, t.reviewed_at AS "reviewedAt", t.retired_at AS "retiredAt",
  t.state = 'approved' AND NOT EXISTS (SELECT FROM template n WHERE n.practice = t.practice AND n.name = t.name AND n.language = t.language AND n.channel = t.channel AND n.state = 'approved' AND n.version > t.version) AS "inForce"`;

/** Own versions of the present practice, newest first. */
export async function listOwn(tx: Tx, given: { readonly name: string | null; readonly language: string | null; readonly channel: string | null; readonly after: string | null; readonly limit: number }): Promise<TemplateRow[]> {
  return z.array(templateRow).parse(await tx.query(
    `SELECT ${COLUMNS} FROM template t WHERE t.practice = $1 AND ($2::text IS NULL OR t.name = $2) AND ($3::text IS NULL OR t.language = $3) AND ($4::text IS NULL OR t.channel = $4) AND ($5::uuid IS NULL OR t.id < $5) ORDER BY t.id DESC LIMIT $6`,
    [tx.actor.practice, given.name, given.language, given.channel, given.after, given.limit]));
}

/** Locked where it is about to change. */
export async function findOwn(tx: Tx, id: string, lock: 'lock' | 'read' = 'read'): Promise<TemplateRow | null> {
  const [row] = lock === 'lock'
    ? await tx.query(`SELECT ${COLUMNS} FROM template t WHERE t.id = $1 AND t.practice = $2 FOR UPDATE OF t`, [id, tx.actor.practice])
    : await tx.query(`SELECT ${COLUMNS} FROM template t WHERE t.id = $1 AND t.practice = $2`, [id, tx.actor.practice]);
  return row ? templateRow.parse(row) : null;
}

/** The practice's wording that is in force: its newest approved version. Null: the network's is. */
export async function ownInForce(tx: Tx, practice: string, name: TemplateName, of: { readonly language: string; readonly channel: string }): Promise<TemplateSource | null> {
  const [row] = await tx.query<TemplateSource>(
    `SELECT version, source, subject FROM template WHERE practice = $1 AND name = $2 AND language = $3 AND channel = $4 AND state = 'approved' ORDER BY version DESC LIMIT 1`, [practice, name, of.language, of.channel]);
  return row ?? null;
}

/** Which names, languages and channels have a wording of the practice in force: `name language channel`. */
export async function replacedByOwn(tx: Tx): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ key: string }>(`SELECT DISTINCT name || ' ' || language || ' ' || channel AS key FROM template WHERE practice = $1 AND state = 'approved'`, [tx.actor.practice]);
  return new Set(rows.map(({ key }) => key));
}
