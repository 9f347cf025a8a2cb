import type { EventData, EventDefinition } from '@slotmesh/contracts';
import type { Instant, PracticeId } from '@slotmesh/kernel';

/** What travels beside the value: the CloudEvents attributes of one record. `topic` is the contract's name, without any prefix. */
export interface EventEnvelope {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  /** Domain time of the transaction that published it. */
  readonly time: Instant;
  readonly topic: string;
  readonly key: string;
  /** 1, 2, 3 .. without gaps per topic and key. */
  readonly sequence: number;
  readonly host: PracticeId | null;
  readonly booking: PracticeId | null;
  readonly traceparent: string | null;
}

/** One event as a handler gets it; `data` has been read by its contract. */
export interface Received<D extends EventDefinition = EventDefinition> extends EventEnvelope {
  readonly data: EventData<D>;
}
