import { Controller, Get } from '@nestjs/common';
import { localDate, practiceId, serviceCode } from '@slotmesh/contracts';
import { ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import { z } from 'zod';
import { daysWithin } from './days.schema';
import { sharedVisitCount } from './domain/shared-visits';
import { SharedVisitsRepository } from './persistence/shared-visits.repository';
import { OpenRows } from './queries/open-rows';
import { TakeMeasure } from './queries/take-measure';

const MOST_DAYS = 366;
const period = z.object({ from: localDate, to: localDate }).superRefine(daysWithin(MOST_DAYS));
const rowsQuery = z.object({ host: practiceId, booking: practiceId, service: serviceCode, day: localDate, count: sharedVisitCount.default('booked'), limit: z.coerce.number().int().min(1).max(500).default(100), cursor: z.uuid().optional() });

@Controller('api/capacity/v1/measures/shared-visits')
export class SharedVisitsController {
  constructor(private readonly source: SharedVisitsRepository, private readonly take: TakeMeasure, private readonly open: OpenRows) {}

  /**
   * Visits that one practice booked into another's calendar, per host, booking practice, service and day, both dates included. Between two
   * other practices only days that have been over for three days and had eleven visits or more, with `booked` alone, to ten (`hidden`: the parts are not told); the definition travels with the numbers.
   */
  @Get()
  @Permits('measures:read')
  sharedVisits(@CurrentCaller() caller: Caller, @ZodQuery(period) query: z.output<typeof period>) {
    return this.take.execute(caller.actor, this.source, query);
  }

  /** The visits behind one of these numbers, by id; only for the host and the booking practice. */
  @Get('rows')
  @Permits('measures:read')
  rows(@CurrentCaller() caller: Caller, @ZodQuery(rowsQuery) { count, limit, cursor, ...key }: z.output<typeof rowsQuery>) {
    return this.open.execute(caller.actor, this.source, key, count, cursor ?? null, limit);
  }
}
