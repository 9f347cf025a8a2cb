import { Injectable } from '@nestjs/common';
import { DomainError, type OfferId, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { byPatient } from '../../appointments/appointment.events';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { AcceptOffer } from '../../waitlist/commands/accept-offer';
import { EndOffer } from '../../waitlist/commands/end-offer';
import { OfferOver, OfferUnknown, ReplacedVisitChanged } from '../../waitlist/domain/waitlist.errors';
import type { OfferNotice } from '../domain/offer-notice';
import { overAs } from '../domain/offer-notice';
import { type LinkedVisit, LinkedVisits } from '../linked-visits';
import { PatientLinks } from '../patient-links';
import { PageRefusals } from '../page-refusals';
import { type PageOffer, PageOffersRepository } from '../persistence/page-offers.repository';

/** `token`: of the page of the visit that was booked, where it is at the practice of this link. */
export interface OfferAnswered {
  readonly notice: OfferNotice;
  readonly token: string | null;
}

/** The holder of a link says yes or no to an offer of the wait list, as desk and text do. A second tap gets the answer of the first. Throws LinkUnknown, LinkEnded; OfferUnknown where the offer is not for this reader; TooManyPageRefusals. */
@Injectable()
export class AnswerOffer {
  constructor(
    private readonly visits: LinkedVisits, private readonly offers: PageOffersRepository, private readonly acceptOffer: AcceptOffer, private readonly endOffer: EndOffer, private readonly appointments: AppointmentRepository, private readonly links: PatientLinks, private readonly refusals: PageRefusals,
  ) {}

  /** `givesUp`: the revision of the later visit that the page said a yes gives up, null: none. Where that is another now, nothing is changed. */
  accept(token: string, id: OfferId, givesUp: number | null): Promise<OfferAnswered> {
    return this.answer(token, id, 'accepted', (tx, visit) => this.refusals.attempt(tx, () => this.take(tx, visit, id, givesUp), async (error) => {
      if (!(error instanceof DomainError) || NO_REFUSALS.some((kind) => error instanceof kind)) throw error;
      // As where a text says yes to what cannot be booked: the next in turn is asked. Why one answer for all reasons: "another visit then" would tell a parent of a confidential one.
      await this.endOffer.execute(tx, id, { state: 'lost', answer: newId() });
      tx.audit.record(answered('refused', id, visit, { code: error.code }));
      return { notice: 'refused', token: null };
    }));
  }

  decline(token: string, id: OfferId): Promise<OfferAnswered> {
    return this.answer(token, id, 'declined', async (tx, visit) => {
      await this.endOffer.execute(tx, id, { state: 'declined', answer: newId() });
      tx.audit.record(answered('declined', id, visit));
      return { notice: 'declined', token: null };
    });
  }

  private async take(tx: Tx, visit: LinkedVisit, id: OfferId, givesUp: number | null): Promise<OfferAnswered> {
    const taken = await this.acceptOffer.execute(tx, { offer: id, subject: tx.actor.subject, by: byPatient, answer: newId(), givesUp });
    const booked = await this.appointments.find(tx, taken.appointment);
    tx.audit.record(answered('accepted', id, visit));
    const shown = booked?.host === visit.appointment.host && !(booked.confidential && visit.representative !== null);
    return { notice: 'taken', token: shown ? this.links.issue(booked, visit.representative).token : null };
  }

  /** Why as a worker: the round is its host's and the other offers are other practices'. Whose offer it is, and whether the reader may answer, is decided here. */
  private answer(token: string, id: OfferId, what: 'accepted' | 'declined', fn: (tx: Tx, visit: LinkedVisit) => Promise<OfferAnswered>): Promise<OfferAnswered> {
    return this.visits.run(token, async (tx, visit) => {
      const { appointment, patient, representative, rights } = visit;
      const reader = { practice: appointment.host, patient: patient.id, representative };
      const offer = await this.offers.find(tx, reader, id);
      // As a representative may book: to confirm needs the same.
      if (offer === null || !rights.has('confirm')) throw new OfferUnknown();
      if (offer.state !== 'open') return over(offer, what);
      try {
        return await tx.savepoint(() => fn(tx, visit));
      } catch (error) {
        if (error instanceof ReplacedVisitChanged) return { notice: 'changed', token: null };
        if (!(error instanceof OfferOver)) throw error;
        return over((await this.offers.find(tx, reader, id)) ?? offer, what);
      }
    }, { asWorker: true });
  }
}

/** The offer or what a yes gives up is not as the page showed it: that is told as it is. */
const NO_REFUSALS = [OfferUnknown, OfferOver, ReplacedVisitChanged] as const;

const answered = (what: 'accepted' | 'declined' | 'refused', id: OfferId, { patient }: LinkedVisit, details: Readonly<Record<string, string>> = {}) => ({ action: `patient-page.offer-${what}`, entity: 'offer', entityId: id, patient: patient.id, details });

function over({ state, waits }: PageOffer, what: 'accepted' | 'declined'): OfferAnswered {
  if (what === 'declined' && state === 'declined') return { notice: 'declined', token: null };
  return { notice: what === 'accepted' && state === 'accepted' ? 'taken' : overAs(state, waits), token: null };
}
