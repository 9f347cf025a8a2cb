import { Controller, Get } from '@nestjs/common';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import { ListSenders, type ShownSender } from './queries/list-senders';

@Controller('api/notifications/v1/senders')
export class SendersController {
  constructor(private readonly senders: ListSenders) {}

  /** The sender of the caller's practice: its pace, until when and why it is held, what waits, and whether the providers can be reached (since when not, in real time). */
  @Get()
  @Permits('messages:read')
  own(@CurrentStaff() caller: StaffCaller): Promise<{ items: ShownSender[]; nextCursor: null }> {
    return this.senders.ofPractice(caller.actor);
  }

  /** Every sender of the network, for operators. Numbers of practices and counts; no patient. */
  @Get('network')
  @Permits('network:operate')
  all(): Promise<{ items: ShownSender[]; nextCursor: null }> {
    return this.senders.all();
  }
}
