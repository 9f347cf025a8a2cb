import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import { TemplateNotFound } from '../domain/template.errors';
import { findOwn } from '../persistence/template-rows';
import type { ShownTemplate } from './list-templates';

@Injectable()
export class ShowTemplate {
  constructor(private readonly work: UnitOfWork) {}

  execute({ actor }: StaffCaller, id: string): Promise<ShownTemplate> {
    return this.work.run(actor, async (tx) => {
      const found = await findOwn(tx, id);
      if (!found) throw new TemplateNotFound(id);
      return { ...found, owner: 'practice' };
    });
  }
}
