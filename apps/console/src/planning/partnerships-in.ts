import type { ComparedMeasure } from './measure-answers';

export interface Compared {
  /** Undefined: the reader's own, which answers do not name. */
  readonly partnership: string | undefined;
  readonly practices: readonly string[];
}

/** Whom to compare with whom: the practices of a service by partnership, since a median over several would be of practices that share nothing. */
export function partnershipsIn({ items }: Pick<ComparedMeasure, 'items'>, service: string | undefined): Compared[] {
  const found = new Map<string | undefined, Set<string>>();
  for (const item of items) if (item.service === service) found.set(item.partnership, (found.get(item.partnership) ?? new Set()).add(item.practice));
  return [...found].map(([partnership, practices]) => ({ partnership, practices: [...practices].sort() })).sort((a, b) => (a.practices.join() < b.practices.join() ? -1 : 1));
}
