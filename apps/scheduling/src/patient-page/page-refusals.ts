import { Injectable } from '@nestjs/common';
import { DomainError, type Instant, type TimeRange, overlaps, plusMs } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { RefusalCounts, type RefusalLimit } from '../shared/refusal-counts';
import { LinkedVisits, type LinkedVisit, audienceOf } from './linked-visits';
import { RefusedBefore } from './patient-page.errors';
import { RefusedTimesRepository } from './persistence/refused-times.repository';

const LIMIT: RefusalLimit = { kind: 'patient-page', perHour: 10 };

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
  constructor(private readonly visits: LinkedVisits, private readonly counts: RefusalCounts, private readonly times: RefusedTimesRepository) {}

  /**
   * Tries of one reader run one after the other, each counted before the next, so that many at once are told no more than few. Where `fn` throws, it is undone, and `refused` audits and answers the refusal, or throws what
   * is none. Throws TooManyPageRefusals before anything is tried.
   */
  async attempt<T>(tx: Tx, fn: () => Promise<T>, refused: (error: unknown) => Promise<T>): Promise<T> {
    if (await this.counts.lock(tx, LIMIT)) throw new TooManyPageRefusals();
    try {
      return await tx.savepoint(fn);
    } catch (error) {
      const answer = await refused(error);
      await this.counts.add(tx, LIMIT);
      return answer;
    }
  }

  /**
   * What a representative was refused once is refused again, whatever has become of it: else a second try would tell a time that is taken from one that this patient alone cannot have. Throws RefusedBefore.
   */
  async requireNew(tx: Tx, { representative, patient, appointment }: LinkedVisit, start: Instant): Promise<void> {
    if (representative === null) return;
    const wanted = timeAt(appointment, start);
    if ((await this.times.of(tx, { patient: patient.id, audience: audienceOf(representative) })).some((time) => overlaps(time, wanted))) throw new RefusedBefore();
  }

  /** `start`: of the time that was asked for, null where it names none. */
  async remember(tx: Tx, { representative, patient, appointment }: LinkedVisit, start: Instant | null): Promise<void> {
    if (representative !== null && start !== null && start > tx.now) await this.times.add(tx, { patient: patient.id, audience: audienceOf(representative), host: appointment.host }, timeAt(appointment, start));
  }

  /** A time that was asked for is not among those that can be had. Throws LinkUnknown, LinkEnded, TooManyPageRefusals. */
  noteUnlisted(token: string): Promise<void> {
    return this.visits.run(token, async (tx, { appointment }) => {
      if (!(await this.counts.add(tx, LIMIT))) throw new TooManyPageRefusals();
      tx.audit.record(moveRefused(appointment, 'not-listed'));
    });
  }
}

export const moveRefused = ({ id, patient }: { readonly id: string; readonly patient: string }, code: string) => ({ action: 'patient-page.move-refused', entity: 'appointment', entityId: id, patient, details: { code } });

/** The visit type stays, and so does how long it takes. */
const timeAt = ({ start, end }: TimeRange, at: Instant): TimeRange => ({ start: at, end: plusMs(at, end - start) });
