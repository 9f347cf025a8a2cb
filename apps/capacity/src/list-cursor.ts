import { instantText } from '@slotmesh/contracts';
import { DomainError, type Instant } from '@slotmesh/kernel';
import { z } from 'zod';

class CursorUnreadable extends DomainError {
  constructor() {
    super('invalid', 'cursor-unreadable', 'This cursor is none of ours. Begin again without one.');
  }
}

/** The last row that was shown of a list whose newest rows come first. */
export interface After {
  readonly at: Instant;
  readonly id: string;
}
const parts = z.tuple([instantText, z.uuid()]);

/** A page of a list, as it is asked for. */
export const pageQuery = z.object({ limit: z.coerce.number().int().min(1).max(100).default(20), cursor: z.string().max(200).optional() });
export type PageQuery = z.output<typeof pageQuery>;

/** Throws CursorUnreadable. */
export function afterOf({ cursor }: PageQuery): After | null {
  if (cursor === undefined) return null;
  const read = parts.safeParse(Buffer.from(cursor, 'base64url').toString('utf8').split(' '));
  if (!read.success) throw new CursorUnreadable();
  const [at, id] = read.data;
  return { at, id };
}

/** `rows` has one more than a page where another follows. */
export function pageOf<Row>(rows: readonly Row[], limit: number, placeOf: (row: Row) => { readonly at: string; readonly id: string }): { readonly items: readonly Row[]; readonly nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  if (rows.length <= limit || last === undefined) return { items, nextCursor: null };
  const { at, id } = placeOf(last);
  return { items, nextCursor: Buffer.from(`${at} ${id}`, 'utf8').toString('base64url') };
}
