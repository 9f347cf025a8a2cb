import { z } from 'zod';

/** What of an OpenAPI 3.1 document is shown. Everything else is left to the JSON itself, which each page links to. */
const parameter = z.object({ name: z.string(), in: z.string(), required: z.boolean().default(false), description: z.string().default(''), schema: z.unknown().optional() });
const content = z.record(z.string(), z.object({ schema: z.unknown().optional() }).loose()).default({});
export const operation = z.object({
  summary: z.string().default(''),
  description: z.string().default(''),
  tags: z.array(z.string()).default([]),
  parameters: z.array(parameter.catch({ name: '(see the JSON)', in: '', required: false, description: '' })).default([]),
  requestBody: z.object({ content }).loose().optional(),
  'x-permission': z.string().optional(),
  'x-public': z.string().optional(),
  responses: z.record(z.string(), z.object({ description: z.string().default(''), content }).loose()).default({}),
}).loose();
export type Operation = z.output<typeof operation>;

export const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
export const openApiDocument = z.object({
  info: z.object({ title: z.string(), version: z.string() }).loose(),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({ schemas: z.record(z.string(), z.unknown()).default({}) }).loose().optional(),
}).loose();
export type OpenApiDocument = z.output<typeof openApiDocument>;

export interface ListedOperation {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** Path by path, in the order of the document. */
export function operationsOf(document: OpenApiDocument): ListedOperation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const parsed = operation.safeParse(item[method]);
      return parsed.success ? [{ method: method.toUpperCase(), path, operation: parsed.data }] : [];
    }),
  );
}
