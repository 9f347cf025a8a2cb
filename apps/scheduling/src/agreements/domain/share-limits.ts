import { addDays, type AgreementId, daysBetween, HOUR, type Instant, instantOf, type LocalDate, localDateOf, type LocalTime, localTimeOf, type PracticeId, weekdayOf } from '@slotmesh/kernel';
import { answerDue } from './asks-first';
import { OVER_ALL } from './over-all';
import type { Agreement, OnlyFor, QuotaPeriod, QuotaUse, Refusal, ShareFacts, SharedHours, ShareRequest, ShareRule, Visitor } from './share-rule';

/** What must be counted up, in the same transaction, when this is held or booked. */
export interface QuotaClaim extends Omit<QuotaUse, 'host'> {
  readonly quota: number;
}

/** A rule that covers the visit, of the version that it stands in. */
export interface BoundRule {
  readonly rule: ShareRule;
  readonly agreement: Agreement;
}

/** A visit with all that binds it: the rules of one agreement that cover it, of whichever versions. `date` is the site's. */
export interface BoundVisit {
  readonly request: ShareRequest;
  readonly facts: ShareFacts;
  readonly date: LocalDate;
  readonly id: AgreementId;
  readonly rules: readonly BoundRule[];
}
interface Limit {
  readonly code: Refusal;
  readonly text: string;
}

/** The first limit that stands in the way, those first that are farthest from a yes; null: none. Every rule has to let the visit pass, so a field that is filled in can only narrow. */
export function firstLimit(visit: BoundVisit): Limit | null {
  for (const check of CHECKS) {
    const limit = check(visit);
    if (limit !== null) return limit;
  }
  return null;
}

const CHECKS: readonly ((visit: BoundVisit) => Limit | null)[] = [blackout, hours, window, toAnswer, onlyFor, payers, ownFirst, guard, quota];

function blackout({ rules, date, request: { host } }: BoundVisit): Limit | null {
  return rules.some(({ rule, agreement }) => agreement.blackoutDates.includes(date) || rule.blackoutDates.includes(date)) ? { code: 'blackout', text: `${host} shares nothing on ${date}` } : null;
}

function hours({ rules, date, request: { host, start, zone } }: BoundVisit): Limit | null {
  return rules.some(({ rule }) => rule.hours !== null && !startsWithin(rule.hours, date, localTimeOf(start, zone))) ? { code: 'outside-shared-hours', text: `${host} does not share this part of the week` } : null;
}

function startsWithin(shared: readonly SharedHours[], date: LocalDate, time: LocalTime): boolean {
  const today = weekdayOf(date);
  const yesterday = today === 1 ? 7 : today - 1;
  const includes = (weekdays: SharedHours['weekdays'], day: number): boolean => weekdays === null || weekdays.includes(day);
  return shared.some(({ weekdays, from, to }) => {
    const overnight = to <= from;
    return (includes(weekdays, today) && time >= from && (overnight || time < to)) || (overnight && includes(weekdays, yesterday) && time < to);
  });
}

function window({ rules, date, request, facts: { now } }: BoundVisit): Limit | null {
  const { booking, host, start, zone } = request;
  const isYetToOpen = (days: number | null): days is number => days !== null && now < instantOf(addDays(date, -days), '00:00' as LocalTime, zone);
  const opens = smallest(rules, ({ rule }) => rule.opensDaysBefore);
  if (isYetToOpen(opens)) return { code: 'not-yet-open', text: `${host} opens this time to partners ${count(opens, 'day')} before, on ${addDays(date, -opens)}` };
  const network = smallest(rules, ({ rule, agreement }) => (areNeighbours(agreement, booking, host) ? null : (rule.networkDaysBefore ?? null)));
  if (isYetToOpen(network)) return { code: 'not-yet-open', text: `${host} opens this time to its neighbours first, to others ${count(network, 'day')} before, on ${addDays(date, -network)}` };
  const returns = largest(rules, ({ rule }) => rule.returnsHoursBefore);
  return returns !== null && now >= start - returns * HOUR ? { code: 'returned-to-owner', text: `it returned to ${host} ${count(returns, 'hour')} before the visit` } : null;
}

