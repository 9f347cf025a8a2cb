import { Controller, Get } from '@nestjs/common';
import { localDate } from '@slotmesh/contracts';
import { ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import { z } from 'zod';
import { daysWithin } from '../measures/days.schema';
import { OrderOutreach } from './queries/order-outreach';

const MOST_DAYS = 31;
const query = z.object({ from: localDate, to: localDate }).superRefine(daysWithin(MOST_DAYS));

@Controller('api/capacity/v1/outreach-order')
export class OutreachOrderController {
  constructor(private readonly order: OrderOutreach) {}

  /**
   * In which order to remind or call the patients of the own booked visits on these dates (31 at most), by the practice's no-show score: ids of appointments, and a coarse `band` (`first`: scored as the highest tenth of earlier visits). No score is shown, and
   * nothing is booked, moved or double-booked by it. `scoring` off: no items, and `why`. Each reading is audited with the model's version. 422 `model-of-no-practice`, `too-many-to-reach`.
   */
  @Get()
  @Permits('call-list:work')
  outreach(@CurrentCaller() { actor }: Caller, @ZodQuery(query) { from, to }: z.output<typeof query>) {
    return this.order.execute(actor, from, to);
  }
}
