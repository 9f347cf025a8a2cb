import { Controller, HttpCode, Post } from '@nestjs/common';
import { recallId } from '@slotmesh/contracts';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { ZodBody } from '@slotmesh/platform';
import { Permits } from '@slotmesh/security';
import { z } from 'zod';
import { RecallRepository } from './persistence/recall.repository';
import { snapshotOfRecall } from './recall.events';

const question = z.object({ recalls: z.array(recallId).max(500) });

/** Asked by notifications just before a batch is sent (P12). */
@Controller('api/reminders/v1/revisions')
export class RevisionsController {
  constructor(private readonly work: UnitOfWork, private readonly recalls: RecallRepository) {}

  /** The present state of up to 500 recalls; unknown ids are left out. */
  @Post()
  @HttpCode(200)
  @Permits('service')
  async current(@ZodBody(question) body: z.output<typeof question>) {
    return { recalls: (await this.work.run(workerFor('revisions', null), (tx) => this.recalls.findMany(tx, body.recalls))).map(snapshotOfRecall) };
  }
}
