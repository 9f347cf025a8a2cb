import { z } from 'zod';

/** `limit` and `cursor` of every list; the cursor is opaque and is the `nextCursor` of the page before. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().regex(/^[A-Za-z0-9_-]{1,120}$/, 'must be the nextCursor that you were given').optional(),
});
export type PageQuery = z.output<typeof pageQuery>;

export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

/** The key after which a page begins, checked by what keys look like; throws ZodError at `cursor`. */
export function startOf<T>(page: PageQuery, key: z.ZodType<T>): T | null {
  if (page.cursor === undefined) return null;
  return z.object({ cursor: key }).parse({ cursor: Buffer.from(page.cursor, 'base64url').toString('utf8') }).cursor;
}

/** A page of rows that were read with a limit of one more than the page holds. */
export function pageOf<Row, Item>(rows: readonly Row[], limit: number, keyOf: (row: Row) => string, view: (row: Row) => Item): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(view), nextCursor: rows.length > limit && last !== undefined ? Buffer.from(keyOf(last)).toString('base64url') : null };
}
