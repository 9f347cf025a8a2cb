import { SMALLEST_SHOWN } from '../../measures/domain/measure';
import { type Finding, findingOf } from './finding';
import type { ReportMeasure } from './report-definition';
import { FEWEST_MONTHS, monthsBefore, monthsFrom } from './report-months';

/** A number of a measure as it is told across practices: of others only the value. */
export interface ReportCell {
  readonly practice: string;
  readonly service?: string;
  readonly month: string;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly value: number | null;
}
export interface SharedMonth {
  readonly host: string;
  readonly booking: string;
  readonly service: string;
  readonly own: boolean;
  /** Null: hidden. */
  readonly visits: number | null;
}
export interface ReportPractice {
  readonly practice: string;
  readonly name: string;
  /** The month in which it began to share. */
  readonly since: string | null;
  /** The month in which its last agreement ended; null: it shares still, or never did. */
  readonly until: string | null;
}
export interface ReportFacts {
  readonly viewer: string;
  readonly from: string;
  readonly to: string;
  readonly practices: readonly ReportPractice[];
  readonly cells: Readonly<Record<ReportMeasure, readonly ReportCell[]>>;
  readonly visits: readonly SharedMonth[];
  /** Visits per hour of the own practice before it shared. */
  readonly scalingBefore: number | null;
  /** What a service is called: one that tells why somebody comes has no name in the numbers of others. */
  readonly nameOf: (service: string, own: boolean) => string;
}

export type Change = 'shorter' | 'longer' | 'unclear';
export interface Contribution {
  readonly openedHours: number | null;
  readonly usedHours: number | null;
  readonly usedShare: number | null;
  readonly returnedHours: number | null;
  readonly returnedShare: number | null;
}
export interface ServiceAccess {
  readonly service: string;
  readonly thirdNextAvailable: { readonly own: number | null; readonly withPartners: number | null; readonly sooner: number | null; readonly before: number | null; readonly now: number | null; readonly change: Change | null };
  readonly leadTime: { readonly before: number | null; readonly now: number | null };
}
export interface Scaling {
  readonly before: number | null;
  readonly now: number | null;
  readonly ratio: number | null;
}
export interface PracticeReport extends ReportPractice {
  readonly own: boolean;
  readonly monthsOfSharing: number;
  readonly contribution: Contribution;
  readonly access: readonly ServiceAccess[];
  readonly scaling: Scaling;
  readonly finding: Finding;
}
export interface Use {
  readonly host: string;
  readonly booking: string;
  readonly service: string;
  /** Between two other practices, to ten. */
  readonly visits: number;
  readonly hiddenMonths: number;
}
export interface AccessReport {
  readonly items: readonly PracticeReport[];
  readonly use: readonly Use[];
}

/** The report from what the measures tell the viewer; nothing else enters. */
export function reportOf(facts: ReportFacts): AccessReport {
  return { items: facts.practices.map((practice) => practiceReport(facts, practice)), use: useOf(facts.visits, facts.nameOf) };
}

function practiceReport({ viewer, from, to, cells, scalingBefore, nameOf }: ReportFacts, practice: ReportPractice): PracticeReport {
  const own = practice.practice === viewer;
  const ofPractice = (measure: ReportMeasure, service?: string) => cells[measure].filter((cell) => cell.practice === practice.practice && (service === undefined || cell.service === service));
  const period = monthsFrom(from, to);
  const sharing = practice.since === null ? [] : period.filter((month) => month > practice.since! && (practice.until === null || month < practice.until));
  const before = practice.since === null ? [] : monthsBefore(practice.since);
  const contribution = contributionOf(period, ofPractice);
  const access = servicesOf([...ofPractice('third-next-available'), ...ofPractice('third-next-available-with-partners'), ...ofPractice('lead-time')].filter(({ month }) => period.includes(month) || before.includes(month)))
    .map((service) => ({ service: nameOf(service, own), ...accessOf(service, { period, before, sharing }, ofPractice) }));
  const scaling = scalingOf(ofPractice('scaling'), { before, sharing }, own ? { before: scalingBefore } : null);
  const told = { ...practice, own, monthsOfSharing: sharing.length, contribution, access, scaling };
  return { ...told, finding: findingOf(told) };
}

type Cells = (measure: ReportMeasure, service?: string) => readonly ReportCell[];
interface Spans {
  readonly period: readonly string[];
  readonly before: readonly string[];
  readonly sharing: readonly string[];
}

