import { Injectable } from '@nestjs/common';
import type { Language } from '@slotmesh/contracts';
import type { AppointmentId } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';

/** What the page says about where and with whom, as the host names it. */
export interface VisitPlace {
  readonly practice: string;
  readonly practiceEmail: string;
  readonly site: string;
  /** The place alone may tell why somebody comes: it is named on the open page and nowhere else. */
  readonly siteSensitive: boolean;
  readonly phone: string;
  readonly address: { readonly line: string; readonly city: string; readonly state: string; readonly postalCode: string };
  readonly provider: string;
  readonly visitTypeRef: number;
  readonly preparation: Readonly<Record<Language, string>> | null;
}

@Injectable()
export class VisitPlaceRepository {
  /** Null where the tenant hosts no such visit. */
  async find(sql: Sql, id: AppointmentId): Promise<VisitPlace | null> {
    const [row] = await sql.query<VisitPlace>(
      `SELECT h.name AS practice, h.email AS "practiceEmail", s.name AS site, s.sensitive AS "siteSensitive", s.phone, s.address, p.name AS provider, v.ref AS "visitTypeRef", v.preparation FROM appointment a
       JOIN practice h ON h.id = a.host_id JOIN site s ON s.id = a.site_id JOIN provider p ON p.id = a.provider_id JOIN visit_type v ON v.id = a.visit_type_id WHERE a.id = $1`, [id]);
    return row ?? null;
  }
}
