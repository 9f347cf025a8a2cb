import { Injectable } from '@nestjs/common';
import { toDate } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import { TemplateNotFound } from '../domain/template.errors';
import { type TemplateRow, findOwn } from '../persistence/template-rows';

/** Takes a version out of use; the newest approved one that is left is in force, else the network's. Twice has the effect of once. Throws TemplateNotFound. */
@Injectable()
export class RetireTemplate {
  constructor(private readonly work: UnitOfWork) {}

  execute({ actor }: StaffCaller, id: string): Promise<TemplateRow> {
    return this.work.run(actor, async (tx) => {
      const found = await findOwn(tx, id, 'lock');
      if (!found) throw new TemplateNotFound(id);
      if (found.state === 'retired') return found;
      await tx.execute(`UPDATE template SET state = 'retired', retired_by = $2, retired_at = $3 WHERE id = $1`, [id, actor.subject, toDate(tx.now)]);
      tx.audit.record({ action: 'template.retired', entity: 'template', entityId: id, details: { name: found.name, language: found.language, channel: found.channel, version: found.version } });
      return (await findOwn(tx, id)) ?? found;
    });
  }
}
