import { DomainError } from '@slotmesh/kernel';

/** Topics have no order among each other: what an event refers to may come a moment later. The record parks and is retried. */
export class ReferenceNotYetKnown extends DomainError {
  constructor(kind: string) {
    super('unavailable', 'reference-not-yet-known', `The ${kind} that this refers to is not known here yet.`, { kind });
  }
}
