import { Injectable } from '@nestjs/common';
import { localDate, practiceId, siteId, zone } from '@slotmesh/contracts';
import type { LocalDate, PracticeId, SiteId, Zone } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { z } from 'zod';

/** Where waiting is looked at: a site, or with none all that a practice's desks can book. */
export interface AccessPlace {
  readonly practice: PracticeId;
  readonly site: SiteId | null;
  readonly zone: Zone;
  readonly lastDay: LocalDate | null;
}
const place = z.object({ practice: practiceId, site: siteId.nullable(), zone, lastDay: localDate.nullable() });

@Injectable()
export class AccessRepository {
  async places(sql: Sql): Promise<AccessPlace[]> {
    const rows = await sql.query(
      `SELECT p.id AS practice, NULL::uuid AS site, p.zone, a.last_day::text AS "lastDay" FROM practice p LEFT JOIN access_place a ON a.place = p.id WHERE p.staffed
       UNION ALL SELECT s.practice_id, s.id, s.zone, a.last_day::text FROM site s JOIN practice p ON p.id = s.practice_id AND p.staffed LEFT JOIN access_place a ON a.place = s.id::text ORDER BY 1, 2`);
    return rows.map((row) => place.parse(row));
  }

  /** False: another process has taken the snapshot of the date. */
  async claim(sql: Sql, { practice, site }: AccessPlace, date: LocalDate): Promise<boolean> {
    return (await sql.execute('INSERT INTO access_place AS p (place, practice_id, last_day) VALUES ($1, $2, $3) ON CONFLICT (place) DO UPDATE SET last_day = excluded.last_day WHERE p.last_day < excluded.last_day', [site ?? practice, practice, date])) === 1;
  }
}
