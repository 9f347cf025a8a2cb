import { judge } from '../../measures/domain/control-limits';
import { measureCalled } from '../../measures/domain/catalogue';
import type { Advice } from './advice';

export interface WeekNumber {
  /** The Monday of the week. */
  readonly week: string;
  readonly numerator: number;
  readonly denominator: number | null;
}
/** What is known of one service of a practice; weeks are whole and in order of time. */
export interface ServiceFacts {
  readonly service: string;
  readonly thirdNext: readonly WeekNumber[];
  /** Days by which the third time comes sooner with partners' time than in own time alone, morning by morning. */
  readonly soonerWithPartners: readonly WeekNumber[];
  readonly noShow: readonly WeekNumber[];
  readonly emptySearches: readonly WeekNumber[];
  readonly demand: readonly WeekNumber[];
  /** Open and scheduled minutes of the next 28 days. */
  readonly ahead: { readonly open: number; readonly scheduled: number } | null;
  /** Mean days to the third opening at partners in the last month that is over. */
  readonly waitOfPartners: number | null;
  /** How long the middle one of its recent visits takes; of its visit types, where there were none. Null: it has neither. */
  readonly visitMinutes: number | null;
}
export interface PracticeFacts {
  readonly services: readonly ServiceFacts[];
  /** Minutes of the last 28 days, and of how many of them anything is known. */
  readonly shared: { readonly offered: number; readonly unused: number; readonly days: number };
  /** As of a service, over all of them: shared time is not stated by service. */
  readonly visitMinutes: number | null;
  /** Sent 14 to 180 days ago, not ended, and without a visit. */
  readonly referralsWithoutVisit: readonly { readonly service: string; readonly referrals: number }[];
  /** Open and due for more than 14 days, by kind. */
  readonly overdueRecalls: readonly { readonly kind: string; readonly recalls: number }[];
  readonly sharesTime: boolean;
}

const WEEKS_NOW = 4;
/** A change that nobody would feel is no reason to act. */
const FELT_DAYS = 2;
const WORTH_GOING_DAYS = 3;
/** Fewer mornings than this are chance. */
const MORNINGS = 10;
/** Six in ten take a partner's time that is at least three days sooner (docs/planning.md). */
const GOES = 0.6;
/** Calls to patients whose risk was over 15 % lowered missed visits from 29.2 to 22.8 %: by 22 % of them, 10 to 34 (Shah 2016, doi 10.1007/s11606-016-3813-0; randomised). Of patients at less risk it says nothing. */
const CALLS = { fromRate: 0.15, lower: 0.22, least: 0.1, most: 0.34 };
const SEARCHES_IN_VAIN = 10;
const MUCH_OPEN = 0.3;
const SHARED_MINUTES = 600;
const UNUSED = 0.6;
/** With fewer dates nothing is said of four weeks. */
const SHARED_DAYS = 14;

/** All advice that the facts carry; a pure function of them. */
export function findAdvice(facts: PracticeFacts): Advice[] {
  return [
    ...facts.referralsWithoutVisit.map(referrals), ...facts.overdueRecalls.map(recalls), ...sharedTimeUnused(facts),
    ...facts.services.flatMap((service) => [...risingWait(service), ...soonerAtPartners(service), ...searchesInVain(service), ...missedVisits(service), ...timeToLend(service, facts.sharesTime)]),
  ];
}

const recent = <One>(weeks: readonly One[]): readonly One[] => weeks.slice(-WEEKS_NOW);
const sumOf = (weeks: readonly WeekNumber[]): number => weeks.reduce((sum, { numerator }) => sum + numerator, 0);
function rateOf(weeks: readonly WeekNumber[]): number | null {
  const whole = weeks.reduce((sum, { denominator }) => sum + (denominator ?? 0), 0);
  return whole === 0 ? null : sumOf(weeks) / whole;
}
const inDays = (days: number): string => `${days.toFixed(1)} days`;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const hours = (minutes: number): string => `${Math.round(minutes / 60)} hours`;
/** A practice without a visit or a visit type has nobody to see in it. */
const visitsIn = (minutes: number, each: number | null): number => (each === null ? 0 : Math.round(minutes / each));
/** The least and the most of single weeks: how far it goes up and down by itself. */
function spread(weeks: readonly WeekNumber[]): { readonly low: number; readonly high: number } | null {
  const values = weeks.flatMap(({ numerator, denominator }) => (denominator ? [numerator / denominator] : []));
  return values.length === 0 ? null : { low: Math.min(...values), high: Math.max(...values) };
}

function referrals({ service, referrals: n }: PracticeFacts['referralsWithoutVisit'][number]): Advice {
  return {
    kind: 'referrals-without-visit', service, title: `Follow up ${n} ${n === 1 ? 'referral' : 'referrals'} for ${service} without a visit`, reason: `${n} of the referrals for ${service} that were sent more than two weeks ago have no visit and have not ended: nobody knows that these patients are looked after.`,
    measure: 'referrals-scheduled', now: null, unit: 'share', expected: null, cost: 'A call each.', sure: 'measured', patients: n,
  };
}

function recalls({ kind, recalls: n }: PracticeFacts['overdueRecalls'][number]): Advice {
  return {
    kind: 'overdue-recalls', service: kind, title: `Reach ${n} ${n === 1 ? 'patient' : 'patients'} overdue for ${kind}`, reason: `${n} ${n === 1 ? 'recall' : 'recalls'} (${kind}) ${n === 1 ? 'is' : 'are'} open and due for more than two weeks.`,
    measure: null, now: null, unit: null, expected: null, cost: 'A call each to those whom messages did not reach; the list of unanswered recalls has them.', sure: 'measured', patients: n,
  };
}

