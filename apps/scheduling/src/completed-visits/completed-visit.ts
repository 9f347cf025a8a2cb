import { type AppointmentId, type Instant, type PatientId, type PracticeId, type ProviderId, type ReferralId, type ServiceCode, type SiteId, type VisitTypeId, type Zone, MINUTE, formatInstant } from '@slotmesh/kernel';
import type { Modality } from '../openings/domain/opening';

/** A visit that took place, as far as the host bills it: neither why the patient came nor what was answered, and no name: the billing system knows its patients by the record number. */
export interface CompletedVisit {
  readonly id: AppointmentId;
  readonly version: number;
  readonly host: PracticeId;
  readonly patient: PatientId;
  /** The host's own number; null where it has none, or the record was erased. */
  readonly recordNumber: string | null;
  readonly payer: string | null;
  readonly start: Instant;
  readonly end: Instant;
  readonly zone: Zone;
  readonly service: ServiceCode;
  readonly visitType: VisitTypeId;
  readonly visitTypeName: string;
  readonly modality: Modality;
  readonly provider: ProviderId;
  readonly providerName: string;
  readonly site: SiteId;
  readonly siteName: string;
  readonly referral: ReferralId | null;
  /** Nothing about the visit may reach a representative, a parent included: no statement to the family's address without asking. */
  readonly confidential: boolean;
}

/** The columns of the CSV, in their order. */
export const completedVisitColumns = ['id', 'patient', 'recordNumber', 'payer', 'start', 'end', 'zone', 'minutes', 'service', 'visitType', 'visitTypeName', 'modality', 'provider', 'providerName', 'site', 'siteName', 'referral', 'confidential'] as const;

/** The same in JSON and CSV: times in UTC with the site's zone beside them, minutes as they were planned. */
export const viewOfCompletedVisit = ({ version: _, host: __, start, end, ...visit }: CompletedVisit) => ({ ...visit, start: formatInstant(start), end: formatInstant(end), minutes: (end - start) / MINUTE });
