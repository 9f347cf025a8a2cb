import { Injectable } from '@nestjs/common';
import { NEUTRAL_VISIT, nameFor, staffReading, type PracticeId, type ProviderId, type ServiceCode, type SiteId, type VisitTypeId } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { siteShown, visitTypeShown } from '../../practices/shown-names';
import type { VisitTypeFacts } from '../resources/healthcare-service';
import type { SiteFacts } from '../resources/location';
import type { PracticeFacts } from '../resources/organization';
import type { ProviderFacts } from '../resources/practitioner';

/** A page of a list that is ordered by id. */
export interface Slice {
  readonly after: string | null;
  readonly limit: number;
}
type Asked<Fields> = { readonly [Name in keyof Fields]?: Fields[Name] | undefined };

/** Where a provider has hours, which visit types they give: what a role and a service are made of. */
const HOURS = `(SELECT provider_id, site_id FROM availability UNION SELECT provider_id, site_id FROM availability_exception)`;

/** Who takes part and what they offer, as far as the tenant may see it (row-level security), by FHIR's search parameters. */
@Injectable()
export class DirectoryRepository {
  practices(sql: Sql, by: Asked<{ id: PracticeId; name: string }>, { after, limit }: Slice): Promise<PracticeFacts[]> {
    return sql.query<PracticeFacts>(
      `SELECT id, name, phone, email, version FROM practice WHERE ($1::text IS NULL OR id = $1) AND ($2::text IS NULL OR starts_with(lower(name), lower($2))) AND ($3::text IS NULL OR id > $3) ORDER BY id LIMIT $4`,
      [by.id ?? null, by.name ?? null, after, limit]);
  }

  /** As the viewer may read them; who asks by a name does not find by it what is not named to the viewer. */
  async sites(sql: Sql, viewer: PracticeId | null, by: Asked<{ id: SiteId; practice: PracticeId; name: string }>, { after, limit }: Slice): Promise<SiteFacts[]> {
    const rows = await sql.query<SiteFacts & { readonly sensitive: boolean }>(
      `SELECT id, practice_id AS practice, name, zone, phone, address, latitude, longitude, sensitive, version FROM site
       WHERE ($1::uuid IS NULL OR id = $1) AND ($2::text IS NULL OR practice_id = $2) AND ($3::text IS NULL OR (starts_with(lower(name), lower($3)) AND (NOT sensitive OR practice_id = $6))) AND ($4::uuid IS NULL OR id > $4) ORDER BY id LIMIT $5`,
      [by.id ?? null, by.practice ?? null, by.name ?? null, after, limit, viewer]);
    return rows.map((row) => siteShown(row, viewer));
  }

  providers(sql: Sql, by: Asked<{ id: ProviderId; practice: PracticeId; name: string; active: boolean; site: SiteId; visitType: VisitTypeId }>, { after, limit }: Slice): Promise<ProviderFacts[]> {
    return sql.query<ProviderFacts>(
      `SELECT p.id, p.practice_id AS practice, p.name, p.languages, p.active, p.version, ARRAY(SELECT h.site_id FROM ${HOURS} h WHERE h.provider_id = p.id ORDER BY 1) AS sites,
         ARRAY(SELECT pv.visit_type_id FROM provider_visit_type pv WHERE pv.provider_id = p.id ORDER BY 1) AS "visitTypes" FROM provider p
       WHERE ($1::uuid IS NULL OR p.id = $1) AND ($2::text IS NULL OR p.practice_id = $2) AND ($3::text IS NULL OR starts_with(lower(p.name), lower($3))) AND ($4::boolean IS NULL OR p.active = $4)
         AND ($5::uuid IS NULL OR EXISTS (SELECT 1 FROM ${HOURS} h WHERE h.provider_id = p.id AND h.site_id = $5))
         AND ($6::uuid IS NULL OR EXISTS (SELECT 1 FROM provider_visit_type pv WHERE pv.provider_id = p.id AND pv.visit_type_id = $6)) AND ($7::uuid IS NULL OR p.id > $7) ORDER BY p.id LIMIT $8`,
      [by.id ?? null, by.practice ?? null, by.name ?? null, by.active ?? null, by.site ?? null, by.visitType ?? null, after, limit]);
  }

  /** As the viewer may read them; who asks by a name does not find by it what is not named to the viewer. */
  async visitTypes(sql: Sql, viewer: PracticeId | null, by: Asked<{ id: VisitTypeId; practice: PracticeId; name: string; active: boolean; service: ServiceCode }>, { after, limit }: Slice): Promise<VisitTypeFacts[]> {
    const rows = await sql.query<VisitTypeFacts & { readonly sensitive: boolean }>(
      `SELECT v.id, v.practice_id AS practice, v.service_code AS service, s.name->>'en' AS "serviceName", v.name, v.modality, v.active, v.sensitive, v.version,
         ARRAY(SELECT DISTINCT h.site_id FROM ${HOURS} h JOIN provider_visit_type pv ON pv.provider_id = h.provider_id WHERE pv.visit_type_id = v.id ORDER BY 1) AS sites
       FROM visit_type v JOIN service s ON s.code = v.service_code
       WHERE ($1::uuid IS NULL OR v.id = $1) AND ($2::text IS NULL OR v.practice_id = $2) AND ($3::text IS NULL OR (starts_with(lower(v.name), lower($3)) AND (NOT v.sensitive OR v.practice_id = $8))) AND ($4::boolean IS NULL OR v.active = $4)
         AND ($5::text IS NULL OR v.service_code = $5) AND ($6::uuid IS NULL OR v.id > $6) ORDER BY v.id LIMIT $7`,
      [by.id ?? null, by.practice ?? null, by.name ?? null, by.active ?? null, by.service ?? null, after, limit, viewer]);
    return rows.map((row) => visitTypeShown({ ...row, serviceName: nameFor(staffReading(row.practice, viewer), { name: row.serviceName, sensitive: row.sensitive }, NEUTRAL_VISIT.en) }, viewer));
  }
}
