import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { isInfrastructureFailure } from '@slotmesh/persistence';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TwilioError, notFound, serverError } from './domain/twilio-errors';

/** Every failure below /2010-04-01 in Twilio's own shape. */
@Catch()
export class TwilioErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('twilio');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const answer = this.toTwilio(error, request.url.split('?')[0] ?? '');
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (answer.status === 401) void reply.header('www-authenticate', 'Basic realm="Twilio API"');
    if (answer.status === 429) void reply.header('retry-after', '1');
    void reply.status(answer.status).send(answer.body());
  }

  private toTwilio(error: unknown, path: string): TwilioError {
    if (error instanceof TwilioError) return error;
    if (error instanceof HttpException && error.getStatus() === 404) return notFound(path);
    if (error instanceof HttpException && error.getStatus() < 500) return new TwilioError(20001, error.message, error.getStatus());
    if (isInfrastructureFailure(error)) return new TwilioError(20503, 'Service is unavailable', 503);
    this.logger.error(error instanceof Error ? error.stack : 'failed');
    return serverError();
  }
}
