import { type Actor, onBehalfOf } from '@slotmesh/persistence';

/** Whoever plans: operators belong to no practice, and what they asked for is rows without one, which the worker role alone sees beside those of all; everybody else is under row-level security. */
export const plannerOf = (actor: Actor): Actor => (actor.kind === 'operator' ? onBehalfOf(actor) : actor);
