import { Injectable } from '@nestjs/common';
import { appointmentSnapshot, offerSnapshot } from '@slotmesh/contracts';
import { ServiceClient } from '@slotmesh/security';
import { z } from 'zod';
import { type VisitState, stateOfAppointment, stateOfOffer } from '../projections/visit-rows';

const answer = z.object({ items: z.array(appointmentSnapshot.extend({ mustMove: z.boolean().optional() })), offers: z.array(offerSnapshot).default([]) });

/** Asks scheduling, which owns the visits and offers, how they stand now: once for a whole batch (P12). No answer throws InfrastructureError and means wait. */
@Injectable()
export class VisitOwners {
  constructor(private readonly scheduling: ServiceClient) {}

  async current(subjects: readonly { readonly kind: VisitState['kind']; readonly id: string }[]): Promise<ReadonlyMap<string, VisitState>> {
    const ids = (kind: VisitState['kind']): string[] => [...new Set(subjects.filter((subject) => subject.kind === kind).map(({ id }) => id))];
    if (subjects.length === 0) return new Map();
    const { items, offers } = await this.scheduling.post('/api/scheduling/v1/revisions', { appointments: ids('appointment'), offers: ids('offer') }, answer);
    return new Map([...items.map(stateOfAppointment), ...offers.map(stateOfOffer)].map((state) => [state.id, state]));
  }
}
