import { randomUUID } from 'node:crypto';
import type { Issue, OperationOutcome } from './operation-outcome';
import type { Resource } from './r4';

interface Link { readonly relation: 'self' | 'next'; readonly url: string }
export interface Entry { readonly fullUrl: string; readonly resource: Resource<string> | OperationOutcome; readonly search: { readonly mode: 'match' | 'outcome' } }

export interface Searchset {
  readonly resourceType: 'Bundle';
  readonly type: 'searchset';
  readonly total?: number;
  readonly link: readonly Link[];
  readonly entry?: readonly Entry[];
}
export interface Found {
  readonly resources: readonly Resource<string>[];
  readonly self: string;
  readonly next: string | null;
  /** Whether this page is all that there is: its size is the total. */
  readonly isAll: boolean;
  readonly issues?: readonly Issue[];
}

/** A page of what was found (https://hl7.org/fhir/R4/http.html#search); what the client should know beside it is an entry of mode `outcome`. */
export function searchsetOf(base: string, { resources, self, next, isAll, issues = [] }: Found): Searchset {
  const matches = resources.map((resource): Entry => ({ fullUrl: `${base}/${resource.resourceType}/${resource.id}`, resource, search: { mode: 'match' } }));
  const [issue, ...more] = issues;
  const entry: Entry[] = issue ? [...matches, { fullUrl: `urn:uuid:${randomUUID()}`, resource: { resourceType: 'OperationOutcome', issue: [issue, ...more] }, search: { mode: 'outcome' } }] : matches;
  return {
    resourceType: 'Bundle', type: 'searchset', ...(isAll ? { total: matches.length } : {}), link: [{ relation: 'self', url: self }, ...(next === null ? [] : [{ relation: 'next' as const, url: next }])],
    ...(entry.length > 0 ? { entry } : {}),
  };
}
