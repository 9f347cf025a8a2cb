import { Injectable } from '@nestjs/common';
import { type AppointmentId, type HoldId, type OpeningId, type PatientId, type PracticeId, type ResourceId, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { requireUsable } from '../../holds/domain/hold';
import { HoldRepository, endedInTheWay } from '../../holds/persistence/hold.repository';
import { Alternatives } from '../../openings/alternatives';
import { type Booked, Bookability, type ExtraVisit, type Overbook, lanesFor, resourcesFor } from '../../openings/bookability';
import { type PatientNeeds, sameNeeds } from '../../openings/domain/care';
import type { BookableTime } from '../../openings/domain/opening';
import { UrgentNotPermitted } from '../../openings/domain/opening.errors';
import { CareRepository } from '../../openings/persistence/care.repository';
import { OccupancyRepository } from '../../openings/persistence/occupancy.repository';
import { type Refuse, refusalOf } from './refusals';

/** A hold, of this desk or kept by `heldBy` for the patient, or an opening taken at once, or a visit beside the own calendar. */
export type TimeAsked = { readonly hold: HoldId; readonly heldBy?: Desk } | { readonly opening: OpeningId } | { readonly extra: ExtraVisit };
/** The time, with what its hold has counted already, or what holds in the way had counted. */
export interface Taken {
  readonly id: AppointmentId;
  /** Which of the visits that were asked for. */
  readonly index: number;
  readonly time: BookableTime;
  readonly held: readonly string[] | null;
  readonly freed: readonly string[];
}
/** With what the time is taken. */
interface Ask {
  readonly needs: PatientNeeds | null;
  readonly overbook: Overbook | null;
  /** Who comes to which of the visits that are asked for. */
  readonly booked: (index: number) => Booked;
}
export interface Desk {
  readonly practice: PracticeId;
  readonly subject: string;
}

/** Takes the time of a visit in each of the ways that a booking may ask for it, before the booking writes anything else (P1). Throws OpeningTaken, SessionLimitReached, KeptForOthers, NotShared, HoldUnknown, HoldEnded, UrgentNotPermitted. */
@Injectable()
export class TakeVisitTime {
  constructor(
    private readonly bookability: Bookability,
    private readonly occupancy: OccupancyRepository,
    private readonly holds: HoldRepository,
    private readonly alternatives: Alternatives,
    private readonly care: CareRepository,
  ) {}

  async take(tx: Tx, desk: Desk, what: TimeAsked, ask: Ask, refuse: Refuse): Promise<Taken[]> {
    if ('hold' in what) return [await this.fromHold(tx, desk, what, ask)];
    if ('extra' in what) return [await this.beside(tx, desk, what.extra, ask)];
    return this.takeOpenings(tx, desk, [what.opening], ask, refuse);
  }

  /** What a booking of the hold for the patient may take beside what is held, so that a caller that locks first locks all in one go (P1). */
  async mayNeed(tx: Tx, practice: PracticeId, id: HoldId, patient: PatientId): Promise<ResourceId[]> {
    const [hold, needs] = [await this.holds.find(tx, id), await this.care.needsOf(tx, patient)];
    if (!hold || sameNeeds(hold.care, needs)) return [];
    const time = await this.bookability.decideHeld(tx, practice, hold, tx.now, needs);
    return time === null ? [] : resourcesFor(time);
  }

  private async fromHold(tx: Tx, desk: Desk, { hold: id, heldBy = desk }: Extract<TimeAsked, { readonly hold: HoldId }>, ask: Ask): Promise<Taken> {
    const { resources, care } = await this.occupancy.heldBy(tx, id);
    if (!sameNeeds(care, ask.needs)) return this.takenAnew(tx, desk, { id, heldBy, resources }, ask);
    await this.occupancy.lock(tx, resources);
    const hold = requireUsable(await this.holds.lock(tx, id), heldBy, tx.now);
    // Why decided again: what is in force now governs the booking, and the agreement may have ended since the hold (P7). Its own quota is counted already.
    const time = await this.bookability.decideHeld(tx, desk.practice, hold, tx.now, ask.needs, ask.booked(0));
    if (time === null || isUnsure(time, desk, heldBy)) throw await this.alternatives.gone(tx, desk.practice, hold, tx.now, ask.needs);
    const appointment = newId<AppointmentId>();
    await this.occupancy.handOver(tx, id, appointment, desk.practice, time.agreement);
    await this.holds.end(tx, hold, 'booked');
    return { id: appointment, index: 0, time, held: hold.holder === desk.practice ? hold.quotas : null, freed: [] };
  }

  /** The hold was not made for what this patient needs: its time is given back and taken again with it, whole or not at all (P2). */
  private async takenAnew(tx: Tx, desk: Desk, held: { readonly id: HoldId; readonly heldBy: Desk; readonly resources: readonly ResourceId[] }, { needs, overbook, booked }: Ask): Promise<Taken> {
    const seen = requireUsable(await this.holds.find(tx, held.id), held.heldBy, tx.now);
    const time = await this.bookability.decideHeld(tx, desk.practice, seen, tx.now, needs, booked(0));
    if (time === null || isUnsure(time, desk, held.heldBy)) throw await this.alternatives.gone(tx, desk.practice, seen, tx.now, needs);
    const mayNeed = [...held.resources, ...resourcesFor(time)];
    await this.occupancy.lock(tx, mayNeed);
    const hold = requireUsable(await this.holds.lock(tx, held.id), held.heldBy, tx.now);
    await this.occupancy.freeHold(tx, hold.id);
    const appointment = newId<AppointmentId>();
    const inTheWay = endedInTheWay(tx);
    const beside = overbook ?? (hold.overbook ? { permitted: true } : null);
    // Why without the limit of the session: the hold had a place in it, also one from before there was a limit.
    const lost = await this.occupancy.lossOf(tx, desk.practice, { ...time, limit: null }, { hold: null, appointment }, inTheWay.onEnded, mayNeed, lanesFor(desk.practice, time, beside));
    if (lost !== null) throw await this.alternatives.taken(tx, desk.practice, time.offering, time.start, tx.now, needs, lost);
    await this.holds.end(tx, hold, 'booked');
    return { id: appointment, index: 0, time, held: hold.holder === desk.practice ? hold.quotas : null, freed: inTheWay.freed };
  }

  /** Urgent, or somebody who walks in: in lanes of their own, so that nobody's time is taken for it. */
  private async beside(tx: Tx, desk: Desk, extra: ExtraVisit, { needs }: Ask): Promise<Taken> {
    if (extra.kind === 'urgent' && !extra.permitted) throw new UrgentNotPermitted();
    const time = await this.bookability.decideExtra(tx, desk.practice, extra, tx.now, needs);
    const id = newId<AppointmentId>();
    const inTheWay = endedInTheWay(tx);
    const lost = await this.occupancy.lossOf(tx, desk.practice, time, { hold: null, appointment: id }, inTheWay.onEnded, [], time.lanes);
    if (lost !== null) throw await this.alternatives.taken(tx, desk.practice, time.offering, time.start, tx.now, needs, lost);
    return { id, index: 0, time, held: null, freed: inTheWay.freed };
  }

  /** Takes what can be taken of them. Several: everything that any of them may need is locked before the first is taken. */
  async takeOpenings(tx: Tx, desk: Desk, openings: readonly OpeningId[], { needs, overbook, booked }: Ask, refuse: Refuse): Promise<Taken[]> {
    const open: { readonly index: number; readonly time: Parameters<OccupancyRepository['take']>[2] & Parameters<typeof lanesFor>[1] }[] = [];
    for (const [index, opening] of openings.entries()) {
      const time = await refusalOf(index, () => this.bookability.decide(tx, desk.practice, opening, tx.now, [], needs, booked(index)), refuse);
      if (time === null) continue;
      if ('lost' in time) await refuse(index, { gone: time, why: 'not-open' });
      else open.push({ index, time });
    }
    if (open.length > 1) await this.occupancy.lock(tx, open.flatMap(({ time }): ResourceId[] => resourcesFor(time)));
    const taken: Taken[] = [];
    for (const { index, time } of open) {
      const id = newId<AppointmentId>();
      const inTheWay = endedInTheWay(tx);
      const lost = await this.occupancy.lossOf(tx, desk.practice, time, { hold: null, appointment: id }, inTheWay.onEnded, [], lanesFor(desk.practice, time, overbook));
      if (lost === null) taken.push({ id, index, time, held: null, freed: inTheWay.freed });
      else await refuse(index, { gone: time, why: lost });
    }
    return taken;
  }
}

/** What the wait list offered was promised: a time that the host would still have to approve is none. */
const isUnsure = (time: BookableTime, desk: Desk, heldBy: Desk): boolean => heldBy !== desk && time.approveBy !== null;
