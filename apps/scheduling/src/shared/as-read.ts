import { z } from 'zod';

/**
 * A body that may carry what a client read along with what it changes: the named fields are the server's, are accepted and left aside, so that GET,
 * change one field, PUT works. Any other unknown field is refused by name.
 */
export function asRead<Body extends z.ZodObject>(body: Body, ...more: readonly string[]): z.ZodType<z.output<Body>> {
  const own = ['id', 'practice', 'version', ...more];
  const readOnly = Object.fromEntries(own.map((name) => [name, z.unknown().optional().meta({ readOnly: true })]));
  return body.safeExtend(readOnly).strict().transform((value) =>
    // Why no parser: the schema has just parsed it, and only what it does not name is left out.
    Object.fromEntries(Object.entries(value).filter(([name]) => !own.includes(name))) as z.output<Body>);
}
