import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { DraftExperiment } from './commands/draft-experiment';
import { StepExperiment } from './commands/step-experiment';
import { experimentDraft } from './domain/experiment';
import { ListExperiments } from './queries/list-experiments';
import { ShowResult } from './queries/show-result';

const experimentId = z.uuid();
const listQuery = z.object({ limit: z.coerce.number().int().min(1).max(100).default(25), cursor: z.uuid('must be a nextCursor of an earlier answer').optional() });
const stopBody = z.strictObject({ reason: z.string().trim().min(1).max(500) });

@Controller('api/reminders/v1/experiments')
export class ExperimentsController {
  constructor(private readonly draft: DraftExperiment, private readonly step: StepExperiment, private readonly list: ListExperiments, private readonly result: ShowResult) {}

  /**
   * Proposes to compare cadences with the plan in force, `control.plan`, for the visits that would follow it. `arms` are other steps; no patient may get less by one: in every situation as many messages before the visit, and every call and message that
   * must reach the patient, or 422 `arm-is-less` with what to add. Patients fall to arms by `weight`. After each 1/`looks` of `patients` whose first visit has an outcome the experiment is looked at, and it ends after `days` at the latest.
   * It cannot be edited; stop it and propose another one. 422 `control-not-in-force`.
   */
  @Post()
  @Permits('experiments:write')
  async propose(@CurrentStaff() caller: StaffCaller, @ZodBody(experimentDraft) body: z.output<typeof experimentDraft>) {
    const { id } = await this.draft.execute(caller, body);
    return this.list.one(caller, id);
  }

  /** Experiments of the practice, the newest first. `steps` null: the plan in force. `seed` is shown once the experiment has stopped; with it each patient's arm can be computed again. */
  @Get()
  @Permits('measures:read')
  async experiments(@CurrentStaff() caller: StaffCaller, @ZodQuery(listQuery) { limit, cursor }: z.output<typeof listQuery>) {
    const rows = await this.list.execute(caller.actor, cursor ?? null, limit + 1);
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  /** One experiment: `draft`, `approved`, `running` or `stopped`, and why it stopped. */
  @Get(':id')
  @Permits('measures:read')
  experiment(@CurrentStaff() caller: StaffCaller, @ZodParam('id', experimentId) id: string) {
    return this.list.one(caller, id);
  }

  /**
   * Attendance by arm: visits that took place against missed ones, of each patient's first visit in the experiment (the figure that decides) and of all. Visits that were cancelled or that nobody marked are no misses and stand apart. `rate` with a
   * 95 % Wilson interval, `toControl` with Newcombe's; neither is widened for the looks. Until it has stopped outcomes are hidden but for the looks behind it; counts under 11 are null.
   */
  @Get(':id/result')
  @Permits('measures:read')
  resultOf(@CurrentStaff() caller: StaffCaller, @ZodParam('id', experimentId) id: string) {
    return this.result.execute(caller, id);
  }

  /** The yes of a clinician of the practice, by name, who did not propose it. 403 `another-clinician-approves`; 409 `experiment-state`. */
  @Post(':id/approve')
  @HttpCode(200)
  @Permits('experiments:approve')
  async approve(@CurrentStaff() caller: StaffCaller, @ZodParam('id', experimentId) id: string) {
    await this.step.approve(caller, id);
    return this.list.one(caller, id);
  }

  /** Visits that are booked from now on are given arms. 409 `experiment-state`: not approved; `control-taken`: another one about the same plan runs. 422 where the plan in force has changed so that an arm is less. */
  @Post(':id/start')
  @HttpCode(200)
  @Permits('experiments:write')
  async start(@CurrentStaff() caller: StaffCaller, @ZodParam('id', experimentId) id: string) {
    await this.step.start(caller, id);
    return this.list.one(caller, id);
  }

  /** Ends it for good, with a reason. Visits that are planned keep their steps; new ones, and those planned again, follow the plan in force. 409 `experiment-stopped`. */
  @Post(':id/stop')
  @HttpCode(200)
  @Permits('experiments:write')
  async stop(@CurrentStaff() caller: StaffCaller, @ZodParam('id', experimentId) id: string, @ZodBody(stopBody) { reason }: z.output<typeof stopBody>) {
    await this.step.stop(caller, id, reason);
    return this.list.one(caller, id);
  }
}
