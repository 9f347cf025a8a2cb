import { z } from 'zod';
import { systems } from '../../fhir/resources/r4';
import { LineRefused, type Reading, extension, extensionsNamed, readLine, referenceTo, resourceId } from './reading';

/** What is given at a place; slots hang on it. */
export interface FeedSchedule {
  readonly externalId: string;
  readonly location: string;
  /** Code of the partnership's catalogue. */
  readonly service: string;
  /** Vaccines as the feed names them. */
  readonly products: readonly string[];
}

const coding = z.object({ system: z.string().nullish(), code: z.string().nullish() });
const schedule = z.object({
  resourceType: z.literal('Schedule'),
  id: resourceId,
  actor: z.array(z.object({ reference: z.string().nullish() })).min(1, 'must name a Location'),
  serviceType: z.array(z.object({ coding: z.array(coding).nullish() })).nullish(),
  extension: z.array(extension).nullish(),
});

const IMMUNIZATION = 'vaccination';

/** A Schedule of SMART Scheduling Links. Taken is what names a service of the catalogue, as publications of this software do, and immunization: HL7 service type 57, or one of the register's codes that end so. */
export const readSchedule = (line: string | null): Reading<FeedSchedule> => readLine(line, schedule, (found, mend) => {
  const location = found.actor.map((actor) => referenceTo('Location').safeParse(actor)).find(({ success }) => success)?.data;
  if (location === undefined) throw new LineRefused('actor: must name a Location');
  const codings = (found.serviceType ?? []).flatMap((type) => type.coding ?? []);
  const own = codings.find(({ system, code }) => system === systems.service && code)?.code ?? null;
  const services = codings.flatMap(({ code }) => (code ? [code] : []));
  if (own === null && services.length > 0 && !services.some((code) => code === '57' || /immunization|vaccin/i.test(code))) throw new LineRefused('serviceType: no immunization');
  const products = extensionsNamed(found.extension ?? [], 'vaccine-product').flatMap(({ valueCoding }) => (valueCoding ? [valueCoding] : []));
  if (products.some(({ code }) => !code)) mend('vaccine without a code: known by its name');
  return { externalId: found.id, location, service: own ?? IMMUNIZATION, products: [...new Set(products.flatMap(({ code, display }) => display ?? code ?? []))] };
});