/** Until when the provider's desk answers, where it is asked first. */
export function answerBy({ rules, request: { asksFirst, start }, facts: { now } }: BoundVisit): Instant | null {
  return asksFirst === null ? null : answerDue(asksFirst, start, largest(rules, ({ rule }) => rule.returnsHoursBefore), now);
}

function toAnswer(visit: BoundVisit): Limit | null {
  const { asksFirst, host } = visit.request;
  return asksFirst !== null && answerBy(visit) === null ? { code: 'no-time-to-answer', text: `the provider answers partners first, and ${host} would have no time left to answer` } : null;
}

const areNeighbours = ({ neighbours = [] }: Agreement, one: PracticeId, other: PracticeId): boolean => neighbours.some((group) => group.includes(one) && group.includes(other));

function onlyFor({ rules, request: { host, visitor } }: BoundVisit): Limit | null {
  const [refused] = rules.flatMap(({ rule }) => (rule.onlyFor?.every((who) => KNOWN[who](visitor) === false) ? [whom(rule.onlyFor)] : [])).sort();
  return refused === undefined ? null : { code: 'only-for', text: `${host} shares this time only ${refused}` };
}
const KNOWN: Readonly<Record<OnlyFor, (visitor: Visitor) => boolean | null>> = { 'new-patients': ({ newPatient }) => newPatient, referrals: ({ referral }) => referral };
const WHOM: Readonly<Record<OnlyFor, string>> = { 'new-patients': 'for new patients', referrals: 'with a referral' };
const whom = (these: readonly OnlyFor[]): string => (these.length === 0 ? 'for nobody' : [...these].sort().map((who) => WHOM[who]).join(' or '));

function payers({ rules, request: { host, visitor: { payer } } }: BoundVisit): Limit | null {
  return payer !== null && rules.some(({ rule }) => rule.notPayers?.includes(payer)) ? { code: 'payer', text: `${host} has no contract with the patient's payer` } : null;
}

/** What is let pass as long as nothing else is known of the visitor. */
export function conditionsOf({ rules, request: { visitor } }: BoundVisit): readonly string[] {
  if (rules.every(({ rule }) => !rule.onlyFor && !rule.notPayers?.length)) return NONE;
  const only = rules.flatMap(({ rule }) => (!rule.onlyFor || rule.onlyFor.some((who) => KNOWN[who](visitor) === true) ? [] : [`only ${whom(rule.onlyFor)}`]));
  const not = visitor.payer === null ? [...new Set(rules.flatMap(({ rule }) => rule.notPayers ?? []))].sort() : [];
  return [...new Set(only)].sort().concat(not.length === 0 ? [] : [`not with ${not.join(' or ')}`]);
}
const NONE: readonly string[] = [];

function ownFirst(visit: BoundVisit): Limit | null {
  const { rules, date, request: { host, service, zone }, facts } = visit;
  const ahead = (): number => daysBetween(localDateOf(facts.now, zone), date);
  const stands = rules.some(({ rule }) => typeof rule.ownFirstDays === 'number' && ahead() > rule.ownFirstDays && isAboveFloor(rule, visit) && facts.ownWaiting(host, service));
  return stands ? { code: 'own-patients-first', text: `${host}'s own patients wait for this service and come first` } : null;
}

