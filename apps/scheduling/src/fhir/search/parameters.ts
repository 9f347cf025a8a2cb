import { z } from 'zod';

const coding = z.looseObject({ system: z.string().optional(), code: z.string() });
const asCode = ({ system, code }: z.output<typeof coding>): string => (system === undefined ? code : `${system}|${code}`);
const plain = z.string().optional();

const parameter = z.strictObject({
  name: z.string(), valueString: plain, valueId: plain, valueUri: plain, valueCode: plain, valueInstant: plain, valueDateTime: plain, valueInteger: z.int().transform(String).optional(),
  valueReference: z.looseObject({ reference: z.string() }).transform((value) => value.reference).optional(), valueCoding: coding.transform(asCode).optional(),
  valueCodeableConcept: z.looseObject({ coding: z.tuple([coding], coding) }).transform((value) => asCode(value.coding[0])).optional(),
  valueIdentifier: z.looseObject({ value: z.string() }).transform(({ value }) => value).optional(), valueTiming: z.looseObject({}).optional(), resource: z.looseObject({ resourceType: z.string() }).optional(),
}).transform(({ name, ...given }, context): readonly [string, unknown] => {
  const [value, ...more] = Object.values(given).filter((one) => one !== undefined);
  if (value !== undefined && more.length === 0) return [name, value];
  context.addIssue({ code: 'custom', message: 'must have one value[x] or resource' });
  return z.NEVER;
});
const parameters = z.strictObject({ resourceType: z.literal('Parameters'), id: z.string().optional(), meta: z.looseObject({}).optional(), parameter: z.array(parameter).min(1).max(200) });

/**
 * Reads Parameters (https://hl7.org/fhir/R4/parameters.html) by the schema that also reads them from a URL: a value becomes the text that it would be
 * there, a resource stays one. What fails is named by the parameter's name.
 */
export const parametersAs = <T>(schema: z.ZodType<T, Record<string, unknown>>) => parameters.transform(byName).pipe(schema);

function byName({ parameter: given }: z.output<typeof parameters>): Record<string, unknown> {
  const named = new Map<string, unknown[]>();
  for (const [name, value] of given) named.set(name, [...(named.get(name) ?? []), value]);
  return Object.fromEntries([...named].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}
