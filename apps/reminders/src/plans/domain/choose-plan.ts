import { type Instant, type PracticeId, type VisitTypeId, type Zone, daysBetween, localDateOf } from '@slotmesh/kernel';
import type { PlanForVisits, PlanSelector } from './plan';

/** What a plan is chosen by. */
export interface VisitToPlan {
  readonly host: PracticeId;
  /** Null: not known. */
  readonly visitType: VisitTypeId | null;
  readonly language: string | null;
  readonly leadDays: number;
}

/** Calendar days, in the patient's zone, between the day on which the present time was fixed and that of the visit. */
export const leadDaysOf = (fixedAt: Instant, start: Instant, zone: Zone): number => Math.max(0, daysBetween(localDateOf(fixedAt, zone), localDateOf(start, zone)));

/**
 * The plan of a visit, in one place. Of those that match, the most specific, by this order, the first difference deciding:
 * 1. the practice's own before the network's;
 * 2. one for its visit type before one for any;
 * 3. one for the patient's language before one for any;
 * 4. one with a range of lead times before one without; of two ranges the narrower (an open end is wider than any), then the one that begins later;
 * 5. the older plan.
 * Undefined: none matches.
 */
export function choosePlan<P extends PlanForVisits>(plans: readonly P[], visit: VisitToPlan): P | undefined {
  return plans.filter((plan) => (plan.practice === null || plan.practice === visit.host) && matches(plan.selector, visit)).sort(moreSpecificFirst)[0];
}

function matches({ visitType, language, leadDaysMin, leadDaysMax }: PlanSelector, visit: VisitToPlan): boolean {
  return (visitType === null || visitType === visit.visitType) && (language === null || language === visit.language)
    && (leadDaysMin === null || leadDaysMin <= visit.leadDays) && (leadDaysMax === null || visit.leadDays <= leadDaysMax);
}

/** Ids are ordered by creation, so that the last rule is the older one. */
function moreSpecificFirst(a: PlanForVisits, b: PlanForVisits): number {
  return named(b.practice) - named(a.practice) || named(b.selector.visitType) - named(a.selector.visitType) || named(b.selector.language) - named(a.selector.language)
    || byWidth(widthOf(a.selector), widthOf(b.selector)) || (b.selector.leadDaysMin ?? 0) - (a.selector.leadDaysMin ?? 0) || (a.plan < b.plan ? -1 : a.plan > b.plan ? 1 : 0);
}

const named = (value: string | null): number => (value === null ? 0 : 1);
const byWidth = (a: number, b: number): number => (a === b ? 0 : a - b);
/** No range at all is wider than one with an open end. */
function widthOf({ leadDaysMin, leadDaysMax }: PlanSelector): number {
  if (leadDaysMin === null && leadDaysMax === null) return Number.POSITIVE_INFINITY;
  return leadDaysMax === null ? Number.MAX_SAFE_INTEGER : leadDaysMax - (leadDaysMin ?? 0);
}
