import { Injectable } from '@nestjs/common';
import { type DomainError, type TimeRange, type Instant, MINUTE, type OpeningId, type PersonId, type PracticeId, type ProviderId, type ResourceId, type SiteId, type VisitTypeId, localDateOf, plusMinutes, union } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { type Agreement, type QuotaUse, type Refusal, type RefusalReason, type ShareFacts, type Visitor, decideSharing, unknownVisitor } from '../agreements/domain/share-rule';
import { AgreementRepository } from '../agreements/persistence/agreement.repository';
import { QuotaRepository, keyOf } from '../agreements/persistence/quota.repository';
import type { Appointment } from '../appointments/domain/appointment';
import { openRanges } from '../availability/domain/working-hours';
import { type Care, type PatientNeeds, sameNeeds, tailored } from './domain/care';
import { type StartQuery, bookableWindow, isStart } from './domain/find-starts';
import type { BookableTime, Offer, Offering } from './domain/opening';
import { ClosedSince, GroupHasNoExtraVisit, KeptForOthers, LinkOrPhoneOnly, NotOpenThen, NotShared, NoWalkIns, OpeningNeverBookable, OverbookNotPermitted } from './domain/opening.errors';
import { ordinaryLanes, urgentLanes, walkInLanes } from './domain/lanes';
import { type OpeningRef, openingIdOf, parseOpeningId } from './domain/opening-id';
import { gridMinutes } from './domain/grid';
import { HostPressure } from './host-pressure';
import type { Hold } from '../holds/domain/hold';
import { PolicyFacts } from '../policies/policy-facts';
import { PublishedOpenings } from '../feeds/published-openings';
import { factsOf, shareRequest } from './sharing-facts';
import { type Calendars, CalendarRepository } from './persistence/calendar.repository';
import { CareRepository } from './persistence/care.repository';
import { OfferingRepository } from './persistence/offering.repository';

/** That somebody asks to put a visit beside another, and whether that person may. */
export interface Overbook {
  readonly permitted: boolean;
}

/** A visit that the practice takes into its own calendar beside what is there. */
export type ExtraVisit = { readonly visitType: VisitTypeId; readonly provider: ProviderId; readonly site: SiteId } & ({ readonly kind: 'urgent'; readonly start: Instant; readonly reason: string; readonly permitted: boolean } | { readonly kind: 'walk-in' });

/** A start that could be booked, had it not been lost since: taken, closed, too near, quota used. */
export interface LostTime {
  readonly lost: true;
  readonly offering: Offering;
  readonly start: Instant;
}

/** For whom a visit is, as the booking practice knows it. */
export interface Booked {
  readonly person: PersonId;
  readonly payer: string | null;
  readonly referral: boolean;
}

type HeldTime = Pick<Hold, 'opening' | 'start' | 'end' | 'agreement' | 'holder' | 'care'>;

/** The decision at hold, booking and move. Uses the same pure functions as the search, on what the database says now. */
@Injectable()
export class Bookability {
  constructor(
    private readonly offerings: OfferingRepository,
    private readonly calendars: CalendarRepository,
    private readonly agreements: AgreementRepository,
    private readonly quotas: QuotaRepository,
    private readonly published: PublishedOpenings,
    private readonly care: CareRepository,
    private readonly pressure: HostPressure,
    private readonly policies: PolicyFacts,
  ) {}

