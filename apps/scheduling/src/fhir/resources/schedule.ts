import { type Instant, addDays, localDateOf } from '@slotmesh/kernel';
import type { Offering } from '../../openings/domain/opening';
import { type CodeableConcept, type Reference, type Resource, referenceTo, systems } from './r4';

export interface Schedule extends Resource<'Schedule'> {
  readonly active: true;
  readonly serviceType: readonly CodeableConcept[];
  readonly actor: readonly [Reference<'Practitioner'>, Reference<'Location'>, Reference<'HealthcareService'>];
  readonly planningHorizon: { readonly start: string; readonly end: string };
}
export interface ScheduleRef { readonly visitType: number; readonly provider: number; readonly site: number }

/** The same over searches, restarts and replicas: the references that its openings' ids hold, too. */
export const scheduleIdOf = (ref: ScheduleRef): string => `${ref.visitType}-${ref.provider}-${ref.site}`;
export const scheduleIdOfOffering = (offering: Offering): string => scheduleIdOf({ visitType: offering.visitTypeRef, provider: offering.providerRef, site: offering.siteRef });

/** Null: no schedule ever had this id. */
export function parseScheduleId(text: string): ScheduleRef | null {
  const [visitType, provider, site] = /^[1-9]\d{0,9}-[1-9]\d{0,9}-[1-9]\d{0,9}$/.test(text) ? text.split('-').map(Number) : [];
  return visitType && provider && site && Math.max(visitType, provider, site) <= 0x7fff_ffff ? { visitType, provider, site } : null;
}

export const serviceTypesOf = (offering: Pick<Offering, 'service' | 'visitType' | 'visitTypeName'>): readonly CodeableConcept[] =>
  [{ coding: [{ system: systems.service, code: offering.service }, { system: systems.visitType, code: offering.visitType, display: offering.visitTypeName }] }];

/** One visit type by one provider at one site, from today as far ahead as it can be booked. */
export function scheduleOf(offering: Offering, now: Instant): Schedule {
  const today = localDateOf(now, offering.zone);
  return {
    resourceType: 'Schedule', id: scheduleIdOfOffering(offering), active: true, serviceType: serviceTypesOf(offering),
    actor: [referenceTo('Practitioner', offering.provider, offering.providerName), referenceTo('Location', offering.site, offering.siteName), referenceTo('HealthcareService', offering.visitType, offering.visitTypeName)],
    planningHorizon: { start: today, end: addDays(today, offering.horizonDays) },
  };
}
