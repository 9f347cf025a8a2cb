import { Body, Param, type PipeTransform, Query } from '@nestjs/common';
import { ApiBody, ApiParam, ApiQuery } from '@nestjs/swagger';
import { z } from 'zod';

class ZodPipe<Schema extends z.ZodType> implements PipeTransform {
  constructor(private readonly schema: Schema) {}
  /** Throws ZodError, which becomes a 400 problem that names field and rule. */
  transform(value: unknown): z.output<Schema> {
    const broken = brokenPart(value);
    if (broken) throw new z.ZodError([{ code: 'custom', ...broken, input: undefined }]);
    return this.schema.parse(value ?? {});
  }
}

/** No body of ours comes near it; without a limit a small body could be nested deeper than a stack is. */
const DEEPEST = 64;
const UNSTORABLE = /\0|\p{Surrogate}/u;

interface Broken { readonly path: PropertyKey[]; readonly message: string }

/** JSON may carry what no text can: NUL and lone surrogates, which PostgreSQL stores in neither text nor jsonb, as values and as names. Where the first one is, or null. */
function brokenPart(value: unknown, depth = 0): Broken | null {
  if (typeof value === 'string') return UNSTORABLE.test(value) ? { path: [], message: 'must be text without NUL or half characters' } : null;
  // Bytes are no text yet.
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return null;
  if (depth === DEEPEST) return { path: [], message: `must not be nested deeper than ${DEEPEST} levels` };
  for (const [name, part] of Object.entries(value)) {
    if (UNSTORABLE.test(name)) return { path: [], message: 'must have names without NUL or half characters' };
    const found = brokenPart(part, depth + 1);
    if (found) return { ...found, path: [name, ...found.path] };
  }
  return null;
}

/**
 * Parses the body by a schema and documents it: `@ZodBody(holdRequest) body: z.output<typeof holdRequest>`. A field that the schema does not know is
 * refused by name rather than dropped: a misspelt `consent` must not look as if it had been taken.
 */
export function ZodBody(given: z.ZodType): ParameterDecorator {
  const schema = given instanceof z.ZodObject && given.def.catchall === undefined ? given.strict() : given;
  return (target, key, index) => {
    Body(new ZodPipe(schema))(target, key, index);
    document(target, key, ApiBody({ schema: jsonSchema(schema) }));
  };
}

/** Parses and documents the query string by an object schema. */
export function ZodQuery(schema: z.ZodObject): ParameterDecorator {
  return (target, key, index) => {
    Query(new ZodPipe(schema))(target, key, index);
    const { properties = {}, required = [] } = z.object({ properties: z.record(z.string(), z.record(z.string(), z.unknown())).optional(), required: z.array(z.string()).optional() }).loose().parse(jsonSchema(schema));
    for (const [name, property] of Object.entries(properties)) document(target, key, ApiQuery({ name, required: required.includes(name), schema: property }));
  };
}

/** Parses and documents one path parameter by a schema. */
export function ZodParam(name: string, schema: z.ZodType): ParameterDecorator {
  return (target, key, index) => {
    Param(name, new ZodPipe(schema))(target, key, index);
    document(target, key, ApiParam({ name, schema: jsonSchema(schema) }));
  };
}

function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'draft-2020-12' });
  return rest;
}

function document(target: object, key: string | symbol | undefined, decorate: MethodDecorator): void {
  const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
  if (key !== undefined && descriptor) decorate(target, key, descriptor);
}
