import { Injectable } from '@nestjs/common';
import { type LocalDate, type OpeningId, type SeriesId, type TimeRange, newId, plusMinutes } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { BookAppointment, type ForWhom } from '../../appointments/commands/book-appointment';
import type { Desk } from '../../appointments/commands/take-visit-time';
import type { Appointment } from '../../appointments/domain/appointment';
import { Bookability } from '../../openings/bookability';
import type { Offering } from '../../openings/domain/opening';
import { OpeningNeverBookable } from '../../openings/domain/opening.errors';
import { openingIdOf, parseOpeningId } from '../../openings/domain/opening-id';
import { OfferingRepository } from '../../openings/persistence/offering.repository';
import type { Clash, ClashView } from '../clash.view';
import { DateAlternatives } from '../date-alternatives';
import { type Exceptions, type PlannedVisit, type Replacement, requirePlanned } from '../domain/planned-visit';
import { startsOf } from '../domain/recurrence';
import { NoVisitLeft, ReplacementElsewhere, SeriesClash } from '../domain/series.errors';
import { type Series, SeriesRepository } from '../persistence/series.repository';
import { allOrNone } from '../../appointments/commands/all-or-none';

export interface SeriesBooking extends Exceptions {
  /** RFC 5545, without a start: the opening is the first visit. */
  readonly rule: string;
  readonly opening: OpeningId;
  readonly forWhom: ForWhom;
  readonly onClash: 'report' | 'skip';
}
export interface BookedSeries {
  readonly series: Series;
  readonly visits: readonly Appointment[];
  /** Dates that were left out because they clash. */
  readonly clashes: readonly ClashView[];
}
interface Plan {
  readonly offering: Offering;
  readonly visits: readonly PlannedVisit[];
}

/** Books every visit of a series or none (P2), at the wall time of the first (P6). Throws SeriesClash, RuleRefused, DateNotInSeries, ReplacementElsewhere, NoVisitLeft, and what a booking throws. */
@Injectable()
export class BookSeries {
  constructor(private readonly book: BookAppointment, private readonly bookability: Bookability, private readonly offerings: OfferingRepository, private readonly series: SeriesRepository, private readonly alternatives: DateAlternatives) {}

  async execute(tx: Tx, desk: Desk, booking: SeriesBooking): Promise<BookedSeries> {
    const plan = await this.plan(tx, desk, booking);
    const left: Clash[] = [];
    for (let visits = plan.visits; visits.length > 0; ) {
      const tried = await this.attempt(tx, desk, booking, plan.offering, visits);
      if ('done' in tried) return { ...tried.done, clashes: await this.viewsOf(tx, desk, booking, plan, left) };
      if (booking.onClash === 'report') throw new SeriesClash(await this.viewsOf(tx, desk, booking, plan, tried.clashes));
      left.push(...tried.clashes);
      visits = visits.filter((visit) => !tried.clashes.some((clash) => clash.visit === visit));
    }
    throw left.length > 0 ? new SeriesClash(await this.viewsOf(tx, desk, booking, plan, left)) : new NoVisitLeft();
  }

  /** What booking it would say now. Why by booking it and taking it back: then it is the same decision. */
  async preview(tx: Tx, desk: Desk, booking: SeriesBooking): Promise<{ readonly visits: readonly PlannedVisit[]; readonly offering: Offering; readonly clashes: readonly ClashView[] }> {
    const plan = await this.plan(tx, desk, booking);
    const tried = await this.attempt(tx, desk, booking, plan.offering, plan.visits, false);
    const clashes = 'clashes' in tried ? tried.clashes : [];
    tx.audit.record({ action: 'series.previewed', entity: 'patient', entityId: booking.forWhom.patient, patient: booking.forWhom.patient, details: { visits: plan.visits.length, clashes: clashes.length } });
    return { ...plan, clashes: await this.viewsOf(tx, desk, booking, plan, clashes) };
  }

  private async plan(tx: Tx, desk: Desk, booking: SeriesBooking): Promise<Plan> {
    const ref = parseOpeningId(booking.opening);
    if (ref.kind === 'feed') await this.bookability.decide(tx, desk.practice, booking.opening, tx.now);
    const offering = ref.kind === 'own' ? await this.offerings.byRefs(tx, ref) : null;
    if (!offering) throw new OpeningNeverBookable();
    const starts = startsOf(booking.rule, ref.start, offering.zone);
    requirePlanned(new Set(starts.map(({ date }) => date)), booking);
    const visits: PlannedVisit[] = [];
    for (const { date, start } of starts) {
      if (booking.without.includes(date)) continue;
      const replacement = booking.replacements.get(date);
      visits.push(replacement === undefined ? { date, start, opening: openingIdOf(offering, start) } : await this.replaced(tx, date, replacement, offering));
    }
    return { offering, visits };
  }

  private async replaced(tx: Tx, date: LocalDate, { opening, answers }: Replacement, like: Offering): Promise<PlannedVisit> {
    const ref = parseOpeningId(opening);
    const offering = ref.kind === 'own' ? await this.offerings.byRefs(tx, ref) : null;
    if (offering?.practice !== like.practice || offering.service !== like.service) throw new ReplacementElsewhere(date);
    // Why none of the series': another visit type asks something else.
    return { date, start: ref.start, opening, answers: answers ?? (offering.visitType === like.visitType ? undefined : {}) };
  }

  private async attempt(tx: Tx, desk: Desk, booking: SeriesBooking, { practice: host, zone }: Offering, visits: readonly PlannedVisit[], keep = true): Promise<{ readonly done: Omit<BookedSeries, 'clashes'> } | { readonly clashes: readonly Clash[] }> {
    const id = newId<SeriesId>();
    const tried = await allOrNone(tx, async (refuse) => {
      const booked = await this.book.together(tx, desk, { visits, by: { series: id } }, booking.forWhom, refuse);
      const series: Series = { id, host, booking: desk.practice, agreement: booked[0]?.agreement ?? null, rule: booking.rule, zone, bookedAt: tx.now, bookedBy: desk.subject };
      // Why not where nothing was booked: it is taken back anyway, and without a visit there is no agreement to show.
      if (booked.length > 0) await this.series.insert(tx, series);
      return { series, visits: booked };
    }, keep);
    if ('done' in tried) {
      tx.audit.record({ action: 'series.booked', entity: 'series', entityId: id, patient: booking.forWhom.patient, details: { visits: visits.length } });
      return tried;
    }
    // A calendar that this practice may not see at all is not told of date by date (P7).
    if (visits.length > 0 && tried.refused.length === visits.length) for (const { refusal } of tried.refused.slice(0, 1)) if ('error' in refusal && refusal.error instanceof OpeningNeverBookable) throw refusal.error;
    return { clashes: tried.refused.flatMap(({ index, refusal }) => (visits[index] ? [{ visit: visits[index], refusal }] : [])) };
  }

  private viewsOf(tx: Tx, desk: Desk, booking: SeriesBooking, { offering, visits }: Plan, clashes: readonly Clash[]): Promise<ClashView[]> {
    const planned = visits.map(({ start }): TimeRange => ({ start, end: plusMinutes(start, offering.durationMinutes) }));
    return this.alternatives.of(tx, desk.practice, clashes, { host: offering.practice, service: offering.service, visitType: offering.visitType, provider: offering.provider, zone: offering.zone, patient: booking.forWhom.patient }, planned, tx.now);
  }
}
