/**
 * Whose reason it is that a visit is called off, by the codes of FHIR's appointment-cancellation-reason (R4), whoever writes them down: a desk that was phoned says `pat`. A death, a lost membership, pregnancy and whatever is under `other` are nobody's.
 */

/** The provider's (`prov` and, always after a hyphen, what is under it) and those of what is repaired (`maint`). In a form that PostgreSQL reads as well. */
export const PRACTICES_REASON = '^(prov|maint)(-|$)';
const ofPractice = new RegExp(PRACTICES_REASON);
/** Their own decision. Not among them is `pat-swl`, an earlier time from the wait list, which gives the practice more time than it takes. */
const OF_PATIENT: ReadonlySet<string> = new Set(['pat', 'pat-crs', 'pat-cpp', 'pat-fb', 'pat-lt', 'pat-mv', 'pat-ucp']);

export const isPracticesReason = (reason: string): boolean => ofPractice.test(reason);
export const isPatientsReason = (reason: string): boolean => OF_PATIENT.has(reason);