function guard(visit: BoundVisit): Limit | null {
  const { rules, request: { host, visitType, zone }, facts } = visit;
  if (visitType === null) return null;
  const stands = smallest(rules, ({ rule }) => (typeof rule.guardDays === 'number' && isAboveFloor(rule, visit) && isFar(rule.guardDays) ? rule.guardDays : null));
  function isFar(days: number): boolean {
    const first = facts.firstOwnStart(host, visitType!, days);
    return first === null || daysBetween(localDateOf(facts.now, zone), localDateOf(first, zone)) > days;
  }
  return stands === null ? null : { code: 'lender-guard', text: `${host} lends no time while its own patients wait longer than ${count(stands, 'day')} for one` };
}

const isAboveFloor = (rule: ShareRule, { facts, id, date, request: { host } }: BoundVisit): boolean =>
  typeof rule.leastPerDay !== 'number' || facts.used({ agreement: id, rule: rule.id, host, period: 'day', date }) >= rule.leastPerDay;

function quota(visit: BoundVisit): Limit | null {
  const { facts: { used }, request: { host } } = visit;
  const full = sharesOf(visit).filter(({ quota: most, ...use }) => most < UNLIMITED && used({ host, ...use }) >= most);
  const least = full.reduce<QuotaClaim | null>((first, claim) => (first === null || claim.quota < first.quota || (claim.quota === first.quota && claim.period < first.period) ? claim : first), null);
  if (least?.agreement === OVER_ALL) return { code: 'quota-used', text: `the provider takes ${count(least.quota, 'partner visit')} a day, and ${host} has them` };
  return least === null ? null : { code: 'quota-used', text: `${host}'s ${least.period === 'day' ? 'daily' : 'weekly'} quota of ${least.quota} is used` };
}

/** What a rule counts only because its `leastPerDay` asks how many there are. The largest integer of the column. */
export const UNLIMITED = 2_147_483_647;

/** One claim for one rule and period, also where two versions have it: then the smaller limit. In the order of rules and periods. */
export function sharesOf({ rules, date, id: agreement, request: { visitType, provider, providerTakes }, facts }: BoundVisit): readonly QuotaClaim[] {
  const claims: QuotaClaim[] = [];
  const claim = (rule: string, period: QuotaPeriod, first: LocalDate, most: number): void => {
    const same = claims.findIndex((one) => one.rule === rule && one.period === period);
    if (same < 0) claims.push({ agreement, rule, period, date: first, quota: most });
    else if (most < claims[same]!.quota) claims[same] = { ...claims[same]!, quota: most };
  };
  for (const { rule } of rules) {
    const { id, dailyQuota, weeklyQuota = null, dailySharePercent = null, leastPerDay = null } = rule;
    if (dailyQuota !== null) claim(id, 'day', date, dailyQuota);
    if (dailySharePercent !== null && visitType !== null) claim(id, 'day', date, Math.floor((facts.visitsThatFit(rule, visitType, date) * dailySharePercent) / 100));
    if (leastPerDay !== null) claim(id, 'day', date, UNLIMITED);
    if (weeklyQuota !== null) claim(id, 'week', firstOf('week', date), weeklyQuota);
  }
  if (providerTakes !== null && provider !== null) claims.push({ agreement: OVER_ALL, rule: `provider/${provider}`, period: 'day', date, quota: providerTakes });
  return claims.length < 2 ? claims : claims.sort((a, b) => (a.rule === b.rule ? (a.period < b.period ? -1 : 1) : a.rule < b.rule ? -1 : 1));
}

/** The date by which a period is counted: the day itself, or the Monday of its week. */
export const firstOf = (period: QuotaPeriod, date: LocalDate): LocalDate => (period === 'day' ? date : addDays(date, 1 - weekdayOf(date)));

const smallest = (rules: readonly BoundRule[], of: (one: BoundRule) => number | null): number | null => rules.reduce<number | null>((best, one) => { const value = of(one); return value === null || (best !== null && best <= value) ? best : value; }, null);
const largest = (rules: readonly BoundRule[], of: (one: BoundRule) => number | null): number | null => rules.reduce<number | null>((best, one) => { const value = of(one); return value === null || (best !== null && best >= value) ? best : value; }, null);
const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
