import { Controller, Get } from '@nestjs/common';
import { localDate } from '@slotmesh/contracts';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { type Page, pageOf, pageQuery, startOf } from '../shared/page';
import { DecisionRepository } from './persistence/decision.repository';
import { taskView } from './queries/read-decisions';

const query = pageQuery.extend({ overdue: z.stringbool().default(false) });
const place = z.string().transform((text) => text.split(' ')).pipe(z.tuple([localDate, z.uuid()]));

@Controller('api/scheduling/v1/decision-tasks')
export class DecisionTasksController {
  constructor(private readonly work: UnitOfWork, private readonly decisions: DecisionRepository) {}

  /** Tasks of carried motions that are not done, of all members, by the date that they are due on; `overdue=true`: those whose date (`dueOn`, in the owner's `zone`) is over. */
  @Get()
  @Permits('agreements:read')
  list(@CurrentStaff() caller: StaffCaller, @ZodQuery(query) by: z.output<typeof query>): Promise<Page<ReturnType<typeof taskView>>> {
    const after = startOf(by, place);
    return this.work.run(caller.actor, async (tx) => {
      const rows = await this.decisions.openTasks(tx, { overdue: by.overdue, now: tx.now, after: after && { dueOn: after[0], id: after[1] }, limit: by.limit + 1 });
      return pageOf(rows, by.limit, ({ dueOn, id }) => `${dueOn} ${id}`, (task) => taskView(task, tx.now));
    });
  }
}
