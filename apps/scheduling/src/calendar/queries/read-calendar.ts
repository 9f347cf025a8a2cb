import { Injectable } from '@nestjs/common';
import { DAY, DomainError, type Instant, type LocalDate, type PracticeId, type ProviderId, type SiteId, type TimeRange, type VisitTypeId, addDays, formatInstant, overlaps } from '@slotmesh/kernel';
import { type Tx, unseal } from '@slotmesh/persistence';
import type { Closure } from '../../availability/domain/working-hours';
import { besideOf } from '../../openings/domain/lanes';
import { type SessionLimit, SessionRules, countsIn, dateBlock, weekBlock } from '../../openings/domain/session-rules';
import { PatientVault, aadOf } from '../../patients/patient-vault';
import { arrangeDays, wallDays } from '../domain/arrange-days';
import { type CalendarFacts, CalendarFactsRepository } from '../persistence/calendar-facts.repository';

/** More would be unreadable, and unsealing the names would keep everybody else waiting. */
const MOST_VISITS = 2_000;

export interface CalendarAsked {
  readonly practice: PracticeId;
  readonly site: SiteId | null;
  readonly provider: ProviderId | null;
  readonly from: LocalDate;
  readonly days: number;
  /** Whether the caller may read who the patients are. */
  readonly named: boolean;
}

@Injectable()
export class ReadCalendar {
  constructor(private readonly facts: CalendarFactsRepository, private readonly vault: PatientVault) {}

  /** Throws calendar-unknown, calendar-too-large. */
  async execute(tx: Tx, asked: CalendarAsked) {
    const last = addDays(asked.from, asked.days - 1);
    const [midnight, days] = [Date.parse(`${asked.from}T00:00:00Z`), asked.days * DAY];
    // Why a day more on each side: zones are at most 14 hours from UTC.
    const reach = { start: (midnight - DAY) as Instant, end: (midnight + days + DAY) as Instant };
    const [own, facts] = await Promise.all([this.facts.own(tx, asked), this.facts.load(tx, { ...asked, first: asked.from, last, reach, now: tx.now, limit: MOST_VISITS + 1 })]);
    // Why as if it did not exist: what a partner may see of it is what /openings shows.
    if (!own) throw new DomainError('not-found', 'calendar-unknown', 'Your practice has no such site or provider. Times that partners share are found by /openings.');
    if (facts.visits.length > MOST_VISITS) throw new DomainError('unprocessable', 'calendar-too-large', `There are more than ${MOST_VISITS} visits in these days. Ask for fewer days, or for one provider.`);
    const shown: CalendarFacts['visits'] = [];
    const calendars = facts.places.map((place) => this.calendarOf(facts, place, asked, shown, tx.now));
    tx.audit.record({ action: 'calendar.read', entity: asked.provider ? 'provider' : 'site', entityId: asked.provider ?? asked.site ?? '*', details: { from: asked.from, days: asked.days, visits: shown.length } });
    if (asked.named) for (const patient of new Set(shown.map((visit) => visit.patient))) tx.audit.record({ action: 'calendar.read', entity: 'patient', entityId: patient, patient });
    return { from: asked.from, days: asked.days, calendars };
  }

