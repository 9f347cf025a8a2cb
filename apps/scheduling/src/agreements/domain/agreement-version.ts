import type { AgreementId, Instant, PracticeId } from '@slotmesh/kernel';
import { AgreementHasNoSuchStep, HashDiffers, NotAffected, OwnProposal, SignedAlready } from './agreement.errors';

export const agreementStatuses = ['draft', 'proposed', 'approved', 'in-force', 'superseded', 'terminated'] as const;
export type AgreementStatus = (typeof agreementStatuses)[number];
/** Why a version is terminated: its proposal was declined, withdrawn or not signed in time; or it was in force and notice or its term ended it. */
export type EndedBecause = 'declined' | 'withdrawn' | 'lapsed' | 'notice' | 'term';

/** The maker of a practice signs first, the checker is another person of it. Proposing is the signature of the proposing practice's maker. */
export interface Signature {
  readonly practice: PracticeId;
  readonly subject: string;
  readonly step: 'maker' | 'checker';
  readonly signedAt: Instant;
}
export interface Signatory {
  readonly practice: PracticeId;
  readonly subject: string;
}
export interface VersionToSign {
  readonly agreement: AgreementId;
  readonly version: number;
  readonly status: AgreementStatus;
  readonly hash: string | null;
  /** Everybody who wrote the draft, and who proposed it. */
  readonly authors: readonly string[];
  /** Practices that must approve: the parties of this version and of the one that it takes over from. */
  readonly affected: readonly PracticeId[];
  readonly effectiveFrom: Instant;
  readonly signatures: readonly Signature[];
}

const STEPS: Readonly<Record<AgreementStatus, readonly AgreementStep[]>> = {
  draft: ['change', 'propose'], proposed: ['approve', 'decline'], approved: ['decline'], 'in-force': ['amend', 'terminate'], superseded: [], terminated: [],
};
export type AgreementStep = 'change' | 'propose' | 'approve' | 'decline' | 'amend' | 'terminate';

/** What may be done with a version in this state, by whoever may. */
export const stepsOf = (status: AgreementStatus): readonly AgreementStep[] => STEPS[status];

/** Throws AgreementHasNoSuchStep (409, with what is possible). */
export function requireStep(status: AgreementStatus, step: AgreementStep): void {
  if (!STEPS[status].includes(step)) throw new AgreementHasNoSuchStep(status, step, STEPS[status]);
}

/** A version that is not signed when it should begin never begins. */
export const isTooLate = (version: Pick<VersionToSign, 'effectiveFrom'>, now: Instant): boolean => version.effectiveFrom <= now;

/**
 * The next signature of a practice. The signatory names the hash of what was read, so that nobody signs what somebody else changed.
 * Throws AgreementHasNoSuchStep, NotAffected, HashDiffers, OwnProposal (who wrote or proposed it cannot approve it), SignedAlready.
 */
export function signatureOf(version: VersionToSign, by: Signatory, hash: string, now: Instant): Signature {
  requireStep(version.status, 'approve');
  if (!version.affected.includes(by.practice)) throw new NotAffected();
  if (version.hash !== hash) throw new HashDiffers();
  const own = version.signatures.filter(({ practice }) => practice === by.practice);
  if (version.signatures.some(({ subject }) => subject === by.subject)) throw new SignedAlready(own.length === 2);
  if (version.authors.includes(by.subject)) throw new OwnProposal();
  if (own.length === 2) throw new SignedAlready(true);
  return { ...by, step: own.length === 0 ? 'maker' : 'checker', signedAt: now };
}

/** Practices whose two signatures are not there yet, with the step that comes next. */
export const awaited = ({ affected, signatures }: Pick<VersionToSign, 'affected' | 'signatures'>): { readonly practice: PracticeId; readonly step: Signature['step'] }[] =>
  affected.flatMap((practice) => {
    const steps = signatures.filter((signature) => signature.practice === practice).map(({ step }) => step);
    return steps.length >= 2 ? [] : [{ practice, step: steps.includes('maker') ? 'checker' as const : 'maker' as const }];
  });

/** The first notice's effect: `noticeDays` whole days after a second person confirmed it, or later where the practice wishes so. */
export function noticeEnd(confirmedAt: Instant, noticeDays: number, wished: Instant | null): Instant {
  const earliest = (confirmedAt + noticeDays * 86_400_000) as Instant;
  return wished !== null && wished > earliest ? wished : earliest;
}
