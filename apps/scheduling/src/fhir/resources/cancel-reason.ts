import { type CodeableConcept, coded, systems } from './r4';

/** https://hl7.org/fhir/R4/codesystem-appointment-cancellation-reason.html; ours are the same, except that `oth` stands for `other`. */
export const cancelReasons = [
  'pat', 'pat-crs', 'pat-cpp', 'pat-dec', 'pat-fb', 'pat-lt', 'pat-mt', 'pat-mv', 'pat-preg', 'pat-swl', 'pat-ucp', 'prov', 'prov-pers', 'prov-dch', 'prov-edu', 'prov-hosp', 'prov-labs', 'prov-mri', 'prov-onc',
  'maint', 'meds-inc', 'other', 'oth-cms', 'oth-err', 'oth-fin', 'oth-iv', 'oth-int', 'oth-mu', 'oth-room', 'oth-oerr', 'oth-swie', 'oth-weath',
] as const;
export type CancelReason = (typeof cancelReasons)[number];

const known: ReadonlySet<string> = new Set(cancelReasons);

/** What FHIR has no code for is said in words. */
export function cancelReasonOf(reason: string): CodeableConcept {
  const code = reason === 'oth' ? 'other' : reason;
  return known.has(code) ? coded(systems.cancelReason, code) : { text: reason };
}
export const reasonOfCode = (code: CancelReason): string => (code === 'other' ? 'oth' : code);