  /**
   * Whether `guest` may take the opening at `now`, leaving aside what is taken (the database decides that at the insert).
   * `counted`: what a visit that moves counts already; it does not stand in its own way. `needs`: what the patient needs of the visit; where the host cannot meet it there, the time is lost. `booked`: who would come; null: not known yet.
   * Throws OpeningUnknown, OpeningNeverBookable, NotShared, LinkOrPhoneOnly, KeptForOthers; what only time has changed comes back as lost.
   */
  async decide(sql: Sql, guest: PracticeId, id: OpeningId, now: Instant, counted: readonly QuotaUse[] = [], needs: PatientNeeds | null = null, booked: Booked | null = null): Promise<(BookableTime & { readonly calendars: Calendars }) | LostTime> {
    const ref = parseOpeningId(id);
    if (ref.kind === 'feed') throw await this.refusalOfPublished(sql, guest, ref, now);
    const given = await this.offerings.byRefs(sql, ref);
    if (!given) throw new OpeningNeverBookable();
    const forPatient = await this.forPatient(sql, given, needs);
    const { offering, care } = forPatient ?? { offering: given, care: null };
    const end = plusMinutes(ref.start, offering.durationMinutes);
    // Why without what is taken: the insert decides that.
    const calendars = await this.calendars.load(sql, [offering], { start: ref.start, end }, { busy: false });
    const window = bookableWindow(now, offering, { start: ref.start, end: plusMinutes(ref.start, 1) }, offering.zone);
    if (window.start !== ref.start || window.end <= ref.start || !this.begins(offering, calendars, ref, true)) {
      if (!this.begins(given, calendars, ref, false)) throw new OpeningNeverBookable();
      return { lost: true, offering, start: ref.start };
    }
    const sharing = await this.sharing(sql, guest, offering, ref.start, now, booked, (use) => counted.filter((one) => keyOf(one) === keyOf(use)).length);
    if (!sharing.allowed) {
      if (NEVER.has(sharing.reason.code)) throw new OpeningNeverBookable();
      if (LOST.has(sharing.reason.code)) return { lost: true, offering, start: ref.start };
      throw new NotShared(sharing.reason);
    }
    // Why last: who may not know of the time is not told that somebody else could be served there (P7).
    if (forPatient === null) return { lost: true, offering, start: ref.start };
    const session = calendars.sessionDecision(offering, { start: ref.start, end }, now);
    if (!session.allowed) throw new KeptForOthers(session.releasedAt);
    return { offering, id, start: ref.start, end, agreement: sharing.agreement?.id ?? null, quotas: sharing.quotas, conditions: sharing.conditions, approveBy: sharing.approveBy, care, limit: session.limit, calendars };
  }

  /**
   * A held time at booking: hours, closures and sharing are decided again by what is in force now, without the hold's own use of quotas. A hold that its host keeps for the wait list
   * counts none and comes under whatever agreement lets the guest have it. With the needs that it was held for it keeps its end. Null: no longer allowed. Throws NotShared where it is not for this patient.
   */
  async decideHeld(sql: Sql, guest: PracticeId, hold: HeldTime, now: Instant, needs: PatientNeeds | null = null, booked: Booked | null = null): Promise<(BookableTime & { readonly calendars: Calendars }) | null> {
    const ref = parseOpeningId(hold.opening);
    if (ref.kind !== 'own') return null;
    const given = await this.offerings.byRefs(sql, ref);
    const { offering, care } = (given && (await this.forPatient(sql, given, needs))) ?? { offering: null, care: null };
    if (offering === null) return null;
    const calendars = await this.calendars.load(sql, [offering], hold, { busy: false });
    if (!this.begins(offering, calendars, ref, true)) return null;
    const own = hold.holder === guest;
    const sharing = await this.sharing(sql, guest, offering, hold.start, now, booked, () => (own ? 1 : 0));
    if (!sharing.allowed && NOT_FOR.has(sharing.reason.code)) throw new NotShared(sharing.reason);
    if (!sharing.allowed) return null;
    const agreement = sharing.agreement?.id ?? null;
    if (own && agreement !== hold.agreement) return null;
    const same = sameNeeds(hold.care, needs);
    const end = same ? hold.end : plusMinutes(hold.start, offering.durationMinutes);
    const session = calendars.sessionDecision(offering, { start: hold.start, end }, now);
    if (!session.allowed) return null;
    // Why as held: what the hold took is what there is; a resource that came since was not taken.
    return { offering, id: hold.opening, start: hold.start, end, agreement, quotas: sharing.quotas, conditions: sharing.conditions, approveBy: sharing.approveBy, care: same ? hold.care : care, limit: session.limit, calendars };
  }

  /** Whether the held time may be for this patient of `guest`. */
  async mayBeFor(sql: Sql, guest: PracticeId, hold: HeldTime, now: Instant, booked: Booked): Promise<boolean> {
    try {
      return (await this.decideHeld(sql, guest, hold, now, null, booked)) !== null;
    } catch (error) {
      if (error instanceof NotShared) return false;
      throw error;
    }
  }

  /** Whether a patient of `guest` with these needs could have the held time: what else is taken then is looked at, what the hold itself takes is not. May be stale, like a search. */
  async couldHave(sql: Sql, guest: PracticeId, hold: HeldTime & Pick<Hold, 'id'>, now: Instant, needs: PatientNeeds): Promise<boolean> {
    const time = await this.decideHeld(sql, guest, hold, now, needs);
    if (time === null) return false;
    // The seat is the hold's; what else the session takes, it has.
    if (time.offering.seats !== null) return true;
    const range = { start: time.start, end: time.end };
    const calendars = await this.calendars.load(sql, [time.offering], range, { busy: true, except: hold.id });
    return isStart(startsOf(time.offering, calendars, range), time.start);
  }

