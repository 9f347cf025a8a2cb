import { type Actor, onBehalfOf } from '@slotmesh/persistence';

/** Operators belong to no practice; their questions are rows without one, which the worker role alone sees. Everybody else is under row-level security. */
export const askerOf = (actor: Actor): Actor => (actor.kind === 'operator' ? onBehalfOf(actor) : actor);
