import { z } from 'zod';
import { type Question, ask } from '../api/ask';

const definition = z.object({ id: z.string(), version: z.number(), title: z.string(), numerator: z.string(), denominator: z.string(), exclusions: z.array(z.string()), clock: z.string(), hiding: z.string() });
export type Definition = z.output<typeof definition>;
const kind = z.enum(['sum', 'share', 'mean', 'per']);
const about = { definition, kind, unit: z.string(), dimensions: z.array(z.string()), acrossPractices: z.boolean() };
const known = { asOf: z.iso.datetime(), missing: z.array(z.object({ source: z.string(), why: z.string() })) };

const catalogue = z.object({ items: z.array(z.object(about)) });
export type Measure = z.output<typeof catalogue>['items'][number];

const limits = z.object({ centre: z.number(), lower: z.number(), upper: z.number() });
const item = z.object({ period: z.string(), numerator: z.number(), denominator: z.number().nullable(), value: z.number().nullable(), limits: limits.nullable(), flag: z.enum(['above', 'below']).nullable(), ratio: z.number().nullable().optional() });
export type MeasureItem = z.output<typeof item>;
const taken = z.object({ ...about, ...known, baseline: z.object({ from: z.string(), to: z.string(), value: z.number() }).nullable().optional(), items: z.array(item) });
export type TakenMeasure = z.output<typeof taken>;

const compared = z.object({
  ...about, ...known,
  line: z.array(z.object({ partnership: z.string().optional(), service: z.string().optional(), month: z.string(), median: z.number(), practices: z.number() })),
  items: z.array(z.object({ practice: z.string(), partnership: z.string().optional(), service: z.string().optional(), month: z.string(), value: z.number().nullable(), hidden: z.boolean(), opens: z.boolean() })),
});
export type ComparedMeasure = z.output<typeof compared>;

const rows = z.object({ items: z.array(z.object({ row: z.string() })), nextCursor: z.string().nullable() });
export type Rows = z.output<typeof rows>;

const path = (id: string, more: string, query: Readonly<Record<string, string | undefined>>): string => {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return `/api/capacity/v1/measures/${id}${more}?${new URLSearchParams(given)}`;
};

/** A question about the own practice; where `service` is not given, all of them together. */
export interface Asked {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly by: string;
  readonly service?: string | undefined;
}

export const askCatalogue = async (question: Question): Promise<Measure[]> => (await ask('/api/capacity/v1/measures', catalogue, question)).items;
export const askMeasure = ({ id, ...query }: Asked, question: Question): Promise<TakenMeasure> => ask(path(id, '', { ...query }), taken, question);
export const csvPath = ({ id, ...query }: Asked): string => path(id, '/csv', { ...query });
export const askCompared = (id: string, months: { from: string; to: string }, question: Question): Promise<ComparedMeasure> => ask(path(id, '/network', months), compared, question);
export type Part = 'numerator' | 'denominator';
export const askRows = (id: string, query: { from: string; to: string; service?: string | undefined; part: Part; cursor?: string | undefined }, question: Question): Promise<Rows> => ask(path(id, '/rows', { ...query, limit: '100' }), rows, question);
