import { Injectable } from '@nestjs/common';
import { type Instant, type PracticeId, type ProviderId, type ResourceId, type ServiceCode, type SiteId, type VisitTypeId, toDate, type Zone } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { StoredNeed } from '../../practices/visit-type-need';
import { storedPolicy } from '../../policies/policy.schema';
import type { Policy } from '../../policies/domain/policy';
import type { Modality, Offering } from '../domain/opening';

export interface OfferingFilter {
  readonly service?: ServiceCode;
  readonly visitType?: VisitTypeId;
  readonly practice?: PracticeId;
  readonly provider?: ProviderId;
  readonly site?: SiteId;
  readonly language?: string;
  readonly payer?: string;
  readonly modality?: Modality;
}

interface OfferingRow {
  practice_id: PracticeId;
  visit_type_id: VisitTypeId;
  visit_type_ref: number;
  visit_type_name: string;
  visit_type_sensitive: boolean;
  service_code: ServiceCode;
  duration_minutes: number;
  longer_visit_minutes: number;
  seats: number | null;
  buffer_before_minutes: number;
  buffer_after_minutes: number;
  minimum_notice_minutes: number;
  horizon_days: number;
  modality: Modality;
  needs: StoredNeed[];
  policy: unknown;
  provider_id: ProviderId;
  provider_ref: number;
  provider_name: string;
  resource_id: ResourceId;
  partner_visits_per_day: number | null;
  partner_approval_hours: number | null;
  languages: string[];
  payers: string[];
  site_id: SiteId;
  site_ref: number;
  site_name: string;
  site_sensitive: boolean;
  site_city: string;
  zone: Zone;
  latitude: number | null;
  longitude: number | null;
}

const SELECT = `
  SELECT v.practice_id, v.id AS visit_type_id, v.ref AS visit_type_ref, v.name AS visit_type_name, v.sensitive AS visit_type_sensitive, v.service_code, v.duration_minutes, v.longer_visit_minutes, v.seats, v.buffer_before_minutes, v.buffer_after_minutes,
    v.minimum_notice_minutes, v.horizon_days, v.modality, v.needs, v.policy, p.id AS provider_id, p.ref AS provider_ref, p.name AS provider_name, r.id AS resource_id, p.partner_visits_per_day, p.partner_approval_hours, p.languages, p.payers,
    s.id AS site_id, s.ref AS site_ref, s.name AS site_name, s.sensitive AS site_sensitive, coalesce(s.address->>'city', '') AS site_city, s.zone, s.latitude, s.longitude
  FROM visit_type v
  JOIN provider_visit_type pv ON pv.visit_type_id = v.id
  JOIN provider p ON p.id = pv.provider_id AND p.active
  JOIN resource r ON r.provider_id = p.id AND r.active
  JOIN site s ON s.practice_id = v.practice_id
  WHERE v.active`;

const WORKS_THERE = `(EXISTS (SELECT 1 FROM availability a WHERE a.provider_id = p.id AND a.site_id = s.id AND (a.valid_to IS NULL OR a.valid_to >= $1::timestamptz::date - 1))
  OR EXISTS (SELECT 1 FROM availability_exception e WHERE e.provider_id = p.id AND e.site_id = s.id AND e.date >= $1::timestamptz::date - 1))`;

/** Which visit types are given by whom and where, as far as the tenant may see (row-level security). */
@Injectable()
export class OfferingRepository {
  async find(sql: Sql, filter: OfferingFilter, from: Instant): Promise<Offering[]> {
    const rows = await sql.query<OfferingRow>(
      `${SELECT} AND ${WORKS_THERE}
       AND ($2::text IS NULL OR v.service_code = $2) AND ($3::uuid IS NULL OR v.id = $3) AND ($4::text IS NULL OR v.practice_id = $4) AND ($5::uuid IS NULL OR p.id = $5)
       AND ($6::uuid IS NULL OR s.id = $6) AND ($7::text IS NULL OR $7 = ANY (p.languages)) AND ($8::text IS NULL OR p.payers = '{}' OR $8 = ANY (p.payers)) AND ($9::text IS NULL OR v.modality = $9)
       ORDER BY v.practice_id, p.id, s.id, v.id`,
      [toDate(from), filter.service ?? null, filter.visitType ?? null, filter.practice ?? null, filter.provider ?? null, filter.site ?? null, filter.language ?? null, filter.payer ?? null, filter.modality ?? null],
    );
    // Why kept: a visit type has many offerings and one policy, and search is quick.
    const policies = new Map<VisitTypeId, Policy | null>();
    const policyOf = (row: OfferingRow): Policy | null => {
      const known = policies.get(row.visit_type_id);
      if (known !== undefined) return known;
      const policy = storedPolicy(row.policy);
      policies.set(row.visit_type_id, policy);
      return policy;
    };
    return rows.map((row) => toOffering(row, policyOf(row)));
  }

  async byRefs(sql: Sql, refs: { readonly visitType: number; readonly provider: number; readonly site: number }): Promise<Offering | null> {
    const [row] = await sql.query<OfferingRow>(`${SELECT} AND v.ref = $1 AND p.ref = $2 AND s.ref = $3`, [refs.visitType, refs.provider, refs.site]);
    return row ? toOffering(row, storedPolicy(row.policy)) : null;
  }
}

const toOffering = (row: OfferingRow, policy: Policy | null): Offering => ({
  practice: row.practice_id, visitType: row.visit_type_id, visitTypeRef: row.visit_type_ref, visitTypeName: row.visit_type_name, visitTypeSensitive: row.visit_type_sensitive, service: row.service_code,
  durationMinutes: row.duration_minutes, extraMinutes: 0, longerVisitMinutes: row.longer_visit_minutes, seats: row.seats, bufferBeforeMinutes: row.buffer_before_minutes, bufferAfterMinutes: row.buffer_after_minutes,
  minimumNoticeMinutes: row.minimum_notice_minutes, horizonDays: row.horizon_days, modality: row.modality, needs: row.needs.map(({ capability, ...need }) => ({ ...need, capabilities: capability === null ? [] : [capability] })), policy,
  provider: row.provider_id, providerRef: row.provider_ref, providerName: row.provider_name, providerResource: row.resource_id, partnerVisitsPerDay: row.partner_visits_per_day, partnerApprovalHours: row.partner_approval_hours, languages: row.languages, payers: row.payers,
  site: row.site_id, siteRef: row.site_ref, siteName: row.site_name, siteSensitive: row.site_sensitive, siteCity: row.site_city, zone: row.zone, latitude: row.latitude, longitude: row.longitude,
});
