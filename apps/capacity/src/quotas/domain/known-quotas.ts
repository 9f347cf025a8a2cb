import { type LocalDate, type PracticeId, type ServiceCode, addDays } from '@slotmesh/kernel';
import { type WeeksForecast, weekQuantile } from '../../forecasts/domain/forecast-weeks';
import { SMALLEST_SHOWN } from '../../measures/domain/measure';
import { LEAST_WEEKS, WEEKS } from '../../what-if/domain/known-practices';
import { normalQuantile } from './normal-quantile';
import type { PracticeInputs, QuotaInputs, ServiceInputs } from './quota-inputs';
import { TooLittleKnownForQuotas } from './quota-plan.errors';

/** What was counted of a service of a practice over the last whole weeks, and its scheduled minutes in each week of the plan. */
export interface KnownService {
  readonly service: ServiceCode;
  /** Visits booked or asked for by the practice and patients who wait; searches that found nothing stand beside them. */
  readonly requests: number;
  readonly searches: number;
  /** Of visits at the practice: all, those that patients called off, and the minutes of those that took time. */
  readonly visits: number;
  readonly calledOff: number;
  readonly minutes: number;
  /** Median length; null: there were none. */
  readonly visitMinutes: number | null;
  /** By week of the plan; services overlap in them. */
  readonly ahead: readonly number[];
}
export interface KnownLender {
  readonly practice: PracticeId;
  /** Weeks and days of the last ones that had scheduled time. */
  readonly weeks: number;
  readonly days: number;
  readonly statedTo: LocalDate | null;
  /** All scheduled minutes and open days, by week of the plan. */
  readonly ahead: readonly { readonly minutes: number; readonly days: number }[];
  readonly services: readonly KnownService[];
}
/** The caller's own demand, forecast service by service. */
export interface OwnForecasts {
  readonly practice: PracticeId;
  readonly of: ReadonlyMap<ServiceCode, WeeksForecast>;
}
export type Frame = Pick<QuotaInputs, 'firstWeek' | 'weeks' | 'demandQuantile' | 'mostOwnUnmetShare'> & Pick<PracticeInputs, 'reciprocityHours' | 'mostLentHours'> & Pick<ServiceInputs, 'lendableShare'> & { readonly services?: readonly ServiceCode[] | undefined };

const MOST_SERVICES = 20;
const LONGEST_SLOT = 600;
/** A week with more open days than usual asks more, within reason. */
const MOST_OPEN = 1.25;

/** Inputs of a plan at one quantile of demand. Throws TooLittleKnownForQuotas. */
export function knownInputs(known: readonly KnownLender[], frame: Frame, quantile: number, own: OwnForecasts | null): QuotaInputs {
  const missing = whatIsMissing(known, frame, own?.practice ?? null);
  if (missing.length > 0) throw new TooLittleKnownForQuotas(missing);
  const practices = known.map((lender): PracticeInputs => ({
    practice: lender.practice, reciprocityHours: frame.reciprocityHours, mostLentHours: frame.mostLentHours,
    services: servicesOf(known, frame).flatMap((service) => serviceInputs(lender, service, frame, quantile, own?.practice === lender.practice ? own.of.get(service) : undefined)),
  })).filter(({ services }) => services.length > 0);
  if (practices.length < 2) throw new TooLittleKnownForQuotas(['Fewer than two practices of the partnership have visits and time for these services.']);
  return { version: 1, firstWeek: frame.firstWeek, weeks: frame.weeks, demandQuantile: quantile, mostOwnUnmetShare: frame.mostOwnUnmetShare, practices };
}

/** Services that some practice is asked for often enough to be told of, the most asked for first. */
export function servicesOf(known: readonly KnownLender[], { services }: Pick<Frame, 'services'>): readonly ServiceCode[] {
  const asked = new Map<ServiceCode, number>();
  for (const one of known.flatMap((lender) => lender.services)) if (one.requests >= SMALLEST_SHOWN) asked.set(one.service, (asked.get(one.service) ?? 0) + one.requests);
  return [...asked].filter(([service]) => services === undefined || services.includes(service)).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, MOST_SERVICES).map(([service]) => service);
}

