import { DomainError, type PracticeId } from '@slotmesh/kernel';
import type { AgreementStatus, AgreementStep } from './agreement-version';

export class AgreementUnknown extends DomainError {
  constructor() {
    super('not-found', 'agreement-unknown', 'Your practice is no party of an agreement with this id.');
  }
}
export class VersionUnknown extends DomainError {
  constructor() {
    super('not-found', 'agreement-version-unknown', 'This agreement has no such version that your practice may read. Read the agreement: it lists its versions.');
  }
}
export class AgreementHasNoSuchStep extends DomainError {
  constructor(status: AgreementStatus, step: AgreementStep, allowed: readonly AgreementStep[]) {
    super('conflict', 'agreement-step-refused', `This version is ${status}: it cannot be followed by "${step}".${allowed.length > 0 ? ` Possible are: ${allowed.join(', ')}.` : ''}`, { status, allowed });
  }
}
export class NotAffected extends DomainError {
  constructor() {
    super('forbidden', 'not-affected', 'Your practice is no party of this version, so it has nothing to approve.');
  }
}
export class NoPartyOfIt extends DomainError {
  constructor() {
    super('forbidden', 'no-party-of-it', 'Your practice is no party of this agreement as it stands, so it can neither amend nor end it.');
  }
}
export class PartyLeaves extends DomainError {
  constructor(practices: readonly PracticeId[]) {
    super('conflict', 'party-leaves', `No member any more when this version would come into force: ${practices.join(', ')}. Draft it for those who stay; who wants to come back signs a new one after its exit.`, { practices });
  }
}
export class HashDiffers extends DomainError {
  constructor() {
    super('conflict', 'agreement-differs', 'The hash is not that of this version. Read the version again and approve what you have read.');
  }
}
export class OwnProposal extends DomainError {
  constructor() {
    super('forbidden', 'own-proposal', 'You wrote or proposed this version, so somebody else of your practice has to approve it.');
  }
}
export class SignedAlready extends DomainError {
  constructor(complete: boolean) {
    super(complete ? 'conflict' : 'forbidden', complete ? 'practice-signed-already' : 'second-person-needed', complete ? 'Your practice has both its signatures on this version.' : 'You have signed this version. A second person of your practice has to approve it.');
  }
}
export class EffectiveDatePassed extends DomainError {
  constructor() {
    super('conflict', 'effective-date-passed', 'The version was to come into force at an instant that has passed. Draft it again with a later one.');
  }
}
export class ProposalPending extends DomainError {
  constructor(version: number) {
    super('conflict', 'proposal-pending', `Version ${version} of this agreement is proposed or approved and not in force yet. Wait until it is, or decline it first.`, { version });
  }
}
export class DraftOutdated extends DomainError {
  constructor(basedOn: number, present: number) {
    super('conflict', 'draft-outdated', `The draft was written on version ${basedOn}, and version ${present} has been agreed since. Draft again on that one.`, { basedOn, present });
  }
}
export class NotThePresentTerms extends DomainError {
  constructor(what: string) {
    super('unprocessable', 'terms-refused', what);
  }
}
export class PapersMissing extends DomainError {
  constructor(practice: PracticeId, missing: readonly string[]) {
    super('unprocessable', 'papers-missing', `Before ${practice} can sign, its ${missing.join(', ')} must be there and run beyond the day on which the version comes into force. Add them under /member-documents.`, { practice, missing });
  }
}
export class NoPartnership extends DomainError {
  constructor() {
    super('unprocessable', 'no-partnership', 'Your practice is in no partnership. Found one first (POST /partnerships), then draft an agreement with those who shall join.');
  }
}
export class InAnotherPartnership extends DomainError {
  constructor(practices: readonly PracticeId[]) {
    super('unprocessable', 'in-another-partnership', `Not in this partnership and not free to join: ${practices.join(', ')}. A practice is in one partnership at a time.`, { practices });
  }
}
export class NoticeNotConfirmed extends DomainError {
  constructor() {
    super('forbidden', 'second-person-needed', 'You have given this notice. A second person of your practice has to confirm it.');
  }
}
export class NoticeGiven extends DomainError {
  constructor(endsAt: string) {
    super('conflict', 'notice-given', `Notice has been given: the agreement ends at ${endsAt}.`, { endsAt });
  }
}
