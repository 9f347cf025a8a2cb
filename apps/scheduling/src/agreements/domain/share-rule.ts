import {
  addDays, type AgreementId, HOUR, type Instant, instantOf, type LocalDate, localDateOf, type LocalTime, localTimeOf, type PracticeId, type ProviderId, type ServiceCode, type SiteId,
  type VisitTypeId, weekdayOf, type Zone,
} from '@slotmesh/kernel';

/**
 * One sentence of an agreement: `host` opens to `partners` what the selectors cover, within the limits. An absent (null) selector covers all and an
 * absent limit does not limit, so that each field that is filled in can only narrow.
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
}

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
  readonly rules: readonly ShareRule[];
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
}

export interface ShareFacts {
  /** The instant that governs: now for a search, a hold or a booking; the time of the event when one is looked at afterwards. */
  readonly now: Instant;
  /** Visits that count against a rule's quota on a date of the site, without the one being moved or booked from its own hold. */
  readonly used: (use: QuotaUse) => number;
}

/** What a quota is counted by: one count for all successive versions of an agreement. */
export interface QuotaUse {
  readonly agreement: AgreementId;
  readonly rule: string;
  readonly host: PracticeId;
  readonly date: LocalDate;
}

/** What must be counted up, in the same transaction, when this is held or booked. */
export interface QuotaClaim {
  readonly rule: string;
  readonly date: LocalDate;
  readonly quota: number;
}

export type Refusal =
  | 'no-agreement' | 'not-in-force' | 'ends-before-visit' | 'not-covered' | 'blackout' | 'outside-shared-hours' | 'not-yet-open' | 'returned-to-owner' | 'quota-used';
/** A sentence for a desk; it tells what an agreement says, never who has the time. */
export interface RefusalReason {
  readonly code: Refusal;
  readonly message: string;
}

export type SharingDecision =
  /** `agreement` and `rule` are null for one's own calendar, else those in force now; `quotas` are those of every rule that covers the visit. */
  | { readonly allowed: true; readonly agreement: { readonly id: AgreementId; readonly version: number } | null; readonly rule: ShareRule | null; readonly quotas: readonly QuotaClaim[] }
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
  if (request.booking === request.host) return { allowed: true, agreement: null, rule: null, quotas: [] };
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

/** From the farthest from a yes to the nearest; also the order in which limits are checked. */
const DISTANCE: readonly Refusal[] = [
  'no-agreement', 'not-in-force', 'ends-before-visit', 'not-covered', 'blackout', 'outside-shared-hours', 'not-yet-open', 'returned-to-owner', 'quota-used',
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
  const { host, start, zone } = request;
  const now = versions.filter((version) => isInForce(version, facts.now));
  const current = now.at(-1);
  if (!current) return refuse('not-in-force', `the agreement with ${host} ${versions.every(({ from }) => facts.now < from) ? 'is not in force yet' : 'has ended'}`);
  const then = versions.filter((version) => isInForce(version, start));
  if (then.length === 0) return refuse('ends-before-visit', `the agreement with ${host} is not in force on ${date}`);
  const binding = [...now, ...then.filter((version) => !now.includes(version))];
  const rules: ShareRule[] = [];
  for (const version of binding) {
    const covering = version.rules.filter((rule) => covers(rule, request));
    if (covering.length === 0) return refuse('not-covered', `${host} does not share this kind of visit, place or provider`);
    rules.push(...covering);
  }
  if (binding.some(({ blackoutDates }) => blackoutDates.includes(date)) || rules.some((rule) => rule.blackoutDates.includes(date))) return refuse('blackout', `${host} shares nothing on ${date}`);
  if (rules.some((rule) => rule.hours !== null && !startsWithin(rule.hours, date, localTimeOf(start, zone)))) return refuse('outside-shared-hours', `${host} does not share this part of the week`);
  const opens = smallest(rules.map((rule) => rule.opensDaysBefore));
  if (opens !== null && facts.now < instantOf(addDays(date, -opens), '00:00' as LocalTime, zone)) return refuse('not-yet-open', `${host} opens this time to partners ${count(opens, 'day')} before, on ${addDays(date, -opens)}`);
  const returns = largest(rules.map((rule) => rule.returnsHoursBefore));
  if (returns !== null && facts.now >= start - returns * HOUR) return refuse('returned-to-owner', `it returned to ${host} ${count(returns, 'hour')} before the visit`);
  const quotas = claimsOf(rules, date);
  const full = smallest(quotas.filter(({ rule, quota }) => facts.used({ agreement: current.id, rule, host, date }) >= quota).map(({ quota }) => quota));
  if (full !== null) return refuse('quota-used', `${host}'s daily quota of ${full} is used`);
  return { allowed: true, agreement: { id: current.id, version: current.version }, rule: firstOf(current.rules.filter((rule) => covers(rule, request))), quotas };
}

/** One claim for one rule, also where two versions have it: then the smaller limit. In the order of the rules' ids. */
function claimsOf(rules: readonly ShareRule[], date: LocalDate): readonly QuotaClaim[] {
  const claims: QuotaClaim[] = [];
  for (const { id, dailyQuota: quota } of rules) {
    if (quota === null) continue;
    const same = claims.findIndex((claim) => claim.rule === id);
    if (same < 0) claims.push({ rule: id, date, quota });
    else if (quota < claims[same]!.quota) claims[same] = { rule: id, date, quota };
  }
  return claims.length < 2 ? claims : claims.sort((a, b) => (a.rule < b.rule ? -1 : 1));
}

const firstOf = (rules: readonly ShareRule[]): ShareRule | null => rules.reduce<ShareRule | null>((first, rule) => (first === null || rule.id < first.id ? rule : first), null);

function covers(rule: ShareRule, request: ShareRequest): boolean {
  const visit = (rule.visitTypes === null && rule.services === null) || (rule.visitTypes !== null && holds(rule.visitTypes, request.visitType)) || (rule.services?.includes(request.service) ?? false);
  return visit && rule.host === request.host && holds(rule.partners, request.booking) && holds(rule.sites, request.site) && holds(rule.providers, request.provider);
}
const holds = <T>(selector: readonly T[] | null, value: T | null): boolean => selector === null || (value !== null && selector.includes(value));

function startsWithin(hours: readonly SharedHours[], date: LocalDate, time: LocalTime): boolean {
  const today = weekdayOf(date);
  const yesterday = today === 1 ? 7 : today - 1;
  return hours.some(({ weekdays, from, to }) => {
    const overnight = to <= from;
    return (holds(weekdays, today) && time >= from && (overnight || time < to)) || (overnight && holds(weekdays, yesterday) && time < to);
  });
}

const smallest = (values: readonly (number | null)[]): number | null => values.reduce((best, value) => (value === null || (best !== null && best <= value) ? best : value), null);
const largest = (values: readonly (number | null)[]): number | null => values.reduce((best, value) => (value === null || (best !== null && best >= value) ? best : value), null);
const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
