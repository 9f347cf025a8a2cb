import { z } from 'zod';

/** One version of one event: where it travels and what its value must be. Within a version only optional fields are added. */
export interface EventDefinition<Schema extends z.ZodType = z.ZodType> {
  /** CloudEvents `type`, `<service>.<aggregate>.<fact>.v<version>`. */
  readonly type: string;
  readonly topic: string;
  readonly schema: Schema;
  readonly summary: string;
}

export function defineEvent<Schema extends z.ZodType>(topic: string, fact: string, summary: string, schema: Schema): EventDefinition<Schema> {
  const [, base, version] = /^(.*)\.(v\d+)$/.exec(topic) ?? [];
  if (!base) throw new Error(`topic without a version: ${topic}`);
  return { type: `${base}.${fact}.${version}`, topic, schema, summary };
}

export type EventData<D extends EventDefinition> = z.output<D['schema']>;
export type EventWire<D extends EventDefinition> = z.input<D['schema']>;
