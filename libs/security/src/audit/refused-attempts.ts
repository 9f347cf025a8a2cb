import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { DomainError } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Observable, catchError, from, mergeMap, throwError } from 'rxjs';
import { callerOf } from '../caller';

/** Where refusals are written down that would leave no trace otherwise: what is refused is rolled back, its audit row with it. */
@Injectable()
export class RefusalAudit {
  constructor(private readonly work: UnitOfWork) {}

  /** `route` is a pattern, so that no id of a person stands in it. */
  async note(actor: Actor, request: FastifyRequest, code: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
    const route = `${request.method} ${request.routeOptions.url ?? ''}`;
    await this.work.run(actor.practice === null ? { ...actor, kind: 'worker' } : actor, async (tx) => tx.audit.record({ action: 'access.refused', entity: 'route', entityId: route, details: { ...more, code } }));
  }
}

/** On a controller: an attempt that its rules refuse is audited, with who tried, the route and the code. What the permission refuses the guard has audited. */
@Injectable()
export class RefusedAttempts implements NestInterceptor {
  constructor(private readonly refusals: RefusalAudit) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = callerOf(request);
    return next.handle().pipe(mergeMap(async (value: unknown) => {
      // Why by the status: a refusal that is kept for its Idempotency-Key is answered, not thrown.
      const { statusCode } = context.switchToHttp().getResponse<FastifyReply>();
      if (caller && statusCode >= 400 && statusCode < 500) await this.refusals.note(caller.actor, request, `answered-${statusCode}`);
      return value;
    }), catchError((error: unknown) => {
      if (!caller || !(error instanceof DomainError) || error.kind === 'unavailable') return throwError(() => error);
      return from(this.refusals.note(caller.actor, request, error.code)).pipe(mergeMap(() => throwError(() => error)));
    }));
  }
}
