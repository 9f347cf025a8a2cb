import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ZodBody, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { z } from 'zod';
import { type ConsentBody, RecordConsent, consentBody } from './commands/record-consent';
import { ListConsents, type ShownConsent, consentsQuery } from './queries/list-consents';

@Controller('api/notifications/v1/consents')
export class ConsentsController {
  constructor(private readonly list: ListConsents, private readonly record: RecordConsent) {}

  /** Consent per contact point of one patient of the caller's practice, with its evidence: who said it, how, when, in which words, and of what. */
  @Get()
  @Permits('messages:read')
  find(@CurrentStaff() caller: StaffCaller, @ZodQuery(consentsQuery) query: z.output<typeof consentsQuery>): Promise<{ items: ShownConsent[]; nextCursor: null }> {
    return this.list.execute(caller, query);
  }

  /** Writes down what a patient told the desk about being written to. A yes lifts what was as narrow or narrower, and makes a phone that was called wrong the patient's again; it never lifts a STOP that came from the phone itself (409 `stopped-by-the-phone`). The yes to texts of a booking is part of the patient's record. Recording the same again adds its evidence. */
  @Post()
  @HttpCode(200)
  @Permits('consents:write')
  async add(@CurrentStaff() caller: StaffCaller, @ZodBody(consentBody) body: ConsentBody): Promise<{ items: ShownConsent[]; nextCursor: null }> {
    await this.record.execute(caller, body);
    return this.list.execute(caller, body);
  }
}
