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
import { PageRefusals, TooManyPageRefusals } from '../page-refusals';
import { LinkEnded, LinkUnknown } from '../patient-page.errors';
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
  async accept(token: string, id: OfferId, givesUp: number | null): Promise<OfferAnswered> {
    try {
      return await this.answer(token, id, 'accepted', async (tx, { appointment, representative }) => {
        await this.refusals.requireFew(tx);
        const taken = await this.acceptOffer.execute(tx, { offer: id, subject: tx.actor.subject, by: byPatient, answer: newId(), givesUp });
        const booked = await this.appointments.find(tx, taken.appointment);
        return { notice: 'taken', token: booked?.host === appointment.host && !(booked.confidential && representative !== null) ? this.links.issue(booked, representative).token : null };
      });
    } catch (error) {
      if (!(error instanceof DomainError) || error instanceof LinkUnknown || error instanceof LinkEnded || error instanceof OfferUnknown || error instanceof TooManyPageRefusals) throw error;
      // As where a text says yes to what cannot be booked: the next in turn is asked. Why one answer for all reasons: "another visit then" would tell a parent of a confidential one.
      return this.answer(token, id, 'refused', async (tx) => {
        await this.endOffer.execute(tx, id, { state: 'lost', answer: newId() });
        return { notice: 'refused', token: null };
      }, { code: error.code });
    }
  }

  decline(token: string, id: OfferId): Promise<OfferAnswered> {
    return this.answer(token, id, 'declined', async (tx) => {
      await this.endOffer.execute(tx, id, { state: 'declined', answer: newId() });
      return { notice: 'declined', token: null };
    });
  }

  /** Why as a worker: the round is its host's and the other offers are other practices'. Whose offer it is, and whether the reader may answer, is decided here. */
  private answer(token: string, id: OfferId, what: 'accepted' | 'declined' | 'refused', fn: (tx: Tx, visit: LinkedVisit) => Promise<OfferAnswered>, details: Readonly<Record<string, string>> = {}): Promise<OfferAnswered> {
    return this.visits.run(token, async (tx, visit) => {
      const { appointment, patient, representative, rights } = visit;
      const reader = { practice: appointment.host, patient: patient.id, representative };
      const offer = await this.offers.find(tx, reader, id);
      // As a representative may book: to confirm needs the same.
      if (offer === null || !rights.has('confirm')) throw new OfferUnknown();
      if (offer.state !== 'open') return over(offer, what);
      try {
        const answered = await tx.savepoint(() => fn(tx, visit));
        tx.audit.record({ action: `patient-page.offer-${what}`, entity: 'offer', entityId: id, patient: patient.id, details });
        return answered;
      } catch (error) {
        if (error instanceof ReplacedVisitChanged) return { notice: 'changed', token: null };
        if (!(error instanceof OfferOver)) throw error;
        return over((await this.offers.find(tx, reader, id)) ?? offer, what);
      }
    }, { asWorker: true });
  }
}

function over({ state, waits }: PageOffer, what: 'accepted' | 'declined' | 'refused'): OfferAnswered {
  if (what === 'declined' && state === 'declined') return { notice: 'declined', token: null };
  return { notice: what === 'accepted' && state === 'accepted' ? 'taken' : overAs(state, waits), token: null };
}
