/** One thing that a version changes, as a person reads it. `before` and `after` are null where it did not exist. */
export interface TermsChange {
  /** Where in the terms, with ids of rules and costs instead of positions: `rules.summit-dermatology.dailyQuota`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly text: string;
}

/** What `after` changes of `before`: whole rules and costs that come or go as one change, fields one by one, in the order in which the terms are written. Null: everything is new. */
export function differenceOf(before: object | null, after: object): TermsChange[] {
  return changesOf([], before ?? {}, after);
}

function changesOf(path: readonly string[], before: object, after: object): TermsChange[] {
  const [was, is] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((key) => changeOf([...path, key], was.get(key), is.get(key)));
}

function changeOf(path: readonly string[], before: unknown, after: unknown): TermsChange[] {
  if (JSON.stringify(before ?? null) === JSON.stringify(after ?? null)) return [];
  const [was, is] = [byId(before), byId(after)];
  if (was && is) return changesOf(path, was, is);
  return [{ path: path.join('.'), before: before ?? null, after: after ?? null, text: sentence(path, before ?? null, after ?? null) }];
}

/** Items that have an id, and people who are named for a practice, are compared by it: their order says nothing. */
function byId(value: unknown): object | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!Array.isArray(value)) return value;
  const items: readonly unknown[] = value;
  const named = items.flatMap((item) => {
    const name = nameOf(item);
    return name === null ? [] : [[name, item] as const];
  });
  return items.length > 0 && named.length === items.length ? Object.fromEntries(named) : items.length === 0 ? {} : null;
}

function nameOf(item: unknown): string | null {
  if (typeof item !== 'object' || item === null) return null;
  if ('id' in item && typeof item.id === 'string') return item.id;
  return 'subject' in item && 'practice' in item && typeof item.subject === 'string' && typeof item.practice === 'string' ? `${item.subject} for ${item.practice}` : null;
}

function sentence(path: readonly string[], before: unknown, after: unknown): string {
  const where = path.map(words).join(', ');
  if (before === null || isEmpty(before)) return `${where}: added ${shown(after)}`;
  if (after === null || isEmpty(after)) return `${where}: removed (was ${shown(before)})`;
  return `${where}: ${shown(before)} becomes ${shown(after)}`;
}
const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
const words = (name: string): string => name.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(shown).join(', ') || 'nothing';
  return Object.entries(value).filter(([, part]) => part !== null && !isEmpty(part)).map(([name, part]) => `${words(name)} ${shown(part)}`).join('; ');
}
