import { DomainError, newId, stableId } from '@slotmesh/kernel';
import type { Actor } from '@slotmesh/persistence';

export class IdempotencyKeyInvalid extends DomainError {
  constructor() {
    super('invalid', 'idempotency-key-invalid', 'The Idempotency-Key must have 1 to 255 characters.');
  }
}

/** With an Idempotency-Key the id of who asks and the key, so that the table's own key keeps a repetition out; without one a new id. Throws IdempotencyKeyInvalid. */
export function keyedId(kind: string, { subject, practice }: Actor, key: string | undefined): string {
  if (key === undefined) return newId();
  if (key.trim().length === 0 || key.length > 255) throw new IdempotencyKeyInvalid();
  return stableId(JSON.stringify([kind, practice, subject, key]));
}
