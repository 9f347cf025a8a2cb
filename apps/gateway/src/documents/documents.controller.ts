import { Controller, Get, Header, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { InfrastructureError } from '@slotmesh/kernel';
import { PublicRoute } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { OWN_PAGE_POLICY } from '../routing/security-headers';
import { absentPage, awayPage, eventsPage, indexPage, servicePage } from './pages';
import { ServiceDocuments } from './service-documents';
import { documentStyle } from './style';

const PAGE = 'text/html; charset=utf-8';

/** The API documents as pages that a person can read, without anything from elsewhere. */
@ApiExcludeController()
@Controller('docs')
@PublicRoute('the documents describe the API and hold no data')
export class DocumentsController {
  constructor(private readonly documents: ServiceDocuments) {}

  /** The services that have an API document. */
  @Get()
  @Header('content-type', PAGE)
  @Header('content-security-policy', OWN_PAGE_POLICY)
  index(): string {
    return indexPage(this.documents.services);
  }

  /** How these pages look. */
  @Get('style.css')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', 'public, max-age=300')
  style(): string {
    return documentStyle;
  }

  /** The events that travel over Kafka, with the schema of each. */
  @Get('events')
  @Header('content-type', PAGE)
  @Header('content-security-policy', OWN_PAGE_POLICY)
  events(): string {
    return eventsPage();
  }

  /** The operations of one service. 404: there is no such service; 503: it does not answer. */
  @Get(':service')
  @Header('content-type', PAGE)
  @Header('content-security-policy', OWN_PAGE_POLICY)
  async service(@Param('service') service: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    try {
      const document = await this.documents.of(service);
      if (document) return servicePage(service, document);
      void reply.status(404);
      return absentPage(service);
    } catch (error) {
      if (!(error instanceof InfrastructureError)) throw error;
      void reply.status(503);
      return awayPage(service);
    }
  }
}
