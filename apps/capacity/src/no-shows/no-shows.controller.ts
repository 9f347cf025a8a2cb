import { Controller, Get } from '@nestjs/common';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import { ShowNoShowModel } from './queries/show-no-show-model';

@Controller('api/capacity/v1/no-show-model')
export class NoShowsController {
  constructor(private readonly show: ShowNoShowModel) {}

  /**
   * The model card of the practice's no-show score, or why there is none. What it may be used for, inputs, slices by time, AUC and Brier score on later visits booked a day or more ahead, calibration, rates of coarse bands (for checking only), and
   * whether recent visits have drifted; else `refusal`, with the reason. No score of a visit is shown. Throws `model-of-no-practice`.
   */
  @Get()
  @Permits('measures:read')
  card(@CurrentCaller() caller: Caller) {
    return this.show.execute(caller.actor);
  }
}