  private calendarOf(facts: CalendarFacts, place: CalendarFacts['places'][number], asked: CalendarAsked, shown: CalendarFacts['visits'], now: Instant) {
    const days = wallDays(asked.from, asked.days, place.zone);
    const whole: TimeRange = { start: days[0]!.start, end: days.at(-1)!.end };
    const here = <T extends { provider: ProviderId; site: SiteId }>(items: readonly T[]): T[] => items.filter((item) => item.provider === place.provider && item.site === place.site);
    const within = <T extends TimeRange>(items: readonly T[]): T[] => items.filter((item) => overlaps(item, whole));
    const schedule = {
      hours: here(facts.hours).map((row) => ({ ...weekBlock(row.id), keptFor: row.kept_for, limits: row.limits, weekday: row.weekday, from: row.from, to: row.to, validFrom: row.valid_from, validTo: row.valid_to, everyWeeks: row.every_weeks })),
      exceptions: here(facts.exceptions).map((row) => ({ date: row.date, mode: 'instead' as const, hours: row.ranges.map((range) => ({ ...range, ...dateBlock(row.id, range) })) })),
    };
    const closed = facts.closures.filter((row) => (row.site ?? place.site) === place.site && (row.provider ?? place.provider) === place.provider).map((row) => ({ ...row, closure: closureOf(row) }));
    const arranged = arrangeDays(whole, schedule, closed, facts.taken.filter((row) => row.provider === place.provider), place.zone);
    const visits = within(here(facts.visits));
    const [held, rules] = [here(facts.holds), SessionRules.of({ ...schedule, closures: [] }, place.zone)];
    // A limit counts group sessions, not the seats in them.
    const groups = here(facts.sessions);
    const begun = [...[...here(facts.visits), ...held].filter((one) => !groups.some((group) => group.visit_type === one.visit_type && group.start === one.start)), ...groups];
    shown.push(...visits);
    const entries = [
      ...arranged.closures.map((row) => ({ kind: 'closure' as const, id: row.id, ...timesOf(row), reason: row.reason, of: row.provider ? ('provider' as const) : row.site ? ('site' as const) : ('practice' as const) })),
      ...(rules?.sessions(whole).map((session) => ({
        kind: 'block' as const, id: session.block.id, of: session.block.of, ...timesOf(session), keptFor: session.block.keptFor,
        limits: session.block.limits.map((limit) => ({ ...limit, used: usedOf(rules.limitOf(session, limit, now), begun) })),
      })) ?? []),
      // One whose only hold is past its time is over, though nobody has swept it yet.
      ...within(groups).filter(({ booked, held: kept, ahead }) => ahead || booked + kept > 0).map((row) => ({ kind: 'session' as const, id: row.id, ...timesOf(row), visitType: row.visit_type, seats: { of: row.seats, booked: row.booked, held: row.held } })),
      ...within(held).map((row) => ({ kind: 'hold' as const, id: row.id, ...timesOf(row), visitType: row.visit_type, ...holderOf(row, asked.practice), expiresAt: formatInstant(row.expires) })),
      ...visits.map((row) => ({
        kind: 'visit' as const, id: row.id, ...timesOf(row), status: row.status, participation: row.participation, visitType: row.visit_type, service: row.service, modality: row.modality, confidential: row.confidential, beside: row.lane === null ? null : besideOf(row.lane),
        bookedBy: { practice: row.booking, name: row.booking_name, partner: row.booking !== asked.practice }, patient: { id: row.patient, name: asked.named ? this.nameOf(facts, row, asked.practice) : null },
      })),
    ].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.id < b.id ? -1 : 1));
    return {
      provider: { id: place.provider, name: place.provider_name }, site: { id: place.site, name: place.site_name }, zone: place.zone,
      days: days.map((day) => ({ date: day.date, ...timesOf(day), minutes: day.minutes })), hours: arranged.hours.map(timesOf), entries, taken: arranged.taken.map(timesOf), free: arranged.free.map(timesOf),
    };
  }

  /** Null: the patient has been erased. */
  private nameOf(facts: CalendarFacts, { patient, sealed }: CalendarFacts['visits'][number], practice: PracticeId): { given: string; family: string } | null {
    if (sealed === null || facts.practice_key === null) return null;
    const key = this.vault.patientKey(practice, facts.practice_key, patient, sealed.key);
    return { given: unseal(key, sealed.given_name, aadOf(patient, 'givenName')), family: unseal(key, sealed.family_name, aadOf(patient, 'familyName')) };
  }
}

/** Of its own: what begins where another block has a limit counts there. */
const usedOf = (limit: SessionLimit, begun: readonly { readonly visit_type: VisitTypeId; readonly start: Instant }[]): number => begun.filter(({ visit_type, start }) => visit_type === limit.visitType && countsIn(limit, start)).length;
const timesOf = ({ start, end }: TimeRange) => ({ start: formatInstant(start), end: formatInstant(end) });

function holderOf(hold: CalendarFacts['holds'][number], practice: PracticeId) {
  if (hold.of_round) return { heldBy: 'wait-list' as const, practice: null };
  return hold.holder === practice ? { heldBy: 'own-desk' as const, practice: null } : { heldBy: 'partner' as const, practice: { id: hold.holder, name: hold.holder_name } };
}

function closureOf(row: CalendarFacts['closures'][number]): Closure {
  if (row.from_date !== null && row.to_date !== null) return { firstDay: row.from_date, lastDay: row.to_date };
  if (row.from_at !== null && row.to_at !== null) return { during: { start: row.from_at, end: row.to_at } };
  throw new TypeError('a closure is whole days or an exact time');
}