/** What would have to be known, of a partner without a count. */
export function whatIsMissing(known: readonly KnownLender[], { firstWeek, weeks, services }: Pick<Frame, 'firstWeek' | 'weeks' | 'services'>, own: PracticeId | null): string[] {
  if (known.length < 2) return ['No other practice of your partnership is left to plan with.'];
  const last = addDays(firstWeek, 7 * weeks - 1);
  const lacking = known.flatMap(({ practice, weeks: there, statedTo }) => {
    const [whose, out] = practice === own ? ['Your practice', ''] : [`Practice ${practice}`, ` Leave it out with "leaveOut": ["${practice}"].`];
    if (there < LEAST_WEEKS) return [`${whose} has scheduled time in ${practice === own ? `${there}` : `fewer than ${LEAST_WEEKS}`} of the last ${WEEKS} weeks; ${LEAST_WEEKS} are needed.${out}`];
    return statedTo === null || statedTo < last ? [`${whose} has stated its time up to ${statedTo ?? 'no date'}; the plan ends on ${last}. Ask for fewer weeks, or for a "firstWeek" that is nearer.${out}`] : [];
  });
  if (lacking.length > 0) return lacking;
  const found = servicesOf(known, { services });
  const seldom = `was asked for at any practice as often as ${SMALLEST_SHOWN} times in the last ${WEEKS} weeks.`;
  if (services === undefined) return found.length === 0 ? [`No service ${seldom}`] : [];
  // Why each one: a misspelt service must not look as if it had been planned.
  const unknown = services.filter((service) => !found.includes(service));
  return unknown.length === 0 ? [] : [`None of ${unknown.join(', ')} ${seldom} Take it out of "services".`];
}

function serviceInputs(lender: KnownLender, service: ServiceCode, frame: Frame, quantile: number, forecast: WeeksForecast | undefined): ServiceInputs[] {
  const known = lender.services.find((one) => one.service === service);
  if (known === undefined) return [];
  const minutes = Math.min(LONGEST_SLOT, Math.round(known.visitMinutes ?? 0));
  if (minutes < 1) return [];
  const weeks = Array.from({ length: frame.weeks }, (_, week) => week);
  return [{ service, minutes, lendableShare: frame.lendableShare, capacity: weeks.map((week) => Math.floor(timeFor(lender, known, week) / minutes)), demand: weeks.map((week) => (forecast ? fromForecast(known, forecast, week, quantile) : fromLastWeeks(lender, known, week, quantile))) }];
}

/** Services overlap in one time: each gets of a week what it had of the visits, and no more than it could be given in. */
function timeFor({ services, ahead }: KnownLender, { minutes, ahead: ofService }: KnownService, week: number): number {
  const all = services.reduce((sum, one) => sum + one.minutes, 0);
  return all === 0 ? 0 : Math.min(ofService[week] ?? 0, ((ahead[week]?.minutes ?? 0) * minutes) / all);
}

/** A visit that is called off frees its slot and is asked for again, so that it takes one; a search may be repeated. */
const firstRequests = ({ requests, visits, calledOff }: KnownService): number => requests * (1 - (visits === 0 ? 0 : calledOff / visits));

function fromForecast(known: KnownService, forecast: WeeksForecast, week: number, quantile: number): number {
  const all = known.requests + known.searches;
  return Math.round(weekQuantile(forecast, week, quantile) * (all === 0 ? 1 : firstRequests(known) / all));
}

/**
 * The mean of the weeks that had scheduled time, in steps of no fewer requests over all weeks than the smallest count that is shown, as many open days as the week has, and chance alone around it (Poisson). A forecast that follows the last days would tell
 * others of single requests (P18).
 */
function fromLastWeeks({ days, weeks, ahead }: KnownLender, known: KnownService, week: number, quantile: number): number {
  const usual = days / weeks;
  const mean = ((Math.round(firstRequests(known) / SMALLEST_SHOWN) * SMALLEST_SHOWN) / weeks) * Math.min(MOST_OPEN, usual === 0 ? 0 : (ahead[week]?.days ?? 0) / usual);
  return Math.max(0, Math.round(mean + normalQuantile(quantile) * Math.sqrt(mean * (1 + 1 / weeks))));
}
