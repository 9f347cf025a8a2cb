import { DomainError } from '@slotmesh/kernel';

export class ParkedEventUnknown extends DomainError {
  constructor(id: string) {
    super('not-found', 'parked-event-unknown', 'No such event is parked. It may have been handled or discarded in the meantime; look at the list again.', { id });
  }
}

export class AnotherIsNext extends DomainError {
  constructor(next: string) {
    super('conflict', 'another-is-next', 'Another record of the same key comes first. Replay or discard that one.', { next });
  }
}

export class PredecessorMissing extends DomainError {
  constructor(from: number, to: number) {
    super('conflict', 'predecessor-missing', `The records ${from} to ${to} of this key have not come. Wait for them, or replay with "acceptGap" and a reason.`, { from, to });
  }
}

export class NoPlaceInOrder extends DomainError {
  constructor() {
    super('unprocessable', 'no-place-in-order', 'This record bears no readable sequence, so it cannot be replayed. Discard it with a reason.');
  }
}
