import type { Actor } from '@slotmesh/persistence';

/** Operators belong to no practice and read plans of the whole network; everybody else reads under row-level security. */
export const plannerOf = (actor: Actor): Actor => (actor.kind === 'operator' ? { ...actor, kind: 'worker' } : actor);
