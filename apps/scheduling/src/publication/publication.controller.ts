import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { instantText } from '@slotmesh/contracts';
import type { Instant } from '@slotmesh/kernel';
import { ZodParam, ZodQuery } from '@slotmesh/platform';
import { PublicRoute } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { RefreshPublication } from './commands/refresh-publication';
import { versionOf } from './domain/published-resources';
import { ReadPublication, publishedFiles } from './queries/read-publication';

/** A public standard: who reads it may ask for more than is known here. */
const query = z.looseObject({ _since: instantText.optional() });
type Query = z.output<typeof query>;
/** `slots-1764208800000`, `slots-1764208800000-1`: which file, of which version, and which part of it. */
const fileName = z.string().regex(/^(locations|schedules|slots)-\d{1,14}(-[1-9]\d{0,4})?$/, 'must be a file that the manifest names');
const fileKind = z.enum(['locations', 'schedules', 'slots']);
const MINUTES = 60;

@Controller('smart-scheduling')
@PublicRoute('only what practices make public is in it: free times by site and service, nobody who took one')
export class PublicationController {
  constructor(private readonly refresh: RefreshPublication, private readonly publication: ReadPublication) {}

  /**
   * SMART Scheduling Links manifest of the openings that practices make public, the next 30 days. It changes at most once a minute; ask with If-None-Match.
   * `_since`: only what changed after this instant; a time that was free and is gone comes as busy. Long files come in parts. The files of a manifest can be fetched for 15 minutes after a newer one is there.
   * 304: nothing changed.
   */
  @Get('$bulk-publish')
  async manifest(@ZodQuery(query) { _since }: Query, @Headers('if-none-match') ifNoneMatch: string | undefined, @Headers('if-modified-since') ifModifiedSince: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const at = await this.refresh.execute();
    const etag = describe(reply, 'manifest', at, _since, 1);
    if (isUnchanged(etag, at, ifNoneMatch, ifModifiedSince)) return void reply.status(304).send();
    void reply.type('application/json').send(await this.publication.manifest(at, _since ?? null));
  }

  /** One file of a manifest (NDJSON): Locations, Schedules or Slots, times as RFC 3339 with the site's own offset. 410: read the manifest again. */
  @Get(':file.ndjson')
  @ApiProduces('application/fhir+ndjson')
  async file(@ZodParam('file', fileName) file: string, @ZodQuery(query) { _since }: Query, @Headers('if-none-match') ifNoneMatch: string | undefined, @Headers('if-modified-since') ifModifiedSince: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const [name = '', version = '', part = '0'] = file.split('-');
    const at = versionOf(version);
    const lines = await this.publication.file(publishedFiles[fileKind.parse(name)], at, Number(part), _since ?? null);
    const etag = describe(reply, `${name}-${part}`, at, _since, 15);
    if (isUnchanged(etag, at, ifNoneMatch, ifModifiedSince)) return void reply.status(304).send();
    void reply.type('application/fhir+ndjson').send(lines);
  }
}

/** RFC 9110: a strong validator made of what the bytes depend on. */
function describe(reply: FastifyReply, name: string, at: Instant, since: Instant | undefined, minutes: number): string {
  const etag = `"${name}-${at}${since === undefined ? '' : `-${since}`}"`;
  void reply.headers({ etag, 'last-modified': new Date(at).toUTCString(), 'cache-control': `public, max-age=${minutes * MINUTES}`, 'x-content-type-options': 'nosniff' });
  return etag;
}

/** RFC 9110, section 13.2.2: If-None-Match decides where it is given; HTTP dates count seconds. */
function isUnchanged(etag: string, at: Instant, ifNoneMatch: string | undefined, ifModifiedSince: string | undefined): boolean {
  if (ifNoneMatch !== undefined) return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
  const since = Date.parse(ifModifiedSince ?? '');
  return !Number.isNaN(since) && Math.floor(at / 1_000) * 1_000 <= since;
}
