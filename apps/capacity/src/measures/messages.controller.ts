import { Controller, Get, Header } from '@nestjs/common';
import { practiceId } from '@slotmesh/contracts';
import { ZodQuery, csvOf } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import { z } from 'zod';
import { messageCount } from './domain/messages';
import { type Months, month, months } from './months.schema';
import { MessagesRepository } from './persistence/messages.repository';
import { OpenRows } from './queries/open-rows';
import { TakeMeasure } from './queries/take-measure';

const rowsQuery = z.object({ host: practiceId, month, channel: z.string().max(20), template: z.string().max(60), count: messageCount.default('asked'), limit: z.coerce.number().int().min(1).max(500).default(100), cursor: z.uuid().optional() });
const COLUMNS = ['measure', 'version', 'asOf', 'host', 'month', 'channel', 'template', 'asked', 'waiting', 'sent', 'delivered', 'undelivered', 'skipped', 'callList', 'unknown', 'visits', 'confirmed', 'kept', 'costMicros', 'currency', 'costPerKeptMicros', 'minutesLateP50', 'minutesLateP95', 'hidden'];

@Controller('api/capacity/v1/measures/messages')
export class MessagesController {
  constructor(private readonly source: MessagesRepository, private readonly take: TakeMeasure, private readonly open: OpenRows) {}

  /**
   * What became of messages to patients, per host, calendar month (`2026-11`, both included, 24 at most), channel (`none` where none was used) and template: delivered, undelivered, skipped by reason, on the call list, unknown; visits confirmed and kept,
   * cost per kept visit, minutes late. Of other practices only months that are over, and only what hides every count under 11 (`hidden`).
   */
  @Get()
  @Permits('measures:read')
  messages(@CurrentCaller() caller: Caller, @ZodQuery(months) query: Months) {
    return this.take.execute(caller.actor, this.source, query);
  }

  /** The same numbers as CSV without the reasons, one line per host, month, channel and template; a hidden number is empty. */
  @Get('csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="messages.csv"')
  @Permits('measures:read')
  async csv(@CurrentCaller() caller: Caller, @ZodQuery(months) query: Months): Promise<string> {
    const { definition, asOf, items } = await this.take.execute(caller.actor, this.source, query);
    return csvOf(COLUMNS, items.map((item) => ({ measure: definition.id, version: definition.version, asOf, ...item })));
  }

  /** The messages behind one of these numbers, by the id of their request, or the visits; only for the host. */
  @Get('rows')
  @Permits('measures:read')
  rows(@CurrentCaller() caller: Caller, @ZodQuery(rowsQuery) { count, limit, cursor, ...key }: z.output<typeof rowsQuery>) {
    return this.open.execute(caller.actor, this.source, key, count, cursor ?? null, limit);
  }
}
