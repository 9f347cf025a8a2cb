import type { Need } from '@slotmesh/contracts';
import type { PracticeId, SiteId } from '@slotmesh/kernel';
import type { Offering } from './opening';
import type { ResourceNeed } from './resource-need';

/** What a patient needs that takes resources or minutes. How somebody is reached (text only, relay) is not here: it takes no time of the visit. */
export interface PatientNeeds {
  readonly needs: readonly VisitNeed[];
  /** The patient's own, for an interpreter. */
  readonly language: string;
}
export const visitNeeds = ['interpreter', 'sign-language', 'wheelchair', 'longer-visit'] as const satisfies readonly Need[];
export type VisitNeed = (typeof visitNeeds)[number];

/** What a visit does about the needs of its patient; travels with hold and booking. */
export interface Care extends PatientNeeds {
  /** Minutes beyond the visit type's own. */
  readonly extraMinutes: number;
  /** What the host does not keep as a resource: somebody has to see to it. */
  readonly toArrange: readonly VisitNeed[];
}

/** An active interpreter, or a room that takes a wheelchair. */
export interface HelpfulResource {
  readonly practice: PracticeId;
  readonly site: SiteId;
  readonly kind: 'interpreter' | 'room';
  readonly capabilities: readonly string[];
}

const WHEELCHAIR = 'wheelchair';
/** Of interpreters; `ase` (ISO 639-3) where a provider signs. */
const SIGN = 'sign';
const SIGNING_PROVIDER = 'ase';

export const sameNeeds = (a: PatientNeeds | null, b: PatientNeeds | null): boolean =>
  a === null || b === null ? a === b : a.language === b.language && a.needs.length === b.needs.length && a.needs.every((need) => b.needs.includes(need));

/**
 * The offering as this patient has to have it: with an interpreter where the provider does not speak the language, in rooms that take a wheelchair, with more minutes. A need that the host
 * keeps no resource for anywhere is noted to be arranged and takes nothing; one that it keeps at other sites only cannot be met here: the answer says so.
 */
export function tailored(offering: Offering, patient: PatientNeeds, resources: readonly HelpfulResource[]): { readonly offering: Offering; readonly care: Care } | { readonly leftOut: string } {
  // Why only to be arranged: a session has its room, its length and its people already.
  if (offering.seats !== null) return { offering, care: { ...patient, extraMinutes: 0, toArrange: patient.needs } };
  const own = resources.filter(({ practice }) => practice === offering.practice);
  const toArrange: VisitNeed[] = [];
  let needs: readonly ResourceNeed[] = offering.needs;
  for (const [need, capability, speaks] of [['interpreter', patient.language, patient.language], ['sign-language', SIGN, SIGNING_PROVIDER]] as const) {
    if (!patient.needs.includes(need) || offering.languages.includes(speaks)) continue;
    const able = own.filter((one) => one.kind === 'interpreter' && one.capabilities.includes(capability));
    if (able.length === 0) toArrange.push(need);
    else if (!able.some(({ site }) => site === offering.site)) return { leftOut: `no interpreter (${capability}) works at this site` };
    else needs = [...needs, { kind: 'interpreter', capabilities: [capability], bufferBeforeMinutes: 0, bufferAfterMinutes: 0 }];
  }
  if (patient.needs.includes('wheelchair') && offering.modality === 'in-person') {
    const rooms = own.filter((one) => one.kind === 'room' && one.capabilities.includes(WHEELCHAIR));
    if (rooms.length === 0) toArrange.push('wheelchair');
    else if (!rooms.some(({ site }) => site === offering.site)) return { leftOut: 'the site has no room that takes a wheelchair' };
    else needs = needs.map((need) => (need.kind === 'room' ? { ...need, capabilities: [...need.capabilities, WHEELCHAIR] } : need));
  }
  const longer = patient.needs.includes('longer-visit');
  if (longer && offering.longerVisitMinutes === 0) toArrange.push('longer-visit');
  const extraMinutes = longer ? offering.longerVisitMinutes : 0;
  return { offering: { ...offering, needs, durationMinutes: offering.durationMinutes + extraMinutes, extraMinutes }, care: { ...patient, extraMinutes, toArrange } };
}
