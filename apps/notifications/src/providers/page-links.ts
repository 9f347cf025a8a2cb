import { Injectable } from '@nestjs/common';
import { appointmentId } from '@slotmesh/contracts';
import { ServiceClient } from '@slotmesh/security';
import { z } from 'zod';

const answer = z.object({ items: z.array(z.object({ appointment: appointmentId, url: z.url() })) });

/** Links to the patients' own pages, made by scheduling: asked for once for a whole batch. No answer throws InfrastructureError and means wait. */
@Injectable()
export class PageLinks {
  constructor(private readonly scheduling: ServiceClient) {}

  /** By appointment; one without a page, such as a confidential visit, is not in it. */
  async of(appointments: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const ids = [...new Set(appointments)];
    if (ids.length === 0) return new Map();
    const { items } = await this.scheduling.post('/api/scheduling/v1/message-links', { appointments: ids }, answer);
    return new Map(items.map(({ appointment, url }) => [appointment, url]));
  }
}
