import { Controller, Delete, Get, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import { z } from 'zod';
import { ForgetTrial } from './commands/forget-trial';
import { LoadTrial } from './commands/load-trial';
import { PreviewTrial, type TrialPreview } from './queries/preview-trial';
import { ReadTrial, type TrialView } from './queries/read-trial';
import { fileBody, previewBody, previewOf, previewQuery, trialBody, trialOf, trialQuery } from './trial.schema';

const trialId = z.uuid();

@Controller('api/capacity/v1/trials')
export class TrialsController {
  constructor(private readonly load: LoadTrial, private readonly read: ReadTrial, private readonly previewing: PreviewTrial, private readonly forgetting: ForgetTrial) {}

  /**
   * Looks at a year of a practice's visits, one a line, and keeps nothing: which column was taken for the day of the visit (`start`), the booking (`booked`), `status`, `service` and `duration`, what was counted, lines that could not be read with the reason (never a value), and the rates that would be simulated.
   * The file as text/csv (up to 4 MB) with what to map in the query, or as JSON (up to 1 MB). `encoding` says how the file was read: UTF-8, UTF-16 by its byte order mark, or else Windows-1252. Without `slotsPerDay` a day of the upper tenth counts as full. Rates are of days up to the last visit that was kept or missed.
   * 413: larger. 422: no column for the day of the visit, or none of a name that the mapping has (name it in the query: `start`, `booked`, `status`, `service`, `duration`); no commas between columns; more than 1,000 columns; no text; visits on more than 3,660 days. 429: five files of your practice wait. 503: not counted within 20 seconds.
   */
  @Post('preview')
  @HttpCode(200)
  @ApiConsumes('application/json', 'text/csv')
  @Permits('plans:write')
  preview(@CurrentCaller() { actor }: Caller, @ZodBody(z.union([previewBody, fileBody])) body: unknown, @ZodQuery(previewQuery) query: z.output<typeof previewQuery>): Promise<TrialPreview> {
    return this.previewing.execute(actor, previewOf(body, query));
  }

  /**
   * With `yes`, keeps of such a file counts by day and rates, never a visit, and asks the simulator what joining with `share` would change for the practice, beside the partners of its partnership, or of the `partnership` that an operator names, or an invented equal partner where there is none (or `beside` is `invented`).
   * Read the answer at `GET /api/capacity/v1/what-if/{whatIf}`. Only the practice that loaded it reads it. 403: a partnership named by a practice. 413, 422: as the preview; more than one line of fifty that cannot be read; fewer than 8 weeks up to the last visit that was kept or missed; too little known of partners; an Idempotency-Key of another trial. 429: ten what-ifs are open.
   */
  @Post()
  @HttpCode(202)
  @ApiConsumes('application/json', 'text/csv')
  @Permits('plans:write')
  async create(@CurrentCaller() { actor }: Caller, @ZodBody(z.union([trialBody, fileBody])) body: unknown, @ZodQuery(trialQuery) query: z.output<typeof trialQuery>, @Headers('idempotency-key') key: string | undefined): Promise<TrialView> {
    return this.read.execute(actor, await this.load.execute(actor, trialOf(body, query), key));
  }

  /** All that is kept of a trial, with how many lines of the file (`rows`) could not be read (`unreadLines`). 404: not loaded by your practice. */
  @Get(':id')
  @Permits('plans:write')
  get(@CurrentCaller() { actor }: Caller, @ZodParam('id', trialId) id: string): Promise<TrialView> {
    return this.read.execute(actor, id);
  }

  /** Forgets a trial and what was simulated of it. 404: not loaded by your practice. */
  @Delete(':id')
  @HttpCode(204)
  @Permits('plans:write')
  async forget(@CurrentCaller() { actor }: Caller, @ZodParam('id', trialId) id: string): Promise<void> {
    await this.forgetting.execute(actor, id);
  }
}
