import { Injectable } from '@nestjs/common';
import { type AppointmentSnapshot, appointmentSnapshot } from '@slotmesh/contracts';
import { ServiceClient } from '@slotmesh/security';
import { z } from 'zod';

const answer = z.object({ items: z.array(appointmentSnapshot) });

/** Asks scheduling, which owns the visits, how they stand now: once for a whole batch (P12). No answer throws InfrastructureError and means wait. */
@Injectable()
export class VisitOwners {
  constructor(private readonly scheduling: ServiceClient) {}

  async current(appointments: readonly string[]): Promise<ReadonlyMap<string, AppointmentSnapshot>> {
    const ids = [...new Set(appointments)];
    if (ids.length === 0) return new Map();
    const { items } = await this.scheduling.post('/api/scheduling/v1/revisions', { appointments: ids }, answer);
    return new Map(items.map((item) => [item.id, item]));
  }
}