  /**
   * A visit beside the ordinary calendar, by the practice itself: urgent, at any minute at which the provider works, or of somebody who stands at the desk now, where the hours keep lanes for that.
   * It needs no opening: neither grid, notice nor what blocks are kept for stand in its way. Needs that cannot be met there are to be arranged. Throws OpeningNeverBookable, GroupHasNoExtraVisit, NotOpenThen, NoWalkIns.
   */
  async decideExtra(sql: Sql, practice: PracticeId, extra: ExtraVisit, now: Instant, needs: PatientNeeds | null): Promise<BookableTime & { readonly calendars: Calendars; readonly lanes: readonly number[] }> {
    const { visitType, provider, site } = extra;
    const [given] = await this.offerings.find(sql, { practice, visitType, provider, site }, now);
    if (!given) throw new OpeningNeverBookable();
    if (given.seats !== null) throw new GroupHasNoExtraVisit();
    const { offering, care } = (await this.forPatient(sql, given, needs)) ?? { offering: given, care: needs === null ? null : { ...needs, extraMinutes: 0, toArrange: needs.needs } };
    const minute = (now - (now % MINUTE)) as Instant;
    const start = extra.kind === 'walk-in' ? minute : extra.start;
    const end = plusMinutes(start, offering.durationMinutes);
    const calendars = await this.calendars.load(sql, [offering], { start, end }, { busy: false });
    if (start < minute || openRanges(calendars.schedule(offering), { start, end: plusMinutes(start, 1) }, offering.zone).length === 0) throw new NotOpenThen();
    const lanes = extra.kind === 'urgent' ? urgentLanes : walkInLanes(calendars.walkIns(offering, start));
    if (lanes.length === 0) throw new NoWalkIns();
    return { offering, id: openingIdOf(offering, start), start, end, agreement: null, quotas: [], conditions: [], approveBy: null, care, limit: null, calendars, lanes };
  }

  /** Null: the host cannot meet the needs there. */
  private async forPatient(sql: Sql, offering: Offering, needs: PatientNeeds | null): Promise<{ readonly offering: Offering; readonly care: Care | null } | null> {
    if (needs === null) return { offering, care: null };
    const answer = tailored(offering, needs, await this.care.helpful(sql, [offering.practice]));
    return 'offering' in answer ? answer : null;
  }

  /** What another system publishes is booked there; who may not see it is not told that it exists. */
  private async refusalOfPublished(sql: Sql, guest: PracticeId, ref: Extract<OpeningRef, { kind: 'feed' }>, now: Instant): Promise<DomainError> {
    const found = await this.published.find(sql, ref);
    if (!found || found.how.bookable === 'hold') return new OpeningNeverBookable();
    const sharing = await this.sharing(sql, guest, found.offer, found.start, now);
    return sharing.allowed ? new LinkOrPhoneOnly(found.how) : NEVER.has(sharing.reason.code) ? new OpeningNeverBookable() : new NotShared(sharing.reason);
  }

  /** Throws NotShared where a visit that a partner booked would go behind the end of its agreement, or a party's exit, and does not lie there already. Quotas and windows have no say. */
  async requireNoEndBetween(sql: Sql, visit: Pick<Appointment, 'booking' | 'agreement' | 'start'>, offering: Offering, to: Instant, now: Instant): Promise<void> {
    if (to <= visit.start) return;
    const refusalAt = await this.refusals(sql, visit, offering, ENDS, now);
    const reason = refusalAt(to);
    if (reason !== null && refusalAt(visit.start) === null) throw new NotShared(reason);
  }

  /**
   * A partner's request, before the host's yes: since it came its agreement, or what that needs, may have ended, and the day may have been closed. Quotas, windows and rules were asked when it came and have no say.
   * Throws NotShared, ClosedSince.
   */
  async requireStillOpen(sql: Sql, visit: Appointment, now: Instant): Promise<void> {
    const [offering] = await this.offerings.find(sql, { practice: visit.host, visitType: visit.visitType, provider: visit.provider, site: visit.site }, now);
    if (!offering) throw new ClosedSince();
    const reason = (await this.refusals(sql, visit, offering, NO_PARTNER, now))(visit.start);
    if (reason !== null) throw new NotShared(reason);
    const calendars = await this.calendars.load(sql, [offering], visit, { busy: false });
    // Why together: a visit may run from one block of hours into the next.
    if (!union(openRanges(calendars.schedule(offering), visit, offering.zone)).some(({ start, end }) => start <= visit.start && visit.end <= end)) throw new ClosedSince();
  }

