import type { Language } from '@slotmesh/contracts';
import { DomainError } from '@slotmesh/kernel';
import type { PolicyRefusal } from './policy';

/** The code names the policy of the host that stands in the way. */
export class RefusedByPolicy extends DomainError {
  constructor({ kind, code, message }: PolicyRefusal) {
    super(kind, code, message);
  }
}

/** Nothing is booked; the patient is told what the host wants done instead. */
export class RedFlagRaised extends DomainError {
  constructor(question: string, instruction: Readonly<Record<Language, string>>) {
    super('unprocessable', 'red-flag', `Do not book. Tell the patient now: ${instruction.en}`, { question, instruction });
  }
}

export class AnswersRequired extends DomainError {
  constructor(questions: readonly string[]) {
    super('unprocessable', 'required-answers', `The host asks before it takes this booking: ${questions.join(', ')}. Ask the patient, and book by POST /api/scheduling/v1/appointments with the answers.`, { questions });
  }
}

export class AnswersDoNotFit extends DomainError {
  constructor(errors: readonly { readonly pointer: string; readonly detail: string }[]) {
    super('unprocessable', 'answers-do-not-fit', 'Some answers do not fit the questions of this visit type. Read its questions again.', { errors });
  }
}
