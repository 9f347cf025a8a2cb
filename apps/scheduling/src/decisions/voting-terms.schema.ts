import { practiceId } from '@slotmesh/contracts';
import { z } from 'zod';

/** Percent of the eligible weights that have to vote. */
export const quorum = z.int().min(1).max(100);
/** Percent of the weights that voted, which those who say yes have to exceed; at 100 all of them. */
export const threshold = z.int().min(50).max(100);

/** The section `voting` of an agreement's terms: how its parties decide together. Binding for a partnership where all its members are parties. */
export const votingTerms = z.strictObject({
  quorum: quorum.default(50), threshold: threshold.default(50),
  /** Parties that are not named weigh 1. */
  weights: z.array(z.strictObject({ practice: practiceId, weight: z.int().min(1).max(10_000) })).max(50).default([]),
});
export type VotingTerms = z.output<typeof votingTerms>;

/** As long as nothing is agreed: every member weighs the same. */
export const USUAL_VOTING: VotingTerms = votingTerms.parse({});
