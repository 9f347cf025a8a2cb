import { z } from 'zod';

/** @typedef {{ type: string, topic: string, summary: string, schema: import('zod').ZodType }} Definition */

/** JSON Schema 2020-12 of an event's value as it stands in Kafka (before our parsers make instants and ids of its texts).
 * @param {Definition} definition */
export function schemaOf({ type, summary, schema }) {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12', unrepresentable: 'throw' });
  return { $schema, $id: `urn:slotmesh:event:${type}`, title: type, description: summary, ...rest };
}
