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

/** What the answers are needed for: how it is called, and how to go on. */
const ASKED_FOR = {
  booking: ['this booking', 'book with the answers: `answers` of this request, or of POST /api/scheduling/v1/appointments where it takes none'],
  move: ['a visit at that time', 'move it with the answers: `answers` of this request, or of POST /api/scheduling/v1/appointments/{id}/reschedule where it takes none'],
  waiting: ['a visit from the wait list', 'add the patient with all answers that are required, or with none of this visit type: `answers` of this request'],
} as const;
export type AskedFor = keyof typeof ASKED_FOR;

export class AnswersRequired extends DomainError {
  constructor(questions: readonly string[], askedFor: AskedFor) {
    const [what, next] = ASKED_FOR[askedFor];
    super('unprocessable', 'required-answers', `The host asks before it takes ${what}: ${questions.join(', ')}. Ask the patient, and ${next}.`, { questions });
  }
}

export class AnswersDoNotFit extends DomainError {
  constructor(errors: readonly { readonly pointer: string; readonly detail: string }[]) {
    super('unprocessable', 'answers-do-not-fit', 'Some answers do not fit the questions of this visit type. Read its questions again.', { errors });
  }
}
