import { type AgreementId, type Instant, type LocalDate, localDateOf, type LocalTime, type PracticeId, type ProviderId, type ServiceCode, type SiteId, type VisitTypeId, type Zone } from '@slotmesh/kernel';
import type { StaffAccess } from '../../staff-access/domain/may-work';
import type { AsksFirst } from './asks-first';
import { type BoundRule, type QuotaClaim, answerBy, conditionsOf, firstLimit, sharesOf } from './share-limits';

/**
 * One sentence of an agreement: `host` opens to `partners` what the selectors cover, within the limits. An absent (null) selector covers all and an
 * absent limit does not limit, so that each field that is filled in can only narrow. Fields that came later are left out where nobody filled them in, so
 * that terms which were signed before keep their hash.
 */
export interface ShareRule {
  readonly id: string;
  readonly host: PracticeId;
  /** Null: every other practice of the agreement. */
  readonly partners: readonly PracticeId[] | null;
  /** A visit is covered by its visit type or by its service; both null: all visits. */
  readonly visitTypes: readonly VisitTypeId[] | null;
  readonly services: readonly ServiceCode[] | null;
  readonly sites: readonly SiteId[] | null;
  readonly providers: readonly ProviderId[] | null;
  /** Open to partners from the first minute (site's wall time) of the date that lies this many calendar days before the visit. */
  readonly opensDaysBefore: number | null;
  /** Back with its owner from this many hours before the start. */
  readonly returnsHoursBefore: number | null;
  /** Visits that the partners together may hold or have booked under this rule on one date of the site. */
  readonly dailyQuota: number | null;
  /** Dates of the site on which nothing is shared. */
  readonly blackoutDates: readonly LocalDate[];
  /** Parts of the week (site's wall time) in which a shared visit may start; null: any. */
  readonly hours: readonly SharedHours[] | null;
  /** The same as `dailyQuota` for a week of the site that begins on Monday. */
  readonly weeklyQuota?: number | null | undefined;
  /** At most this percentage, rounded down, of the visits of the asked type that fit into the host's hours (closed days left out, whatever is taken) on that date with the providers and at the sites of this rule; counted like `dailyQuota`. */
  readonly dailySharePercent?: number | null | undefined;
  /** Later than `opensDaysBefore`, for practices that are no neighbours of the host in the agreement: own patients first, then neighbours, then the network. */
  readonly networkDaysBefore?: number | null | undefined;
  /** Own patients first: while somebody waits on the host's own list for the service, only starts within this many calendar days from today are shared; own patients would hardly come that soon (0: today). */
  readonly ownFirstDays?: number | null | undefined;
  /** Lender guard: nothing is shared while the host's own first open start of the visit type lies more than this many calendar days ahead. */
  readonly guardDays?: number | null | undefined;
  /** A floor under this rule's own `ownFirstDays` and `guardDays`: as long as fewer visits than these count on a date, the two take nothing back. It opens nothing by itself. */
  readonly leastPerDay?: number | null | undefined;
  /** Only for patients who are new to the host, or only with a referral; both: either will do. Null: for all. */
  readonly onlyFor?: readonly OnlyFor[] | null | undefined;
  /** Patients with these payers are not taken. Each must be among `noContract`. */
  readonly notPayers?: readonly string[] | undefined;
  /** The host states that it has no contract with these payers: the only ground on which a payer may be left out. Decides nothing. */
  readonly noContract?: readonly string[] | undefined;
}

/** New: not seen by the host within 36 months before, as far as the booking practice knows (the same as in a visit type's policy). */
export type OnlyFor = 'new-patients' | 'referrals';

/** `to` at or before `from` runs over midnight and belongs to the weekday on which it begins; `weekdays` null: every day (1 is Monday). */
export interface SharedHours {
  readonly weekdays: readonly number[] | null;
  readonly from: LocalTime;
  readonly to: LocalTime;
}

/** An approved version of an agreement. In force from `from` (inclusive) to `until` (exclusive; null: no end). Terminating sets `until`; successive versions share the id, and one ends when the next begins. */
export interface Agreement {
  readonly id: AgreementId;
  readonly version: number;
  readonly practices: readonly PracticeId[];
  readonly from: Instant;
  readonly until: Instant | null;
  readonly blackoutDates: readonly LocalDate[];
  /** Groups of practices that are each other's neighbours. */
  readonly neighbours?: readonly (readonly PracticeId[])[] | undefined;
  readonly rules: readonly ShareRule[];
  /** Until this instant what is free, and who comes, may go between the parties; null or absent: no end of its own. */
  readonly dataSharedUntil?: Instant | null | undefined;
  /** Who, by name, works which list of a partner. */
  readonly staffAccess?: readonly StaffAccess[] | undefined;
  /** Parties who leave, and those whose papers run out; of whom nothing is said nothing stands in the way. */
  readonly standings?: Readonly<Record<PracticeId, PartyStanding | undefined>> | undefined;
}

