import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** SHA-256 in hex of the JSON in its canonical form (RFC 8785): the same terms have the same hash, however they were written down. */
export function hashOfTerms(terms: object): string {
  const text = canonicalize(terms);
  if (text === undefined) throw new TypeError('terms are a JSON object');
  return createHash('sha256').update(text).digest('hex');
}
