import { Injectable } from '@nestjs/common';
import { type AgreementId, type AppointmentId, type HoldId, type Instant, type PracticeId, type ResourceId, instantOfDate, newId, plusMinutes, toDate } from '@slotmesh/kernel';
import { StartAgain, type Tx } from '@slotmesh/persistence';
import type { Care } from '../domain/care';
import type { BookableTime, Offering } from '../domain/opening';
import { FIRST_SEAT, ORDINARY_LANE } from '../domain/lanes';
import { SessionLimitReached } from '../domain/opening.errors';
import { assign } from '../domain/resource-need';
import { type SessionLimit, countsIn } from '../domain/session-rules';
import { type Calendars, CalendarRepository } from './calendar.repository';

export interface Occupier {
  readonly hold: HoldId | null;
  readonly appointment: AppointmentId | null;
}
interface Need {
  readonly resource: ResourceId;
  readonly from: Instant;
  readonly to: Instant;
}
/** Somebody else has it, or the session lets no more visits of the type in. */
export type Loss = 'taken' | 'session-limit';
interface LimitPlace {
  readonly key: string;
  readonly place: number;
}
export interface EndedHold {
  readonly id: HoldId;
  readonly host_id: PracticeId;
  readonly holder_id: PracticeId;
  /** What it counted; given back together with the new claim, because quota rows are locked last. */
  readonly quota_ids: string[];
}

/** The one way that time is taken. The database forbids an overlap; a row count says who was first (P1, P2). */
@Injectable()
export class OccupancyRepository {
  constructor(private readonly calendars: CalendarRepository) {}

  /**
   * Takes the provider, and one free resource of each further kind, whole or not at all. Returns false where something is taken; the transaction is then
   * as before. `lanes`: in which of them the provider, and nothing else, may be taken: the first that is free. Holds past their time that stand in the way are ended; `onEnded` writes their events.
   * Throws SessionLimitReached where the hours let no more visits of the type in.
   */
  async take(tx: Tx, guest: PracticeId, time: BookableTime & { readonly calendars: Calendars }, occupier: Occupier, onEnded: (ended: EndedHold[]) => void, alsoLock: readonly ResourceId[] = [], lanes: readonly number[] = [ORDINARY_LANE]): Promise<boolean> {
    const { offering } = time;
    if (offering.seats !== null) return this.takeSeat(tx, guest, time, offering.seats, occupier, onEnded, alsoLock);
    const provider = during(time, offering, offering.providerResource);
    const candidates = time.calendars.candidates(offering);
    if (candidates.length === 0 && alsoLock.length === 0 && lanes.length === 1 && lanes[0] === ORDINARY_LANE && time.limit === null) {
      if (await this.insert(tx, guest, time, occupier, [provider])) return true;
      // Why: only where an expired hold is in the way do we pay for the locks; 199 losers of one time do not.
      if (!(await this.expiredInTheWay(tx, [provider]))) return false;
    }
    const pool = candidates.flatMap((need) => need.resources);
    const possible = candidates.map((need) => need.resources.map((resource) => during(time, need, resource)));
    const reach = [provider, ...possible.flat()];
    // Why together: each runs after the one before and sees what it did, and none needs another's answer.
    const [, ended, taken] = await Promise.all([this.lock(tx, [provider.resource, ...pool, ...alsoLock]), this.endExpired(tx, reach), this.takenOf(tx, possible.flat())]);
    onEnded(ended);
    const chosen = assign(possible.map((ones) => ones.filter((one) => !taken.has(keyOf(one))).map(({ resource }) => resource)));
    if (chosen === null) return false;
    const needs = [provider, ...chosen.map((resource, need) => during(time, candidates[need]!, resource))];
    const place = time.limit === null ? null : await this.placeIn(tx, time.limit, provider, onEnded);
    for (const lane of lanes) if (await this.insert(tx, guest, time, occupier, needs, { lane, place })) return true;
    return false;
  }

