import { Controller, Get, Header } from '@nestjs/common';
import { practiceId, serviceCode } from '@slotmesh/contracts';
import { ZodQuery, csvOf } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import { z } from 'zod';
import { backfillCount } from './domain/backfill';
import { type Months, month, months } from './months.schema';
import { BackfillRepository } from './persistence/backfill.repository';
import { OpenRows } from './queries/open-rows';
import { TakeMeasure } from './queries/take-measure';

const rowsQuery = z.object({ host: practiceId, service: serviceCode, month, count: backfillCount.default('filled'), limit: z.coerce.number().int().min(1).max(500).default(100), cursor: z.uuid().optional() });
const COLUMNS = ['measure', 'version', 'asOf', 'host', 'service', 'month', 'offered', 'filled', 'takenByDesk', 'unfilled', 'unoffered', 'offers', 'filledShare', 'offersPerFill', 'minutesMedian', 'minutesP90', 'hidden'];

@Controller('api/capacity/v1/measures/backfill')
export class BackfillController {
  constructor(private readonly source: BackfillRepository, private readonly take: TakeMeasure, private readonly open: OpenRows) {}

  /**
   * What became of times that were given back and offered to waiting patients, per host, service and calendar month (`2026-11`, both included, 24 at most):
   * the share filled, offers per fill, minutes until the yes. Of other practices only months that are over; their counts under 11, and what reveals them, are null (`hidden`).
   */
  @Get()
  @Permits('measures:read')
  backfill(@CurrentCaller() caller: Caller, @ZodQuery(months) query: Months) {
    return this.take.execute(caller.actor, this.source, query);
  }

  /** The same numbers as CSV, one line per host, service and month; a hidden number is empty. */
  @Get('csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="backfill.csv"')
  @Permits('measures:read')
  async csv(@CurrentCaller() caller: Caller, @ZodQuery(months) query: Months): Promise<string> {
    const { definition, asOf, items } = await this.take.execute(caller.actor, this.source, query);
    return csvOf(COLUMNS, items.map((item) => ({ measure: definition.id, version: definition.version, asOf, ...item })));
  }

  /** The rounds behind one of these numbers, by id; only for the host. */
  @Get('rows')
  @Permits('measures:read')
  rows(@CurrentCaller() caller: Caller, @ZodQuery(rowsQuery) { count, limit, cursor, ...key }: z.output<typeof rowsQuery>) {
    return this.open.execute(caller.actor, this.source, key, count, cursor ?? null, limit);
  }
}
