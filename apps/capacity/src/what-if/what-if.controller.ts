import { Controller, Delete, Get, Headers, HttpCode, Post } from '@nestjs/common';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import { z } from 'zod';
import { AskWhatIf } from './commands/ask-what-if';
import { CancelWhatIf } from './commands/cancel-what-if';
import { type PageQuery, pageQuery } from '../list-cursor';
import type { WhatIf } from './persistence/what-if.repository';
import { ListWhatIfs } from './queries/list-what-ifs';
import { ReadWhatIf } from './queries/read-what-if';
import { type WhatIfQuestion, whatIfQuestion } from './what-if.schema';

const whatIfId = z.uuid();

@Controller('api/capacity/v1/what-if')
export class WhatIfController {
  constructor(private readonly ask: AskWhatIf, private readonly read: ReadWhatIf, private readonly lists: ListWhatIfs, private readonly cancelling: CancelWhatIf) {}

  /**
   * Simulates years of a partnership as it is and with `changes`, or with `advice` finds what to share. Give `practices` (slots a working day, first requests over slots, and how many of its patients, 0 to 1, would go to which neighbour; without it six in ten to each),
   * or leave them out: then they are taken from what is known of your partnership over the last 13 whole weeks, with your own cancellations and no-shows and the share that you open now. `rules` are those of today; given practices share nothing unless they say so.
   * Changes are tried together: `rules` (share 0 to 1; releaseDays: in how many days before a time belongs to its owner alone; soonerDays; guardDays: who waits longer lends nothing), `add-slots` a day, `partner-leaves`, `partner-joins` (who reached nobody), `demand` times `factor` (practice null: of all).
   * It agrees to nothing. The same question with the same `seed` gives the same answer. 422: too little is known (`missing` says what); too much to simulate; changes that leave more than three requests for each slot, or more than 500 slots a day; an Idempotency-Key of another question. 429: ten are open.
   */
  @Post()
  @HttpCode(202)
  @Permits('plans:write')
  async create(@CurrentCaller() { actor }: Caller, @ZodBody(whatIfQuestion) question: WhatIfQuestion, @Headers('idempotency-key') key: string | undefined): Promise<WhatIf> {
    return this.read.execute(actor, await this.ask.execute(actor, question, key));
  }

  /** What your practice has asked, the newest first, each with how far it is and the sentence of its answer; `nextCursor` continues. What ended half a year ago is forgotten, with trials that it belonged to. */
  @Get()
  @Permits('measures:read')
  list(@CurrentCaller() { actor }: Caller, @ZodQuery(pageQuery) page: PageQuery) {
    return this.lists.execute(actor, page);
  }

  /**
   * How far it is, and when `done` its answer: `present`, `changed` and their `difference` (pairs of years of the same luck) for each practice and for all `together`, as means with 95 % intervals; days are working days. `sentence` says it to people, also that sharing will not help.
   * Of partners that were taken from what is known: rounded means of outcomes only. 404: not asked by your practice.
   */
  @Get(':id')
  @Permits('measures:read')
  get(@CurrentCaller() { actor }: Caller, @ZodParam('id', whatIfId) id: string): Promise<WhatIf> {
    return this.read.execute(actor, id);
  }

  /** Cancels what waits or runs. 404: not asked by your practice. 409: it has ended. */
  @Delete(':id')
  @HttpCode(204)
  @Permits('plans:write')
  async cancel(@CurrentCaller() { actor }: Caller, @ZodParam('id', whatIfId) id: string): Promise<void> {
    await this.cancelling.execute(actor, id);
  }
}
