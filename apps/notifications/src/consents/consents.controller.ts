import { Controller, Get } from '@nestjs/common';
import { ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { z } from 'zod';
import { ListConsents, type ShownConsent, consentsQuery } from './list-consents';

@Controller('api/notifications/v1/consents')
export class ConsentsController {
  constructor(private readonly list: ListConsents) {}

  /** Consent per contact point of one patient of the caller's practice, with its evidence. */
  @Get()
  @Permits('messages:read')
  find(@CurrentStaff() caller: StaffCaller, @ZodQuery(consentsQuery) query: z.output<typeof consentsQuery>): Promise<{ items: ShownConsent[]; nextCursor: null }> {
    return this.list.execute(caller, query);
  }
}
