import { Injectable } from '@nestjs/common';
import { type Instant, type PracticeId, type ProviderId, type ResourceId, type SiteId, type VisitTypeId, type Zone, instantOfDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';

/** One time of a group visit that goes on. */
export interface GroupSession {
  readonly id: string;
  readonly visitType: VisitTypeId;
  readonly provider: ProviderId;
  readonly site: SiteId;
  readonly zone: Zone;
  readonly start: Instant;
  readonly end: Instant;
  readonly openedAhead: boolean;
  readonly seats: { readonly of: number; readonly taken: number };
}
interface SessionRow { id: string; visit_type_id: VisitTypeId; provider_id: ProviderId; site_id: SiteId; zone: Zone; starts_at: Date; ends_at: Date; opened_ahead: boolean; seats: number; taken: number }

@Injectable()
export class GroupSessionRepository {
  /** Of the host's own. Row-level security would show those of partners, too. */
  async find(sql: Sql, host: PracticeId, id: string): Promise<GroupSession | null> {
    const [row] = await sql.query<SessionRow>(
      `SELECT g.*, s.zone, v.seats, (SELECT count(*)::int FROM occupancy o WHERE o.group_session_id = g.id AND o.active AND num_nonnulls(o.hold_id, o.appointment_id) > 0) AS taken
       FROM group_session g JOIN site s ON s.id = g.site_id JOIN visit_type v ON v.id = g.visit_type_id WHERE g.id = $1 AND g.host_id = $2 AND g.open`, [id, host]);
    return row ? { id: row.id, visitType: row.visit_type_id, provider: row.provider_id, site: row.site_id, zone: row.zone, start: instantOfDate(row.starts_at), end: instantOfDate(row.ends_at), openedAhead: row.opened_ahead, seats: { of: row.seats, taken: row.taken } } : null;
  }

  /** What it takes itself. */
  async resourcesOf(sql: Sql, id: string): Promise<ResourceId[]> {
    return (await sql.query<{ resource_id: ResourceId }>(`SELECT resource_id FROM occupancy WHERE group_session_id = $1 AND active AND num_nonnulls(hold_id, appointment_id) = 0`, [id])).map((row) => row.resource_id);
  }

  /** False: it is not empty, or over. After its resources are locked. */
  async close(tx: Tx, id: string): Promise<boolean> {
    const [row] = await tx.query<{ closed: boolean }>(`SELECT close_group_session($1) AS closed`, [id]);
    return row?.closed ?? false;
  }
}
