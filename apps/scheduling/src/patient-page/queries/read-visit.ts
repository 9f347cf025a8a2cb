import { Injectable } from '@nestjs/common';
import type { Language } from '@slotmesh/contracts';
import type { Instant } from '@slotmesh/kernel';
import { type PageAction, actionsOn } from '../domain/page-rights';
import { type LinkedVisit, LinkedVisits } from '../linked-visits';

/** A visit with what may be done to it now. */
export interface ReadableVisit extends LinkedVisit {
  readonly actions: readonly PageAction[];
  readonly now: Instant;
}

@Injectable()
export class ReadVisit {
  constructor(private readonly visits: LinkedVisits) {}

  /** All that may be said before the birth date is given: whom the link is from, and the language. Throws LinkUnknown, LinkEnded. */
  door(token: string): Promise<{ readonly practice: string; readonly phone: string; readonly language: Language; readonly own: boolean }> {
    return this.visits.run(token, async (_tx, { place, patient, representative }) => ({ practice: place.practice, phone: place.phone, language: patient.language, own: representative === null }));
  }

  /** The whole page, for one who has given the birth date; leaves an audit row (P23). Throws LinkUnknown, LinkEnded. */
  execute(token: string): Promise<ReadableVisit> {
    return this.visits.run(token, async (tx, visit) => {
      tx.audit.record({ action: 'patient-page.read', entity: 'appointment', entityId: visit.appointment.id, patient: visit.patient.id });
      return { ...visit, actions: actionsOn(visit.appointment, visit.rights, tx.now), now: tx.now };
    });
  }
}
