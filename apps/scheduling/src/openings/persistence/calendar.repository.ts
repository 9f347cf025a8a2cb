import { Injectable } from '@nestjs/common';
import { type HoldId, type Instant, type LocalDate, type LocalTime, type PracticeId, type ProviderId, type ResourceId, type SiteId, type TimeRange, type VisitTypeId, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { Closure, WallHours } from '../../availability/domain/working-hours';
import { FIRST_SEAT } from '../domain/lanes';
import type { Offering } from '../domain/opening';
import { type OverbookRule, type SessionBlock, type Sessions, overbookLanes, walkInsAt } from '../domain/overbooking';
import type { ResourceNeed } from '../domain/resource-need';
import { type KeptFor, type SessionDecision, SessionRules, type VisitLimit, dateBlock, weekBlock } from '../domain/session-rules';

interface HoursRow { id: string; provider_id: ProviderId; site_id: SiteId; weekday: number; from_time: LocalTime; to_time: LocalTime; valid_from: LocalDate; valid_to: LocalDate | null; every_weeks: number; overbook: OverbookRule | null; kept_for: KeptFor | null; limits: VisitLimit[]; walk_ins: number }
interface ExceptionRow { id: string; provider_id: ProviderId; site_id: SiteId; date: LocalDate; ranges: (WallHours & Omit<SessionBlock, 'id' | 'key' | 'of'>)[] }
interface ClosureRow { practice_id: PracticeId; site_id: SiteId | null; provider_id: ProviderId | null; from_date: LocalDate | null; to_date: LocalDate | null; from_at: Date | null; to_at: Date | null }
interface BusyRow { resource_id: ResourceId; starts_at: Date; ends_at: Date }
interface ResourceRow { id: ResourceId; site_id: SiteId; kind: string; capabilities: string[] }
/** A need with the resources at the site that could serve it. */
export interface Candidates extends ResourceNeed {
  readonly resources: readonly ResourceId[];
}

/** Hours and taken time of the providers of some offerings, loaded in one go. */
export class Calendars {
  private readonly schedules = new Map<string, { hours: Sessions['hours'][number][]; exceptions: Sessions['exceptions'][number][] }>();
  private readonly busyOf = new Map<ResourceId, TimeRange[]>();
  private readonly closures: ClosureRow[];
  private readonly equipment: ResourceRow[];

  constructor(rows: { hours: HoursRow[]; exceptions: ExceptionRow[]; closures: ClosureRow[]; busy: BusyRow[]; equipment: ResourceRow[] }) {
    for (const row of rows.hours) this.at(row).hours.push({ ...weekBlock(row.id), weekday: row.weekday, from: row.from_time, to: row.to_time, validFrom: row.valid_from, validTo: row.valid_to, everyWeeks: row.every_weeks, overbook: row.overbook, keptFor: row.kept_for, limits: row.limits, walkIns: row.walk_ins });
    for (const row of rows.exceptions) this.at(row).exceptions.push({ date: row.date, mode: 'instead', hours: row.ranges.map((range) => ({ ...range, ...dateBlock(row.id, range) })) });
    for (const row of rows.busy) {
      const range = { start: instantOfDate(row.starts_at), end: instantOfDate(row.ends_at) };
      const known = this.busyOf.get(row.resource_id);
      if (known) known.push(range);
      else this.busyOf.set(row.resource_id, [range]);
    }
    this.closures = rows.closures;
    this.equipment = rows.equipment;
  }

  schedule(offering: Offering, options: { withClosures: boolean } = { withClosures: true }): Sessions {
    const { hours, exceptions } = this.at({ provider_id: offering.provider, site_id: offering.site });
    const closures = options.withClosures ? this.closures.filter((row) => row.practice_id === offering.practice && (row.site_id ?? offering.site) === offering.site && (row.provider_id ?? offering.provider) === offering.provider).map(toClosure) : [];
    return { hours, exceptions, closures };
  }

  /** How many visits beside the ordinary one its host may put at a time of the offering. */
  overbookLanes(offering: Offering, during: TimeRange): number {
    return overbookLanes(this.schedule(offering), { ...during, visitType: offering.visitType }, offering.zone);
  }

  /** How many who walk in may be seen at one time then. */
  walkIns(offering: Offering, at: Instant): number {
    return walkInsAt(this.schedule(offering), at, offering.zone);
  }

  /** What the rules of the hours say to a visit of the offering; null rules let everything. */
  sessionDecision(offering: Offering, during: TimeRange, now: Instant): SessionDecision {
    return SessionRules.of(this.schedule(offering), offering.zone)?.decide({ start: during.start, end: during.end, visitType: offering.visitType, service: offering.service }, now) ?? { allowed: true, limit: null };
  }

  busy(resource: ResourceId): readonly TimeRange[] {
    return this.busyOf.get(resource) ?? [];
  }

  /** For each further resource that the visit needs, those at the site that could serve. */
  candidates(offering: Offering): readonly Candidates[] {
    return offering.needs.map((need) => ({
      ...need, resources: this.equipment.filter((row) => row.kind === need.kind && row.site_id === offering.site && need.capabilities.every((one) => row.capabilities.includes(one))).map((row) => row.id),
    }));
  }

  private at(place: { provider_id: ProviderId; site_id: SiteId }) {
    const key = `${place.provider_id}/${place.site_id}`;
    let schedule = this.schedules.get(key);
    if (!schedule) this.schedules.set(key, (schedule = { hours: [], exceptions: [] }));
    return schedule;
  }
}

@Injectable()
export class CalendarRepository {
  /** Loads what decides about starts in `range`, without what one hold takes (`except`). Without `busy` hours, closures and equipment only: then everything counts as free. */
  async load(sql: Sql, offerings: readonly Offering[], range: TimeRange, options: { readonly busy: boolean; readonly except?: HoldId; readonly equipment?: 'of-all-sites' } = { busy: true }): Promise<Calendars> {
    const providers = [...new Set(offerings.map((offering) => offering.provider))];
    const practices = [...new Set(offerings.map((offering) => offering.practice))];
    const sites = [...new Set(offerings.filter((offering) => offering.needs.length > 0 || options.equipment === 'of-all-sites').map((offering) => offering.site))];
    const [from, to] = [toDate((range.start - 3 * 86_400_000) as Instant), toDate((range.end + 2 * 86_400_000) as Instant)];
    const [hours, exceptions, closures, equipment] = await Promise.all([
      sql.query<HoursRow>(
        `SELECT id, provider_id, site_id, weekday, from_time, to_time, valid_from::text, valid_to::text, every_weeks, overbook, kept_for, limits, walk_ins FROM availability WHERE provider_id = ANY ($1::uuid[])`, [providers]),
      sql.query<ExceptionRow>(
        `SELECT id, provider_id, site_id, date::text, ranges FROM availability_exception WHERE provider_id = ANY ($1::uuid[]) AND date BETWEEN $2::timestamptz::date AND $3::timestamptz::date`, [providers, from, to]),
      sql.query<ClosureRow>(
        `SELECT practice_id, site_id, provider_id, from_date::text, to_date::text, from_at, to_at FROM closure
         WHERE practice_id = ANY ($1::text[]) AND ((from_date IS NOT NULL AND to_date >= $2::timestamptz::date AND from_date <= $3::timestamptz::date) OR (from_at < $3 AND to_at > $2))`, [practices, from, to]),
      sites.length === 0 ? [] : sql.query<ResourceRow>(
        `SELECT id, site_id, kind, capabilities FROM resource WHERE site_id = ANY ($1::uuid[]) AND kind <> 'provider' AND active ORDER BY id`, [sites]),
    ]);
    const resources = [...new Set([...offerings.map((offering) => offering.providerResource), ...equipment.map((row) => row.id)])];
    // Why lane 0 only: it is the ordinary calendar, and what an ordinary booking meets; the others are visits that a host has put beside it.
    const busy = !options.busy ? [] : await sql.query<BusyRow>(
      `SELECT resource_id, lower(during) AS starts_at, upper(during) AS ends_at FROM occupancy WHERE active AND lane = 0 AND resource_id = ANY ($1::uuid[]) AND during && tstzrange($2, $3) AND ($4::uuid IS NULL OR hold_id IS DISTINCT FROM $4) ORDER BY lower(during)`,
      [resources, from, to, options.except ?? null]);
    return new Calendars({ hours, exceptions, closures, busy, equipment });
  }

  /** What is taken of the ordinary calendars of the resources in `range`. Reads the index alone: under row-level security that takes conditions on times (ranges are not leakproof). */
  async busy(sql: Sql, resources: readonly string[], range: TimeRange): Promise<Busy> {
    return new Busy(await sql.query<BusyRow>(
      `SELECT resource_id, starts_at, ends_at FROM occupancy WHERE active AND lane = 0 AND resource_id = ANY ($1::uuid[]) AND starts_at >= $2::timestamptz - interval '4 hours' AND starts_at < $3 AND ends_at > $2
       UNION ALL
       SELECT resource_id, starts_at, ends_at FROM occupancy WHERE active AND lane = 0 AND is_long AND resource_id = ANY ($1::uuid[]) AND starts_at < $2::timestamptz - interval '4 hours' AND ends_at > $2`,
      [resources, toDate(range.start), toDate(range.end)]));
  }

  /** Group sessions of the types that begin in `range` and go on. */
  async sessions(sql: Sql, visitTypes: readonly string[], range: TimeRange): Promise<readonly OpenSession[]> {
    const rows = await sql.query<{ visit_type_id: VisitTypeId; provider_id: ProviderId; site_id: SiteId; starts_at: Date; taken_from: Date; taken_to: Date; seats_taken: number }>(
      `SELECT s.visit_type_id, s.provider_id, s.site_id, s.starts_at, p.starts_at AS taken_from, p.ends_at AS taken_to,
         (SELECT count(*)::int FROM occupancy o WHERE o.active AND o.group_session_id = s.id AND o.lane >= $4) AS seats_taken
       FROM group_session s JOIN occupancy p ON p.active AND p.group_session_id = s.id AND p.lane < $4 AND p.visit_type_id IS NOT NULL
       WHERE s.open AND s.visit_type_id = ANY ($1::uuid[]) AND s.starts_at >= $2 AND s.starts_at < $3 ORDER BY s.starts_at`, [visitTypes, toDate(range.start), toDate(range.end), FIRST_SEAT]);
    return rows.map((row) => ({ visitType: row.visit_type_id, provider: row.provider_id, site: row.site_id, start: instantOfDate(row.starts_at), taken: { start: instantOfDate(row.taken_from), end: instantOfDate(row.taken_to) }, seatsTaken: row.seats_taken }));
  }

  /** Visits of the types, with the providers, that begin in `range`, whatever lane they are in: what limits of sessions count. */
  async begun(sql: Sql, providers: readonly string[], visitTypes: readonly string[], range: TimeRange): Promise<readonly BegunVisit[]> {
    // Why a day before: buffers begin before the visit, and the index is by the time that is taken.
    const rows = await sql.query<{ resource_id: ResourceId; visit_type_id: VisitTypeId; visit_starts_at: Date }>(
      ['lane = 0', 'lane > 0'].map((lane) => `SELECT resource_id, visit_type_id, visit_starts_at FROM occupancy WHERE active AND ${lane} AND resource_id = ANY ($1::uuid[]) AND starts_at >= $3::timestamptz - interval '1 day' AND starts_at < $4
         AND visit_type_id = ANY ($2::uuid[]) AND visit_starts_at >= $3 AND visit_starts_at < $4`).join(' UNION ALL '),
      [providers, visitTypes, toDate(range.start), toDate(range.end)]);
    return rows.map((row) => ({ provider: row.resource_id, visitType: row.visit_type_id, start: instantOfDate(row.visit_starts_at) }));
  }
}
/** A group session that goes on: somebody has a seat in it, or its host opened it ahead. */
export interface OpenSession {
  readonly visitType: VisitTypeId;
  readonly provider: ProviderId;
  readonly site: SiteId;
  readonly start: Instant;
  /** Of its provider, buffers among it. */
  readonly taken: TimeRange;
  readonly seatsTaken: number;
}
/** A visit that is there, or held: of whom it is nobody knows here. */
export interface BegunVisit {
  readonly provider: ResourceId;
  readonly visitType: VisitTypeId;
  readonly start: Instant;
}

/** Taken time of resources, each by start. */
export class Busy {
  private readonly ranges = new Map<string, TimeRange[]>();

  constructor(rows: readonly BusyRow[]) {
    for (const row of rows) {
      const range = { start: instantOfDate(row.starts_at), end: instantOfDate(row.ends_at) };
      const known = this.ranges.get(row.resource_id);
      if (known) known.push(range);
      else this.ranges.set(row.resource_id, [range]);
    }
    for (const ranges of this.ranges.values()) ranges.sort((a, b) => a.start - b.start);
  }

  of(resource: string): readonly TimeRange[] {
    return this.ranges.get(resource) ?? FREE;
  }
}
const FREE: readonly TimeRange[] = [];

function toClosure(row: ClosureRow): Closure {
  if (row.from_date !== null && row.to_date !== null) return { firstDay: row.from_date, lastDay: row.to_date };
  if (row.from_at && row.to_at) return { during: { start: instantOfDate(row.from_at), end: instantOfDate(row.to_at) } };
  throw new TypeError('a closure is whole days or an exact time');
}
