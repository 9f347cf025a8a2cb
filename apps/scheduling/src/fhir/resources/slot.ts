import { type Instant, formatInstant } from '@slotmesh/kernel';
import type { Offering } from '../../openings/domain/opening';
import { type CodeableConcept, type Reference, type Resource, referenceTo } from './r4';
import { scheduleIdOfOffering, serviceTypesOf } from './schedule';

/** What can become of an opening: who took it is never said (P7). */
export type SlotStatus = 'free' | 'busy' | 'busy-unavailable';

export interface Slot extends Resource<'Slot'> {
  readonly serviceType: readonly CodeableConcept[];
  readonly schedule: Reference<'Schedule'>;
  readonly status: SlotStatus;
  readonly start: string;
  readonly end: string;
}
export interface OpeningFacts { readonly id: string; readonly start: Instant; readonly end: Instant; readonly offer: Offering }

/** An opening; the id is the opening's. */
export const slotOf = ({ id, start, end, offer }: OpeningFacts, status: SlotStatus): Slot => ({
  resourceType: 'Slot', id, serviceType: serviceTypesOf(offer), schedule: referenceTo('Schedule', scheduleIdOfOffering(offer)), status, start: formatInstant(start), end: formatInstant(end),
});