  /** Why, of these reasons, a partner's visit could not be at a start; null: none of them. */
  private async refusals(sql: Sql, visit: Pick<Appointment, 'booking' | 'agreement'>, offering: Offering, reasons: ReadonlySet<Refusal>, now: Instant): Promise<(start: Instant) => RefusalReason | null> {
    const known = (await this.agreements.of(sql, visit.booking)).filter(({ id }) => visit.agreement === null || id === visit.agreement);
    const facts = factsOf(now, () => 0, this.pressure.of(sql, known, now));
    return (start) => {
      const decision = decideSharing(shareRequest(visit.booking, offering, start), known, facts);
      return !decision.allowed && reasons.has(decision.reason.code) ? decision.reason : null;
    };
  }

  private async sharing(sql: Sql, guest: PracticeId, offering: Offer, start: Instant, now: Instant, booked: Booked | null = null, own: ShareFacts['used'] = () => 0) {
    const known = guest === offering.practice ? [] : await this.agreements.of(sql, guest);
    const date = localDateOf(start, offering.zone);
    const used = await this.quotas.used(sql, known.map((agreement) => agreement.id), date, date);
    const pressure = this.pressure.of(sql, known, now);
    await pressure.learn(offering);
    return decideSharing(shareRequest(guest, offering, start, await this.visitorOf(sql, offering.practice, start, known, booked)), known, factsOf(now, (use) => used(use) - own(use), pressure));
  }

  private async visitorOf(sql: Sql, host: PracticeId, start: Instant, agreements: readonly Agreement[], booked: Booked | null): Promise<Visitor> {
    if (booked === null) return unknownVisitor;
    const { person, payer, referral } = booked;
    return { payer, referral, newPatient: asksForNew(agreements, host) ? await this.policies.isNew(sql, person, host, start) : null };
  }

  /** By hours and grid, whatever is taken. */
  private begins(offering: Offering, calendars: Calendars, ref: OpeningRef, withClosures: boolean): boolean {
    return isStart(startsByHours(offering, calendars, { start: ref.start, end: plusMinutes(ref.start, offering.durationMinutes) }, withClosures), ref.start);
  }
}

const asksForNew = (agreements: readonly Agreement[], host: PracticeId): boolean => agreements.some(({ rules }) => rules.some((rule) => rule.host === host && (rule.onlyFor?.includes('new-patients') ?? false)));
const startsByHours = (offering: Offering, calendars: Calendars, window: TimeRange, withClosures = true): StartQuery => ({
  ...offering, open: openRanges(calendars.schedule(offering, { withClosures }), window, offering.zone), busy: [], stepMinutes: gridMinutes(offering), window,
});
/** What decides about the starts of an offering in a window, by what the calendars were loaded with. */
export const startsOf = (offering: Offering, calendars: Calendars, window: TimeRange): StartQuery => ({
  ...startsByHours(offering, calendars, window), busy: calendars.busy(offering.providerResource),
  oneOf: calendars.candidates(offering).map((need) => ({ ...need, resources: need.resources.map((id) => ({ id, busy: calendars.busy(id) })) })),
});
/** Everything that taking the time may take: what is locked, in one go, before anything else (P1). */
export const resourcesFor = (time: BookableTime & { readonly calendars: Calendars }): ResourceId[] => [time.offering.providerResource, ...time.calendars.candidates(time.offering).flatMap((need) => need.resources)];
/** In which lanes the asker may take the time. Throws OverbookNotPermitted. */
export function lanesFor(guest: PracticeId, time: BookableTime & { readonly calendars: Calendars }, overbook: Overbook | null): readonly number[] {
  if (overbook === null) return ordinaryLanes(0);
  if (!overbook.permitted || guest !== time.offering.practice) throw new OverbookNotPermitted();
  return ordinaryLanes(time.calendars.overbookLanes(time.offering, time));
}

/** For these the practice was never let in: the answer must not even say that the time exists. */
const NEVER: ReadonlySet<Refusal> = new Set<Refusal>(['no-agreement', 'not-in-force', 'not-covered']);
/** These change by themselves between a search and a hold: an honest 409 with alternatives (P5). */
const LOST: ReadonlySet<Refusal> = new Set<Refusal>(['quota-used', 'returned-to-owner', 'no-time-to-answer', 'own-patients-first', 'lender-guard']);
const ENDS: ReadonlySet<Refusal> = new Set<Refusal>(['ends-before-visit']);
/** What lets a practice in as a partner at all is not there, whatever rules say of times. */
const NO_PARTNER: ReadonlySet<Refusal> = new Set<Refusal>(['no-agreement', 'not-in-force', 'ends-before-visit', 'papers-missing', 'data-not-shared']);
/** The time is there, and not for this patient. */
const NOT_FOR: ReadonlySet<Refusal> = new Set<Refusal>(['only-for', 'payer']);
