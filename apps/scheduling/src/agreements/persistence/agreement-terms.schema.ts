import { localDate, practiceId } from '@slotmesh/contracts';
import { formatInstant, parseInstant } from '@slotmesh/kernel';
import { z } from 'zod';
import { votingTerms } from '../../decisions/voting-terms.schema';
import { standardsTerms } from '../../standards/standards-terms.schema';
import { dataSharingTerms } from '../../disclosures/persistence/data-sharing.schema';
import { moneyTerms } from '../../statements/persistence/money-terms.schema';
import { faultsOf } from '../domain/rule-faults';
import { reciprocityTerms } from '../../ledger/reciprocity-terms.schema';
import { newShareRule } from './share-rule.schema';

/** Terms are plain JSON, so that what is hashed, stored and shown is the same: an instant stays RFC 3339 text, in UTC. */
const instantInUtc = z.string().meta({ description: 'an RFC 3339 instant with an offset, such as 2027-01-01T05:00:00Z', format: 'date-time' }).transform((text, context) => {
  try {
    return formatInstant(parseInstant(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'must be an RFC 3339 instant with an offset, such as 2027-01-01T05:00:00Z' });
    return z.NEVER;
  }
});
const inOrder = <T extends string>(items: readonly T[]): T[] => [...new Set(items)].sort();

/** What partners agree on. `practices` are the parties. Fields are never renamed or taken away: versions that were signed stay readable. */
export const agreementTerms = z.strictObject({
  name: z.string().trim().min(1).max(120),
  practices: z.array(practiceId).min(2).max(50).transform(inOrder),
  /** When the version comes into force; in the future when it is proposed and when the last party signs. */
  effectiveFrom: instantInUtc,
  /** When the agreement ends by itself; null: it goes on until notice is given. */
  endsAt: instantInUtc.nullable().default(null),
  /** Days from a notice to its effect. */
  noticeDays: z.int().min(0).max(730).default(90),
  /** Dates of the site on which nobody shares anything. */
  blackoutDates: z.array(localDate).max(400).default([]).transform(inOrder),
  rules: z.array(newShareRule).max(500).default([]),
  /** Groups of practices that are each other's neighbours: a rule's `networkDaysBefore` lets the others in later. */
  neighbours: z.array(z.array(practiceId).min(2).transform(inOrder)).max(50).optional(),
  /** What costs are shared, and how; absent: none. */
  money: moneyTerms.optional(),
  /** The band of give and take in hours of shared time. */
  reciprocity: reciprocityTerms.optional(),
  /** What the parties promise each other of their service. */
  standards: standardsTerms.optional(),
  /** How the parties decide together; absent: each weighs the same, half of them have to vote, and more than half of those carry a motion. */
  voting: votingTerms.optional(),
  /** What of patients may go between the parties; absent: free-busy, booking and referral packets for treatment, counts for operations. */
  dataSharing: dataSharingTerms.optional(),
}).superRefine((terms, context) => {
  const wrong = (path: (string | number)[], message: string): void => context.addIssue({ code: 'custom', path, message });
  if (terms.endsAt !== null && terms.endsAt <= terms.effectiveFrom) wrong(['endsAt'], 'must be after effectiveFrom');
  if (terms.practices.length < 2) wrong(['practices'], 'must name two practices or more');
  terms.neighbours?.forEach((group, i) => {
    if (group.some((practice) => !terms.practices.includes(practice))) wrong(['neighbours', i], 'must name parties of the agreement');
  });
  terms.voting?.weights.forEach(({ practice }, i, weights) => {
    if (!terms.practices.includes(practice)) wrong(['voting', 'weights', i], 'must name a party of the agreement');
    if (weights.findIndex((other) => other.practice === practice) !== i) wrong(['voting', 'weights', i], 'must name a practice once');
  });
  terms.rules.forEach((rule, i) => {
    if (terms.rules.findIndex(({ id }) => id === rule.id) !== i) wrong(['rules', i, 'id'], 'must be this rule\'s alone');
    if (!terms.practices.includes(rule.host)) wrong(['rules', i, 'host'], 'must be a party of the agreement');
    if (rule.partners?.some((partner) => partner === rule.host || !terms.practices.includes(partner))) wrong(['rules', i, 'partners'], 'must name other parties of the agreement');
    for (const { field, message } of faultsOf(rule)) wrong(['rules', i, field], message);
  });
});
export type AgreementTerms = z.output<typeof agreementTerms>;
/** As a person writes them. */
export type AgreementTermsInput = z.input<typeof agreementTerms>;
