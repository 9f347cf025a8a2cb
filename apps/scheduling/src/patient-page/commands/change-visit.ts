import { Injectable } from '@nestjs/common';
import { StartAgain, type Tx } from '@slotmesh/persistence';
import type { Appointment } from '../../appointments/domain/appointment';
import { AppointmentChanged } from '../../appointments/domain/appointment.errors';
import { type PageAction, actionsOn } from '../domain/page-rights';
import { type LinkedVisit, LinkedVisits } from '../linked-visits';

export interface VisitChange<T> {
  readonly action: PageAction;
  /** The revision that the page showed. */
  readonly revision: number;
  /** A second tap, after the first did it already. */
  readonly isDone: (appointment: Appointment) => boolean;
  readonly fn: (tx: Tx, visit: LinkedVisit) => Promise<T>;
}

/** A change by the holder of a link changes only what its page showed: on a visit that was moved or ended meanwhile it does nothing, and the page shows the present one. */
@Injectable()
export class ChangeVisit {
  constructor(private readonly visits: LinkedVisits) {}

  /** `stale`: nothing was changed. `fn` gets the visit at the version that it has to change. Throws LinkUnknown, LinkEnded, and what `fn` throws. */
  execute<T>(token: string, change: VisitChange<T>): Promise<T | 'done' | 'stale'> {
    return this.visits.run(token, async (tx, visit) => {
      if (change.isDone(visit.appointment)) return 'done';
      if (visit.appointment.revision !== change.revision || !actionsOn(visit.appointment, visit.rights, tx.now).includes(change.action)) return 'stale';
      try {
        return await change.fn(tx, visit);
      } catch (error) {
        // Why: somebody changed it between this look and the lock; a new look decides whether the page is still right.
        if (error instanceof AppointmentChanged) throw new StartAgain('the visit was changed meanwhile');
        throw error;
      }
    });
  }
}
