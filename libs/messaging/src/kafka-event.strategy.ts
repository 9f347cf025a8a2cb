import { Injectable } from '@nestjs/common';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import type { EventDefinition } from '@slotmesh/contracts';
import { lastValueFrom } from 'rxjs';
import { EventHandlers } from './handlers';
import { ACROSS, DEFINITIONS, EVENTS_TRANSPORT } from './on-event';

export interface EventsLifecycle {
  start(): Promise<void>;
  stop(): Promise<void>;
}

const isDefinition = (value: unknown): value is EventDefinition => typeof value === 'object' && value !== null && 'type' in value && 'topic' in value && 'schema' in value;

/** The seam to Nest: collects the handlers that @OnEvent marks, and starts and ends the consumer with the application. */
@Injectable()
export class KafkaEventStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = EVENTS_TRANSPORT;

  constructor(private readonly handlers: EventHandlers, private readonly lifecycle: EventsLifecycle) {
    super();
  }

  // Why not Nest's own chain: it runs several handlers of one event at the same time, on one transaction, and forgets the ones that are slow when another fails.
  override addHandler(pattern: unknown, callback: MessageHandler, isEventHandler?: boolean, extras: Record<string, unknown> = {}): void {
    const definitions: unknown = extras[DEFINITIONS];
    const definition = Array.isArray(definitions) ? definitions.filter(isDefinition).find(({ type }) => type === pattern) : undefined;
    if (!isEventHandler || !definition) throw new Error(`only @OnEvent handlers belong to the event transport, not ${String(pattern)}`);
    this.handlers.add(definition, async (event, tx) => {
      await lastValueFrom(this.transformToObservable(await callback(event, tx)), { defaultValue: undefined });
    }, { across: extras[ACROSS] === true });
  }

  async listen(callback: (...optionalParams: unknown[]) => unknown): Promise<void> {
    // Why by the callback: Nest waits for it, and for nothing else.
    await this.lifecycle.start().then(() => callback(), (error: unknown) => callback(error));
  }

  async close(): Promise<void> {
    await this.lifecycle.stop();
  }

  on(): never {
    throw new Error('the event transport emits no events of its own');
  }

  unwrap<T>(): T {
    throw new Error('the event transport hides its client');
  }
}
