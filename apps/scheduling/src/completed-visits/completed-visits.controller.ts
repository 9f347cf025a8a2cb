import { Readable } from 'node:stream';
import { Controller, Get, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { instantText } from '@slotmesh/contracts';
import { DAY, formatInstant } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodQuery, csvOf, csvRows } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { pageQuery, startOf } from '../shared/page';
import { completedVisitColumns, viewOfCompletedVisit } from './completed-visit';
import type { VisitPlace } from './persistence/completed-visit.repository';
import { ReadCompletedVisits } from './queries/read-completed-visits';

const MOST_DAYS = 366;
const PAGE = 500;
const query = pageQuery.extend({ from: instantText, to: instantText, format: z.enum(['json', 'csv']).default('json') })
  .refine(({ from, to }) => to > from && to - from <= MOST_DAYS * DAY, { path: ['to'], message: `must be later than from, by ${MOST_DAYS} days at most` });
type Query = z.output<typeof query>;
const place = z.string().transform((text) => text.split(' ')).pipe(z.tuple([instantText, z.uuid()]));

@Controller('api/scheduling/v1/completed-visits')
export class CompletedVisitsController {
  constructor(private readonly work: UnitOfWork, private readonly read: ReadCompletedVisits) {}

  /**
   * Visits that the caller's practice hosted and that took place, for its billing: those that begin from `from` (inclusive) until `to` (exclusive), 366 days at most, by start. Times are RFC 3339 in UTC with the site's
   * `zone` beside them, `minutes` as planned. The patient by the practice's own id and record number, without name, reason or answers. Where `confidential` is true, nothing about the visit may reach a representative, a
   * parent included. `format=csv` gives all of them in one answer (RFC 4180, UTF-8, with a header line; a text that a spreadsheet would take for a formula is led by an apostrophe); `limit` and `cursor` are for JSON.
   */
  @Get()
  @Permits('billing:read')
  @ApiProduces('application/json', 'text/csv')
  async list(@CurrentStaff() caller: StaffCaller, @ZodQuery(query) asked: Query, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const [start, id] = startOf(asked, place) ?? [];
    const first = await this.page(caller, asked, start !== undefined && id !== undefined ? { start, id } : null, asked.format === 'csv' ? PAGE : asked.limit);
    if (asked.format === 'json') return { items: first.visits.map(viewOfCompletedVisit), nextCursor: first.next && Buffer.from(`${formatInstant(first.next.start)} ${first.next.id}`).toString('base64url') };
    void reply.headers({ 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'attachment; filename="completed-visits.csv"', 'cache-control': 'no-store' });
    void reply.send(Readable.from(this.lines(caller, asked, first), { objectMode: false }));
    return reply;
  }

  /** Why page by page: nobody's slow line keeps a transaction open, and no year has to fit into memory. */
  private async *lines(caller: StaffCaller, asked: Query, first: Awaited<ReturnType<CompletedVisitsController['page']>>): AsyncGenerator<string, void, void> {
    yield csvOf(completedVisitColumns, []);
    for (let page = first; ; page = await this.page(caller, asked, page.next, PAGE)) {
      if (page.visits.length > 0) yield csvRows(completedVisitColumns, page.visits.map(viewOfCompletedVisit));
      if (page.next === null) return;
    }
  }

  private async page(caller: StaffCaller, { from, to }: Query, after: VisitPlace | null, limit: number) {
    const { visits, more } = await this.work.run(caller.actor, (tx) => this.read.page(tx, caller.practice, { from, to }, { after, limit }));
    const last = visits.at(-1);
    return { visits, next: more && last ? { start: last.start, id: last.id } : null };
  }
}
