import { Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import { partnershipId, practiceId } from '@slotmesh/contracts';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { readerOf } from '../practices/reference';
import { type Page, type PageQuery, pageOf, pageQuery, startOf } from '../shared/page';
import { ConnectFeed } from './commands/connect-feed';
import { TakeFeedLines } from './commands/take-feed-lines';
import { feedKinds, feedManifest } from './domain/feed-manifest';
import { type ConnectionView, ReadConnections, viewOfFile, viewOfSource } from './queries/read-connections';

const connectionBody = z.strictObject({ manifest: feedManifest, practice: practiceId.optional(), name: z.string().trim().min(1).max(200).optional(), partnership: partnershipId.optional() });
const linesBody = z.strictObject({
  kind: z.enum(feedKinds),
  name: z.string().min(1).max(2_000),
  hash: z.string().regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the file in hexadecimal digits'),
  etag: z.string().min(1).max(500).optional(),
  from: z.int().min(0).max(1_000_000_000),
  /** NDJSON lines as they are; null for one that is too long to send. */
  lines: z.array(z.string().max(262_144).nullable()).max(5_000),
  last: z.boolean(),
});

@Controller('api/scheduling/v1/connections')
export class ConnectionsController {
  constructor(private readonly work: UnitOfWork, private readonly connectFeed: ConnectFeed, private readonly takeLines: TakeFeedLines, private readonly connections: ReadConnections) {}

  /** The publications that openings are read from. */
  @Get()
  @Permits('connections:write')
  async list(@CurrentCaller() caller: Caller, @ZodQuery(pageQuery) page: PageQuery): Promise<Page<ConnectionView>> {
    const after = startOf(page, z.uuid());
    return pageOf(await this.work.run(readerOf(caller), (tx) => this.connections.list(tx, after, page.limit + 1)), page.limit, ({ id }) => id, (connection) => connection);
  }

  /**
   * Connects a SMART Scheduling Links publication by its manifest ($bulk-publish): 201 with a practice without staff, joined to the partnership by an
   * agreement that shares all of it; 200 where it is connected already. `practice` defaults to the name in its host. 409 the code is another's.
   */
  @Post()
  @Permits('connections:write')
  async connect(@CurrentCaller() caller: Caller, @ZodBody(connectionBody) body: z.output<typeof connectionBody>, @Res({ passthrough: true }) reply: FastifyReply) {
    const wanted = { manifest: body.manifest, practice: body.practice ?? null, name: body.name ?? null, partnership: body.partnership ?? null };
    const { isNew, ...source } = await this.work.run(readerOf(caller), (tx) => this.connectFeed.execute(tx, wanted));
    void reply.status(isNew ? 201 : 200);
    return { ...viewOfSource(source), manifestFiles: body.manifest.files };
  }

  /** One publication, with how far each of its files was taken and what became of its lines. A file that is `taken` under its hash need not be sent again. */
  @Get(':id')
  @Permits('connections:write')
  get(@CurrentCaller() caller: Caller, @ZodParam('id', z.uuid()) id: string) {
    return this.work.run(readerOf(caller), (tx) => this.connections.get(tx, id));
  }

  /**
   * Some lines of one NDJSON file, in order; `from` counts the lines before them, `hash` is the whole file's. Locations go before schedules, schedules before
   * slots. Lines that were taken already are passed over; a line that cannot be read is counted and reported, the rest is taken. 409 lines-missing: go on
   * at the line that it names.
   */
  @Post(':id/files')
  @HttpCode(200)
  @Permits('connections:write')
  async take(@CurrentCaller() caller: Caller, @ZodParam('id', z.uuid()) id: string, @ZodBody(linesBody) body: z.output<typeof linesBody>) {
    return viewOfFile(await this.work.run(readerOf(caller), (tx) => this.takeLines.execute(tx, id, { ...body, etag: body.etag ?? null })));
  }
}
