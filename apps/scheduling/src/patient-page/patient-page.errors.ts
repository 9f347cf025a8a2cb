import type { Language } from '@slotmesh/contracts';
import { DomainError } from '@slotmesh/kernel';

/** Not signed by us, or for nobody to see. Says nothing about any visit. */
export class LinkUnknown extends DomainError {
  constructor() {
    super('not-found', 'link-unknown', 'This link does not open a visit. Call the practice that sent it.');
  }
}

/** It was a link of ours and is no longer one. Who held it may still be told whom to call. */
export class LinkEnded extends DomainError {
  constructor(readonly practice: { readonly name: string | null; readonly phone: string }, readonly language: Language) {
    super('gone', 'link-ended', 'This link is no longer valid. Call the practice.');
  }
}

/** The form does not come from this page in this browser. */
export class FormForeign extends DomainError {
  constructor() {
    super('forbidden', 'form-foreign', 'This form was not sent from its page. Open the link again.');
  }
}

/** The birth date was given too long ago. */
export class PageClosed extends DomainError {
  constructor() {
    super('forbidden', 'page-closed', 'The page was closed. Open the link and give the birth date again.');
  }
}

export class RepresentativeUnknown extends DomainError {
  constructor() {
    super('not-found', 'representative-unknown', 'This patient has no representative with this id.');
  }
}

export class RepresentativeMayNotSee extends DomainError {
  constructor() {
    super('unprocessable', 'representative-may-not-see', 'This representative may not see the visits of the patient now. Correct what they may do and until when, or send the link to the patient.');
  }
}

/** The page says the same as of a time that is taken. */
export class RefusedBefore extends DomainError {
  constructor() {
    super('conflict', 'refused-before', 'That time could not be had before.');
  }
}

export class VisitConfidential extends DomainError {
  constructor() {
    super('unprocessable', 'visit-confidential', 'This visit is confidential: only the patient gets a link to it.');
  }
}

export class VisitTooLongAgo extends DomainError {
  constructor() {
    super('unprocessable', 'visit-too-long-ago', 'This visit ended more than a day ago: a link to it would open nothing.');
  }
}
