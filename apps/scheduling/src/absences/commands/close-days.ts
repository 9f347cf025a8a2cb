import { Injectable } from '@nestjs/common';
import { newId } from '@slotmesh/kernel';
import { StartAgain, type Tx } from '@slotmesh/persistence';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import type { Desk } from '../../appointments/commands/take-visit-time';
import { closure } from '../../availability/closure';
import { EndHold } from '../../holds/commands/end-hold';
import { GroupSessionRepository } from '../../group-sessions/persistence/group-session.repository';
import { HoldRepository } from '../../holds/persistence/hold.repository';
import type { Hold } from '../../holds/domain/hold';
import { OccupancyRepository } from '../../openings/persistence/occupancy.repository';
import { References } from '../../practices/reference';
import { OfferRepository } from '../../waitlist/persistence/offer.repository';
import { EndRound } from '../../waitlist/commands/end-round';
import { OfferRoundRepository } from '../../waitlist/persistence/offer-round.repository';
import { tellEnded } from '../../waitlist/waitlist.events';
import { type Absence, AbsenceRepository, type ClosedTime } from '../persistence/absence.repository';

/**
 * Closes days of a provider or a site: the closure, the end of every hold, of every round of offers and of every group session without a seat on them, and the list of affected visits, in one transaction. No visit is touched.
 *
 * A booking in flight sees the closure, or is in the list: the list is read anew each time. A hold in flight cannot be booked any more, because a booking decides again by the closures in force.
 */
@Injectable()
export class CloseDays {
  constructor(
    private readonly absences: AbsenceRepository, private readonly references: References, private readonly occupancy: OccupancyRepository, private readonly holds: HoldRepository, private readonly endHold: EndHold,
    private readonly rounds: OfferRoundRepository, private readonly endRound: EndRound, private readonly offers: OfferRepository, private readonly appointments: AppointmentRepository, private readonly sessions: GroupSessionRepository,
  ) {}

  /** As a worker, with the desk's practice as tenant: holds and offers of partners end with it. */
  async execute(tx: Tx, desk: Desk, time: ClosedTime, reason: string): Promise<Absence> {
    const closed = await this.references.define(tx, closure, desk.practice, { provider: time.provider, site: time.site, days: { firstDay: time.from, lastDay: time.to }, time: null, reason });
    const absence: Absence = { ...time, id: newId(), reason, closure: closed.id, closedAt: tx.now, closedBy: desk.subject, liftedAt: null };
    const holds = await this.withdraw(tx, time);
    await this.absences.add(tx, absence);
    const visits = await this.appointments.findMany(tx, await this.absences.visitsInside(tx, time));
    await this.absences.note(tx, absence, visits);
    // Why last: quota rows end the lock order (P1).
    await this.endHold.giveBack(tx, holds);
    tx.audit.record({ action: 'absence.closed', entity: 'absence', entityId: absence.id, details: { visits: visits.length, holds: holds.length } });
    return absence;
  }

  private async withdraw(tx: Tx, time: ClosedTime): Promise<Hold[]> {
    const locked = await this.absences.resourcesInside(tx, time);
    await this.occupancy.lock(tx, locked);
    const ended: Hold[] = [];
    for (const id of await this.absences.holdsInside(tx, time)) {
      const hold = await this.holds.lock(tx, id);
      // Why from the start: to lock its resources now, behind other holds, would break the order.
      if (!(await this.occupancy.resourcesOf(tx, { hold: id })).every((resource) => locked.includes(resource))) throw new StartAgain('a hold was placed meanwhile');
      if (hold?.state === 'active') ended.push(hold);
    }
    for (const hold of ended) await this.endHold.withdraw(tx, hold);
    // Why behind the holds: a seat that was only held is none any more.
    for (const id of await this.absences.sessionsInside(tx, time)) {
      if (!(await this.sessions.resourcesOf(tx, id)).every((resource) => locked.includes(resource))) throw new StartAgain('a group session was opened meanwhile');
      if (await this.sessions.close(tx, id)) tx.audit.record({ action: 'group-session.closed', entity: 'group-session', entityId: id });
    }
    for (const id of await this.absences.roundsInside(tx, time)) {
      const round = await this.rounds.lock(tx, id);
      if (!round || round.nextAt === null) continue;
      // Why from the start: the round took its hold after the holds were read, and nobody would end that any more.
      if (round.hold !== null && !ended.some((hold) => hold.id === round.hold) && (await this.holds.find(tx, round.hold))?.state === 'active') throw new StartAgain('a round took its hold meanwhile');
      for (const offer of await this.offers.lockOpen(tx, id)) tellEnded(tx, await this.offers.end(tx, offer, 'withdrawn'));
      await this.endRound.execute(tx, round, 'not-open');
    }
    return ended;
  }
}
