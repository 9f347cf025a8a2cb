import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { StatementInputs, StatementResult } from './statement';

/** SHA-256 over the canonical JSON (RFC 8785): the same content has the same hash, whatever the order of its keys. */
export function hashOf(content: StatementInputs | StatementResult): string {
  return createHash('sha256').update(canonicalize(content) ?? '').digest('hex');
}
