import { Injectable } from '@nestjs/common';
import { DomainError, HOUR, type Instant, type TimeRange, overlaps, plusMs, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { RefusedBefore } from './patient-page.errors';
import { LinkedVisits, type LinkedVisit, audienceOf } from './linked-visits';
import { RefusedTimesRepository } from './persistence/refused-times.repository';

const ACTIONS = ['patient-page.move-refused', 'patient-page.offer-refused'] as const;
const MOST_PER_HOUR = 10;

/** Which of them it was is not said. */
export class TooManyPageRefusals extends DomainError {
  constructor() {
    super('too-many', 'too-many-page-refusals', 'Too many times could not be had from this page in the last hour. Try again later, or call the practice.');
  }
}

/**
 * A free time that cannot be had may tell a reader of another visit (P8), so each refusal is audited, and who collects them is stopped for an hour of domain time. Why all refusals
 * and not those alone: a stop that counts only them would itself say which they were.
 */
@Injectable()
export class PageRefusals {
  constructor(private readonly visits: LinkedVisits, private readonly times: RefusedTimesRepository) {}

  /** Before anything is tried. Throws TooManyPageRefusals. */
  async requireFew(tx: Tx): Promise<void> {
    const [row] = await tx.query<{ refused: number }>(
      `SELECT count(*)::int AS refused FROM audit_entry WHERE practice_id = $1 AND actor_subject = $2 AND action = ANY ($3) AND at > $4`, [tx.actor.practice, tx.actor.subject, [...ACTIONS], toDate(plusMs(tx.now, -HOUR))]);
    if ((row?.refused ?? 0) >= MOST_PER_HOUR) throw new TooManyPageRefusals();
  }

  /**
   * What a representative was refused once is refused again, whatever has become of it: else a second try would tell a time that is taken from one that this patient alone cannot have. Throws RefusedBefore.
   */
  async requireNew(tx: Tx, visit: LinkedVisit, start: Instant): Promise<void> {
    const { representative, patient, appointment } = visit;
    if (representative === null) return;
    const wanted = timeAt(appointment, start);
    if ((await this.times.of(tx, { patient: patient.id, audience: audienceOf(representative) })).some((time) => overlaps(time, wanted))) throw new RefusedBefore();
  }

  /** In a transaction of its own, because the refused one was rolled back. `start`: of the time that was asked for, null where it names none. Throws LinkUnknown, LinkEnded, TooManyPageRefusals. */
  noteMove(token: string, code: string, start: Instant | null): Promise<void> {
    return this.visits.run(token, async (tx, { appointment, patient, representative }) => {
      await this.requireFew(tx);
      if (representative !== null && start !== null && start > tx.now) await this.times.add(tx, { patient: patient.id, audience: audienceOf(representative), host: appointment.host }, timeAt(appointment, start));
      tx.audit.record({ action: ACTIONS[0], entity: 'appointment', entityId: appointment.id, patient: appointment.patient, details: { code } });
    });
  }
}

/** The visit type stays, and so does how long it takes. */
const timeAt = ({ start, end }: TimeRange, at: Instant): TimeRange => ({ start: at, end: plusMs(at, end - start) });
