import { DomainError } from '@slotmesh/kernel';

export class VersionChanged extends DomainError {
  constructor(version: number) {
    super('precondition', 'version-changed', 'Somebody else changed this since you read it. Read it again and repeat your change.', { version });
  }
}

/** Throws where the caller names a version (If-Match) that is not the present one. */
export function requireVersion(present: number, expected: number | null): void {
  if (expected !== null && expected !== present) throw new VersionChanged(present);
}

export { etagOf } from '@slotmesh/platform';