function risingWait({ service, thirdNext, demand }: ServiceFacts): Advice[] {
  const [now, before] = [rateOf(recent(thirdNext)), rateOf(thirdNext.slice(0, -WEEKS_NOW))];
  if (now === null || before === null || now - before < FELT_DAYS || !recent(judge(measureCalled('third-next-available'), thirdNext)).some(({ flag }) => flag === 'above')) return [];
  return [{
    kind: 'rising-wait', service, title: `Add time for ${service}, or borrow some`, reason: `Patients wait ${inDays(now)} for the third opening of ${service} in the last four weeks, ${inDays(before)} before: more than chance makes of it.`,
    measure: 'third-next-available', now, unit: 'days', expected: null, cost: 'Hours of a provider, or quotas at partners: the planner says how many.', sure: 'unknown', patients: sumOf(recent(demand)),
  }];
}

function soonerAtPartners({ service, soonerWithPartners, demand }: ServiceFacts): Advice[] {
  const [sooner, range, mornings] = [rateOf(recent(soonerWithPartners)), spread(recent(soonerWithPartners)), recent(soonerWithPartners).reduce((sum, { denominator }) => sum + (denominator ?? 0), 0)];
  if (sooner === null || range === null || mornings < MORNINGS || sooner < WORTH_GOING_DAYS) return [];
  return [{
    kind: 'sooner-at-partners', service, title: `Offer patients partners' time for ${service}`, reason: `With partners' time the third opening for ${service} came ${inDays(sooner)} sooner than in own time alone, on average of ${mornings} mornings of the last four weeks (${inDays(range.low)} to ${inDays(range.high)} by week). Of those who are offered a time three days sooner about six in ten take it.`,
    // Why no measure: what partners have open is the same whether anybody goes there, and how long patients wait is counted where they are seen.
    measure: null, now: null, unit: null, expected: null, cost: 'None but the way for the patient.', sure: 'published', patients: Math.round(sumOf(recent(demand)) * GOES),
  }];
}

function searchesInVain({ service, emptySearches }: ServiceFacts): Advice[] {
  const n = sumOf(recent(emptySearches));
  if (n < SEARCHES_IN_VAIN) return [];
  return [{
    kind: 'searches-in-vain', service, title: `Find time for ${service}`, reason: `In four weeks desks searched ${n} times for ${service} and found nothing within what they asked for.`,
    measure: 'empty-searches', now: n, unit: 'searches', expected: null, cost: 'A rule of a partner that shares it, or own hours.', sure: 'unknown', patients: n,
  }];
}

function missedVisits({ service, noShow }: ServiceFacts): Advice[] {
  const judged = judge(measureCalled('no-show'), noShow);
  const [now, before] = [rateOf(recent(noShow)), rateOf(noShow.slice(0, -WEEKS_NOW))];
  if (now === null || before === null || !recent(judged).some(({ flag }) => flag === 'above')) return [];
  const isAtRisk = now >= CALLS.fromRate;
  return [{
    kind: 'missed-visits', service, title: `Call patients at risk before visits for ${service}`, reason: `${percent(now)} of the visits for ${service} were missed in the last four weeks, ${percent(before)} before: more than chance makes of it. Look first whether reminders arrived. ${isAtRisk ? 'In a trial, calls to patients at a risk of more than 15 % kept about a fifth of missed visits from being missed.' : 'What calls do is known of patients at a risk of more than 15 % alone.'}`,
    measure: 'no-show', now, unit: 'share', expected: isAtRisk ? { value: now * (1 - CALLS.lower), low: now * (1 - CALLS.most), high: now * (1 - CALLS.least) } : null, cost: 'About five minutes a call; the call list has the order.', sure: isAtRisk ? 'published' : 'unknown', patients: Math.round(sumOf(recent(noShow))),
  }];
}

function timeToLend({ service, ahead, waitOfPartners, thirdNext, visitMinutes }: ServiceFacts, sharesTime: boolean): Advice[] {
  const own = rateOf(recent(thirdNext));
  if (!sharesTime || ahead === null || ahead.scheduled === 0 || own === null || waitOfPartners === null || ahead.open / ahead.scheduled < MUCH_OPEN || waitOfPartners - own < WORTH_GOING_DAYS) return [];
  return [{
    kind: 'time-to-lend', service, title: `Share more time for ${service}`, reason: `${percent(ahead.open / ahead.scheduled)} of the time for ${service} in the next four weeks is open (${hours(ahead.open)}), and patients of partners wait ${inDays(waitOfPartners)} where own patients wait ${inDays(own)}.`,
    measure: 'shared-offered', now: null, unit: 'minutes', expected: null, cost: 'Time that own patients would rarely take; a lender guard keeps the rest.', sure: 'measured', patients: visitsIn(ahead.open / 2, visitMinutes),
  }];
}

function sharedTimeUnused({ shared: { offered, unused, days }, visitMinutes }: PracticeFacts): Advice[] {
  if (days < SHARED_DAYS || offered < SHARED_MINUTES || unused / offered < UNUSED) return [];
  return [{
    kind: 'shared-time-unused', service: null, title: 'Share other times, or release them earlier', reason: `Of ${hours(offered)} that stood open to partners in the last four weeks ${hours(unused)} went back unused.`,
    measure: 'shared-returned', now: unused / offered, unit: 'share', expected: null, cost: 'None: time that is released earlier goes to own patients.', sure: 'measured', patients: visitsIn(unused, visitMinutes),
  }];
}
