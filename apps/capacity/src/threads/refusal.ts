import { DomainError } from '@slotmesh/kernel';

/** What a thread posts where a rule may say no: an error loses its class and its code on the way, plain fields do not. */
export type AnswerOrRefusal<Answer> = { readonly answer: Answer } | { readonly refusal: Pick<DomainError, 'kind' | 'code' | 'message' | 'details'> };

export class RefusedInThread extends DomainError {}

/** In the thread. Whatever is no rule of the domain is thrown. */
export function answerOrRefusal<Answer>(work: () => Answer): AnswerOrRefusal<Answer> {
  try {
    return { answer: work() };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { kind, code, message, details } = error;
    return { refusal: { kind, code, message, details } };
  }
}

/** Beside the thread. Throws RefusedInThread, which callers see as the same problem. */
export function answered<Answer>(told: AnswerOrRefusal<Answer>): Answer {
  if ('answer' in told) return told.answer;
  const { kind, code, message, details } = told.refusal;
  throw new RefusedInThread(kind, code, message, details);
}