  /** Takes a seat of the group session, which takes provider and resources with the first of them, whole or not at all. */
  private async takeSeat(tx: Tx, guest: PracticeId, time: BookableTime & { readonly calendars: Calendars }, seats: number, occupier: Occupier, onEnded: (ended: EndedHold[]) => void, alsoLock: readonly ResourceId[]): Promise<boolean> {
    const provider = during(time, time.offering, time.offering.providerResource);
    const { session } = (await this.sessionFor(tx, time, provider, onEnded, alsoLock, false)) ?? { session: null };
    if (session === null) return false;
    const rows = await tx.query<{ lane: number; wide_enough: boolean }>(`SELECT lane, during @> tstzrange($3, $4) AS wide_enough FROM occupancy WHERE active AND group_session_id = $1 AND resource_id = $2`, [session, provider.resource, toDate(provider.from), toDate(provider.to)]);
    // Why: the visit type may have become longer since the session was opened, and what comes behind it may be taken (P1).
    if (!rows.some((row) => row.lane < FIRST_SEAT && row.wide_enough)) return false;
    const taken = new Set(rows.map((row) => row.lane).filter((lane) => lane >= FIRST_SEAT));
    if (taken.size >= seats) return false;
    let lane = FIRST_SEAT;
    while (taken.has(lane)) lane += 1;
    return this.insert(tx, guest, time, occupier, [provider], { lane, session });
  }

  /** Takes provider and resources of a group session of the host's own, before anybody has a seat in it. Null where something that it needs is taken. Throws SessionLimitReached. */
  openAhead(tx: Tx, time: BookableTime & { readonly calendars: Calendars }, onEnded: (ended: EndedHold[]) => void): Promise<{ readonly session: string; readonly isNew: boolean } | null> {
    return this.sessionFor(tx, time, during(time, time.offering, time.offering.providerResource), onEnded, [], true);
  }

  /** The session of an opening, under lock, or a new one. */
  private async sessionFor(tx: Tx, time: BookableTime & { readonly calendars: Calendars }, provider: Need, onEnded: (ended: EndedHold[]) => void, alsoLock: readonly ResourceId[], ahead: boolean): Promise<{ readonly session: string; readonly isNew: boolean } | null> {
    const possible = time.calendars.candidates(time.offering).map((need) => need.resources.map((resource) => during(time, need, resource)));
    const reach = [provider, ...possible.flat()];
    const [, ended] = await Promise.all([this.lock(tx, [...reach.map(({ resource }) => resource), ...alsoLock]), this.endExpired(tx, reach)]);
    onEnded(ended);
    const [open] = await tx.query<{ session: string | null }>(`SELECT lock_group_session($1) AS session`, [time.id]);
    const session = open?.session ?? (await this.openSession(tx, time, provider, possible, onEnded, ahead));
    if (session === null) return null;
    await this.requireSeats(tx, time.offering);
    return { session, isNew: !open?.session };
  }

  /** Why behind the session: its host may have made it fewer seats since they were read, and refuses to while it sees some taken. */
  private async requireSeats(tx: Tx, { visitType, seats }: Offering): Promise<void> {
    const [row] = await tx.query<{ seats: number | null }>(`SELECT lock_seats($1) AS seats`, [visitType]);
    if (row?.seats !== seats) throw new StartAgain('the seats of the visit type were changed meanwhile');
  }

  /** Null where something that it needs is taken. */
  private async openSession(tx: Tx, time: BookableTime & { readonly calendars: Calendars }, provider: Need, possible: readonly (readonly Need[])[], onEnded: (ended: EndedHold[]) => void, ahead: boolean): Promise<string | null> {
    const { offering, limit } = time;
    const taken = await this.takenOf(tx, possible.flat());
    const chosen = assign(possible.map((ones) => ones.filter((one) => !taken.has(keyOf(one))).map(({ resource }) => resource)));
    if (chosen === null) return null;
    const place = limit === null ? null : await this.placeIn(tx, limit, provider, onEnded);
    const needs = [provider, ...chosen.map((resource, need) => possible[need]!.find((one) => one.resource === resource)!)];
    const id = newId();
    const session = { id, host_id: offering.practice, opening: time.id, visit_type_id: offering.visitType, provider_id: offering.provider, site_id: offering.site, starts_at: toDate(time.start), ends_at: toDate(time.end), opened_ahead: ahead };
    const rows = needs.map((need, i) => ({
      id: newId(), resource_id: need.resource, during: `[${toDate(need.from).toISOString()},${toDate(need.to).toISOString()})`,
      ...(i === 0 ? { visit_type_id: offering.visitType, visit_starts_at: toDate(time.start), limit_key: place?.key ?? null, limit_place: place?.place ?? null } : {}),
    }));
    const [answer] = await tx.query<{ opened: boolean }>(`SELECT open_group_session($1, $2, $3, $4) AS opened`, [JSON.stringify(session), time.agreement, toDate(tx.now), JSON.stringify(rows)]);
    return answer?.opened ? id : null;
  }

