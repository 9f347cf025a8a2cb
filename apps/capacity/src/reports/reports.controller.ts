import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { type Months, months } from '../measures/months.schema';
import { reportCsv } from './documents/report-csv';
import { reportPdf } from './documents/report-pdf';
import { TakeReport } from './queries/take-report';

@Controller('api/capacity/v1/reports')
export class ReportsController {
  constructor(private readonly take: TakeReport) {}

  /**
   * What each practice of the caller's partnership gave to sharing, how it was used and what access it gained, over calendar months that have been over for three days (`2026-07`, both included, 24 at most). Hours, shares (0 to 1), days, visits per provider-hour.
   * Of partners nothing that their measures hide; `use` has lines of eleven visits or more. `finding` says in plain words what sharing brought a practice, or that it cannot be said. 403: an operator. 422: a month is not over.
   */
  @Get()
  @Permits('measures:read')
  report(@CurrentCaller() caller: Caller, @ZodQuery(months) query: Months) {
    return this.take.execute(caller.actor, query);
  }

  /** The same as CSV (RFC 4180), one line for each number; `row` says what it is, `before` is of the months before the practice shared, and what is hidden or unknown is empty. */
  @Get('csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="access-report.csv"')
  @Permits('measures:read')
  async csv(@CurrentCaller() caller: Caller, @ZodQuery(months) query: Months): Promise<string> {
    return reportCsv(await this.take.execute(caller.actor, query));
  }

  /** The same as a PDF in US Letter, for people who decide and file, with the definitions that it rests on. The same bytes for the same numbers and `asOf`. */
  @Get('pdf')
  @Permits('measures:read')
  @ApiProduces('application/pdf')
  async pdf(@CurrentCaller() caller: Caller, @ZodQuery(months) query: Months, @Res() reply: FastifyReply): Promise<void> {
    const drawn = await reportPdf(await this.take.execute(caller.actor, query));
    void reply.headers({ 'content-disposition': `attachment; filename="access-report-${query.from}-${query.to}.pdf"`, 'cache-control': 'no-store' }).type('application/pdf').send(drawn);
  }
}
