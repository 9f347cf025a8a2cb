import { type ArgumentsHost, Catch, type ExceptionFilter, UseFilters, applyDecorators } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { EventDefinition } from '@slotmesh/contracts';
import type { Tx } from '@slotmesh/persistence';
import { type Observable, throwError } from 'rxjs';
import type { Received } from './received';

/** Marks our handlers for our transport, so that no other transport of the same application takes them. */
export const EVENTS_TRANSPORT = Symbol('slotmesh-events');
/** Key of the handler's extras where its definitions stand. */
export const DEFINITIONS = 'definitions';

@Catch()
class GiveBack implements ExceptionFilter {
  // Why: Nest's own filter would replace the failure by "Internal server error", and the record would be lost or parked without its cause.
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}

/** One of several events, so that `isEvent` can tell which. */
export type ReceivedOneOf<D extends EventDefinition> = D extends EventDefinition ? Received<D> : never;

/**
 * The method `handle(event, tx)` takes these events inside the inbox transaction, as worker with the event's host as tenant.
 * It must do everything through `tx`: it may run again after a deadlock or a crash, and its effect is undone when it throws.
 * Whatever it throws parks the event's key (P11), except InfrastructureError, which pauses the partition.
 */
export function OnEvent<const D extends readonly [EventDefinition, ...EventDefinition[]]>(...definitions: D) {
  return <H extends (event: ReceivedOneOf<D[number]>, tx: Tx) => Promise<void> | void>(target: object, method: string, descriptor: TypedPropertyDescriptor<H>): void => {
    Payload()(target, method, 0);
    Ctx()(target, method, 1);
    const types = definitions.map((definition) => definition.type);
    applyDecorators(EventPattern(types, EVENTS_TRANSPORT, { [DEFINITIONS]: definitions }), UseFilters(GiveBack))(target, method, descriptor);
  };
}

/** Tells the events of one handler apart. */
export const isEvent = <D extends EventDefinition>(event: Received, definition: D): event is Received<D> => event.type === definition.type;
