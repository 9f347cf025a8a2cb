import { Controller, Get, Header } from '@nestjs/common';
import { localDate, providerId, serviceCode, siteId, visitTypeId } from '@slotmesh/contracts';
import { ZodParam, ZodQuery, csvOf } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import { z } from 'zod';
import { daysWithin } from './days.schema';
import { type MeasureId, catalogue, dimension, measureId } from './domain/catalogue';
import { type Months, months } from './months.schema';
import { TakeCatalogueMeasure } from './queries/take-catalogue-measure';

const MOST_DAYS = 731;
const filters = { from: localDate, to: localDate, service: serviceCode.optional(), site: siteId.optional(), provider: providerId.optional(), visitType: visitTypeId.optional() };
const groups = z.string().default('').transform((text) => (text === '' ? [] : text.split(','))).pipe(z.array(dimension).refine((list) => new Set(list).size === list.length, 'names each once'));
const cells = z.object({ ...filters, by: z.enum(['day', 'week', 'month', 'total']).default('month'), group: groups }).superRefine(daysWithin(MOST_DAYS));
const rows = z.object({ ...filters, part: z.enum(['numerator', 'denominator']).default('numerator'), limit: z.coerce.number().int().min(1).max(500).default(100), cursor: z.string().max(200).optional() }).superRefine(daysWithin(MOST_DAYS));
const COLUMNS = ['measure', 'version', 'asOf', 'practice', 'period', 'site', 'provider', 'service', 'visitType', 'numerator', 'denominator', 'value', 'unit', 'flag'];

@Controller('api/capacity/v1/measures')
export class CatalogueController {
  constructor(private readonly take: TakeCatalogueMeasure) {}

  /** Every measure that can be asked by `GET /measures/{measure}`, with its written definition, unit, what it can be grouped by, and whether partners are told anything of it (`acrossPractices`). */
  @Get()
  @Permits('measures:read')
  catalogue() {
    return { items: catalogue.map(({ definition, kind, unit, dimensions, acrossPractices }) => ({ definition, kind, unit, dimensions, acrossPractices })), nextCursor: null };
  }

  /**
   * A measure of the own practice from one date to another, both included and 731 days at most, by `day`, `week` (from Monday), `month` or `total`, grouped by any of `site,provider,service,visitType` that it knows, and filtered by them.
   * A `flag` is set where a week or a month lies outside the control limits of its series; without eight periods there are none. 400 for what it cannot be grouped by; 422 where the answer would be too long.
   */
  @Get(':measure')
  @Permits('measures:read')
  own(@CurrentCaller() caller: Caller, @ZodParam('measure', measureId) id: MeasureId, @ZodQuery(cells) query: z.output<typeof cells>) {
    return this.take.own(caller.actor, id, query);
  }

  /** The same as CSV, one line for each number. */
  @Get(':measure/csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="measure.csv"')
  @Permits('measures:read')
  async csv(@CurrentCaller() caller: Caller, @ZodParam('measure', measureId) id: MeasureId, @ZodQuery(cells) query: z.output<typeof cells>): Promise<string> {
    const { definition, asOf, unit, items } = await this.take.own(caller.actor, id, query);
    return csvOf(COLUMNS, items.map((item) => ({ measure: definition.id, version: definition.version, asOf, unit, ...item })));
  }

  /**
   * The own practice beside its partners, by service and calendar month (`2026-11`, both included, 24 at most). Of partners only months that are over and only the value, nothing (`hidden`) where fewer than eleven people stand behind it or behind the rest;
   * `line` is the median of the practices that are shown, for one service each. An operator sees what partners see, with the `partnership` of each and a line for each of them.
   */
  @Get(':measure/network')
  @Permits('measures:read')
  network(@CurrentCaller() caller: Caller, @ZodParam('measure', measureId) id: MeasureId, @ZodQuery(months) query: Months) {
    return this.take.network(caller.actor, id, query);
  }

  /** What stands behind a number of the own practice, as kind and id (`appointment/...`); `part` is what is counted, or what it is counted of. */
  @Get(':measure/rows')
  @Permits('measures:read')
  rows(@CurrentCaller() caller: Caller, @ZodParam('measure', measureId) id: MeasureId, @ZodQuery(rows) { part, limit, cursor, ...query }: z.output<typeof rows>) {
    return this.take.rows(caller.actor, id, part, query, cursor ?? null, limit);
  }
}
