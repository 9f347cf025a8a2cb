import { isDeepStrictEqual } from 'node:util';
import { type Brand, type Instant, type LocalDate, type LocalTime, type PracticeId, type Zone, daysBetween, instantOf } from '@slotmesh/kernel';
import type { Cents, CentsPerHour, ContractedMinutes, FteHundredths } from './money';
import { type Period, type PeriodCode, type PeriodKind, beginsPeriod, periodsBetween, plusMonths } from './period';
import { MoneyTermsNameOthers, MoneyTermsRun, MoneyTermsTooLate } from './statement.errors';
import type { Weight } from './split';

export const LEAST_DAYS = 365;
export type CostId = Brand<string, 'CostId'>;

/** A document that shows a price or a basis to be right, and the last day on which it does. */
export interface Evidence {
  readonly document: string;
  readonly sha256: string;
  readonly dated: LocalDate;
  readonly expires: LocalDate;
}

interface NamedCost {
  readonly id: CostId;
  readonly name: string;
  /** For each year of the money terms, counted from the day on which they begin. */
  readonly yearlyBudgetCents: Cents;
}
/** What was really paid, shared equally. */
export interface EqualCost extends NamedCost {
  readonly method: 'equal';
}
/** What was really paid, shared by how many providers a practice has, as fixed in the agreement. */
export interface FteCost extends NamedCost {
  readonly method: 'provider-fte';
  readonly fte: readonly { readonly practice: PracticeId; readonly hundredths: FteHundredths }[];
  readonly evidence: Evidence;
}
/** Room or staff hours that one practice gives and the agreement contracts, at a fair-market price: owed in each period, used or not (42 CFR 411.357(y)). */
export interface ContractedCost extends NamedCost {
  readonly method: 'contracted-hours';
  readonly providedBy: PracticeId;
  readonly hours: readonly { readonly practice: PracticeId; readonly minutesPerPeriod: ContractedMinutes; readonly centsPerHour: CentsPerHour }[];
  readonly evidence: Evidence;
}
/** An amount that each practice owes in each period to the one that provides. */
export interface FixedCost extends NamedCost {
  readonly method: 'fixed';
  readonly providedBy: PracticeId;
  readonly amounts: readonly { readonly practice: PracticeId; readonly centsPerPeriod: Cents }[];
  readonly evidence: Evidence;
}
export type SharedCost = EqualCost | FteCost | ContractedCost | FixedCost;

/** What an agreement says about money, from `from` until `until` (not included) by the calendar of `zone`. Costs by id, practices by code. */
export interface MoneyTerms {
  /** Who shares the costs: two or more parties of the agreement. One that joins it later may stay out until the terms end. */
  readonly parties: readonly PracticeId[];
  readonly zone: Zone;
  readonly from: LocalDate;
  readonly until: LocalDate;
  readonly period: PeriodKind;
  readonly costs: readonly SharedCost[];
}

/** A version of an agreement that was approved, and when it was, is or will be in force. `effectiveTo` null: no end. */
export interface MoneyVersion {
  readonly version: number;
  readonly practices: readonly PracticeId[];
  readonly effectiveFrom: Instant;
  readonly effectiveTo: Instant | null;
  readonly money: MoneyTerms | null;
}

export const beginOf = (money: Pick<MoneyTerms, 'zone'>, date: LocalDate): Instant => instantOf(date, '00:00' as LocalTime, money.zone);
export const periodsOf = (money: MoneyTerms): Period[] => periodsBetween(money.from, money.until, money.period);

/** By what a cost is split among the parties of the agreement. */
export function weightsOf(cost: SharedCost, parties: readonly PracticeId[]): Weight[] {
  switch (cost.method) {
    case 'equal':
      return parties.map((practice) => ({ practice, weight: 1 }));
    case 'provider-fte':
      return cost.fte.map(({ practice, hundredths }) => ({ practice, weight: hundredths }));
    case 'contracted-hours':
      return cost.hours.map(({ practice, minutesPerPeriod, centsPerHour }) => ({ practice, weight: minutesPerPeriod * centsPerHour }));
    case 'fixed':
      return cost.amounts.map(({ practice, centsPerPeriod }) => ({ practice, weight: centsPerPeriod }));
  }
}

/** What the agreement alone fixes for each period, and who gets it; null: what was really paid counts. */
export function agreedOf(cost: SharedCost): { readonly providedBy: PracticeId; readonly amount: Cents } | null {
  if (cost.method !== 'contracted-hours' && cost.method !== 'fixed') return null;
  const sum = weightsOf(cost, []).reduce((all, { weight }) => all + BigInt(weight), 0n);
  // Cents per hour times minutes are sixtieths of cents; half a cent is rounded up.
  return { providedBy: cost.providedBy, amount: Number(cost.method === 'fixed' ? sum : (sum + 30n) / 60n) as Cents };
}

export interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What is wrong in money terms by themselves. */
export function faultsOf(money: MoneyTerms): Fault[] {
  const faults: Fault[] = [];
  for (const at of ['from', 'until'] as const) if (!beginsPeriod(money[at], money.period)) faults.push({ path: [at], message: `must be the first day of a ${money.period}` });
  if (daysBetween(money.from, money.until) < LEAST_DAYS) faults.push({ path: ['until'], message: `must be ${LEAST_DAYS} days after from at least: prices are fixed for a year (42 CFR 1001.952(d)(1))` });
  if (faults.length > 0) return faults;
  const named = money.costs.flatMap((cost) => partiesFaults(cost, money.parties));
  if (named.length > 0) faults.push({ path: ['costs'], message: `must name each of the parties once and nobody else: ${named.join('; ')}` });
  const perYear = money.period === 'month' ? 12 : 4;
  money.costs.forEach((cost, i) => {
    const at = ['costs', i];
    if (money.costs.findIndex(({ id }) => id === cost.id) !== i) faults.push({ path: [...at, 'id'], message: 'must differ from the ids of the other costs' });
    if (cost.method !== 'equal' && weightsOf(cost, []).every(({ weight }) => weight === 0)) faults.push({ path: at, message: 'must give at least one practice a part above zero' });
    const agreed = agreedOf(cost);
    if (agreed && agreed.amount * perYear > cost.yearlyBudgetCents) faults.push({ path: [...at, 'yearlyBudgetCents'], message: `must be ${agreed.amount * perYear} at least: that is what the agreed amounts come to in a year` });
    if (cost.method !== 'equal' && (cost.evidence.expires < cost.evidence.dated || cost.evidence.expires < money.from)) faults.push({ path: [...at, 'evidence', 'expires'], message: 'must be neither before its date nor before the money terms begin' });
  });
  return faults;
}

function partiesFaults(cost: SharedCost, parties: readonly PracticeId[]): string[] {
  const named = cost.method === 'equal' ? parties : weightsOf(cost, []).map(({ practice }) => practice);
  const missing = parties.filter((practice) => !named.includes(practice)).map((practice) => `"${cost.id}" leaves out ${practice}`);
  const others = named.filter((practice, i) => !parties.includes(practice) || named.indexOf(practice) !== i).map((practice) => `"${cost.id}" names ${practice}`);
  return [...missing, ...others, ...('providedBy' in cost && !parties.includes(cost.providedBy) ? [`"${cost.id}" is provided by ${cost.providedBy}`] : [])];
}

/**
 * Whether a further version of an agreement between `practices`, in force from `effectiveFrom`, may say this about money. Terms that will have begun by then run to their end, or until one of their parties is a party of the
 * agreement no more: the new ones are the same but for renewed evidence, or begin when those end. New prices begin in advance. `versions`: those that were approved. Throws MoneyTermsNameOthers, MoneyTermsRun, MoneyTermsTooLate.
 */
export function requireMoneyMayBecome(versions: readonly MoneyVersion[], after: MoneyTerms | null, practices: readonly PracticeId[], effectiveFrom: Instant): void {
  const others = after?.parties.filter((party) => !practices.includes(party)) ?? [];
  if (others.length > 0) throw new MoneyTermsNameOthers(others);
  const running = versions.filter((version) => hasMoneyBegun(version, effectiveFrom)).flatMap(({ money }) => (money !== null && beginOf(money, money.until) > effectiveFrom && money.parties.every((party) => practices.includes(party)) ? [money] : []));
  const renewed = running.filter((money) => after !== null && isDeepStrictEqual(pricesOf(money), pricesOf(after)));
  for (const money of running) if (!renewed.includes(money) && (after === null || after.from < money.until)) throw new MoneyTermsRun(money.until);
  if (after !== null && renewed.length === 0 && beginOf(after, after.from) < effectiveFrom) throw new MoneyTermsTooLate(after.from);
}

/** Everything but the evidence, which may be renewed. */
const pricesOf = (money: MoneyTerms) => ({ ...money, costs: money.costs.map((cost) => ({ ...cost, evidence: null })) });

/** Money terms begin when their day comes while their version is in force, and then run to their end whatever amendment follows. */
function hasMoneyBegun({ money, effectiveFrom, effectiveTo }: MoneyVersion, by: Instant): boolean {
  if (money === null) return false;
  const begins = Math.max(beginOf(money, money.from), effectiveFrom);
  return begins < by && (effectiveTo === null || begins < effectiveTo);
}

/** The version whose money terms govern a period, with the period; of several that say the same, the newest, whose evidence is. Null: none, or the agreement had ended, or lost one of their parties, before the period began. A version that renews evidence counts for earlier periods, too. */
export function moneyOf(versions: readonly MoneyVersion[], code: PeriodCode, now: Instant): { readonly version: MoneyVersion; readonly money: MoneyTerms; readonly period: Period } | null {
  for (const version of [...versions].sort((a, b) => b.version - a.version)) {
    const { money } = version;
    const period = money && periodsOf(money).find((one) => one.code === code);
    if (!money || !period) continue;
    const begins = beginOf(money, period.from);
    const inForce = versions.find(({ effectiveFrom, effectiveTo }) => effectiveFrom <= begins && (effectiveTo === null || begins < effectiveTo));
    if (hasMoneyBegun(version, now) && inForce && money.parties.every((party) => inForce.practices.includes(party))) return { version, money, period };
  }
  return null;
}

/** Periods that these prices govern: not those behind the end of the agreement, or of the terms with a party that left. What is stated in another period would be borne by others, or by nobody. */
export function governedBy(versions: readonly MoneyVersion[], money: MoneyTerms, now: Instant): Period[] {
  return periodsOf(money).filter(({ code }) => {
    const found = moneyOf(versions, code, now);
    return found !== null && isDeepStrictEqual(pricesOf(found.money), pricesOf(money));
  });
}

/** The year of the money terms in which a date lies: budgets are yearly. */
export function budgetYearOf(money: MoneyTerms, date: LocalDate): { readonly from: LocalDate; readonly until: LocalDate } {
  let from = money.from;
  while (plusMonths(from, 12) <= date) from = plusMonths(from, 12);
  return { from, until: plusMonths(from, 12) };
}
