import type { BookingFacts } from './booking-facts';

/** How facts become numbers. All of it is learned from the training slice: services that are common enough, the mean and spread of each number, the rate that stands in for a patient without history. */
export interface Encoding {
  readonly names: readonly string[];
  readonly services: readonly string[];
  readonly modalities: readonly string[];
  readonly usualRate: number;
  readonly means: readonly number[];
  readonly spreads: readonly number[];
}

/** A rarer service is `other`: a weight from a few visits would be noise. */
const FEWEST_OF_SERVICE = 100;
const MOST_SERVICES = 20;
/** Visits at the usual rate that are added to a patient's own, so that one missed visit is not a rate of 100 %. */
const PRIOR_VISITS = 4;

export function learnEncoding(facts: readonly BookingFacts[], usualRate: number): Encoding {
  const services = common(facts.map(({ service }) => service)).slice(0, MOST_SERVICES);
  const modalities = common(facts.map(({ modality }) => modality));
  const bare = { services, modalities, usualRate };
  const rows = facts.map((one) => numbersOf(one, bare));
  const names = [
    'lead-days', 'same-day', 'lead-over-two-weeks', ...['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'], 'before-ten', 'from-fifteen', 'no-history', 'earlier-visits', 'earlier-missed-rate',
    ...services.map((service) => `service:${service}`), ...modalities.map((modality) => `modality:${modality}`),
  ];
  const means = names.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);
  const spreads = names.map((_, i) => Math.sqrt(rows.reduce((sum, row) => sum + (row[i]! - means[i]!) ** 2, 0) / rows.length) || 1);
  return { ...bare, names, means, spreads };
}

export const encoded = (facts: BookingFacts, encoding: Encoding): number[] => numbersOf(facts, encoding).map((value, i) => (value - encoding.means[i]!) / encoding.spreads[i]!);

function numbersOf(f: BookingFacts, { services, modalities, usualRate }: Pick<Encoding, 'services' | 'modalities' | 'usualRate'>): number[] {
  const earlier = f.earlierKept + f.earlierMissed;
  return [
    Math.log1p(f.leadDays), Number(f.leadDays === 0), Number(f.leadDays > 14), ...Array.from({ length: 7 }, (_, i) => Number(f.weekday === i + 1)), Number(f.hour < 10), Number(f.hour >= 15),
    Number(earlier === 0), Math.log1p(earlier), (f.earlierMissed + PRIOR_VISITS * usualRate) / (earlier + PRIOR_VISITS),
    ...services.map((service) => Number(service === f.service)), ...modalities.map((modality) => Number(modality === f.modality)),
  ];
}

function common(values: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= FEWEST_OF_SERVICE).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([value]) => value);
}
