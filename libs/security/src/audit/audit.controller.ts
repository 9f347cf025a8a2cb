import { Controller, Get, type Type } from '@nestjs/common';
import { formatInstant, instantOfDate } from '@slotmesh/kernel';
import { type Actor, UnitOfWork, workerFor } from '@slotmesh/persistence';
import { ZodQuery } from '@slotmesh/platform';
import { z } from 'zod';
import { type Caller, CurrentCaller } from '../caller';
import { Permits } from '../permits';
import { AuditSealer } from './audit-sealer';
import { type AuditQuery, FindAuditEntries, auditQuery } from './find-audit-entries';
import { verifyAuditChain } from './verify-audit-chain';

const verifyQuery = z.object({
  /** A head that was kept outside, as `position:hash` from an earlier answer. */
  known: z.string().regex(/^\d{1,15}:[0-9a-f]{64}$/, 'must be position:hash from an earlier answer').optional(),
});

/** `/api/<service>/v1/audit`, the same in every service with a database. */
export function auditController(service: string): Type<unknown> {
  @Controller(`api/${service}/v1/audit`)
  class AuditController {
    constructor(private readonly work: UnitOfWork, private readonly find: FindAuditEntries, private readonly sealer: AuditSealer) {}

    /** Who read or changed what, newest first, in one's own practice; operators see what was done for no practice. Reading it leaves a row, too. */
    @Get()
    @Permits('audit:read')
    list(@CurrentCaller() { actor }: Caller, @ZodQuery(auditQuery) by: AuditQuery) {
      const reader: Actor = actor.practice === null ? { ...actor, kind: 'worker' } : actor;
      return this.work.run(reader, async (tx) => {
        const page = await this.find.execute(tx, actor.practice, by);
        tx.audit.record({ action: 'audit.read', entity: 'audit', entityId: service, patient: by.patient ?? null, details: { rows: page.items.length } });
        return page;
      });
    }

    /** Recomputes the whole chain of this service: any change, insertion or deletion of a sealed row is a fault; the unsealed tail is counted. */
    @Get('verify')
    @Permits('audit:read')
    async verify(@ZodQuery(verifyQuery) { known }: z.output<typeof verifyQuery>) {
      const [position, hash] = known?.split(':') ?? [];
      const witness = position !== undefined && hash !== undefined ? { position: Number(position), hash } : this.sealer.head;
      const report = await this.work.run(workerFor('audit-verify', null), (tx) => verifyAuditChain(tx, witness));
      const { oldestAt, count } = report.unsealed;
      return { ...report, unsealed: { count, oldestAt: oldestAt && formatInstant(instantOfDate(oldestAt)) } };
    }
  }
  return AuditController;
}
