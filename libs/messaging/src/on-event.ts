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

/** Key of the handler's extras where it says that it takes only what goes across practices. */
export const ACROSS = 'across';

/** One of several events, so that `isEvent` can tell which. */
export type ReceivedOneOf<D extends EventDefinition> = D extends EventDefinition ? Received<D> : never;

/**
 * The method `handle(event, tx)` takes these events inside the inbox transaction, as worker with the event's host as tenant.
 * It must do everything through `tx`: it may run again after a deadlock or a crash, and its effect is undone when it throws.
 * Whatever it throws parks the event's key (P11), except InfrastructureError, which pauses the partition.
 */
export function OnEvent<const D extends readonly [EventDefinition, ...EventDefinition[]]>(...definitions: D) {
  return markOf(definitions, false);
}

/**
 * The same for a handler that only what goes across practices concerns: events that name a booking practice beside the host. An event of a key names one or none for ever, so where a service takes a topic only in this way,
 * the keys of one practice alone are passed by without a transaction.
 */
export function OnEventAcross<const D extends readonly [EventDefinition, ...EventDefinition[]]>(...definitions: D) {
  return markOf(definitions, true);
}

function markOf<const D extends readonly EventDefinition[]>(definitions: D, across: boolean) {
  return <H extends (event: ReceivedOneOf<D[number]>, tx: Tx) => Promise<void> | void>(target: object, method: string, descriptor: TypedPropertyDescriptor<H>): void => {
    Payload()(target, method, 0);
    Ctx()(target, method, 1);
    const types = definitions.map((definition) => definition.type);
    applyDecorators(EventPattern(types, EVENTS_TRANSPORT, { [DEFINITIONS]: definitions, [ACROSS]: across }), UseFilters(GiveBack))(target, method, descriptor);
  };
}

/** Tells the events of one handler apart. */
export const isEvent = <D extends EventDefinition>(event: Received, definition: D): event is Received<D> => event.type === definition.type;
