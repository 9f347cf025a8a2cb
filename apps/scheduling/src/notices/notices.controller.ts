import { Controller, Get } from '@nestjs/common';
import { formatInstant } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import { ReadNotices } from './queries/read-notices';

@Controller('api/scheduling/v1/notices')
export class NoticesController {
  constructor(private readonly work: UnitOfWork, private readonly notices: ReadNotices) {}

  /**
   * What the managers of the caller's practice have to see to, the newest first; the console shows it. `kind`: `webhook-disabled` (its receiver failed for three days or is gone: what has waited is sent when it is enabled).
   * `about` is what it is about, below /api/scheduling/v1; `at` in UTC. A notice is gone when its cause is.
   */
  @Get()
  @Permits('webhooks:write')
  async list(@CurrentStaff() caller: StaffCaller) {
    const notices = await this.work.run(caller.actor, (tx) => this.notices.execute(tx));
    return { items: notices.map((notice) => ({ ...notice, at: formatInstant(notice.at) })), nextCursor: null };
  }
}
