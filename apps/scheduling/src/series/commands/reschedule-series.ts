import { Injectable } from '@nestjs/common';
import { type LocalDate, type LocalTime, type OpeningId, type PracticeId, type ProviderId, type SeriesId, addDays, daysBetween, instantOf, localDateOf, localTimeOf, weekdayOf } from '@slotmesh/kernel';
import { StartAgain, type Tx } from '@slotmesh/persistence';
import { RescheduleAppointment } from '../../appointments/commands/reschedule-appointment';
import type { Override } from '../../appointments/commands/take-person-time';
import type { Appointment } from '../../appointments/domain/appointment';
import { AppointmentChanged } from '../../appointments/domain/appointment.errors';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import type { Offering } from '../../openings/domain/opening';
import { OpeningNeverBookable } from '../../openings/domain/opening.errors';
import { openingIdOf, parseOpeningId } from '../../openings/domain/opening-id';
import { OfferingRepository } from '../../openings/persistence/offering.repository';
import { DateAlternatives } from '../date-alternatives';
import { type SeriesPart, partFrom, plannedDateOf, plannedTimeOf } from '../domain/part-of-series';
import { type Exceptions, type PlannedVisit, requirePlanned } from '../domain/planned-visit';
import { NoVisitLeft, NotGivenThere, ReplacementElsewhere, SeriesClash, SeriesUnknown } from '../domain/series.errors';
import { type Series, SeriesRepository } from '../persistence/series.repository';
import { allOrNone } from '../../appointments/commands/all-or-none';

/** Where a series goes: the opening of the first visit that moves, whose distance in days, hour, provider and visit type hold for the others; or what changes for each. */
export type SeriesTarget = { readonly opening: OpeningId } | { readonly days: number; readonly weekday: number | null; readonly time: LocalTime | null; readonly provider: ProviderId | null };
export interface SeriesMove extends Exceptions {
  readonly from: LocalDate;
  readonly to: SeriesTarget;
  /** Visits that were moved by themselves follow the series again. */
  readonly withMoved: boolean;
  readonly override: Override | null;
}

/** Moves a series from a planned date on, whole or not at all; its visits may take one another's times. Throws SeriesUnknown, NoVisitLeft, SeriesClash, DateNotInSeries, ReplacementElsewhere, NotGivenThere, MoveWithinHost, OneOfSeveralRefused. */
@Injectable()
export class RescheduleSeries {
  constructor(private readonly series: SeriesRepository, private readonly appointments: AppointmentRepository, private readonly reschedule: RescheduleAppointment, private readonly offerings: OfferingRepository, private readonly alternatives: DateAlternatives) {}

  async execute(tx: Tx, practice: PracticeId, id: SeriesId, move: SeriesMove): Promise<SeriesPart> {
    const series = await this.series.find(tx, id);
    if (!series) throw new SeriesUnknown();
    const all = await this.appointments.ofSeries(tx, id);
    const part = partFrom(all, move.from, series.zone, tx.now, move);
    const [first] = part.visits;
    if (!first) throw new NoVisitLeft();
    requirePlanned(new Set([...part.visits, ...part.left.map(({ visit }) => visit)].map((visit) => plannedDateOf(visit, series.zone))), move);
    const planned = await this.plan(tx, series, first, part.visits, all, move);
    const tried = await this.attempt(tx, practice, id, part.visits, planned, move.override);
    if ('refused' in tried) {
      const clashes = tried.refused.flatMap(({ index, refusal }) => (planned[index] ? [{ visit: planned[index], refusal }] : []));
      const wanted = { host: first.host, service: first.service, visitType: first.visitType, provider: first.provider, zone: series.zone, patient: practice === first.host ? first.patient : (first.bookingPatient ?? first.patient) };
      throw new SeriesClash(await this.alternatives.of(tx, practice, clashes, wanted, planned.map(({ start }) => ({ start, end: (start + first.end - first.start) as typeof start })), tx.now));
    }
    tx.audit.record({ action: 'series.rescheduled', entity: 'series', entityId: id, patient: first.patient, details: { from: move.from, visits: tried.done.length } });
    return { visits: tried.done, left: part.left };
  }

  private async attempt(tx: Tx, practice: PracticeId, series: SeriesId, visits: readonly Appointment[], planned: readonly PlannedVisit[], override: Override | null) {
    const moves = visits.map(({ id, version }, i) => ({ id, version, opening: planned[i]!.opening, answers: planned[i]!.answers, name: { date: planned[i]!.date }, override }));
    try {
      return await allOrNone(tx, (refuse) => this.reschedule.together(tx, practice, moves, refuse, (after) => ({ ...after, series: { id: series, plannedStart: after.start } })));
    } catch (error) {
      // Why from the start: one of them was changed between the look and the lock, and may have been moved by itself.
      throw error instanceof AppointmentChanged ? new StartAgain('a visit of the series was changed meanwhile') : error;
    }
  }

  private async plan(tx: Tx, series: Series, first: Appointment, visits: readonly Appointment[], all: readonly Appointment[], { to, replacements }: SeriesMove): Promise<PlannedVisit[]> {
    const target = 'opening' in to ? await this.target(tx, to.opening, first) : null;
    const days = target ? daysBetween(plannedDateOf(first, series.zone), localDateOf(target.start, target.offering.zone)) : 0;
    const known = new Map<string, Offering>();
    const planned: PlannedVisit[] = [];
    for (const visit of visits) {
      const date = plannedDateOf(visit, series.zone);
      const replacement = replacements.get(date);
      if (replacement !== undefined) {
        const { offering, start } = await this.target(tx, replacement.opening, first);
        if (offering.practice !== series.host) throw new ReplacementElsewhere(date);
        planned.push({ date, start, ...replacement });
        continue;
      }
      const offering = target?.offering ?? (await this.offeringOf(tx, visit, 'provider' in to ? to.provider : null, known));
      const on = 'opening' in to ? addDays(date, days) : addDays(date, to.days + (to.weekday === null ? 0 : to.weekday - weekdayOf(date)));
      const time = target ? localTimeOf(target.start, target.offering.zone) : (('time' in to ? to.time : null) ?? plannedTimeOf(visit, all, series.zone));
      const start = target && visit === first ? target.start : instantOf(on, time, offering.zone);
      planned.push({ date, start, opening: openingIdOf(offering, start) });
    }
    return planned;
  }

  private async target(tx: Tx, opening: OpeningId, like: Appointment) {
    const ref = parseOpeningId(opening);
    const offering = ref.kind === 'own' ? await this.offerings.byRefs(tx, ref) : null;
    if (!offering) throw new OpeningNeverBookable();
    if (offering.practice !== like.host || offering.service !== like.service) throw new ReplacementElsewhere(localDateOf(ref.start, offering.zone));
    return { offering, start: ref.start };
  }

  /** The visit's own way of being given, by another provider if that is asked: at its site where that one works there. */
  private async offeringOf(tx: Tx, visit: Appointment, provider: ProviderId | null, known: Map<string, Offering>): Promise<Offering> {
    const key = `${visit.visitType}/${visit.site}/${provider ?? visit.provider}`;
    const seen = known.get(key);
    if (seen) return seen;
    const found = await this.offerings.find(tx, { visitType: visit.visitType, practice: visit.host, provider: provider ?? visit.provider }, tx.now);
    const offering = found.find(({ site }) => site === visit.site) ?? found[0];
    if (!offering) throw new NotGivenThere();
    known.set(key, offering);
    return offering;
  }
}
