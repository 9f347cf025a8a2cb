import type { Instant } from '@slotmesh/kernel';

/** `over`: it took place, was missed, or its time has passed. */
export type VisitState = 'unresolved' | 'moved' | 'kept' | 'cancelled' | 'over';

/** How an affected visit stands. What was agreed is recorded; a visit that somebody moved or cancelled on another way counts as well. */
export function stateOf(
  visit: { readonly status: string; readonly start: Instant }, record: { readonly outcome: 'moved' | 'kept' | null; readonly start: Instant } | null, now: { readonly inside: boolean; readonly lifted: boolean },
): VisitState {
  if (record?.outcome === 'moved') return 'moved';
  if (visit.status === 'cancelled' || visit.status === 'entered-in-error') return 'cancelled';
  if (record?.outcome === 'kept') return 'kept';
  if (now.inside) return 'unresolved';
  if (record !== null && record.start !== visit.start) return 'moved';
  return now.lifted ? 'kept' : 'over';
}
