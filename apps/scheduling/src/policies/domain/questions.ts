import type { Language } from '@slotmesh/contracts';
import { AnswersDoNotFit, AnswersRequired, type AskedFor, RedFlagRaised } from './policy.errors';

export type Words = Readonly<Record<Language, string>>;

/** What the host wants to know before a visit is booked. */
export interface Question {
  readonly id: string;
  readonly text: Words;
  readonly kind: 'yes-no' | 'choice' | 'text';
  /** Of a choice: the answers that there are. */
  readonly choices: readonly string[];
  readonly required: boolean;
  /** Answers that must not become a visit, and what the patient has to do instead. */
  readonly redFlag: { readonly when: readonly string[]; readonly instruction: Words } | null;
}
/** By the id of the question; yes-no is `yes` or `no`. */
export type Answers = Readonly<Record<string, string>>;

/** Throws RedFlagRaised before all else: what is urgent must not wait for a form. Then AnswersDoNotFit, AnswersRequired. */
export function requireAnswers(questions: readonly Question[], answers: Answers, askedFor: AskedFor = 'booking'): void {
  requireNoRedFlag(questions, answers);
  const known = new Map(questions.map((question) => [question.id, question]));
  const wrong = Object.entries(answers).flatMap(([id, answer]) => {
    const question = known.get(id);
    if (!question) return [{ pointer: `/answers/${id}`, detail: 'is no question of this visit type' }];
    return fits(question, answer) ? [] : [{ pointer: `/answers/${id}`, detail: `must be one of ${choicesOf(question)?.join(', ') ?? ''}` }];
  });
  if (wrong.length > 0) throw new AnswersDoNotFit(wrong);
  const missing = unanswered(questions, answers);
  if (missing.length > 0) throw new AnswersRequired(missing, askedFor);
}

export function requireNoRedFlag(questions: readonly Question[], answers: Answers): void {
  const raised = questions.find(({ id, redFlag }) => redFlag?.when.includes(answers[id] ?? ''));
  if (raised?.redFlag) throw new RedFlagRaised(raised.id, raised.redFlag.instruction);
}

export const unanswered = (questions: readonly Question[], answers: Answers): string[] => questions.filter(({ id, required }) => required && answers[id] === undefined).map(({ id }) => id);

/** Whether these answers would let a time of this visit type be booked. */
export function suffice(questions: readonly Question[], answers: Answers): boolean {
  try {
    requireAnswers(questions, answers);
    return true;
  } catch {
    return false;
  }
}

export const choicesOf = ({ kind, choices }: Question): readonly string[] | null => (kind === 'yes-no' ? ['yes', 'no'] : kind === 'choice' ? choices : null);
const fits = (question: Question, answer: string): boolean => choicesOf(question)?.includes(answer) ?? true;

/** As a desk has to ask it. Which answers are red flags is the host's to know until one is given. */
export const asked = ({ id, text, kind, choices, required }: Question) => ({ id, text, kind, choices, required });
export type AskedQuestion = ReturnType<typeof asked>;
