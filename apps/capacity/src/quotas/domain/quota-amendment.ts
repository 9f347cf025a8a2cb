import { createHash } from 'node:crypto';
import type { PracticeId, ServiceCode } from '@slotmesh/kernel';
import type { Lend, QuotaSolution } from './quota-solution';

/** A share rule of an agreement with the fields that a quota fills in; what is left out has the agreement's usual meaning. */
export interface QuotaRule {
  readonly id: string;
  readonly host: PracticeId;
  readonly partners: readonly PracticeId[];
  readonly services: readonly ServiceCode[];
  readonly weeklyQuota: number;
}

const PREFIX = 'quota:';
const LONGEST_ID = 100;
export const isQuotaRule = ({ id }: { readonly id: string }): boolean => id.startsWith(PREFIX);

/**
 * The plan as rules: a host lends a partner at most the slots of its largest week of a service, and all partners together at most the largest week of all of
 * them. Every rule that covers a visit must let it pass, so that the second narrows the first. An agreement has one number for all weeks: in which week how
 * much is lent stands in the plan.
 */
export function quotaRules({ lends }: QuotaSolution): readonly QuotaRule[] {
  const rules: QuotaRule[] = [];
  for (const ofHost of grouped(lends, ({ lender, service }) => `${lender} ${service}`)) {
    const { lender: host, service } = ofHost[0]!;
    const rule = (partners: readonly PracticeId[], weeklyQuota: number): QuotaRule => ({ id: idOf([host, service, ...(partners.length === 1 ? partners : ['all'])]), host, partners, services: [service], weeklyQuota });
    const byPartner = grouped(ofHost, ({ borrower }) => borrower);
    for (const ofPartner of byPartner) rules.push(rule([ofPartner[0]!.borrower], largestWeek(ofPartner)));
    if (byPartner.length > 1) rules.push(rule(byPartner.map(([first]) => first!.borrower), largestWeek(ofHost)));
  }
  return rules;
}

const largestWeek = (lends: readonly Lend[]): number => Math.max(...grouped(lends, ({ week }) => `${week}`).map((week) => week.reduce((sum, { slots }) => sum + slots, 0)));

function grouped(lends: readonly Lend[], by: (lend: Lend) => string): readonly (readonly Lend[])[] {
  const groups = new Map<string, Lend[]>();
  for (const lend of lends) groups.set(by(lend), [...(groups.get(by(lend)) ?? []), lend]);
  return [...groups.values()];
}

function idOf(parts: readonly string[]): string {
  const id = `${PREFIX}${parts.join(':')}`;
  return id.length <= LONGEST_ID ? id : `${PREFIX}${createHash('sha256').update(id).digest('hex')}`;
}

/** Terms of an agreement, of which only the parties and whom a rule is about are looked at. A rule without a host is not understood; without partners or services it is about all. */
export interface PresentTerms {
  readonly practices: readonly PracticeId[];
  readonly rules: readonly PresentRule[];
}
interface PresentRule {
  readonly id: string;
  readonly host?: PracticeId | undefined;
  readonly partners?: readonly PracticeId[] | null | undefined;
  readonly services?: readonly ServiceCode[] | null | undefined;
}

/** Practices of a plan, and of which of their services it says what they lend. */
export type Planned = readonly { readonly practice: PracticeId; readonly services: readonly { readonly service: ServiceCode }[] }[];

/**
 * The whole terms as they shall be: quotas of an earlier plan go as far as this one speaks of the same, its own come, and nothing else changes. What it lends nothing of and a present rule opens has a quota of none:
 * without it an earlier quota that goes, or a wider rule, would leave it without limit.
 */
export function amendedTerms<Terms extends PresentTerms>(terms: Terms, solution: QuotaSolution, planned: Planned, effectiveFrom: string): Terms & { readonly effectiveFrom: string } {
  const added = [...quotaRules(solution), ...nothingLent(terms, solution, planned)];
  const taken = new Set(added.map(({ id }) => id));
  const kept = terms.rules.flatMap((rule) => (isQuotaRule(rule) ? beyond(rule, planned) : [rule])).map((rule) => (taken.has(rule.id) ? { ...rule, id: idOf([rule.id.slice(PREFIX.length), 'before']) } : rule));
  return { ...terms, effectiveFrom, rules: [...kept, ...added] };
}

function nothingLent({ practices, rules }: PresentTerms, { lends }: QuotaSolution, planned: Planned): QuotaRule[] {
  const parties = planned.filter(({ practice }) => practices.includes(practice));
  return parties.flatMap(({ practice: host, services }) => services.flatMap(({ service }) => {
    const opens = (partner: PracticeId): boolean => rules.some((rule) => rule.host === host && (rule.partners ?? [partner]).includes(partner) && (rule.services ?? [service]).includes(service));
    const isLent = (partner: PracticeId): boolean => lends.some((lend) => lend.lender === host && lend.borrower === partner && lend.service === service && lend.slots > 0);
    const partners = parties.map(({ practice }) => practice).filter((partner) => partner !== host && opens(partner) && !isLent(partner));
    return partners.length === 0 ? [] : [{ id: idOf([host, service, 'none']), host, partners, services: [service], weeklyQuota: 0 }];
  }));
}

/** What is left of an earlier quota: whom and what the plan does not speak of. */
function beyond<Rule extends PresentRule>(rule: Rule, planned: Planned): Rule[] {
  const ofHost = planned.find(({ practice }) => practice === rule.host);
  const { partners, services } = rule;
  if (ofHost === undefined || !partners || !services?.every((service) => ofHost.services.some((one) => one.service === service))) return [rule];
  const others = partners.filter((partner) => !planned.some(({ practice }) => practice === partner));
  return others.length === 0 ? [] : [{ ...rule, partners: others }];
}
