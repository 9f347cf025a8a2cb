import { z } from 'zod';
import { agreementId, decisionId, disputeId, emergencyAccessId, instantText, partnershipId, patientId, practiceId } from '../primitives';
import { topics } from '../topics';
import { defineEvent } from './define-event';

export const decisionKind = z.enum(['ordinary', 'membership', 'budget', 'other']);
export const decisionState = z.enum(['open', 'carried', 'lost', 'no-quorum', 'withdrawn']);

/** What partners decide, argue about or look into in an emergency. Events say how far it is, never what was written, who voted how, or who a patient is. */
export const DecisionChanged = defineEvent(topics.governance, 'decision-changed', 'A motion was put before the members of a partnership, or has its result.', z.object({
  id: decisionId, partnership: partnershipId, practices: z.array(practiceId), mover: practiceId, kind: decisionKind, state: decisionState, opensAt: instantText, dueAt: instantText,
  /** Weights, without those of members in conflict; null while it is open and where it was withdrawn. */
  result: z.object({ eligible: z.int(), voted: z.int(), yes: z.int(), no: z.int(), abstain: z.int() }).nullable(),
}));

export const disputeState = z.enum(['open', 'answered', 'met', 'mediated', 'closed']);
export const disputeStep = z.enum(['answer', 'meet', 'mediate']);
export const disputeOutcome = z.enum(['agreed', 'withdrawn', 'outside']);

/** `overdue`: its next step was not done in time, and is still to be done. */
export const DisputeChanged = defineEvent(topics.governance, 'dispute-changed', 'A party of an agreement opened a dispute, a step of it was done or is overdue, or it was closed.', z.object({
  id: disputeId, agreement: agreementId, opener: practiceId, against: practiceId, state: disputeState, outcome: disputeOutcome.nullable(), next: disputeStep.nullable(), dueAt: instantText.nullable(), overdue: z.boolean(),
  /** The service standard that it is about; absent: something else. */
  standard: z.string().optional(),
}));

export const EmergencyAccessChanged = defineEvent(topics.governance, 'emergency-access-changed', "A person of a partner got at a patient's minimum without a treatment relation, read it, or cannot any more; or the patient's practice has acknowledged it.", z.object({
  id: emergencyAccessId,
  /** The patient's practice, and its record of the patient. */
  host: practiceId, patient: patientId,
  /** Whose person reads. */
  practice: practiceId,
  change: z.enum(['begun', 'used', 'ended', 'acknowledged']), begunAt: instantText, endsAt: instantText, uses: z.int().min(0),
}));