export interface PartyStanding {
  /** From this instant on the practice is no member: it shares no visit that begins then or later, neither way. */
  readonly leavesAt: Instant | null;
  /** Until this instant all its papers hold. A visit behind it may be booked before: papers are renewed. */
  readonly papersUntil: Instant | null;
}

export interface ShareRequest {
  /** The practice that searches, holds or books. */
  readonly booking: PracticeId;
  readonly host: PracticeId;
  /** Null where the host publishes time without saying so; a rule that names visit types or providers does not cover it by them. */
  readonly visitType: VisitTypeId | null;
  readonly service: ServiceCode;
  readonly site: SiteId;
  readonly provider: ProviderId | null;
  readonly start: Instant;
  /** The site's. */
  readonly zone: Zone;
  readonly visitor: Visitor;
  /** How many visits of partners the provider takes on a date, whatever agreements let in; null: no limit of its own. */
  readonly providerTakes: number | null;
  /** The provider answers partners first; null: what may be booked is booked at once. */
  readonly asksFirst: AsksFirst | null;
}

/** Who would come; null: not known yet, as in a search without a patient. What is not known is told as a condition and decided at the booking. */
export interface Visitor {
  readonly newPatient: boolean | null;
  /** The visit comes from a referral. */
  readonly referral: boolean | null;
  readonly payer: string | null;
}
export const unknownVisitor: Visitor = { newPatient: null, referral: null, payer: null };

export interface ShareFacts {
  /** The instant that governs: now for a search, a hold or a booking; the time of the event when one is looked at afterwards. */
  readonly now: Instant;
  /** Visits that count against a rule's quota on a date of the site, without the one being moved or booked from its own hold. */
  readonly used: (use: QuotaUse) => number;
  /** Whether somebody waits on the host's own list for the service. */
  readonly ownWaiting: (host: PracticeId, service: ServiceCode) => boolean;
  /** The host's first open start for its own patients, at most a minute old; null: none within `days` calendar days. */
  readonly firstOwnStart: (host: PracticeId, visitType: VisitTypeId, days: number) => Instant | null;
  /** How many visits of the type fit into the hours that a rule covers on a date. */
  readonly visitsThatFit: (rule: ShareRule, visitType: VisitTypeId, date: LocalDate) => number;
}

/** What a quota is counted by: one count for all successive versions of an agreement, and one for a provider over all agreements (`OVER_ALL`). */
export interface QuotaUse {
  readonly agreement: AgreementId;
  readonly rule: string;
  readonly host: PracticeId;
  readonly period: QuotaPeriod;
  /** Of a week its Monday. */
  readonly date: LocalDate;
}
export type QuotaPeriod = 'day' | 'week';

export type Refusal =
  | 'no-agreement' | 'not-in-force' | 'ends-before-visit' | 'papers-missing' | 'data-not-shared' | 'not-covered' | 'blackout' | 'outside-shared-hours' | 'not-yet-open' | 'returned-to-owner'
  | 'no-time-to-answer' | 'only-for' | 'payer' | 'own-patients-first' | 'lender-guard' | 'quota-used';
/** A sentence for a desk; it tells what an agreement says, never who has the time. */
export interface RefusalReason {
  readonly code: Refusal;
  readonly message: string;
}

export type SharingDecision =
  /** `agreement` and `rule` are null for one's own calendar, else those in force now; `quotas` are those of every rule that covers the visit, `conditions` what is not known of the visitor yet; `approveBy`: until when the host says yes or no to it, null: it need not. */
  | { readonly allowed: true; readonly agreement: { readonly id: AgreementId; readonly version: number } | null; readonly rule: ShareRule | null; readonly quotas: readonly QuotaClaim[]; readonly conditions: readonly string[]; readonly approveBy: Instant | null }
  | { readonly allowed: false; readonly reason: RefusalReason };

/**
 * Whether a practice may see and book a start in another's calendar: the one decision behind search, hold and booking (P7).
 *
 * Nothing is open unless a rule of an agreement between the two covers it. Inside one agreement every rule that covers the visit must let it pass, so that a
 * further rule narrows what others opened and their order is without meaning. Where one version of an agreement is in force now and another at the visit's
 * start, both must let it pass: an amendment that widens opens nothing before it is in force, one that narrows binds the visits behind it at once, and their
 * quotas are one count. Agreements stand beside each other: one that allows is enough. One's own calendar is always open. Of several refusals the one that
 * came nearest to a yes is told.
 */
export function decideSharing(request: ShareRequest, agreements: readonly Agreement[], facts: ShareFacts): SharingDecision {
  if (request.booking === request.host) return OWN;
  let nearest: RefusalReason = { code: 'no-agreement', message: `not offered: no agreement shares ${request.host}'s time with ${request.booking}` };
  const date = localDateOf(request.start, request.zone);
  for (const all of byAgreement(agreements)) {
    const versions = all.filter(({ practices }) => practices.includes(request.booking) && practices.includes(request.host));
    if (versions.length === 0) continue;
    const decision = decideWithin(versions, request, facts, date);
    if (decision.allowed) return decision;
    nearest = nearer(nearest, decision.reason);
  }
  return { allowed: false, reason: nearest };
}

