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

/** Terms of an agreement, of which only the rules and the parties are looked at. */
export interface PresentTerms {
  readonly practices: readonly PracticeId[];
  readonly rules: readonly { readonly id: string }[];
}

/** The whole terms as they shall be: quotas of an earlier plan go, those of this one come, and nothing else changes. */
export const amendedTerms = <Terms extends PresentTerms>(terms: Terms, solution: QuotaSolution, effectiveFrom: string): Terms & { readonly effectiveFrom: string } =>
  ({ ...terms, effectiveFrom, rules: [...terms.rules.filter((rule) => !isQuotaRule(rule)), ...quotaRules(solution)] });
