import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { z } from 'zod';

/** Who asks a route of the API that takes no query with one believes that something was filtered: it is refused by name, as `ZodQuery` does where there is a query. Pages and other standards have rules of their own. */
@Injectable()
export class RefuseStrayQuery implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const keys = Object.keys(z.record(z.string(), z.unknown()).catch({}).parse(request.query));
    if (keys.length > 0 && request.url.startsWith('/api/') && !looksAtQuery(context)) {
      throw new z.ZodError([{ code: 'unrecognized_keys', keys, path: [], message: keys.map(() => 'is not known here: this address takes no query').join('\n'), input: undefined }]);
    }
    return next.handle();
  }
}

/** A handler that is given the whole request may look at it itself. */
function looksAtQuery(context: ExecutionContext): boolean {
  const given: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name);
  return typeof given === 'object' && given !== null && Object.keys(given).some((key) => [RouteParamtypes.QUERY, RouteParamtypes.REQUEST].includes(Number(key.split(':')[0])));
}