  /** The same, with the reason where it was not taken. */
  async lossOf(...asked: Parameters<OccupancyRepository['take']>): Promise<Loss | null> {
    try {
      return (await this.take(...asked)) ? null : 'taken';
    } catch (error) {
      if (error instanceof SessionLimitReached) return 'session-limit';
      throw error;
    }
  }

  /** A free place in the limit of a session, by what is there now that the provider is locked; the index forbids that two have one. Visits from before there was a limit count, too. */
  private async placeIn(tx: Tx, limit: SessionLimit, provider: Need, onEnded: (ended: EndedHold[]) => void): Promise<LimitPlace> {
    const begun = async () => (await this.calendars.begun(tx, [provider.resource], [limit.visitType], limit)).filter(({ start }) => countsIn(limit, start)).length;
    if ((await begun()) >= limit.most) {
      // Why: a hold past its time must not keep a place (P3).
      onEnded(await this.endExpired(tx, [{ resource: provider.resource, from: limit.start, to: limit.end }]));
      if ((await begun()) >= limit.most) throw new SessionLimitReached();
    }
    const places = new Set((await tx.query<{ limit_place: number }>(`SELECT limit_place FROM occupancy WHERE active AND limit_key = $1`, [limit.key])).map((row) => row.limit_place));
    let place = 0;
    while (places.has(place)) place += 1;
    return { key: limit.key, place };
  }

  /** Locks resources in the one order (by id), before any hold, appointment, person or quota. */
  async lock(tx: Tx, resources: readonly ResourceId[]): Promise<void> {
    if (resources.length > 0) await tx.execute(`SELECT lock_resources($1::uuid[])`, [[...new Set(resources)]]);
  }

  /** What an active hold takes, and for which needs it was made. */
  async heldBy(tx: Tx, hold: HoldId): Promise<{ readonly resources: ResourceId[]; readonly care: Care | null }> {
    const rows = await tx.query<{ resource_id: ResourceId; care: Care | null }>(`SELECT o.resource_id, h.care FROM occupancy o JOIN hold h ON h.id = o.hold_id WHERE o.hold_id = $1 AND o.active`, [hold]);
    return { resources: rows.map((row) => row.resource_id), care: rows[0]?.care ?? null };
  }

  async resourcesOf(tx: Tx, occupier: { readonly hold: HoldId } | { readonly appointments: readonly AppointmentId[] }): Promise<ResourceId[]> {
    const rows = 'hold' in occupier
      ? await tx.query<{ resource_id: ResourceId }>(`SELECT resource_id FROM occupancy WHERE hold_id = $1 AND active`, [occupier.hold])
      : await tx.query<{ resource_id: ResourceId }>(`SELECT resource_id FROM occupancy WHERE appointment_id = ANY ($1::uuid[]) AND active`, [[...occupier.appointments]]);
    return rows.map((row) => row.resource_id);
  }

  /** What the hold took now belongs to the appointment, and to the guest that books. */
  async handOver(tx: Tx, hold: HoldId, appointment: AppointmentId, guest: PracticeId, agreement: AgreementId | null): Promise<number> {
    return tx.execute(`UPDATE occupancy SET appointment_id = $2, guest_id = nullif($3, host_id), agreement_id = $4 WHERE hold_id = $1 AND active`, [hold, appointment, guest, agreement]);
  }

  async freeAppointment(tx: Tx, appointment: AppointmentId): Promise<void> {
    await tx.execute(`UPDATE occupancy SET active = false WHERE appointment_id = $1 AND active`, [appointment]);
  }

  async freeHold(tx: Tx, hold: HoldId): Promise<void> {
    await tx.execute(`UPDATE occupancy SET active = false WHERE hold_id = $1 AND appointment_id IS NULL AND active`, [hold]);
  }

