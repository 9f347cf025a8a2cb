import { z } from 'zod';

/** What became of one line of a feed: taken, perhaps with something mended, or refused by a rule. Rules are sentences that a person reads in the report. */
export type Reading<T> = { readonly taken: T; readonly mended: readonly string[] } | { readonly refused: string };

/** Says inside a reader that the line cannot be taken, and by which rule. */
export class LineRefused extends Error {}

/**
 * Reads one line of NDJSON by a schema and turns it into what the feed means; `mend` notes what was put right on the way. Never throws for a line, however
 * broken. Null stands for a line that was too long to be sent.
 */
export function readLine<S extends z.ZodType, T>(line: string | null, schema: S, make: (resource: z.output<S>, mend: (rule: string) => void) => T): Reading<T> {
  const mended = new Set<string>();
  try {
    const resource = schema.safeParse(jsonOf(line));
    if (!resource.success) return { refused: ruleOf(resource.error) };
    return { taken: make(resource.data, (rule) => mended.add(rule)), mended: [...mended] };
  } catch (error) {
    if (error instanceof LineRefused) return { refused: error.message };
    throw error;
  }
}

function jsonOf(line: string | null): unknown {
  if (line === null) throw new LineRefused('the line is longer than 256 KiB');
  try {
    return JSON.parse(line.replace(/^\uFEFF/, ''));
  } catch {
    throw new LineRefused('the line is not JSON');
  }
}

function ruleOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue ? `${issue.path.map(String).join('.') || 'the line'}: ${issue.message}` : 'the line does not fit';
}

/** FHIR logical id; feeds in the wild are not always within its 64 characters. */
export const resourceId = z.string().min(1).max(200);

/** The id behind `Schedule/116`, relative or absolute. */
export const referenceTo = (type: string) => z.object({ reference: z.string() }).transform(({ reference }, context) => {
  const id = new RegExp(`(?:^|/)${type}/([^/?#]{1,200})$`).exec(reference)?.[1];
  if (id !== undefined) return id;
  context.addIssue({ code: 'custom', message: `must name a ${type}` });
  return z.NEVER;
});

const BASE = 'http://fhir-registry.smarthealthit.org/StructureDefinition/';
export const extension = z.object({ url: z.string(), valueUrl: z.string().nullish(), valueString: z.string().nullish(), valueInteger: z.number().nullish(), valueCoding: z.object({ code: z.string().nullish(), display: z.string().nullish() }).nullish() });
export type Extension = z.output<typeof extension>;
/** SMART Scheduling Links names its extensions below one base; some feeds give the last word only. */
export const extensionsNamed = (all: readonly Extension[], name: string): Extension[] => all.filter(({ url }) => url === BASE + name || url === name);
