import { Controller, Get } from '@nestjs/common';
import { serviceCode } from '@slotmesh/contracts';
import { ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import { z } from 'zod';
import { ForecastDemandOfService } from './queries/forecast-demand-of-service';

const query = z.object({ service: serviceCode, horizonDays: z.coerce.number().int().min(1).max(84).default(28) });

@Controller('api/capacity/v1/forecasts')
export class ForecastsController {
  constructor(private readonly forecasts: ForecastDemandOfService) {}

  /**
   * The own practice's demand for a service (measure `demand`, by the date on which it was asked for) over the next `horizonDays` dates, from today on: value, 80 and 95 % intervals, and whether the date is closed, a half-day or an open holiday. Which method was chosen, and
   * what each was worth at earlier dates (`wape`, `mase`, coverage; shares; `definition` says what was known then). A date without scheduled time is closed and gets 0; where no weekend was ever open, weekends are left out (no `points` where nothing else was asked for). `stated` false: no scheduled time is known for so late a date; that it is open or closed, and with it a certain 0, is a guess by its weekday. `booked` beside it counts visits in the own calendar on that date, which is another clock
   * and no part of the forecast. `refused` says why there is none. 422 `forecast-of-no-practice`. 429: five forecasts of your practice wait to be made. 503: not made within a minute.
   */
  @Get()
  @Permits('measures:read')
  forecast(@CurrentCaller() caller: Caller, @ZodQuery(query) { service, horizonDays }: z.output<typeof query>) {
    return this.forecasts.execute(caller.actor, service, horizonDays);
  }
}
