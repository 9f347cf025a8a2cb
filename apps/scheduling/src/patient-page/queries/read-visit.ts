import { Injectable } from '@nestjs/common';
import type { Language } from '@slotmesh/contracts';
import type { Instant } from '@slotmesh/kernel';
import { type PageAction, actionsOn } from '../domain/page-rights';
import { type LinkedVisit, LinkedVisits, unopenedNameOf } from '../linked-visits';
import { type PageOffer, PageOffersRepository } from '../persistence/page-offers.repository';

/** A visit with what may be done to it now. */
export interface ReadableVisit extends LinkedVisit {
  readonly actions: readonly PageAction[];
  readonly now: Instant;
}

/** The same with the times that came free for this patient at the wait list of the same practice. */
export interface PageVisit extends ReadableVisit {
  readonly offers: readonly PageOffer[];
}

@Injectable()
export class ReadVisit {
  constructor(private readonly visits: LinkedVisits, private readonly offers: PageOffersRepository) {}

  /** All that may be said before the birth date is given: whom the link is from, and the language. Throws LinkUnknown, LinkEnded. */
  door(token: string): Promise<{ readonly practice: string | null; readonly phone: string; readonly language: Language; readonly own: boolean }> {
    return this.visits.run(token, async (_tx, { place, patient, representative }) => ({ practice: unopenedNameOf(place), phone: place.phone, language: patient.language, own: representative === null }));
  }

  /** The whole page, for one who has given the birth date; leaves an audit row (P23). Throws LinkUnknown, LinkEnded. */
  execute(token: string): Promise<PageVisit> {
    return this.visits.run(token, async (tx, visit) => {
      const { appointment, patient, representative, rights } = visit;
      const offers = await this.offers.open(tx, { practice: appointment.host, patient: patient.id, representative }, tx.now);
      tx.audit.record({ action: 'patient-page.read', entity: 'appointment', entityId: appointment.id, patient: patient.id, details: offers.length > 0 ? { offers: offers.length } : {} });
      // Why no yes to it: it does not take place then.
      const actions = actionsOn(appointment, rights, tx.now).filter((action) => action !== 'confirm' || !visit.mustMove);
      return { ...visit, actions, now: tx.now, offers };
    });
  }
}