const OWN: SharingDecision = { allowed: true, agreement: null, rule: null, quotas: [], conditions: [], approveBy: null };

/** From the farthest from a yes to the nearest; also the order in which limits are checked. */
const DISTANCE: readonly Refusal[] = [
  'no-agreement', 'not-in-force', 'ends-before-visit', 'papers-missing', 'data-not-shared', 'not-covered', 'blackout', 'outside-shared-hours', 'not-yet-open', 'returned-to-owner', 'no-time-to-answer', 'only-for', 'payer', 'own-patients-first', 'lender-guard', 'quota-used',
];
const nearer = (a: RefusalReason, b: RefusalReason): RefusalReason => (DISTANCE.indexOf(b.code) > DISTANCE.indexOf(a.code) ? b : a);

/** Why kept: a search asks thousands of times about one list. */
const grouped = new WeakMap<readonly Agreement[], readonly (readonly Agreement[])[]>();
/** By id, and the versions of one by their number. */
function byAgreement(agreements: readonly Agreement[]): readonly (readonly Agreement[])[] {
  const known = grouped.get(agreements);
  if (known) return known;
  const ids = [...new Set(agreements.map(({ id }) => id))].sort();
  const groups = ids.map((id) => agreements.filter((one) => one.id === id).sort((a, b) => a.version - b.version));
  grouped.set(agreements, groups);
  return groups;
}

const isInForce = ({ from, until }: Agreement, at: Instant): boolean => from <= at && (until === null || at < until);

function decideWithin(versions: readonly Agreement[], request: ShareRequest, facts: ShareFacts, date: LocalDate): SharingDecision {
  const refuse = (code: Refusal, text: string): SharingDecision => ({ allowed: false, reason: { code, message: `not offered: ${text}` } });
  const { host, start } = request;
  const now = versions.filter((version) => isInForce(version, facts.now));
  const current = now.at(-1);
  if (!current) return refuse('not-in-force', `the agreement with ${host} ${versions.every(({ from }) => facts.now < from) ? 'is not in force yet' : 'has ended'}`);
  for (const party of current.standings ? [host, request.booking] : []) {
    const { leavesAt = null, papersUntil = null } = current.standings?.[party] ?? {};
    if (leavesAt !== null && facts.now >= leavesAt) return refuse('not-in-force', `${party} has left the partnership`);
    if (leavesAt !== null && start >= leavesAt) return refuse('ends-before-visit', `${party} leaves the partnership before ${date}`);
    if (papersUntil !== null && facts.now >= papersUntil) return refuse('papers-missing', `a paper of ${party} has run out or is missing; its manager adds the new one to its documents`);
  }
  if (current.dataSharedUntil != null && facts.now >= current.dataSharedUntil) return refuse('data-not-shared', `the agreement with ${host} does not let data of patients go for bookings; its dataSharing has to be amended`);
  const then = versions.filter((version) => isInForce(version, start));
  if (then.length === 0) return refuse('ends-before-visit', `the agreement with ${host} is not in force on ${date}`);
  const binding = [...now, ...then.filter((version) => !now.includes(version))];
  const rules: BoundRule[] = [];
  for (const agreement of binding) {
    const before = rules.length;
    for (const rule of agreement.rules) if (covers(rule, request)) rules.push({ rule, agreement });
    if (rules.length === before) return refuse('not-covered', `${host} does not share this kind of visit, place or provider`);
  }
  const visit = { request, facts, date, id: current.id, rules };
  const limit = firstLimit(visit);
  if (limit) return refuse(limit.code, limit.text);
  return { allowed: true, agreement: { id: current.id, version: current.version }, rule: firstOf(rules.filter(({ agreement }) => agreement === current)), quotas: sharesOf(visit), conditions: conditionsOf(visit), approveBy: answerBy(visit) };
}

const firstOf = (rules: readonly BoundRule[]): ShareRule | null => rules.reduce<ShareRule | null>((first, { rule }) => (first === null || rule.id < first.id ? rule : first), null);

/** Whether any rule of any version speaks of the visit, whatever its limits and its time: where none does, nothing has to be asked start by start. */
export const isCovered = (request: Omit<ShareRequest, 'start'>, agreements: readonly Agreement[]): boolean =>
  agreements.some(({ practices, rules }) => practices.includes(request.booking) && practices.includes(request.host) && rules.some((rule) => covers(rule, request)));

function covers(rule: ShareRule, request: Omit<ShareRequest, 'start'>): boolean {
  const visit = (rule.visitTypes === null && rule.services === null) || (rule.visitTypes !== null && holds(rule.visitTypes, request.visitType)) || (rule.services?.includes(request.service) ?? false);
  return visit && rule.host === request.host && holds(rule.partners, request.booking) && holds(rule.sites, request.site) && holds(rule.providers, request.provider);
}
export const holds = <T>(selector: readonly T[] | null, value: T | null): boolean => selector === null || (value !== null && selector.includes(value));
