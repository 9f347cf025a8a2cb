import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { type Language, language } from '@slotmesh/contracts';
import { DomainError, InfrastructureError } from '@slotmesh/kernel';
import { isInfrastructureFailure } from '@slotmesh/persistence';
import { statusOfKind } from '@slotmesh/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { sendPage } from './page-reply';
import { troublePage } from './pages/trouble-page';
import type { TroubleWord } from './pages/words';
import { FormForeign, LinkEnded, LinkUnknown, PageClosed } from './patient-page.errors';

const asked = z.object({ lang: language.optional().catch(undefined) });
const path = z.object({ token: z.string().catch('') });

/** Patients get a page, never a problem document: what went wrong, and whom to call. */
@Catch()
export class PageFilter implements ExceptionFilter {
  private readonly logger = new Logger('patient-page');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const [status, kind] = this.meaningOf(error);
    // Why only the pattern of the path: the address is the key to the page.
    if (status >= 500) this.logger.error({ route: request.routeOptions.url, error: error instanceof Error ? error.stack : 'unknown' });
    if (status === 503) void reply.header('retry-after', '2');
    const practice = error instanceof LinkEnded ? error.practice : null;
    sendPage(reply, status, troublePage(kind, { language: languageOf(request, error instanceof LinkEnded ? error.language : null), token: path.parse(request.params ?? {}).token, practice }));
  }

  private meaningOf(error: unknown): [number, TroubleWord] {
    if (error instanceof LinkUnknown) return [404, 'unknown'];
    if (error instanceof LinkEnded) return [410, 'ended'];
    if (error instanceof FormForeign) return [403, 'form'];
    if (error instanceof PageClosed) return [403, 'closed'];
    if (error instanceof z.ZodError) return [400, 'form'];
    if (error instanceof HttpException && error.getStatus() < 500) return [error.getStatus(), 'form'];
    if (error instanceof InfrastructureError || isInfrastructureFailure(error)) return [503, 'away'];
    // Why no word of the rule: its sentence is for a desk. Whatever refused was rolled back.
    if (error instanceof DomainError && statusOfKind[error.kind] < 500) return [statusOfKind[error.kind], 'refused'];
    return [500, 'broken'];
  }
}

/** As asked, else the patient's where the link was theirs, else the browser's. */
function languageOf(request: FastifyRequest, known: Language | null): Language {
  return asked.parse(request.query ?? {}).lang ?? known ?? (/^\s*es\b/i.test(request.headers['accept-language'] ?? '') ? 'es' : 'en');
}
