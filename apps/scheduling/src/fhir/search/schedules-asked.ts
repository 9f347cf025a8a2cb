import { providerId, siteId, visitTypeId } from '@slotmesh/contracts';
import { type Instant, type Zone, localDateOf } from '@slotmesh/kernel';
import type { z } from 'zod';
import type { OfferingFilter } from '../../openings/persistence/offering.repository';
import type { Schedule } from '../resources/schedule';
import type { searches } from './searches';

/** Schedules are offerings; an actor is the provider, the site or the visit type of one. Throws ZodError at `actor`. */
export function schedulesAsked(by: Pick<z.output<typeof searches.Schedule>, 'actor' | 'service-type'>): OfferingFilter {
  return { ...(by.actor ? actorOf(by.actor) : {}), ...by['service-type'] };
}

function actorOf({ type, id }: { readonly type: 'Practitioner' | 'Location' | 'HealthcareService'; readonly id: string }): OfferingFilter {
  switch (type) {
    case 'Practitioner': return { provider: providerId.parse(id) };
    case 'Location': return { site: siteId.parse(id) };
    case 'HealthcareService': return { visitType: visitTypeId.parse(id) };
  }
}

/** Whether the planning horizon, in days of the site, has to do with the range. */
export const isBookableIn = ({ planningHorizon }: Schedule, { from, to }: { readonly from: Instant | null; readonly to: Instant | null }, zone: Zone): boolean =>
  (from === null || planningHorizon.end >= localDateOf(from, zone)) && (to === null || planningHorizon.start <= localDateOf(to, zone));
