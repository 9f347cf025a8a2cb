import type { AgreementId, PartnershipId } from '@slotmesh/kernel';
import { harbor } from './harbor';
import { desert, lakeside, summit } from './partners';
import type { SamplePractice } from './sample-practice';
import { seedId } from './seed-id';

export const partnership = { id: seedId<PartnershipId>('partnership'), name: 'Slotmesh sample partnership' };
export const agreement = { id: seedId<AgreementId>('agreement/1') };
export const practices: readonly SamplePractice[] = [harbor, summit, desert, lakeside];

export const services = [
  { code: 'primary-care-visit', name: { en: 'Primary care visit', es: 'Consulta de atención primaria' } },
  { code: 'annual-physical', name: { en: 'Annual physical', es: 'Examen físico anual' } },
  { code: 'dermatology-consult', name: { en: 'Dermatology consult', es: 'Consulta de dermatología' } },
  { code: 'skin-check', name: { en: 'Skin check', es: 'Revisión de la piel' } },
  { code: 'cardiology-consult', name: { en: 'Cardiology consult', es: 'Consulta de cardiología' } },
  { code: 'echo', name: { en: 'Echocardiogram', es: 'Ecocardiograma' } },
  { code: 'vaccination', name: { en: 'Vaccination', es: 'Vacunación' } },
] as const;

const rolesOfDesk = { frontdesk: 'front-desk', manager: 'manager', owner: 'owner', clinician: 'clinician', auditor: 'auditor' };

export const staff = [
  ...practices.flatMap(({ id }) => Object.entries(rolesOfDesk).map(([desk, role]) => ({ subject: `${desk}@${id}.example`, practice_id: id, roles: [role] }))),
  { subject: 'operator@network.example', practice_id: null, roles: ['operator'] },
  // Harbor's own practice system, which comes by SMART Backend Services; the sandbox's provider knows its keys.
  { subject: 'client:harbor-ehr', practice_id: 'harbor', roles: ['front-desk'] },
];

/** Lines 0190 to 0199 of each area code belong to the practices; patients have 0100 to 0189. */
export const practiceLine = (areaCode: string, line: number): string => `+1${areaCode}55501${90 + line}`;