function contributionOf(period: readonly string[], cells: Cells): Contribution {
  const [offered, used, returned] = (['shared-offered', 'shared-used', 'shared-returned'] as const).map((measure) => cells(measure).filter(({ month }) => period.includes(month)));
  const minutesIn = new Map(offered!.map(({ month, numerator, value }) => [month, numerator ?? value ?? 0]));
  const opened = sum([...minutesIn.values()]);
  // Why: a sum without a month that is hidden would pass for less than it was, and beside one with it tell of that month.
  const ofOffered = (all: readonly ReportCell[]): number | null => (all.some(({ numerator, value }) => numerator === null && value === null) ? null : sum(all.map(({ month, numerator, value }) => numerator ?? value! * (minutesIn.get(month) ?? 0))));
  const hours = (minutes: number | null) => (minutes === null ? null : rounded(minutes / 60, 1));
  const share = (minutes: number | null) => (minutes === null || opened === 0 ? null : rounded(minutes / opened, 2));
  const [usedMinutes, returnedMinutes] = [ofOffered(used!), ofOffered(returned!)];
  return { openedHours: hours(opened), usedHours: hours(usedMinutes), usedShare: share(usedMinutes), returnedHours: hours(returnedMinutes), returnedShare: share(returnedMinutes) };
}

function accessOf(service: string, { period, before, sharing }: Spans, cells: Cells): Omit<ServiceAccess, 'service'> {
  const [alone, together, sooner, lead] = [cells('third-next-available', service), cells('third-next-available-with-partners', service), cells('sooner-with-partners', service), cells('lead-time', service)];
  const both = period.filter((month) => alone.some((cell) => cell.month === month && cell.value !== null) && together.some((cell) => cell.month === month && cell.value !== null));
  const [own, withPartners] = [meanOf(alone, both, 1), meanOf(together, both, 1)];
  return {
    thirdNextAvailable: { own, withPartners, sooner: meanOf(sooner, period, 1), before: meanOf(alone, before, 1), now: meanOf(alone, sharing, 1), change: changeOf(valuesIn(alone, before), valuesIn(alone, sharing)) },
    leadTime: { before: meanOf(lead, before, 1), now: meanOf(lead, sharing, 1) },
  };
}

function scalingOf(cells: readonly ReportCell[], { before, sharing }: Omit<Spans, 'period'>, own: { readonly before: number | null } | null): Scaling {
  const [then, now] = [own === null ? meanOf(cells, before, 2) : own.before, meanOf(cells, sharing, 4)];
  const ratio = own === null || then === null || now === null || then === 0 ? null : rounded(now / then, 3);
  return { before: then === null ? null : rounded(then, 2), now: now === null ? null : rounded(now, 2), ratio };
}

function useOf(months: readonly SharedMonth[], nameOf: ReportFacts['nameOf']): Use[] {
  const lines = new Map<string, Use & { readonly own: boolean }>();
  for (const { host, booking, service, own, visits } of months) {
    const name = JSON.stringify([host, booking, service]);
    const line = lines.get(name) ?? { host, booking, service: nameOf(service, own), visits: 0, hiddenMonths: 0, own };
    lines.set(name, { ...line, visits: line.visits + (visits ?? 0), hiddenMonths: line.hiddenMonths + (visits === null ? 1 : 0) });
  }
  // Of others every month that is told is of eleven or more, and told to ten.
  return [...lines.values()].filter(({ own, visits }) => visits >= (own ? SMALLEST_SHOWN : 1)).map(({ own: _, ...line }) => line).sort((a, b) => compare(a.host, b.host) || compare(a.booking, b.booking) || compare(a.service, b.service));
}

/** Every month on one side lies beyond every month on the other; anything less may be chance. */
function changeOf(before: readonly number[], now: readonly number[]): Change | null {
  if (before.length < FEWEST_MONTHS || now.length < FEWEST_MONTHS) return null;
  if (Math.max(...now) < Math.min(...before)) return 'shorter';
  return Math.min(...now) > Math.max(...before) ? 'longer' : 'unclear';
}

const valuesIn = (cells: readonly ReportCell[], months: readonly string[]): number[] => cells.filter(({ month }) => months.includes(month)).flatMap(({ value }) => (value === null ? [] : [value]));

/** Exact where what is counted is known; the plain mean of the months that are shown where only their values are. */
function meanOf(cells: readonly ReportCell[], months: readonly string[], digits: number): number | null {
  const within = cells.filter(({ month, value }) => months.includes(month) && value !== null);
  if (within.length === 0) return null;
  const exact = within.every(({ numerator, denominator }) => numerator !== null && denominator !== null);
  if (!exact) return rounded(sum(within.map(({ value }) => value!)) / within.length, digits);
  const whole = sum(within.map(({ denominator }) => denominator!));
  return whole === 0 ? null : rounded(sum(within.map(({ numerator }) => numerator!)) / whole, digits);
}

const servicesOf = (cells: readonly ReportCell[]): string[] => [...new Set(cells.flatMap(({ service }) => (service === undefined ? [] : [service])))].sort(compare);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
