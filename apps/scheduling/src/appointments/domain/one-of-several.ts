import { DomainError, type LocalDate } from '@slotmesh/kernel';
import { z } from 'zod';

/** How a desk names one of several visits that it books or moves as one: by its step, or by the date that the series plans. `sent` is where the request has that step, from 0. */
export type VisitName = { readonly step: number; readonly sent: number } | { readonly date: LocalDate };

const pointers = z.array(z.object({ pointer: z.string(), detail: z.string() }));

/** A rule says no to one of several visits: its own words, and which visit that is. `visits` are all to which it says no. */
export class OneOfSeveralRefused extends DomainError {
  constructor(first: { readonly name: VisitName; readonly error: DomainError }, all: readonly { readonly name: VisitName; readonly error: DomainError }[]) {
    const { name, error } = first;
    super(error.kind, error.code, `${'step' in name ? `Step ${name.step}` : name.date}: ${error.message}`, { ...placed(error, name), ...shown(name), visits: all.map((one) => ({ ...shown(one.name), code: one.error.code, ...placed(one.error, one.name) })) });
  }
}

/** Throws what a rule says to the first of the visits that it refuses; where they have names, OneOfSeveralRefused. A red flag comes first: what is urgent must not wait for a form. */
export async function requireOfEach<V>(visits: readonly V[], nameOf: (visit: V) => VisitName | null, rule: (visit: V) => Promise<void> | void): Promise<void> {
  const refused: { readonly name: VisitName; readonly error: DomainError }[] = [];
  for (const visit of visits) {
    try {
      await rule(visit);
    } catch (error) {
      const name = nameOf(visit);
      if (name === null || !(error instanceof DomainError)) throw error;
      refused.push({ name, error });
    }
  }
  const first = refused.find(({ error }) => error.code === 'red-flag') ?? refused[0];
  if (first) throw new OneOfSeveralRefused(first, refused);
}

const shown = (name: VisitName) => ('step' in name ? { step: name.step } : name);

/** Each step has its answers, so what is wrong with them is pointed at there. */
function placed({ details }: DomainError, name: VisitName): Readonly<Record<string, unknown>> {
  const { data: errors } = pointers.safeParse(details['errors']);
  return errors && 'step' in name ? { ...details, errors: errors.map(({ pointer, detail }) => ({ pointer: `/steps/${name.sent}${pointer}`, detail })) } : details;
}
