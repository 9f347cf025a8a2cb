import { DomainError } from '@slotmesh/kernel';

/** The version that the caller saw (RFC 9110 section 13.1.1), or null where the caller does not mind. */
export function versionOf(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined || ifMatch.trim() === '*') return null;
  const [, digits] = /^\s*(?:W\/)?"(\d{1,9})"\s*$/.exec(ifMatch) ?? [];
  if (digits === undefined) throw new DomainError('invalid', 'invalid-request', 'If-Match must be the ETag that you were given, such as "3".', { errors: [{ pointer: '/if-match', detail: 'must be one ETag' }] });
  return Number(digits);
}

/** The ETag of a version (RFC 9110 section 8.8.3). */
export const etagOf = (version: number): string => `"${version}"`;
