import { Controller, Get, Put } from '@nestjs/common';
import { ZodBody } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import { type SendingRules, SendingRulesOfPractice, sendingRules } from './sending-rules-of-practice';

@Controller('api/notifications/v1/sending-rules')
export class SendingRulesController {
  constructor(private readonly rules: SendingRulesOfPractice) {}

  /** What the practice has said about its sender. */
  @Get()
  @Permits('messages:read')
  read(@CurrentStaff() caller: StaffCaller): Promise<SendingRules> {
    return this.rules.read(caller);
  }

  /** Says it anew. `freeToEndUser`: the carrier bills the practice and not the patient for each text; without that no text of the class `exempt-care` goes without the patient's recorded yes (47 CFR 64.1200(a)(9)(iv)). */
  @Put()
  @Permits('sending-rules:write')
  change(@CurrentStaff() caller: StaffCaller, @ZodBody(sendingRules) rules: SendingRules): Promise<SendingRules> {
    return this.rules.change(caller, rules);
  }
}
