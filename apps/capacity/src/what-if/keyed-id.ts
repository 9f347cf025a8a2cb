import { createHash } from 'node:crypto';
import { newId } from '@slotmesh/kernel';
import type { Actor } from '@slotmesh/persistence';
import { WhatIfKeyInvalid } from './domain/what-if.errors';

/** With an Idempotency-Key, a UUID version 8 (RFC 9562) of who asks and the key, so that the table's own key keeps a repetition out; without one a new id. Throws WhatIfKeyInvalid. */
export function keyedId(kind: string, { subject, practice }: Actor, key: string | undefined): string {
  if (key === undefined) return newId();
  if (key.trim().length === 0 || key.length > 255) throw new WhatIfKeyInvalid();
  const hex = createHash('sha256').update(JSON.stringify([kind, practice, subject, key])).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