  private async insert(tx: Tx, guest: PracticeId, time: BookableTime, occupier: Occupier, needs: readonly Need[], { lane = ORDINARY_LANE, place = null, session = null }: { readonly lane?: number; readonly place?: LimitPlace | null; readonly session?: string | null } = {}): Promise<boolean> {
    const sorted = [...needs].sort((a, b) => (a.resource < b.resource ? -1 : 1));
    const host = time.offering.practice;
    const agreement: AgreementId | null = time.agreement;
    const ids = sorted.map(() => newId());
    const count = await tx.execute(
      `INSERT INTO occupancy (id, host_id, guest_id, agreement_id, resource_id, lane, during, hold_id, appointment_id, taken_at, visit_type_id, visit_starts_at, limit_key, limit_place, group_session_id)
       SELECT n.id, $1, $2, $3, n.resource, CASE WHEN n.resource = $11 THEN $12::int ELSE 0 END, tstzrange(n.starts, n.ends), $4, $5, $6,
         CASE WHEN n.resource = $11 THEN $13::uuid END, CASE WHEN n.resource = $11 THEN $14::timestamptz END, CASE WHEN n.resource = $11 THEN $15 END, CASE WHEN n.resource = $11 THEN $16::int END, $17::uuid FROM unnest($7::uuid[], $8::uuid[], $9::timestamptz[], $10::timestamptz[]) AS n(id, resource, starts, ends)
       ON CONFLICT DO NOTHING`,
      [host, guest === host ? null : guest, agreement, occupier.hold, occupier.appointment, toDate(tx.now), ids, sorted.map((need) => need.resource), sorted.map((need) => toDate(need.from)), sorted.map((need) => toDate(need.to)), time.offering.providerResource, lane,
        // Why not of a seat: the session is the visit that begins.
        session === null ? time.offering.visitType : null, session === null ? toDate(time.start) : null, place?.key ?? null, place?.place ?? null, session],
    );
    if (count === needs.length) return true;
    // Why: whole or not at all (P2); what was taken beside the refused one is given back.
    if (count > 0) await tx.execute(`UPDATE occupancy SET active = false WHERE id = ANY ($1::uuid[])`, [ids]);
    return false;
  }

  private async expiredInTheWay(tx: Tx, needs: readonly Need[]): Promise<boolean> {
    const [row] = await tx.query<{ found: boolean }>(`SELECT expired_hold_in_the_way($1::uuid[], $2, $3, $4) AS found`, [needs.map((need) => need.resource), ...reachOf(needs), toDate(tx.now)]);
    return row?.found ?? false;
  }

  private async endExpired(tx: Tx, needs: readonly Need[]): Promise<EndedHold[]> {
    return tx.query<EndedHold>(`SELECT id, host_id, holder_id, quota_ids FROM end_expired_holds($1::uuid[], $2, $3, $4)`, [needs.map((need) => need.resource), ...reachOf(needs), toDate(tx.now)]);
  }

  /** Which of the resources are taken at some moment of the time that each is wanted for. */
  private async takenOf(tx: Tx, wanted: readonly Need[]): Promise<ReadonlySet<string>> {
    if (wanted.length === 0) return new Set();
    const rows = await tx.query<{ resource_id: ResourceId; starts_at: Date; ends_at: Date }>(
      `SELECT w.resource AS resource_id, w.starts AS starts_at, w.ends AS ends_at FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS w(resource, starts, ends)
       WHERE EXISTS (SELECT 1 FROM occupancy o WHERE o.active AND o.resource_id = w.resource AND o.during && tstzrange(w.starts, w.ends))`,
      [wanted.map(({ resource }) => resource), wanted.map(({ from }) => toDate(from)), wanted.map(({ to }) => toDate(to))]);
    return new Set(rows.map((row) => keyOf({ resource: row.resource_id, from: instantOfDate(row.starts_at), to: instantOfDate(row.ends_at) })));
  }
}

/** The time that a resource is taken for: of the visit, and of what the resource itself needs before and after. */
const during = (visit: { readonly start: Instant; readonly end: Instant }, buffers: { readonly bufferBeforeMinutes: number; readonly bufferAfterMinutes: number }, resource: ResourceId): Need => ({
  resource, from: plusMinutes(visit.start, -buffers.bufferBeforeMinutes), to: plusMinutes(visit.end, buffers.bufferAfterMinutes),
});
// Why with its time: two needs may look at one resource and want it for different times.
const keyOf = ({ resource, from, to }: Need): string => `${resource} ${from} ${to}`;
const reachOf = (needs: readonly Need[]): [Date, Date] => [new Date(Math.min(...needs.map((need) => need.from))), new Date(Math.max(...needs.map((need) => need.to)))];
