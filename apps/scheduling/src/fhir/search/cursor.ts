import { z } from 'zod';

/** Where the next page begins, as the next link carries it; it holds keys, never a person's data. */
export const cursorOf = (...key: readonly string[]): string => Buffer.from(key.join(' ')).toString('base64url');

/** The key that a cursor holds, checked by what keys look like; throws ZodError at `_cursor`. */
export function keyOf<T>(cursor: string | undefined, key: z.ZodType<T>): T | null {
  if (cursor === undefined) return null;
  const read = key.safeParse(Buffer.from(cursor, 'base64url').toString('utf8').split(' '));
  if (!read.success) throw new z.ZodError([{ code: 'custom', path: ['_cursor'], message: 'must come from a next link of this search', input: undefined }]);
  return read.data;
}
