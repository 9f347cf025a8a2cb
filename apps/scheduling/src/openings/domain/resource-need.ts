import type { ResourceId } from '@slotmesh/kernel';

/** What a visit can need beside its provider. */
export const equipmentKinds = ['room', 'device', 'interpreter', 'equipment'] as const;
export type EquipmentKind = (typeof equipmentKinds)[number];

/** One resource of the kind at the site that has every capability, for the time of the visit and for what the resource itself needs before and after (to be set up, to be cleaned). */
export interface ResourceNeed {
  readonly kind: EquipmentKind;
  readonly capabilities: readonly string[];
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
}

/**
 * A different resource for each need, chosen from what is free for it, or null where that cannot be. Of several the first is taken, but an earlier choice gives way where a later need
 * would else go without: any room must not take the only one with a lift from the need that asks for the lift (augmenting paths, Kuhn 1955).
 */
export function assign<Id = ResourceId>(free: readonly (readonly Id[])[]): Id[] | null {
  const neededBy = new Map<Id, number>();
  const place = (need: number, tried: Set<Id>): boolean => (free[need] ?? []).some((resource) => {
    if (tried.has(resource)) return false;
    tried.add(resource);
    const other = neededBy.get(resource);
    if (other !== undefined && !place(other, tried)) return false;
    neededBy.set(resource, need);
    return true;
  });
  if (!free.every((_, need) => place(need, new Set()))) return null;
  const chosen = new Map([...neededBy].map(([resource, need]) => [need, resource]));
  return free.flatMap((_, need) => chosen.get(need) ?? []);
}
