import type { Instant, LocalDate } from '@slotmesh/kernel';
import type { Participation } from '../../appointments/domain/appointment';
import { type Steppable, type Transition, allowedTransitions } from '../../appointments/domain/transitions';

/** What can be done on a visit's page. */
export type PageAction = 'confirm' | 'move' | 'cancel';
export const pageActions = ['confirm', 'move', 'cancel'] as const satisfies readonly PageAction[];
const STEP: Readonly<Record<PageAction, Transition>> = { confirm: 'confirm', move: 'reschedule', cancel: 'cancel' };

export interface Represents {
  readonly relation: string;
  readonly may: readonly string[];
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
}

const YEARS_OF_MAJORITY = 18;
/** Born on 29 February: of age on 1 March, because the text of the birthday that is not there lies before it. */
export const isOfAge = (birthDate: LocalDate, today: LocalDate): boolean => today >= `${String(Number(birthDate.slice(0, 4)) + YEARS_OF_MAJORITY).padStart(4, '0')}${birthDate.slice(4)}`;

/**
 * What a representative may do on the page, null: nothing, not even see it. `today` is the patient's date. A parent's part ends by itself on the 18th
 * birthday; a guardian's or carer's for a grown person is what the practice recorded.
 */
export function rightsOfRepresentative(representative: Represents, birthDate: LocalDate, today: LocalDate): ReadonlySet<PageAction> | null {
  const { relation, may, validFrom, validTo } = representative;
  if (today < validFrom || (validTo !== null && today > validTo)) return null;
  if (relation === 'parent' && isOfAge(birthDate, today)) return null;
  if (!may.includes('see-visits')) return null;
  return new Set([...(may.includes('book') ? (['confirm', 'move'] as const) : []), ...(may.includes('cancel') ? (['cancel'] as const) : [])]);
}

/** The steps that the page offers now: what the visit's status allows and the reader may do, until the visit begins or the patient is there. */
export function actionsOn(visit: Steppable & { readonly participation: Participation }, rights: ReadonlySet<PageAction>, now: Instant): PageAction[] {
  if (now >= visit.start || (visit.status !== 'booked' && visit.status !== 'pending')) return [];
  const allowed = allowedTransitions(visit, now);
  return pageActions.filter((action) => rights.has(action) && allowed.includes(STEP[action]) && !(action === 'confirm' && visit.participation === 'accepted'));
}
